"""scikit-learn's own neighbour search, which also scores every vector."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import sklearn
from sklearn.neighbors import NearestNeighbors

from toolkit.plugins import Capabilities, FloatArray, cosines

__all__ = ["ExactIndex"]


class ExactIndex(NearestNeighbors):  # type: ignore[misc]  # scikit-learn ships no types
    """``sklearn.neighbors.NearestNeighbors`` as it is, with two additions that searches use.

    Of unit vectors the euclidean order is that of the cosine, and brute force is four times faster at it than
    at ``metric="cosine"`` (720 against 2,760 ms at 1,000,000 x 512, where the bare product takes 86).

    Parameters
    ----------
    **parameters
        Those of `NearestNeighbors
        <https://scikit-learn.org/stable/modules/generated/sklearn.neighbors.NearestNeighbors.html>`_.

    Examples
    --------
    >>> index = ExactIndex(algorithm="brute", metric="euclidean").fit(np.eye(3, dtype=np.float32))
    >>> index.similarities(np.array([[0.6, 0.8, 0.0]], np.float32))
    array([[0.6, 0.8, 0. ]], dtype=float32)
    """

    capabilities: ClassVar[Capabilities] = Capabilities(exact=True, dense=True, brute=True)

    def fit(self, X: FloatArray, y: None = None) -> ExactIndex:  # noqa: N803 -- scikit-learn's own name
        """Take the vectors, float32 (m, d), by reference."""
        # The store lets only finite vectors in. Looking for NaN again takes 14 of 14.2 ms at 100,000 x 512,
        # after every image that is added.
        with sklearn.config_context(assume_finite=True):
            super().fit(X)
        self.vectors_ = np.asarray(X)
        return self

    def similarities(self, queries: FloatArray) -> FloatArray:
        """Cosine float32 (b, m) of every vector to unit queries (b, d): one product."""
        return cosines(self.vectors_, queries)
