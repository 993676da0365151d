"""The vectors nearest to some queries, the best k of some scores, and what an index misses.

Vectors are of unit length. They may be read-only, memory-mapped or a strided view; no more than one block of them is
copied.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..errors import QueryError
from ..values.types import FloatArray, IntArray
from .cosines import Reals, blocks, cosines, unit_queries

__all__ = ["nearest", "recall", "top_k"]

Numbers = npt.NDArray[np.floating] | npt.NDArray[np.integer]

# Scores of 8,192 vectors against 100 queries take 3 MB and are still in the cache when they are compared.
BLOCK = 8192
# Enough groups that the best rarely share one; of 4,096 the best of 20,000 take twice as long, of a million as long.
GROUPS = 1024
# Two orders of summation of 512 float32 products of unit vectors differ by less.
ROUNDING = 1e-6


class Neighbors(Protocol):
    """What `recall` needs of a similarity index."""

    def kneighbors(
        self,
        X: FloatArray,  # noqa: N803 -- scikit-learn's own name
        n_neighbors: int,
    ) -> tuple[npt.NDArray[np.floating], npt.NDArray[np.integer]]:
        """Distances and indices (b, k) of the nearest vectors to queries (b, d)."""
        ...


def nearest(vectors: Reals, queries: Reals, k: int) -> tuple[FloatArray, IntArray]:
    """Cosines float32 (b, k) and indices (b, k) of the k nearest vectors to each query, the nearest first.

    Equal cosines keep the order of the vectors. There are m columns if k > m; where fewer vectors than that
    can be compared (a vector that holds NaN cannot), the rest is NaN and index -1.

    Parameters
    ----------
    vectors : float32 (m, d)
        As in `cosines`.
    queries : float (b, d)
        Unit length.
    k : int
        At least 0.

    Raises
    ------
    QueryError
        If a query is not finite or not of dimension d, or k is negative.

    Examples
    --------
    >>> nearest(np.eye(3, dtype=np.float32), np.array([[0.6, 0.8, 0.0]]), 2)
    (array([[0.8, 0.6]], dtype=float32), array([[1, 0]]))
    """
    vectors = np.asarray(vectors)
    queries = unit_queries(np.atleast_2d(queries), vectors.shape[1])
    best = _Best(len(queries), min(_count(k), len(vectors)))
    with np.errstate(all="ignore"):
        for start, part in blocks(vectors, BLOCK):
            best.offer(part @ queries.T, start)
    return best.result()


def top_k(scores: Numbers, k: int) -> IntArray:
    """Indices of the k best scores, the best first; equal scores keep their order. NaN is never among them.

    Parameters
    ----------
    scores : float or int (r,)
        Higher is better.
    k : int
        At least 0. Fewer come back if fewer than k scores are numbers.

    Raises
    ------
    QueryError
        If k is negative.

    Examples
    --------
    >>> top_k(np.array([0.5, np.nan, 0.9, 0.5], np.float32), 3)
    array([2, 0, 3])
    """
    if _count(k) == 0:
        return np.empty(0, np.intp)
    contenders = _contenders(scores, k)
    values = scores[contenders]
    if len(contenders) > k:
        kept = _first_best(values, k)
        contenders, values = contenders[kept], values[kept]
    # Reversed twice: a stable sort is ascending, and -x is wrong for unsigned integers.
    return contenders[len(values) - 1 - np.argsort(values[::-1], kind="stable")[::-1]]


def recall(index: Neighbors, vectors: Reals, queries: Reals, k: int) -> float:
    """The share, in [0, 1], of the k nearest vectors that an index finds, over all queries.

    What counts is the cosine and not the index: any vector as near as the k-th nearest is right. Ask with vectors that
    the index does not hold: one that it holds finds itself, and what lies around it, more easily.

    Parameters
    ----------
    index : SimilarityIndex
        Fitted to the vectors.
    vectors, queries, k
        As in `nearest`.

    Examples
    --------
    >>> from sklearn.neighbors import NearestNeighbors
    >>> vectors = np.eye(3, dtype=np.float32)
    >>> recall(NearestNeighbors().fit(vectors), vectors, vectors, 2)
    1.0
    """
    exact, _ = nearest(vectors, queries, k)
    if not exact.size:
        return 1.0
    found = index.kneighbors(np.asarray(queries, np.float32), exact.shape[1])[1]
    right = 0
    for query, indices, least in zip(queries, found, exact[:, -1], strict=True):
        distinct = np.unique(indices[indices >= 0])
        right += int(np.count_nonzero(cosines(vectors[distinct], query) >= least - ROUNDING))
    return right / exact.size


def _count(k: int) -> int:
    if k < 0:
        raise QueryError(f"asked for the {k} best; give 0 or more")
    return k


def _contenders(scores: Numbers, k: int) -> IntArray:
    """Ascending indices of few scores, among them the k best."""
    groups = max(GROUPS, 4 * k)
    folds = len(scores) // groups
    if folds < 4:
        return np.flatnonzero(~np.isnan(scores))
    # The k-th best of the groups' maxima is reached by at least k scores. A group is every 1,024th score, so
    # that one pass folds whole rows: 0.5 ms at 1,000,000 where argpartition takes 2.
    maxima = np.fmax.reduce(scores[: folds * groups].reshape(folds, groups), axis=0)
    maxima = maxima[~np.isnan(maxima)]
    if len(maxima) < k:
        return np.flatnonzero(~np.isnan(scores))
    return np.flatnonzero(scores >= np.partition(maxima, -k)[-k])


def _first_best(values: Numbers, k: int) -> IntArray:
    """Ascending positions of the k best; of those equal to the last, the first ones."""
    least = np.partition(values, -k)[-k]
    better = np.flatnonzero(values > least)
    equal = np.flatnonzero(values == least)
    return np.sort(np.concatenate([better, equal[: k - len(better)]]))


class _Best:
    """The k best so far for each of b queries, while blocks of scores go by."""

    def __init__(self, b: int, k: int) -> None:
        self._k = k
        self._least = np.full(b, -np.inf, np.float32)
        self._query = np.empty(0, np.intp)
        self._index = np.empty(0, np.intp)
        self._score = np.empty(0, np.float32)

    def offer(self, scores: FloatArray, start: int) -> None:
        """Take scores (rows, b) of the vectors from index `start` on."""
        if start == 0:
            self._least = _below(scores, self._k)
        # Strictly: a later vector does not displace an equal one. NaN is never greater.
        # Division of flat positions takes 0.1 ms where nonzero() in two dimensions takes 1.9.
        found, query = np.divmod(np.flatnonzero(scores > self._least), len(self._least))
        self._score = np.concatenate([self._score, scores[found, query]])
        self._index = np.concatenate([self._index, start + found])
        self._query = np.concatenate([self._query, query])
        if len(self._score) > 4 * self._k * len(self._least):
            self._prune()

    def _prune(self) -> None:
        order = np.lexsort((self._index, -self._score, self._query))
        order = order[self._place(order) < self._k]
        self._query, self._index, self._score = self._query[order], self._index[order], self._score[order]
        full = self._place(slice(None)) == self._k - 1
        self._least[self._query[full]] = self._score[full]

    def _place(self, order: IntArray | slice) -> IntArray:
        """Position of each entry among those of its query; entries are grouped by query."""
        query = self._query[order]
        return np.arange(len(query)) - np.searchsorted(query, query)

    def result(self) -> tuple[FloatArray, IntArray]:
        """Cosines and indices (b, k)."""
        self._prune()
        scores = np.full((len(self._least), self._k), np.nan, np.float32)
        indices = np.full(scores.shape, -1, np.intp)
        place = self._place(slice(None))
        scores[self._query, place] = self._score
        indices[self._query, place] = self._index
        return scores, indices


def _below(scores: FloatArray, k: int) -> FloatArray:
    """Per column the number just below its k-th best score; -inf if it has fewer."""
    if not 0 < k <= len(scores):
        return np.full(scores.shape[1], np.inf if k == 0 else -np.inf, np.float32)
    by_query = np.fmax(scores.T, np.float32(-np.inf), order="C")
    least: FloatArray = np.partition(by_query, -k, axis=1)[:, -k]
    return np.nextafter(least, np.float32(-np.inf))
