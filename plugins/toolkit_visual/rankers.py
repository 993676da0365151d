"""Terms that rank by visual similarity: to a picture, a stored region, an input, or a vector.

All return cosines; what score a cosine has depends on those of unrelated pictures in the space (`docs/scores.md`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import numpy.typing as npt

from toolkit.plugins import (
    Arguments,
    Box,
    Context,
    FloatArray,
    IntArray,
    NotIndexedError,
    Parameter,
    QueryError,
    Snapshot,
)

__all__ = ["EmbeddingRanker", "ImageRanker", "InputRanker", "RegionRanker"]

SPACE = Parameter("space", "space", "The embedder to compare by; the collection's first by default.", None)


class ImageRanker:
    """Ranks by similarity to a picture, or to a box on it."""

    name = "image"
    is_filter = False
    scale = "cosine"
    help = "Visual similarity to a picture, or to a box on it."
    parameters: Sequence[Parameter] = (
        Parameter("source", "image", "A path, a URL, bytes, a PIL image or an array."),
        Parameter(
            "box", "box", "Top, left, bottom, right as fractions: this part only.", None, shorthand=True
        ),
        SPACE,
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Cosines float32 (r,); NaN where a row has no embedding."""
        sides = cast("Sequence[float] | None", term["box"])
        box = Box(*sides) if sides is not None else None
        space = _space(term, context)
        return _cosines(context.embed(term["source"], box=box, space=space), context, space)


class RegionRanker:
    """Ranks by similarity to a region of the collection."""

    name = "region"
    is_filter = False
    scale = "cosine"
    help = "Visual similarity to a stored region."
    parameters: Sequence[Parameter] = (Parameter("id", "region", "The region's id."), SPACE)

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Cosines float32 (r,); NaN where a row has no embedding."""
        id, space = cast("str", term["id"]), _space(term, context)
        vector = _mean(np.array([context.region_row(id)]), f"region {id!r}", snapshot, space)
        return _cosines(vector, context, space)


class InputRanker:
    """Ranks by similarity to an input of the collection: to its whole picture, or to the mean of all its rows."""

    name = "input"
    is_filter = False
    scale = "cosine"
    help = "Visual similarity to a stored input."
    parameters: Sequence[Parameter] = (
        Parameter("id", "input", "The input's id."),
        SPACE,
        Parameter(
            "by",
            "choice",
            "What stands for the input: its whole picture, or the mean of all its rows.",
            "whole",
            choices=("whole", "mean"),
            earlier="mean",
        ),
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Cosines float32 (r,); NaN where a row has no embedding."""
        id, space = cast("str", term["id"]), _space(term, context)
        input = context.input_row(id)
        if term["by"] == "whole":
            rows: IntArray = snapshot.rows.whole_of_input[[input]]
        else:
            rows = np.flatnonzero(snapshot.rows.input == input)
        return _cosines(_mean(rows, f"input {id!r}", snapshot, space), context, space)


class EmbeddingRanker:
    """Ranks by similarity to a given vector."""

    name = "embedding"
    is_filter = False
    scale = "cosine"
    help = "Similarity to a vector."
    parameters: Sequence[Parameter] = (Parameter("vector", "vector", "d numbers, not all zero."), SPACE)

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Cosines float32 (r,); NaN where a row has no embedding.

        Raises
        ------
        QueryError
            The vector has not as many numbers as the space.
        """
        # That the numbers are finite and not all zero was seen when they were read.
        space = _space(term, context)
        vector = np.asarray(term["vector"], np.float64)
        dimension = snapshot.spaces[space].vectors.shape[1]
        if len(vector) != dimension:
            raise QueryError(f"a vector of space {space!r} has {dimension} numbers, not {len(vector)}")
        return _cosines(_unit(vector), context, space)


def _space(term: Arguments, context: Context) -> str:
    return context.space(cast("str | None", term["space"]))


def _mean(rows: IntArray, what: str, snapshot: Snapshot, space: str) -> FloatArray:
    embeddings = snapshot.spaces[space]
    positions = embeddings.position(rows)
    vectors = embeddings.vectors[positions[positions >= 0]]
    total = vectors.sum(axis=0, dtype=np.float64)
    if not total.any():
        raise NotIndexedError(f"{what} has no embedding in space {space!r}: finish with photos.index()")
    return _unit(total)


def _unit(vector: npt.NDArray[np.float64]) -> FloatArray:
    scaled = vector / np.abs(vector).max()  # the square of a very large number would be infinite
    return np.asarray(scaled / np.linalg.norm(scaled), np.float32)


def _cosines(vector: FloatArray, context: Context, space: str) -> FloatArray:
    return context.similarities(vector, space=space, top_k=context.top_k)
