"""Similarity indexes: scikit-learn's own, exact, and one of signs, ten times faster and approximate."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.plugins import Capabilities, SimilarityIndex, SimilarityIndexFactory, hookimpl

__all__ = ["toolkit_similarity_indexes"]


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
