"""Terms that rank by visual similarity: to a picture, a stored region, an input, or a vector.

All score (1 + cos) / 2: 1 the same direction, 0.5 nothing in common, 0 the opposite.
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


class _Similarity:
    """Scores by the cosine to one vector a term, several terms of one space at once."""

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Scores float32 (r,); NaN where a row has no embedding."""
        space = context.space(cast("str | None", term["space"]))
        vector = self._vector(term, snapshot, context, space)
        return _scores(context.similarities(vector, space=space, top_k=context.top_k))

    def rank_many(self, terms: Sequence[Arguments], snapshot: Snapshot, context: Context) -> FloatArray:
        """Scores float32 (b, r) of b terms; NaN where a row has no embedding."""
        spaces = [context.space(cast("str | None", term["space"])) for term in terms]
        vectors = [
            self._vector(term, snapshot, context, space) for term, space in zip(terms, spaces, strict=True)
        ]
        if len(set(spaces)) == 1:
            return _scores(context.similarities_many(np.stack(vectors), space=spaces[0]))
        scores = np.empty((len(terms), len(snapshot.rows)), np.float32)
        for space in dict.fromkeys(spaces):
            of = [index for index, one in enumerate(spaces) if one == space]
            some = np.stack([vectors[index] for index in of])
            scores[of] = context.similarities_many(some, space=space)
        return _scores(scores)

    def _vector(self, term: Arguments, snapshot: Snapshot, context: Context, space: str) -> FloatArray:
        """Unit vector float32 (d,) of what a term is about."""
        raise NotImplementedError


class ImageRanker(_Similarity):
    """Ranks by similarity to a picture, or to a box on it."""

    name = "image"
    is_filter = False
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
    help = "Visual similarity to a stored region."
    parameters: Sequence[Parameter] = (Parameter("id", "region", "The region's id."), SPACE)

    def _vector(self, term: Arguments, snapshot: Snapshot, context: Context, space: str) -> FloatArray:
        id = cast("str", term["id"])
        return _mean(np.array([context.region_row(id)]), f"region {id!r}", snapshot, space)


class InputRanker(_Similarity):
    """Ranks by similarity to an input of the collection: the mean of its embeddings, made unit length again."""

    name = "input"
    is_filter = False
    help = "Visual similarity to a stored input."
    parameters: Sequence[Parameter] = (Parameter("id", "input", "The input's id."), SPACE)

    def _vector(self, term: Arguments, snapshot: Snapshot, context: Context, space: str) -> FloatArray:
        id = cast("str", term["id"])
        rows = np.flatnonzero(snapshot.rows.input == context.input_row(id))
        return _mean(rows, f"input {id!r}", snapshot, space)


class EmbeddingRanker(_Similarity):
    """Ranks by similarity to a given vector."""

    name = "embedding"
    is_filter = False
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
        raise NotIndexedError(f"{what} has no embedding in space {space!r}: finish with photos.index()")
    return _unit(total)


def _unit(vector: npt.NDArray[np.float64]) -> FloatArray:
    scaled = vector / np.abs(vector).max()  # the square of a very large number would be infinite
    return np.asarray(scaled / np.linalg.norm(scaled), np.float32)


def _scores(cosines: FloatArray) -> FloatArray:
    # In place: at a million rows every further pass over memory shows.
    cosines *= np.float32(0.5)
    cosines += np.float32(0.5)
    return cosines
