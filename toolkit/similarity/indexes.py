"""The similarity indexes of a collection, one for each space that is searched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from threading import Lock
from typing import Protocol, cast, runtime_checkable

import numpy as np
import numpy.typing as npt

from ..errors import ContractError
from ..plugins.contract_errors import contract_errors
from ..plugins.interfaces import Capabilities, SimilarityIndex
from ..plugins.registry import Registry
from ..snapshot import Space
from ..values.types import FloatArray, IntArray
from .code_files import SpaceCodes
from .cosines import cosines, cosines_at, in_parts, product_bounds
from .shared import SharedIndex

__all__ = ["SimilarityIndexes"]

# scikit-learn's own estimators declare nothing; with brute force or a tree they are exact, of these distances.
PLAIN = Capabilities(exact=True)
OTHER = Capabilities(exact=False)
MANY = 4  # vectors from which one matrix product takes less than a pass of exact cosines
LIKE_COSINES = {"cosine", "euclidean", "l2", "minkowski", "sqeuclidean"}


class _Dense(Protocol):
    def similarities(self, queries: FloatArray) -> FloatArray: ...


@runtime_checkable
class _Estimator(Protocol):
    def get_params(self, deep: bool) -> dict[str, object]: ...  # scikit-learn's signature


class _Brute(_Dense, Protocol):
    def similarities_at(self, positions: IntArray, queries: FloatArray) -> FloatArray: ...


class SimilarityIndexes:
    """The indexes of one open collection, by space.

    Parameters
    ----------
    registry : Registry
        Knows the factories.
    similarity : str or SimilarityIndex
        The name of the similarity index to use, or an estimator that is used as it is: one is made like it, with its
        parameters, for each space.
    """

    def __init__(self, registry: Registry, similarity: str | SimilarityIndex) -> None:
        self._registry = registry
        self._own = None if isinstance(similarity, str) else similarity
        self.name = similarity if isinstance(similarity, str) else type(similarity).__name__
        self._shared: dict[str, tuple[object, SharedIndex]] = {}
        self._lock = Lock()
        self.codes = SpaceCodes()

    @property
    def capabilities(self) -> Capabilities:
        """The declared capabilities of the index; if its factory has them, no index is made."""
        factory = self._factory
        declared = getattr(factory, "capabilities", None)
        if declared is None:
            index = self._make()
            plain = PLAIN if index.metric in LIKE_COSINES and getattr(index, "p", 2) == 2 else OTHER
            declared = getattr(index, "capabilities", plain)
        return declared if isinstance(declared, Capabilities) else PLAIN

    @property
    def _factory(self) -> object:
        return self._registry.similarity_indexes.get(self.name) if self._own is None else self._own

    def _make(self) -> SimilarityIndex:
        if self._own is None:
            return self._registry.similarity_index(self.name)
        return like(self._own)

    @contextmanager
    def over(self, space: Space) -> Iterator[SimilarityIndex]:
        """The index over a space's vectors, fitted; it stays as it is until the block ends.

        Raises
        ------
        UnknownNameError
            No similarity index has that name.
        ContractError
            The index failed.
        """
        with self._errors_named(), self._shared_index(space.name).over(space) as index:
            yield index

    def fitted_anew(self, vectors: FloatArray) -> SimilarityIndex:
        """An index of its own over some vectors, float32 (m, d)."""
        with self._errors_named():
            index = self._make()
            index.fit(vectors)
            return index

    def _shared_index(self, space: str) -> SharedIndex:
        factory = self._factory
        with self._lock:
            made_by, shared = self._shared.get(space, (None, None))
            if shared is None or made_by is not factory:  # a cell registered another one by this name
                capabilities = self.capabilities
                shared = SharedIndex(
                    self._make, incremental=capabilities.incremental, costs_nothing=capabilities.brute
                )
                self._shared[space] = factory, shared
            return shared

    def answers_top_k(self, space: Space, top_k: int | None) -> bool:
        """Whether the index finds the `top_k` nearest vectors, instead of every vector being scored.

        Parameters
        ----------
        space : Space
            The vectors that are searched.
        top_k : int or None
            How many of the nearest rows are needed; None for all.
        """
        if top_k is None or top_k >= len(space.vectors):
            return False
        return self.finds_neighbors

    @property
    def finds_neighbors(self) -> bool:
        """Whether the index is asked for neighbors, not for cosines."""
        capabilities = self.capabilities
        return not (capabilities.brute or capabilities.dense)

    def neighbors(self, space: Space, vector: FloatArray, k: int) -> IntArray:
        """Positions (k,) in a space of the vectors that the index finds nearest to one; there may be fewer.

        Parameters
        ----------
        space : Space
            The vectors that are searched.
        vector : float32 (d,)
            Unit length.
        k : int
            Below the number of vectors.
        """
        with self.over(space) as index:
            _, found = index.kneighbors(vector[None], n_neighbors=k)
        return np.unique(self._positions(found, len(space.vectors)))

    def nearest(self, space: Space, vector: FloatArray, top_k: int, *, rows: int) -> FloatArray:
        """Cosine float32 (r,) of the rows nearest to a unit vector (d,); NaN for all others.

        Parameters
        ----------
        space : Space
            The vectors that are searched.
        vector : float32 array
            A query, float32 (d,) of unit length.
        top_k : int
            How many of the nearest vectors to find.
        rows : int
            How many rows the snapshot has, r.
        """
        with self.over(space) as index:
            _, found = index.kneighbors(vector[None], n_neighbors=top_k)
        positions = self._positions(found, len(space.vectors))
        # Not from the distances: so they are the same whatever the index, and whatever its metric.
        return _by_row(space.rows[positions], np.vecdot(space.vectors[positions], vector), rows)

    def similarities(self, space: Space, vector: FloatArray, *, rows: int) -> FloatArray:
        """Cosine float32 (r,) of every row to a unit vector (d,); NaN where a row has no embedding.

        Parameters
        ----------
        space : Space
            The vectors that are compared.
        vector : float32 array
            A query, float32 (d,) of unit length.
        rows : int
            How many rows the snapshot has, r.
        """
        one: FloatArray = self.similarities_many(space, vector[None], rows=rows)[0]
        return one

    def similarities_of(self, space: Space, vector: FloatArray, wanted: IntArray, *, rows: int) -> FloatArray:
        """Cosine float32 (r,) of some rows to a unit vector (d,); NaN for all others, which are not looked at.

        Parameters
        ----------
        space : Space
            The vectors that are compared.
        vector : float32 array
            A query, float32 (d,) of unit length.
        wanted : int (k,)
            Which rows.
        rows : int
            How many rows the snapshot has, r.
        """
        positions = space.position(wanted)
        positions = positions[positions >= 0]
        return _by_row(space.rows[positions], cosines(space.vectors[positions], vector), rows)

    def similarities_many(self, space: Space, vectors: FloatArray, *, rows: int) -> FloatArray:
        """Cosine float32 (b, r) of every row to unit vectors (b, d), in one pass; NaN where a row has none.

        Parameters
        ----------
        space : Space
            Whose vectors.
        vectors : float32 (b, d)
            Unit length.
        rows : int
            r.
        """
        return _in_rows(space, self._scores(space, vectors), rows)

    def similarities_at(self, space: Space, positions: IntArray, vectors: FloatArray) -> FloatArray:
        """Cosine float32 (b, p) of some of a space's vectors to unit vectors (b, d).

        Parameters
        ----------
        space : Space
            Whose vectors.
        positions : int (p,)
            Which of them, by their place in the space.
        vectors : float32 (b, d)
            Unit length.
        """
        if self.capabilities.brute:
            with self.over(space) as index:
                return np.asarray(cast("_Brute", index).similarities_at(positions, vectors))
        return cosines_at(space.vectors, positions, vectors)

    def bounds(
        self, space: Space, vectors: FloatArray, signs: npt.NDArray[np.integer], *, rows: int
    ) -> FloatArray | None:
        """The most that the cosine of every row to unit vectors (b, d) can be, or the least: float32 (b, r).

        None where comparing exactly takes no longer. NaN where a row has no embedding.

        Parameters
        ----------
        space : Space
            Whose vectors.
        vectors : float32 (b, d)
            Unit length.
        signs : int (b,)
            1 for the most, -1 for the least.
        rows : int
            r.
        """
        codes = self.codes.of(space)
        if codes is not None:
            return _in_rows(space, codes.bounds(vectors, signs, in_parts), rows)
        if len(vectors) < MANY or not len(space.vectors):
            return None
        return _in_rows(space, product_bounds(space.vectors, vectors, signs), rows)

    @property
    def scores_rows_itself(self) -> bool:
        """Whether every cosine is asked of the index, whose numbers need not be those of the toolkit."""
        return self.capabilities.dense and not self.capabilities.brute

    def _scores(self, space: Space, vectors: FloatArray) -> FloatArray:
        if len(space.vectors) and self.capabilities.dense:
            with self.over(space) as index:
                return np.array(cast("_Dense", index).similarities(vectors), np.float32)
        return cosines(space.vectors, vectors)

    def _positions(self, found: object, m: int) -> IntArray:
        positions = np.asarray(found)
        if positions.ndim != 2 or positions.dtype.kind not in "iu" or positions.max(initial=-1) >= m:
            shown = f"{positions.dtype} of shape {positions.shape}, up to {positions.max(initial=-1)}"
            raise ContractError(self._label, f"neighbors are indices (b, k) below {m}", shown)
        nearest: IntArray = positions[0]
        return nearest[nearest >= 0]  # -1 is how some say "no more"

    @property
    def _label(self) -> str:
        return f"similarity index {self.name!r}"

    def _errors_named(self) -> AbstractContextManager[None]:
        return contract_errors(self._label, "it takes vectors and finds neighbors")


def like(index: SimilarityIndex) -> SimilarityIndex:
    """An index of the same parameters without vectors, by scikit-learn's rule that an estimator is its parameters."""
    parameters = index.get_params(deep=False) if isinstance(index, _Estimator) else {}
    return type(index)(**deepcopy(parameters))


def _in_rows(space: Space, scores: FloatArray, rows: int) -> FloatArray:
    """Scores (b, m) of vectors as those (b, r) of rows, NaN where a row has none."""
    if space.in_row_order and scores.shape[1] == rows:
        return scores
    by_row = np.full((len(scores), rows), np.nan, np.float32)
    by_row[:, space.rows] = scores
    return by_row


def _by_row(rows: IntArray, cosines: FloatArray, r: int) -> FloatArray:
    by_row = np.full(r, np.nan, np.float32)
    by_row[rows] = cosines
    return by_row
