"""Cosines, the best k, and what an index misses: the arithmetic under every ranking by similarity.

Vectors are of unit length, so a cosine is a product. They may be read-only, memory-mapped or a strided view;
none of these functions copies more than one block of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..errors import QueryError
from ..values.types import FloatArray, IntArray

__all__ = [
    "cosines",
    "cosines_at",
    "in_parts",
    "nearest",
    "product_bounds",
    "recall",
    "top_k",
    "unit_queries",
]

Numbers = npt.NDArray[np.floating] | npt.NDArray[np.integer]
Reals = npt.NDArray[np.floating]

# Scores of 8,192 vectors against 100 queries take 3 MB and are still in the cache when they are compared.
BLOCK = 8192
# Vectors read at a time while all go by: 2 MB of 512 numbers, still in the second-level cache for the next query.
PASSED = 1024
# Vectors gathered at a time: the copy stays in the cache until it is multiplied. All at once costs twice that.
GATHERED = 256
# Multiplications of one product that OpenBLAS does at once, on one thread and without copying its operands.
SMALL_PRODUCT = 900_000
# Products below which the threads of a pass would cost more than they save.
WORTH_THREADS = 200_000
MOST_THREADS = 4  # more only wait for memory
CORES = os.cpu_count() or 1  # asking takes half a millisecond
# Enough groups that the best rarely share one; 4,096 float32 maxima fit the first-level cache.
GROUPS = 4096
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


def cosines(vectors: Reals, query: Reals) -> FloatArray:
    """Cosine of every vector to a query: float32 (m,), or (b, m) for b queries, in one pass over the vectors.

    A cosine is the same number wherever it is computed: of all vectors, of some (`cosines_at`), of one query or
    many. A matrix product would sum in another order, and hits that nearly tie would change places from plan to plan.

    Parameters
    ----------
    vectors : float32 (m, d)
        Unit length. Other floats, and views that BLAS cannot read, are converted block by block.
    query : float (d,) or (b, d)
        Unit length.

    Raises
    ------
    QueryError
        If the query is not finite or not of dimension d.

    Examples
    --------
    >>> cosines(np.eye(3, dtype=np.float32), np.array([0.6, 0.8, 0.0]))
    array([0.6, 0.8, 0. ], dtype=float32)
    """
    vectors = np.asarray(vectors)
    query = unit_queries(query, vectors.shape[1])
    several = np.atleast_2d(query)
    found = np.empty((len(several), len(vectors)), np.float32)

    def part(start: int, stop: int) -> None:
        for at, block in _blocks(vectors[start:stop], PASSED):
            _dots(block, several, found[:, start + at : start + at + len(block)])

    in_parts(part, len(vectors), len(vectors) * len(several))
    return found if query.ndim == 2 else found[0]


def cosines_at(vectors: Reals, positions: IntArray, queries: Reals) -> FloatArray:
    """Cosines float32 (b, p) of some vectors to b queries: the very numbers that `cosines` gives.

    Parameters
    ----------
    vectors : float32 (m, d)
        As of `cosines`.
    positions : int (p,)
        Which of them; ascending is fastest.
    queries : float (b, d)
        Unit length.

    Raises
    ------
    QueryError
        If a query is not finite or not of dimension d.

    Examples
    --------
    >>> cosines_at(np.eye(3, dtype=np.float32), np.array([0, 2]), np.array([[0.6, 0.8, 0.0]]))
    array([[0.6, 0. ]], dtype=float32)
    """
    vectors = np.asarray(vectors)
    queries = unit_queries(queries, vectors.shape[1])
    found = np.empty((len(queries), len(positions)), np.float32)

    def part(start: int, stop: int) -> None:
        for at in range(start, stop, GATHERED):
            chosen = positions[at : min(at + GATHERED, stop)]
            block = np.require(np.take(vectors, chosen, axis=0), np.float32, ["C", "A"])
            _dots(block, queries, found[:, at : at + len(chosen)])

    in_parts(part, len(positions), len(positions) * len(queries))
    return found


def product_bounds(vectors: Reals, queries: Reals, signs: npt.NDArray[np.integer]) -> FloatArray:
    """The most that each cosine to some queries can be, or the least, from a matrix product: float32 (b, m).

    From about four queries on it takes less than `cosines`, but adds in another order.

    Parameters
    ----------
    vectors : float32 (m, d)
        As of `cosines`.
    queries : float (b, d)
        Unit length.
    signs : int (b,)
        1 for the most, -1 for the least.

    Raises
    ------
    QueryError
        If a query is not finite or not of dimension d.
    """
    vectors = np.asarray(vectors)
    b, d = len(queries), vectors.shape[1]
    columns = np.ascontiguousarray(unit_queries(queries, d).T)
    # Two orders of adding d products of unit vectors differ by no more.
    slack = signs.astype(np.float32) * np.float32(2 * d * np.finfo(np.float32).eps)
    block = max(SMALL_PRODUCT // (b * d), 32)
    found = np.empty((b, len(vectors)), np.float32)

    def part(start: int, stop: int) -> None:
        with np.errstate(all="ignore"):
            for at, some in _blocks(vectors[start:stop], block):
                products = some @ columns
                products += slack
                found[:, start + at : start + at + len(some)] = products.T

    in_parts(part, len(vectors), len(vectors) * b)
    return found


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
        for start, part in _blocks(vectors, BLOCK):
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


def unit_queries(query: Reals, dimension: int) -> FloatArray:
    """The query as contiguous float32, (d,) or (b, d).

    Parameters
    ----------
    query : array of float
        One query (d,), or several (b, d), of any length.
    dimension : int
        The number of values of a vector, d.

    Raises
    ------
    QueryError
        If it is not finite or not of that dimension.
    """
    query = np.asarray(query)
    if query.ndim not in {1, 2} or query.shape[-1] != dimension:
        raise QueryError(
            f"a query of shape {query.shape} cannot be compared with vectors of {dimension} numbers; "
            "give a vector of the same space"
        )
    with np.errstate(over="ignore"):
        single = np.ascontiguousarray(query, np.float32)
    if not np.isfinite(single).all():
        raise QueryError("the query vector holds NaN or infinity, so nothing is near it; give finite numbers")
    return single


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


def _dots(block: FloatArray, queries: FloatArray, out: FloatArray) -> None:
    """The products of a block (rows, d) and queries (b, d), into (b, rows): the one kernel of every plan."""
    with np.errstate(all="ignore"):  # a vector that holds NaN is never a hit, and nothing to warn of
        for query, row in zip(queries, out, strict=True):
            np.vecdot(block, query, out=row)


def in_parts(work: Callable[[int, int], None], count: int, products: int) -> None:
    """Do work on [0, count), in as many parts as there are cores if it is much.

    Parameters
    ----------
    work : callable
        From where a part starts and stops.
    count : int
        How many there are.
    products : int
        How many vectors are multiplied in all.
    """
    cores = min(CORES, MOST_THREADS)
    if products < WORTH_THREADS or cores == 1:
        work(0, count)
        return
    ends = np.linspace(0, count, cores + 1, dtype=np.int64).tolist()
    with ThreadPoolExecutor(cores) as threads:
        list(threads.map(work, ends[:-1], ends[1:]))


def _count(k: int) -> int:
    if k < 0:
        raise QueryError(f"asked for the {k} best; give 0 or more")
    return k


def _blocks(vectors: Reals, size: int) -> Iterator[tuple[int, FloatArray]]:
    for start in range(0, len(vectors), size):
        yield start, np.require(vectors[start : start + size], np.float32, ["C", "A"])


def _contenders(scores: Numbers, k: int) -> IntArray:
    """Ascending indices of few scores, among them the k best."""
    groups = max(GROUPS, 4 * k)
    folds = len(scores) // groups
    if folds < 4:
        return np.flatnonzero(~np.isnan(scores))
    # The k-th best of the groups' maxima is reached by at least k scores. A group is every 4,096th score, so
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
