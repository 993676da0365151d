"""The similarity index that needs no fitting: one product with every vector."""

from __future__ import annotations

import numpy as np

from ..plugins.interfaces import Capabilities
from ..values.types import FloatArray, IntArray
from .cosines import cosines, cosines_at
from .nearest import nearest

__all__ = ["ExactProduct"]


class ExactProduct:
    """Exact neighbors of unit vectors; fitting it costs nothing, and asking it reads every vector.

    Parameters
    ----------
    vectors : float32 (m, d)
        Unit length.
    """

    metric = "cosine"
    capabilities = Capabilities(exact=True, dense=True, brute=True)

    def __init__(self, vectors: FloatArray) -> None:
        self.vectors = vectors

    def fit(self, X: FloatArray, y: None = None) -> ExactProduct:  # noqa: N803  # scikit-learn's name
        """Take other vectors, float32 (m, d)."""
        self.vectors = X
        return self

    def kneighbors(self, X: FloatArray, n_neighbors: int) -> tuple[FloatArray, IntArray]:  # noqa: N803
        """Cosine distances (b, k) ascending and indices (b, k) of the nearest vectors to queries (b, d)."""
        found, indices = nearest(self.vectors, X, n_neighbors)
        return np.float32(1) - found, indices

    def similarities(self, queries: FloatArray) -> FloatArray:
        """Cosines float32 (b, m) of every vector to queries (b, d)."""
        return cosines(self.vectors, queries)

    def similarities_at(self, positions: IntArray, queries: FloatArray) -> FloatArray:
        """Cosines float32 (b, p) of some vectors to queries (b, d).

        Parameters
        ----------
        positions : int (p,)
            Which vectors.
        queries : float32 (b, d)
            Unit length.
        """
        return cosines_at(self.vectors, positions, queries)
