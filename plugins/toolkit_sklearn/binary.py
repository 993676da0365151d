"""An approximate index that reads one bit a number: 64 bytes of a vector of 512 numbers instead of 2,048."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

import numpy as np

from toolkit.plugins import (
    Capabilities,
    FloatArray,
    IntArray,
    NotIndexedError,
    QueryError,
    cosines,
    top_k,
    unit_queries,
)

from .signs import Signs, Words, shared

__all__ = ["BinaryIndex"]

# Below this many times those rescored, comparing every vector is as fast: a product reads 1,000 vectors of
# 512 numbers in 0.1 ms, looking 1,000 up here and there takes 0.5.
WORTHWHILE = 8
PER_NEIGHBOR = 8


class BinaryIndex:
    """Nearest unit vectors by their signs, the best of them compared exactly.

    The vectors that share most signs with the query are looked up and compared; the others are never read. A
    collection of up to ``8 * rescored`` vectors is compared as a whole, which is then as fast, and exact. The
    estimator contract is kept without importing scikit-learn, which would take longer than a hundred queries.

    Parameters
    ----------
    rescored : int
        How many vectors are compared exactly, at least; never fewer than eight times the neighbors asked for.

    Examples
    --------
    >>> index = BinaryIndex().fit(np.eye(3, dtype=np.float32))
    >>> index.kneighbors(np.array([[0.6, 0.8, 0.0]], np.float32), 1)[1]
    array([[1]])
    """

    metric: str = "euclidean"
    capabilities: ClassVar[Capabilities] = Capabilities(exact=False, incremental=True)

    def __init__(self, *, rescored: int = 4000) -> None:
        self.rescored = rescored
        self._fitted: _Fitted | None = None

    def fit(self, X: FloatArray, y: None = None) -> BinaryIndex:  # noqa: N803 -- scikit-learn's own name
        """Take the vectors, float32 (m, d), by reference; keeps d / 8 bytes of each beside them."""
        self._fitted = _fit([_matrix(X)])
        return self

    def partial_fit(self, X: FloatArray, y: None = None) -> BinaryIndex:  # noqa: N803
        """Append vectors, float32 (rows, d); a query on another thread sees all of them or none.

        Parameters
        ----------
        X : float32 (rows, d)
            Unit vectors.
        y : None
            Not used; scikit-learn's signature has it.
        """
        self._fitted = self._fitted.with_more(_matrix(X)) if self._fitted else _fit([_matrix(X)])
        return self

    def kneighbors(self, X: FloatArray, n_neighbors: int) -> tuple[FloatArray, IntArray]:  # noqa: N803
        """Euclidean distances float32 (b, k), ascending, and indices (b, k) of the nearest to queries (b, d).

        Raises
        ------
        QueryError
            If a query is not finite or not of dimension d, or there are fewer than k vectors.
        NotIndexedError
            If the index was never fitted.
        """
        if self._fitted is None:
            raise NotIndexedError("the binary index holds no vectors yet; call fit(X) first")
        if not 1 <= n_neighbors <= len(self._fitted):
            raise QueryError(f"asked for {n_neighbors} neighbors of {len(self._fitted)}; give 1 to that many")
        queries = unit_queries(np.atleast_2d(X), self._fitted.dimension)
        rescored = max(self.rescored, PER_NEIGHBOR * n_neighbors)
        distances = np.empty((len(queries), n_neighbors), np.float32)
        indices = np.empty(distances.shape, np.intp)
        for row, query in enumerate(queries):
            distances[row], indices[row] = self._fitted.nearest(query, n_neighbors, rescored)
        return distances, indices

    def get_params(self, deep: bool = True) -> dict[str, int]:
        """The parameters by name."""
        return {"rescored": self.rescored}

    def set_params(self, *, rescored: int) -> BinaryIndex:
        """Change how many are compared exactly, without fitting again."""
        self.rescored = rescored
        return self


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    """Vectors and their codes, as of one moment.

    Parameters
    ----------
    signs : Signs
        How they were encoded.
    learned : int
        How many there were when that was decided.
    parts : sequence of float32 (rows, d)
        The vectors as they came.
    codes : sequence of codes
        Those of each part.
    """

    signs: Signs
    learned: int
    parts: Sequence[FloatArray]
    codes: Sequence[Sequence[Words]]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @property
    def dimension(self) -> int:
        return int(self.parts[0].shape[1])

    def with_more(self, vectors: FloatArray) -> _Fitted:
        if vectors.shape[1] != self.dimension:
            raise QueryError(f"vectors of {vectors.shape[1]} numbers cannot join vectors of {self.dimension}")
        if len(self) + len(vectors) >= 2 * self.learned:  # the mean may have moved
            return _fit([*self.parts, vectors])
        # Each part is at least twice the next, so there are few and a vector is copied few times. The first
        # is never copied: it may be a file that is larger than the memory.
        kept = list(self.parts)
        while len(kept) > 1 and len(kept[-1]) < 2 * len(vectors):
            vectors = np.concatenate([kept.pop(), vectors])
        codes = [*self.codes[: len(kept)], self.signs.codes(vectors)]
        return _Fitted(self.signs, self.learned, [*kept, vectors], codes)

    def nearest(self, query: FloatArray, k: int, rescored: int) -> tuple[FloatArray, IntArray]:
        """Distances (k,) ascending, and indices (k,)."""
        best = np.sort(self._best(query, k, rescored))
        # Differences, not cosines: of two vectors that are nearly the same, 2 - 2 cos is rounding alone.
        distances = np.linalg.norm(self._take(best) - query, axis=1)
        order = np.argsort(distances, kind="stable")
        return distances[order], best[order]

    def _best(self, query: FloatArray, k: int, rescored: int) -> IntArray:
        if len(self) <= WORTHWHILE * rescored:
            return top_k(_comparable(np.concatenate([cosines(part, query) for part in self.parts])), k)
        likely = top_k(shared(list(chain(*self.codes)), self.signs.codes(query[None])[0]), rescored)
        likely = np.sort(likely)  # in order of the vectors, so that equal ones keep it
        # vecdot stays on this thread. A product this small would wait for the other threads of BLAS to wake:
        # up to 4 ms on a busy machine, for 0.2 ms of work.
        return likely[top_k(_comparable(np.vecdot(self._take(likely), query)), k)]

    def _take(self, indices: IntArray) -> FloatArray:
        """The vectors at ascending indices."""
        taken, start = [], 0
        for part in self.parts:
            first, last = np.searchsorted(indices, [start, start + len(part)])
            taken.append(np.take(part, indices[first:last] - start, axis=0))
            start += len(part)
        return np.concatenate(taken) if len(taken) > 1 else taken[0]


def _comparable(scores: FloatArray) -> FloatArray:
    """Scores where NaN is the least instead of never among the best: k neighbors were promised."""
    return np.fmax(scores, np.float32(-np.inf))


def _fit(parts: Sequence[FloatArray]) -> _Fitted:
    signs = Signs.of(parts)
    return _Fitted(signs, sum(map(len, parts)), parts, [signs.codes(part) for part in parts])


def _matrix(vectors: FloatArray) -> FloatArray:
    matrix = np.asarray(vectors)
    if matrix.ndim != 2 or matrix.shape[1] == 0 or matrix.dtype.kind != "f":
        raise QueryError(f"vectors are floats of shape (m, d), not {matrix.dtype} of shape {matrix.shape}")
    return matrix
