"""Cosines: the arithmetic under every ranking by similarity.

Vectors are of unit length, so a cosine is a product. They may be read-only, memory-mapped or a strided view;
none of these functions copies more than one block of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from ..errors import QueryError
from ..values.types import FloatArray, IntArray

__all__ = [
    "Reals",
    "blocks",
    "cosines",
    "cosines_at",
    "in_parts",
    "product_bounds",
    "unit_queries",
]

Reals = npt.NDArray[np.floating]

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
        for at, block in blocks(vectors[start:stop], PASSED):
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
            for at, some in blocks(vectors[start:stop], block):
                products = some @ columns
                products += slack
                found[:, start + at : start + at + len(some)] = products.T

    in_parts(part, len(vectors), len(vectors) * b)
    return found


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


def blocks(vectors: Reals, size: int) -> Iterator[tuple[int, FloatArray]]:
    """Successive vectors as BLAS reads them, float32 (size, d), each with the index of its first.

    Parameters
    ----------
    vectors : float (m, d)
        All of them.
    size : int
        How many at a time; fewer at the end.
    """
    for start in range(0, len(vectors), size):
        yield start, np.require(vectors[start : start + size], np.float32, ["C", "A"])
