"""The `template` similarity index: the neighbors of vectors, by one matrix product."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from toolkit.plugins import Capabilities, FloatArray, SimilarityIndexFactory, hookimpl

__all__ = ["TemplateIndex"]


class TemplateIndex:
    """Finds the nearest of some unit vectors: scikit-learn's own contract of a neighbor search."""

    name = "template"
    metric = "cosine"  # what its distances are; or "euclidean"
    capabilities = Capabilities(exact=True)
    vectors: FloatArray

    def fit(self, X: FloatArray, y: None = None) -> TemplateIndex:  # noqa: N803  (scikit-learn's name)
        """Take unit vectors float32 (m, d)."""
        self.vectors = X
        return self

    def kneighbors(
        self,
        X: FloatArray,  # noqa: N803
        n_neighbors: int,
    ) -> tuple[npt.NDArray[np.floating], npt.NDArray[np.integer]]:
        """Distances (b, k), ascending, and indices (b, k) of the nearest vectors to queries (b, d)."""
        distances = np.maximum(1 - X @ self.vectors.T, 0)
        nearest = np.argsort(distances, axis=1, kind="stable")[:, :n_neighbors]
        return np.take_along_axis(distances, nearest, axis=1), nearest


@hookimpl
def toolkit_similarity_indexes() -> Sequence[SimilarityIndexFactory]:
    """Give the toolkit its similarity indexes."""
    return [TemplateIndex]
