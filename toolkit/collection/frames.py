"""What a collection holds as tables and arrays, for pandas, NumPy and whatever reads their files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import MissingExtraError, QueryError
from ..values.frames import data_frame
from ..values.types import Annotation, FloatArray, Input

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["annotations_frame", "inputs_frame", "write_vectors"]

_INPUT = (
    *("id", "uri", "sha256", "width", "height", "latitude", "longitude", "datasets", "status", "metadata"),
    *("created_at", "modified_at"),
)
_ANNOTATION = (
    *(
        "id",
        "input",
        "region",
        "top_row",
        "left_col",
        "bottom_row",
        "right_col",
        "source",
        "concept",
        "value",
    ),
    *("status", "created_at", "modified_at"),
)
_TIMES = ("created_at", "modified_at")


def inputs_frame(inputs: Iterable[Input]) -> DataFrame:
    """A row for each input, in their order; times are in UTC."""
    return _frame("a DataFrame of the inputs", [_input_row(one) for one in inputs], _INPUT)


def annotations_frame(annotations: Iterable[Annotation]) -> DataFrame:
    """A row for each concept of each annotation, and one without a concept for an annotation that has none."""
    rows = [row for one in annotations for row in _annotation_rows(one)]
    return _frame("a DataFrame of the annotations", rows, _ANNOTATION)


def write_vectors(path: str | Path, ids: Sequence[str], vectors: FloatArray) -> None:
    """Write vectors with their ids to a file; its ending says in which format.

    Parameters
    ----------
    path : str or Path
        ``.npy``: one array with the fields ``id`` and ``vector``. ``.parquet`` or ``.arrow``: columns of these names.
    ids : sequence of str
        k ids.
    vectors : float32 array
        Theirs, (k, d).

    Raises
    ------
    QueryError
        Another ending.
    MissingExtraError
        pyarrow is not installed.
    """
    kind = Path(path).suffix.lower()
    if kind == ".npy":
        length = max(map(len, ids), default=1)
        array = np.empty(len(ids), [("id", f"U{length}"), ("vector", "<f4", vectors.shape[1:])])
        array["id"], array["vector"] = ids, vectors
        np.save(path, array, allow_pickle=False)
    elif kind in (".parquet", ".arrow"):
        _write_arrow(path, kind, ids, vectors)
    else:
        raise QueryError(
            f"vectors are written as .npy, .parquet or .arrow, not {kind or 'without an ending'!r}"
        )


def _write_arrow(path: str | Path, kind: str, ids: Sequence[str], vectors: FloatArray) -> None:
    try:
        import pyarrow as pa
        from pyarrow import feather, parquet
    except ImportError as error:
        raise MissingExtraError(f"writing {kind}", "pyarrow", "formats") from error
    flat = pa.array(np.ascontiguousarray(vectors).reshape(-1), pa.float32())
    column = pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
    table = pa.table({"id": pa.array(list(ids), pa.string()), "vector": column})
    if kind == ".parquet":
        parquet.write_table(table, path)
    else:
        feather.write_feather(table, path, compression="uncompressed")


def _frame(asked: str, rows: Sequence[tuple[object, ...]], columns: Sequence[str]) -> DataFrame:
    made = data_frame(rows, columns, asked=asked)
    from pandas import to_datetime

    for name in _TIMES:
        made[name] = to_datetime(made[name], unit="s", utc=True)
    return made


def _input_row(one: Input) -> tuple[object, ...]:
    place = (one.geo.latitude, one.geo.longitude) if one.geo else (None, None)
    known = (*place, list(one.datasets), one.status, dict(one.metadata), one.created_at, one.modified_at)
    return one.id, one.uri, one.sha256, one.width, one.height, *known


def _annotation_rows(one: Annotation) -> list[tuple[object, ...]]:
    box = one.box
    sides = (None,) * 4 if box is None else (box.top_row, box.left_col, box.bottom_row, box.right_col)
    said: list[tuple[str | None, float | None]] = list(one.concepts.items())
    return [
        (
            *(one.id, one.input_id, one.region_id, *sides, str(one.source), concept, value),
            *(one.status, one.created_at, one.modified_at),
        )
        for concept, value in said or [(None, None)]
    ]
