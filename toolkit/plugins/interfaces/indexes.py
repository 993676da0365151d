"""What finds the vectors nearest to a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ...values.types import FloatArray

__all__ = ["Capabilities", "SimilarityIndex", "SimilarityIndexFactory"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a similarity index can do.

    Parameters
    ----------
    exact : bool
        Its neighbours are the true ones.
    dense : bool
        It scores every vector: has ``similarities(queries) -> float32 (b, m)``.
    incremental : bool
        It takes more vectors without starting again: has ``partial_fit(X)``, which appends.
    brute : bool
        It compares by the toolkit's own cosines (`toolkit.plugins.cosines`), every vector or chosen ones: besides
        `similarities` it has ``similarities_at(positions, queries) -> float32 (b, p)``, and fitting it costs nothing.
        Every cosine of a search is then asked of it.
    persistent : bool
        What it holds outlives the process.
    deletes : bool
        Vectors are taken out of it without starting again.
    within : bool
        It searches among given keys only, and misses none of those for it.
    scores : bool
        It gives the cosines of given keys.
    transactional : bool
        It is in the store's own database and writes in the transaction that is open, so that a rollback takes both.
    builds : bool
        It makes something of what it holds once everything is in: has ``build(space)``, called after the last `apply`.
        Without it the answers are the same, only later.
    """

    exact: bool
    dense: bool = False
    incremental: bool = False
    brute: bool = False
    persistent: bool = False
    deletes: bool = False
    within: bool = False
    scores: bool = False
    transactional: bool = False
    builds: bool = False


class SimilarityIndex(Protocol):
    """scikit-learn's own contract of a neighbour search, over unit vectors.

    Attributes
    ----------
    metric : str
        ``"euclidean"`` or ``"cosine"``: what the distances of `kneighbors` are.
    capabilities : Capabilities
        What else it can do. An object without it (scikit-learn's own) is taken as exact and nothing more.
    """

    metric: str

    def fit(self, X: FloatArray, y: None = None) -> SimilarityIndex:  # noqa: N803
        """Take the vectors, float32 (m, d); keeps a reference, copies nothing if it can.

        Parameters
        ----------
        X : float32 array
            Unit vectors float32 (m, d).
        y : None, optional
            Not used.
        """
        ...

    def kneighbors(
        self,
        X: FloatArray,  # noqa: N803
        n_neighbors: int,
    ) -> tuple[npt.NDArray[np.floating], npt.NDArray[np.integer]]:
        """Distances (b, k) ascending and indices (b, k) of the nearest vectors to queries (b, d).

        Parameters
        ----------
        X : float32 array
            Unit vectors float32 (b, d).
        n_neighbors : int
            How many neighbors of each query, k.
        """
        ...


class SimilarityIndexFactory(Protocol):
    """Makes an unfitted similarity index.

    A factory with the `capabilities` of what it makes need not be called to find them out.
    """

    name: str

    def __call__(self) -> SimilarityIndex:
        """The index."""
        ...
