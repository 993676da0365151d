"""Vectors laid out on a plane by scikit-learn: t-SNE, which keeps neighbors together, and PCA, which is fast."""

from __future__ import annotations

import warnings
from contextlib import nullcontext
from typing import Final

import numpy as np

from toolkit.plugins import FloatArray, Progress, one_openmp_thread

__all__ = ["PCA", "TSNE"]

ITERATIONS: Final = 250  # of one leg: the fewest that scikit-learn takes
FEW: Final = 2_000  # vectors
LEGS: Final = 4  # the first with neighbors exaggerated
EXAGGERATION: Final = 12.0  # scikit-learn's own


class TSNE:
    """``sklearn.manifold.TSNE`` from the principal components, in legs, so that a bar can move.

    The neighbors are found once, and every leg starts where the one before it ended.

    References
    ----------
    L. van der Maaten, G. Hinton, Visualizing Data using t-SNE, JMLR 9, 2008; D. Kobak, P. Berens, The art of using
    t-SNE for single-cell transcriptomics, Nature Communications 10, 2019, for the start.
    """

    name = "tsne"
    help = "Keeps neighbors together (t-SNE); minutes for ten thousand."
    most = 10_000

    def __init__(self, *, perplexity: float = 30.0) -> None:
        self.perplexity = perplexity

    def lay_out(self, vectors: FloatArray, *, seed: int, progress: Progress) -> FloatArray:
        """Places float32 (m, 2) of unit vectors (m, d).

        Parameters
        ----------
        vectors : float32 (m, d)
            Unit length.
        seed : int
            Of scikit-learn's own random state.
        progress : callable
            Called after each leg.
        """
        from sklearn import manifold
        from sklearn.neighbors import KNeighborsTransformer

        perplexity = min(self.perplexity, (len(vectors) - 1) / 3.5)
        neighbors = min(int(3 * perplexity) + 1, len(vectors) - 1)
        graph = KNeighborsTransformer(n_neighbors=neighbors).fit_transform(vectors)
        places = PCA().lay_out(vectors, seed=seed, progress=lambda _: None)
        places = (places / (places[:, 0].std() or 1) * 1e-4).astype(np.float32)
        progress(0.1)
        for leg in range(LEGS):
            fit = manifold.TSNE(
                perplexity=perplexity,
                early_exaggeration=EXAGGERATION if leg == 0 else 1.0,
                learning_rate=max(len(vectors) / EXAGGERATION / 4, 50),
                max_iter=ITERATIONS,
                metric="precomputed",
                init=places,
                random_state=seed,
            )
            # Threads wait for one another longer than they work.
            limited = one_openmp_thread() if len(vectors) < FEW else nullcontext()
            with limited, warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of how a graph of neighbors is stored
                places = np.asarray(fit.fit_transform(graph), np.float32)
            progress(0.1 + 0.9 * (leg + 1) / LEGS)
        return places


class PCA:
    """The first two principal components."""

    name = "pca"
    help = "The two directions that vary most (PCA); a moment, and neighbors often come apart."
    most = 1_000_000

    def lay_out(self, vectors: FloatArray, *, seed: int, progress: Progress) -> FloatArray:
        """Places float32 (m, 2) of unit vectors (m, d).

        Parameters
        ----------
        vectors : float32 (m, d)
            Unit length.
        seed : int
            Of the randomized decomposition.
        progress : callable
            Called once.
        """
        from sklearn import decomposition

        count = min(2, *vectors.shape)
        places = decomposition.PCA(count, svd_solver="randomized", random_state=seed).fit_transform(vectors)
        progress(1.0)
        return np.asarray(np.pad(places, ((0, 0), (0, 2 - count))), np.float32)
