"""Where a ranking may be cut: how many of its hits are worth looking at, with or without judged topics to learn from.

Without labels the scores of what is not relevant are taken to follow a Pearson type III distribution, fitted to the
quantiles of all of them, and the cut is where so few of those would still come that a person can leave them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from ..errors import QueryError

__all__ = ["Cutoff", "SuggestsCutoff", "cutoff_without_labels", "log_odds", "robust_z"]

Floats = npt.NDArray[np.float64]

FEWEST: Final = 20  # scores, below which no distribution is fitted
FALSE: Final = 8.0  # how many irrelevant ones are expected above the cut
OUTER: Final = 0.1  # the quantile, from both ends, that the distribution is fitted to
STRAIGHT: Final = 1e-5  # the skew below which a distribution is as good as normal
SMALLEST: Final = 1e-7  # chance: beyond it float32 tells no scores apart


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Where to cut a ranking.

    Parameters
    ----------
    count : int
        How many of the best hits stay.
    score : float
        The score of the last of them.
    fewest, most : int or None
        Between which the right number lay for nine of ten judged topics; None where none are known.
    reason : str
        How it was found, in a sentence.
    """

    count: int
    score: float
    fewest: int | None
    most: int | None
    reason: str

    def __str__(self) -> str:
        if self.fewest is None or self.most is None:
            range_ = "how far off that may be is unknown without judged topics"
        else:
            range_ = f"from {self.fewest:,} to {self.most:,} were right for nine of ten judged topics"
        return f"the best {self.count:,}, down to a score of {self.score:.3f}; {range_}; {self.reason}"


class SuggestsCutoff(Protocol):
    """What has learned from judged topics where to cut, as `toolkit.evaluation.LearnedCutoff` has."""

    def suggest(self, scores: Floats, *, miss: float | None = None) -> Cutoff:
        """Where to cut a ranking.

        Parameters
        ----------
        scores : float64 (n,)
            Of all hits, falling.
        miss : float, optional
            The share of what is relevant that may be missed on average.
        """
        ...


def log_odds(scores: npt.NDArray[np.floating]) -> Floats:
    """Scores in [0, 1] on a line without ends, float64: of a similarity as straight as its cosine."""
    chance = np.clip(scores.astype(np.float64), SMALLEST, 1 - SMALLEST)
    odds: Floats = np.log(chance / (1 - chance))
    return odds


def robust_z(values: Floats) -> Floats:
    """How far values are from their median, in standard deviations as the bulk of them has it."""
    if not len(values):
        return values
    median = np.median(values)
    spread = 1.4826 * np.median(np.abs(values - median))
    return (values - median) / (spread if spread > 0 else 1.0)


def cutoff_without_labels(scores: Floats) -> Cutoff:
    """Where to cut a ranking of which nothing is known but its scores.

    Parameters
    ----------
    scores : float64 (n,)
        Of all hits, falling.

    Raises
    ------
    QueryError
        There are too few hits.

    Notes
    -----
    Arampatzis, Beney, Koster, van der Weide, "Incrementality, half-life, and threshold optimization for adaptive
    document filtering", TREC-9, 2000, for score distributions; the fit by quantiles is ours.
    """
    if len(scores) < FEWEST:
        raise QueryError(
            f"{len(scores)} hits are too few to tell the usual score from others: {FEWEST} at least"
        )
    return cut(scores, _unlikely(log_odds(scores)), "by the scores alone (Pearson type III)")


def cut(
    scores: Floats, count: int, reason: str, *, fewest: int | None = None, most: int | None = None
) -> Cutoff:
    """The cut after some of the best hits, one at least.

    Parameters
    ----------
    scores : float64 (n,)
        Of all hits, falling.
    count : int
        How many stay.
    reason : str
        How that was found.
    fewest, most : int, optional
        Between which it may lie.
    """
    count = min(max(count, 1), len(scores))
    return Cutoff(count, float(scores[count - 1]), fewest, most, reason)


def _unlikely(values: Floats) -> int:
    """How many values are so high that all of the rest together would hardly have any there."""
    low, middle, high = np.quantile(values, [OUTER, 0.5, 1 - OUTER])
    if high <= low:
        return int(np.count_nonzero(values > high))
    skew = float(np.clip(4 * (high + low - 2 * middle) / (high - low), 0, 2))
    outer_low, center, outer_high = _quantiles(np.array([OUTER, 0.5, 1 - OUTER]), skew)
    scale = (high - low) / (outer_high - outer_low)
    chance = _chance_above((values - middle) / scale + center, skew)
    return int(np.count_nonzero(len(values) * chance <= FALSE))


# scipy.stats has this distribution, too, but takes most of a second to load, while someone waits for a first histogram.


def _quantiles(shares: Floats, skew: float) -> Floats:
    """Of Pearson's type III with mean 0, deviation 1 and a skew from 0 up: a gamma distribution that is moved."""
    from scipy.special import gammaincinv, ndtri

    if skew < STRAIGHT:
        return np.asarray(ndtri(shares), np.float64)
    shape = 4 / skew**2
    return np.asarray(gammaincinv(shape, shares) * skew / 2 - 2 / skew, np.float64)


def _chance_above(values: Floats, skew: float) -> Floats:
    """How much of the same distribution lies above each of some values."""
    from scipy.special import gammaincc, ndtr

    if skew < STRAIGHT:
        return np.asarray(ndtr(-values), np.float64)
    return np.asarray(gammaincc(4 / skew**2, np.maximum(values * 2 / skew + 4 / skew**2, 0)), np.float64)
