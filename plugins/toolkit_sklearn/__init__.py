"""Similarity indexes (scikit-learn's own, exact, and one of signs) and projections (t-SNE and PCA).

`PictureEmbedder` is an embedder as a transformer of scikit-learn; the library is imported when it is first named.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from toolkit.plugins import Capabilities, Projection, SimilarityIndex, SimilarityIndexFactory, hookimpl

from .projections import PCA, TSNE

if TYPE_CHECKING:
    from .embedding import PictureEmbedder

__all__ = ["PCA", "TSNE", "PictureEmbedder", "toolkit_projections", "toolkit_similarity_indexes"]


class Exact:
    """Makes the index of scikit-learn, which is only then imported: that takes longer than most queries."""

    name = "sklearn"
    capabilities = Capabilities(exact=True, dense=True, brute=True)

    def __call__(self) -> SimilarityIndex:
        """``sklearn.neighbors.NearestNeighbors``, by brute force."""
        from .exact import ExactIndex

        return ExactIndex(algorithm="brute", metric="euclidean")


class Binary:
    """Makes the index of signs."""

    name = "binary"
    capabilities = Capabilities(exact=False, incremental=True)

    def __call__(self) -> SimilarityIndex:
        """An approximate index of one bit a number."""
        from .binary import BinaryIndex

        return BinaryIndex()


@hookimpl
def toolkit_similarity_indexes() -> Sequence[SimilarityIndexFactory]:
    """The indexes ``sklearn`` (the default) and ``binary``."""
    return [Exact(), Binary()]


@hookimpl
def toolkit_projections() -> Sequence[Projection]:
    """The projections ``tsne`` (the default) and ``pca``."""
    return [TSNE(), PCA()]


def __getattr__(name: str) -> object:
    if name != "PictureEmbedder":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .embedding import PictureEmbedder

    return PictureEmbedder
