"""Similarity indexes fitted to the spaces of a collection, kept while a space only grows."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import numpy as np

from .errors import ContractError
from .interfaces import Capabilities, SimilarityIndex
from .registry import Registry
from .similarity import cosines
from .snapshot import Space
from .types import FloatArray

__all__ = ["Indexes", "capabilities", "similarities"]

# scikit-learn's own estimators declare nothing; with brute force or a tree they are exact.
PLAIN = Capabilities(exact=True)


def capabilities(index: SimilarityIndex) -> Capabilities:
    """What an index declares it can do."""
    declared = getattr(index, "capabilities", PLAIN)
    return declared if isinstance(declared, Capabilities) else PLAIN


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

    def get(self, space: Space) -> SimilarityIndex:
        """The index over a space's vectors, fitted."""
        with self._lock:
            known = self._fitted.get(space.name)
            if known is None or not self._catch_up(known, space):
                known = _Fitted(self._registry.similarity_index(self.name), space)
                known.index.fit(space.vectors)
                self._fitted[space.name] = known
            return known.index

    @staticmethod
    def _catch_up(known: _Fitted, space: Space) -> bool:
        if known.space.vectors is space.vectors:
            return True
        if not capabilities(known.index).incremental or not _grew(known.space, space):
            return False
        known.index.partial_fit(space.vectors[len(known.space.vectors) :])  # type: ignore[attr-defined]
        known.space = space
        return True


def _grew(before: Space, after: Space) -> bool:
    """Whether all that was there still is, in its place; reading both costs less than fitting again."""
    m = len(before.vectors)
    return before.key == after.key and np.array_equal(before.vectors, after.vectors[:m])


def similarities(
    space: Space, vector: FloatArray, indexes: Indexes, *, rows: int, most: int | None
) -> FloatArray:
    """Cosine float32 (r,) of every row to a unit vector; NaN where a row has no embedding.

    An index that only finds neighbors is asked for them when the `most` best are enough; otherwise every
    vector is scored, by the index if it can and by one matrix product if not.
    """
    index = indexes.get(space) if len(space.vectors) else None
    if index is None:
        return np.full(rows, np.nan, np.float32)
    if most is not None and not capabilities(index).dense:
        return _of_neighbors(space, index, vector, rows, most)
    if capabilities(index).dense:
        scores = index.similarities(vector[None])[0]  # type: ignore[attr-defined]
    else:
        scores = cosines(space.vectors, vector)
    return _by_row(space, np.asarray(scores, np.float32), rows)


def _by_row(space: Space, scores: FloatArray, rows: int) -> FloatArray:
    if len(scores) == rows and space.in_row_order:
        return scores
    by_row = np.full(rows, np.nan, np.float32)
    by_row[space.rows] = scores
    return by_row


def _of_neighbors(
    space: Space, index: SimilarityIndex, vector: FloatArray, rows: int, most: int
) -> FloatArray:
    distances, found = index.kneighbors(vector[None], n_neighbors=min(most, len(space.vectors)))
    if index.metric == "cosine":
        cosine = 1 - distances[0]
    elif index.metric == "euclidean":
        cosine = 1 - distances[0] ** 2 / 2
    else:
        raise ContractError(type(index).__name__, "metric is euclidean or cosine", repr(index.metric))
    by_row = np.full(rows, np.nan, np.float32)
    by_row[space.rows[found[0]]] = cosine
    return by_row
