"""Hits that are relevant and unlike one another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..values.types import FloatArray

__all__ = ["diverse_order"]


def diverse_order(scores: npt.NDArray[np.floating], vectors: FloatArray, relevance: float) -> list[int]:
    """The hits one by one, each the best of what is left by its score and how unlike it is to those before.

    Parameters
    ----------
    scores : float (k,)
        Of the hits.
    vectors : float32 (k, d)
        Of unit length.
    relevance : float
        The share of the score, in [0, 1], against the highest cosine to a hit before.

    Notes
    -----
    Maximal marginal relevance: Carbonell, Goldstein, "The use of MMR, diversity-based reranking for reordering
    documents and producing summaries", SIGIR 1998. Scores are stretched to [0, 1], so that cosines weigh the same.

    Examples
    --------
    >>> diverse_order(np.array([0.9, 0.8, 0.1]), np.float32([[1, 0], [1, 0], [0, 1]]), 0.5)
    [0, 2, 1]
    """
    low, high = (scores.min(), scores.max()) if len(scores) else (0.0, 0.0)
    relevant = (scores - low) / (high - low) if high > low else np.ones(len(scores))
    nearest = np.full(len(scores), -1.0)
    left, order = np.ones(len(scores), bool), []
    for _ in range(len(scores)):
        worth = relevance * relevant - (1 - relevance) * np.maximum(nearest, 0)
        best = int(np.argmax(np.where(left, worth, -np.inf)))
        order.append(best)
        left[best] = False
        nearest = np.maximum(nearest, vectors @ vectors[best])
    return order
