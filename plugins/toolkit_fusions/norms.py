"""Norms: what makes the scores of different parts comparable before they are combined."""

from __future__ import annotations

import numpy as np

from toolkit.plugins import Points, ranks_of

__all__ = ["DistributionBased", "MinMax", "RankNorm", "SumNorm", "ZScore"]

LEE = "Lee: Analyses of multiple evidence combination, SIGIR 1997"
MONTAGUE = "Montague, Aslam: Relevance score normalization for metasearch, CIKM 2001"


class MinMax:
    """From 0 for the lowest score to 1 for the highest."""

    name = "minmax"
    bounded = True
    help = "From 0 for a part's lowest score to 1 for its highest; all 1 where they are equal."
    formula = "(s - min) / (max - min)"
    reference = LEE

    def normalize(self, scores: Points) -> Points:
        """The scores, stretched."""
        low, high = scores.min(), scores.max()
        return (scores - low) / (high - low) if high > low else np.ones_like(scores)


class ZScore:
    """How many standard deviations a score is from the mean."""

    name = "zscore"
    bounded = False
    help = (
        "Standard deviations from a part's mean; one straight line then takes those of all parts into [0, 1]."
    )
    formula = "(s - mean) / sd"
    reference = MONTAGUE

    def normalize(self, scores: Points) -> Points:
        """The z-scores."""
        # Not the deviation: that of equal scores may be a rounding error.
        varies = scores.max() > scores.min()
        return (scores - scores.mean()) / scores.std() if varies else np.zeros_like(scores)


class SumNorm:
    """The share of a score, above the lowest, in their sum."""

    name = "sum"
    bounded = False
    help = "A score's share in the sum of a part, counted from its lowest; one straight line takes all into [0, 1]."
    formula = "(s - min) / Σ (s - min)"
    reference = MONTAGUE

    def normalize(self, scores: Points) -> Points:
        """The shares."""
        above = scores - scores.min()
        total = above.sum()
        return above / total if total > 0 else np.full_like(scores, 1 / len(scores))


class RankNorm:
    """The rank, from 1 for the best."""

    name = "rank"
    bounded = True
    help = "By rank alone, from 1 for the best of a part's N hits down to 1/N for its last."
    formula = "1 - (rank - 1)/N"
    reference = LEE

    def normalize(self, scores: Points) -> Points:
        """The ranks."""
        return 1 - (ranks_of(scores) - 1) / len(scores)


class DistributionBased:
    """Three standard deviations to both sides of the mean."""

    name = "dbsf"
    bounded = True
    help = (
        "From three standard deviations below a part's mean to three above; what is further out is cut off."
    )
    formula = "(s - mean + 3 sd) / (6 sd), cut to [0, 1]"
    reference = "Mazzeschi: Distribution-based score fusion, 2023"

    def normalize(self, scores: Points) -> Points:
        """The scores within six deviations."""
        if scores.max() == scores.min():
            return np.full_like(scores, 0.5)
        cut: Points = np.clip((scores - scores.mean()) / (6 * scores.std()) + 0.5, 0, 1)
        return cut
