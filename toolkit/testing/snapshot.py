"""A small collection to test with, as the snapshot a ranker sees."""

from __future__ import annotations

import numpy as np
from PIL.Image import Image, Resampling

from ..images import crop
from ..snapshot import AnnotationArrays, ConceptColumns, InputArrays, RowArrays, Snapshot, Space, TextColumn
from ..values.source import Source
from ..values.types import Box, FloatArray
from .pictures import pictures

__all__ = ["INPUTS", "SPACE", "snapshot", "vector"]

INPUTS = 8
SPACE = "stub@1"
SIDE = 4  # of the gray picture that stands for an embedding, in pixels: d is 16


def snapshot(*, seed: int = 0) -> Snapshot:
    """Eight inputs and twelve rows with everything a ranker may meet, all arrays read-only.

    Every other input has a region. A model has values of ``dog`` on every row and of ``cat`` on every
    second; people labeled ``porch`` on three rows, one of them with 0; ``night`` has no annotation.
    Every row but the last is embedded in the space ``stub@1``. Half of the inputs have a place, two are
    pending, and there are two datasets.

    Parameters
    ----------
    seed : int
        Of the pictures and of the model's values.

    Examples
    --------
    >>> small = snapshot()
    >>> len(small.inputs), len(small.rows), small.concepts
    (8, 12, ('dog', 'cat', 'porch', 'night'))
    """
    rows = _rows()
    made = Snapshot(
        revision=1,
        inputs=_inputs(),
        rows=rows,
        annotations=_annotations(len(rows)),
        columns=_columns(len(rows), np.random.default_rng(seed)),
        concepts=("dog", "cat", "porch", "night"),
        sources=(Source.human("me"), Source.model("stub", 1)),
        statuses=("pending", "success"),
        spaces={SPACE: Space(SPACE, *_embeddings(rows, seed))},
        datasets={"test": np.arange(6, 8, dtype=np.int32), "train": np.arange(6, dtype=np.int32)},
    )
    _freeze(made)
    return made


def vector(image: Image) -> FloatArray:
    """Unit vector float32 (16,) of a picture: its gray patches about their mean; space ``stub@1``."""
    gray = np.asarray(image.convert("L").resize((SIDE, SIDE), Resampling.BOX), np.float32).ravel()
    centered = gray - gray.mean() + np.float32(1e-3)  # a plain picture has a direction too
    return np.asarray(centered / np.linalg.norm(centered), np.float32)


def _inputs() -> InputArrays:
    created = 1_700_000_000 + 60 * np.arange(INPUTS, dtype=np.float64)
    place = np.linspace(-60, 60, INPUTS, dtype=np.float32)
    place[1::2] = np.nan
    return InputArrays(
        key=np.arange(1, INPUTS + 1),
        created_at=created,
        modified_at=created,
        latitude=place,
        longitude=2 * place,
        status=np.array([1] * (INPUTS - 2) + [0] * 2, np.int32),
        metadata=TextColumn.of(
            f'{{"camera":"{"ab"[index % 2]}","index":{index}}}' for index in range(INPUTS)
        ),
    )


def _rows() -> RowArrays:
    whole = np.full(4, np.nan)
    rows: list[tuple[int, object]] = []
    for input in range(INPUTS):
        rows.append((input, whole))
        if input % 2 == 0:
            rows.append((input, tuple(Box(0.25, 0.125, 0.75, 0.5 + input / 16))))
    return RowArrays(
        key=np.arange(1, len(rows) + 1),
        input=np.array([input for input, _ in rows], np.int32),
        box=np.array([box for _, box in rows], np.float32),
    )


def _annotations(rows: int) -> AnnotationArrays:
    """A model's on every row, then a person's on the first three."""
    row = np.concatenate([np.arange(rows), np.arange(3)]).astype(np.int32)
    created = 1_700_000_000 + np.arange(len(row), dtype=np.float64)
    return AnnotationArrays(
        key=np.arange(1, len(row) + 1),
        row=row,
        source=np.array([1] * rows + [0] * 3, np.int32),
        status=np.ones(len(row), np.int32),
        created_at=created,
        modified_at=created,
        info=TextColumn.of([""] * len(row)),
    )


def _columns(rows: int, random: np.random.Generator) -> ConceptColumns:
    dog, cat, porch = np.arange(rows), np.arange(0, rows, 2), np.arange(3)
    entries = [
        (0, 1, dog, random.random(rows)),
        (1, 1, cat, random.random(len(cat))),
        (2, 0, porch, [1, 0, 1]),
    ]
    return ConceptColumns(
        concept=np.array([concept for concept, *_ in entries], np.int32),
        source=np.array([source for _, source, *_ in entries], np.int32),
        start=np.cumsum([0, *(len(where) for *_, where, _ in entries)]),
        rows=np.concatenate([where for *_, where, _ in entries]).astype(np.int32),
        values=np.concatenate([values for *_, values in entries]).astype(np.float32),
    )


def _embeddings(rows: RowArrays, seed: int) -> tuple[FloatArray, np.ndarray[tuple[int], np.dtype[np.int32]]]:
    images = pictures(INPUTS, seed=seed)
    embedded = np.arange(len(rows) - 1, dtype=np.int32)
    parts = [
        images[rows.input[row]]
        if rows.whole[row]
        else crop(images[rows.input[row]], Box(*rows.box[row].tolist()))
        for row in embedded
    ]
    return np.stack([vector(part) for part in parts]), embedded


def _freeze(made: Snapshot) -> None:
    spaces = made.spaces.values()
    holders = (made.inputs, made.rows, made.annotations, made.columns, made.inputs.metadata, *spaces)
    for holder in holders:
        for array in vars(holder).values():
            if isinstance(array, np.ndarray):
                array.flags.writeable = False
