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
    QueryVector,
    Remedy,
    Snapshot,
)

__all__ = ["EmbeddingRanker", "ImageRanker", "InputRanker", "RegionRanker"]

SPACE = Parameter("space", "space", "The embedder to compare by; the collection's first by default.", None)


class _Similarity:
    """Scores by the cosine to one vector a term, those of several terms at once."""

    def query_vector(self, term: Arguments, snapshot: Snapshot, context: Context) -> QueryVector:
        """The unit vector of what a term is about, and its space."""
        space = context.space(cast("str | None", term["space"]))
        return QueryVector(space, self._vector(term, snapshot, context, space))

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Cosines float32 (r,); NaN where a row has no embedding."""
        query = self.query_vector(term, snapshot, context)
        return context.similarities(query.vector, space=query.space, top_k=context.top_k)

    def rank_many(self, terms: Sequence[Arguments], snapshot: Snapshot, context: Context) -> FloatArray:
        """Cosines float32 (b, r) of b terms of one space; NaN where a row has no embedding."""
        space = context.space(cast("str | None", terms[0]["space"]))
        vectors = [self._vector(term, snapshot, context, space) for term in terms]
        return context.similarities_many(np.stack(vectors), space=space)

    def _vector(self, term: Arguments, snapshot: Snapshot, context: Context, space: str) -> FloatArray:
        """Unit vector float32 (d,) of what a term is about."""
        raise NotImplementedError


class ImageRanker(_Similarity):
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

    def _vector(self, term: Arguments, snapshot: Snapshot, context: Context, space: str) -> FloatArray:
        sides = cast("Sequence[float] | None", term["box"])
        box = Box(*sides) if sides is not None else None
        return context.embed(term["source"], box=box, space=space)


class RegionRanker(_Similarity):
    """Ranks by similarity to a region of the collection."""

    name = "region"
    is_filter = False
    scale = "cosine"
    help = "Visual similarity to a stored region."
    parameters: Sequence[Parameter] = (Parameter("id", "region", "The region's id."), SPACE)

    def _vector(self, term: Arguments, snapshot: Snapshot, context: Context, space: str) -> FloatArray:
        id = cast("str", term["id"])
        return _mean(np.array([context.region_row(id)]), f"region {id!r}", snapshot, space)


class InputRanker(_Similarity):
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

    def _vector(self, term: Arguments, snapshot: Snapshot, context: Context, space: str) -> FloatArray:
        id = cast("str", term["id"])
        input = context.input_row(id)
        if term["by"] == "whole":
            rows: IntArray = snapshot.rows.whole_of_input[[input]]
        else:
            rows = np.flatnonzero(snapshot.rows.input == input)
        return _mean(rows, f"input {id!r}", snapshot, space)


class EmbeddingRanker(_Similarity):
    """Ranks by similarity to a given vector."""

    name = "embedding"
    is_filter = False
    scale = "cosine"
    help = "Similarity to a vector."
    parameters: Sequence[Parameter] = (Parameter("vector", "vector", "d numbers, not all zero."), SPACE)

    def _vector(self, term: Arguments, snapshot: Snapshot, context: Context, space: str) -> FloatArray:
        # That the numbers are finite and not all zero was seen when they were read.
        vector = np.asarray(term["vector"], np.float64)
        dimension = snapshot.spaces[space].vectors.shape[1]
        if len(vector) != dimension:
            raise QueryError(f"a vector of space {space!r} has {dimension} numbers, not {len(vector)}")
        return _unit(vector)


def _mean(rows: IntArray, what: str, snapshot: Snapshot, space: str) -> FloatArray:
    embeddings = snapshot.spaces[space]
    positions = embeddings.position(rows)
    vectors = embeddings.vectors[positions[positions >= 0]]
    total = vectors.sum(axis=0, dtype=np.float64)
    if not total.any():
        finish = Remedy("photos.index()", "toolkit index COLLECTION")
        raise NotIndexedError(f"{what} has no embedding in space {space!r}: finish with ", finish)
    return _unit(total)


def _unit(vector: npt.NDArray[np.float64]) -> FloatArray:
    scaled = vector / np.abs(vector).max()  # the square of a very large number would be infinite
    return np.asarray(scaled / np.linalg.norm(scaled), np.float32)
