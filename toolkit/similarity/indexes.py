"""Similarity indexes fitted to the spaces of a collection, kept while a space only grows."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Lock
from typing import Protocol, cast

import numpy as np

from ..errors import ContractError
from ..plugins.contract_errors import contract_errors
from ..plugins.interfaces import Capabilities, SimilarityIndex
from ..plugins.registry import Registry
from ..snapshot import Space
from ..values.types import FloatArray, IntArray
from .cosines import cosines

__all__ = ["Indexes"]

# scikit-learn's own estimators declare nothing; with brute force or a tree they are exact.
PLAIN = Capabilities(exact=True)
BLOCK = 65_536  # vectors compared at a time: comparing a million at once takes half a gigabyte


class _Dense(Protocol):
    def similarities(self, queries: FloatArray) -> FloatArray: ...


class _Incremental(Protocol):
    def partial_fit(self, X: FloatArray) -> object: ...  # noqa: N803  # scikit-learn's name


@dataclass(slots=True)
class _Fitted:
    index: SimilarityIndex
    space: Space


class Indexes:
    """The indexes of one open collection, by space.

    Parameters
    ----------
    registry : Registry
        Knows the factories.
    name : str
        Which similarity index to use.
    """

    def __init__(self, registry: Registry, name: str) -> None:
        self._registry = registry
        self.name = name
        self._fitted: dict[str, _Fitted] = {}
        self._lock = Lock()

    @property
    def capabilities(self) -> Capabilities:
        """What the index declares it can do; if its factory declares it, no index is made to ask."""
        factory = self._registry.similarity_indexes.get(self.name)
        declared = getattr(factory, "capabilities", None)
        if declared is None:
            declared = getattr(self._registry.similarity_index(self.name), "capabilities", PLAIN)
        return declared if isinstance(declared, Capabilities) else PLAIN

    def get(self, space: Space) -> SimilarityIndex:
        """The index over a space's vectors, fitted."""
        with self._lock, self._blamed():
            known = self._fitted.get(space.name)
            if known is None or not self._catch_up(known, space):
                known = _Fitted(self._registry.similarity_index(self.name), space)
                known.index.fit(space.vectors)
                self._fitted[space.name] = known
            return known.index

    def _catch_up(self, known: _Fitted, space: Space) -> bool:
        if known.space.vectors is space.vectors:
            return True
        if not self.capabilities.incremental or not _grew(known.space, space):
            return False
        cast("_Incremental", known.index).partial_fit(space.vectors[len(known.space.vectors) :])
        known.space = space
        return True

    def finds(self, space: Space, most: int | None) -> bool:
        """Whether the index is asked for the `most` nearest vectors, instead of scoring every one."""
        if most is None or most >= len(space.vectors):
            return False
        capabilities = self.capabilities
        return not (capabilities.brute or capabilities.dense)

    def nearest(self, space: Space, vector: FloatArray, most: int, *, rows: int) -> FloatArray:
        """Cosine float32 (r,) of the rows nearest to a unit vector (d,); NaN for all others."""
        index = self.get(space)
        with self._blamed():
            _, found = index.kneighbors(vector[None], n_neighbors=most)
        positions = self._positions(found, len(space.vectors))
        # Not from the distances: so they are the same whatever the index, and whatever its metric.
        return _by_row(space.rows[positions], np.vecdot(space.vectors[positions], vector), rows)

    def similarities(self, space: Space, vector: FloatArray, *, rows: int) -> FloatArray:
        """Cosine float32 (r,) of every row to a unit vector (d,); NaN where a row has no embedding."""
        if len(space.vectors) and self.capabilities.dense and not self.capabilities.brute:
            with self._blamed():
                scores = cast("_Dense", self.get(space)).similarities(vector[None])[0]
        else:
            scores = cosines(space.vectors, vector)
        in_place = space.in_row_order and len(scores) == rows
        return scores if in_place else _by_row(space.rows, scores, rows)

    def similarities_many(self, space: Space, vectors: FloatArray, *, rows: int) -> FloatArray:
        """Cosine float32 (b, r) of every row to unit vectors (b, d), as one product; NaN where a row has none."""
        scores = cosines(space.vectors, vectors)
        if space.in_row_order and scores.shape[1] == rows:
            return scores
        by_row = np.full((len(vectors), rows), np.nan, np.float32)
        by_row[:, space.rows] = scores
        return by_row

    def _positions(self, found: object, m: int) -> IntArray:
        positions = np.asarray(found)
        if positions.ndim != 2 or positions.dtype.kind not in "iu" or positions.max(initial=-1) >= m:
            shown = f"{positions.dtype} of shape {positions.shape}, up to {positions.max(initial=-1)}"
            raise ContractError(self._who, f"neighbors are indices (b, k) below {m}", shown)
        nearest: IntArray = positions[0]
        return nearest[nearest >= 0]  # -1 is how some say "no more"

    @property
    def _who(self) -> str:
        return f"similarity index {self.name!r}"

    def _blamed(self) -> AbstractContextManager[None]:
        return contract_errors(self._who, "it takes vectors and finds neighbors")


def _grew(before: Space, after: Space) -> bool:
    """Whether all that was there still is, in its place; reading both costs less than fitting again."""
    m = len(before.vectors)
    return before.key == after.key and all(
        np.array_equal(before.vectors[start : start + BLOCK], after.vectors[start : min(start + BLOCK, m)])
        for start in range(0, m, BLOCK)
    )


def _by_row(rows: IntArray, cosines: FloatArray, r: int) -> FloatArray:
    by_row = np.full(r, np.nan, np.float32)
    by_row[rows] = cosines
    return by_row
