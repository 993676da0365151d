"""How well a trained concept ranks what nobody marked, estimated from marks it had not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .mixture import Mixture

__all__ = ["Estimate", "Quality", "Validation", "estimate_quality"]

Array: TypeAlias = npt.NDArray[np.floating]

DRAWS = 400
INTERVAL = (0.05, 0.95)
# Chosen so that the interval held the true average precision in nine of ten concepts of photos and digits, and checked
# on others (bench/RESULTS.md): how far a few positives may lie from all of them, in spreads, and how uncertain the
# share is.
NOISE = 0.4
SHIFT = 1.2
SHAPE = 3.0  # of a gamma distribution
NEAREST = (
    1.0  # how near to the background's center the rest may lie if positives were alike, in its deviations
)
FEWEST = 8  # drawn each time: two or three values make a coarse curve
MOST = 0.5  # of all rows can show the concept


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its uncertainty.

    Parameters
    ----------
    value : float
        The middle estimate.
    low, high : float
        The true figure lies between in about nine of ten cases, of positives at random and of those most like one
        example, which make the interval wide.
    """

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True, slots=True)
class Quality:
    """How well rows that nobody labeled are ranked and judged.

    Parameters
    ----------
    average_precision : Estimate
        Of their ranking.
    recall, precision : Estimate
        Of those with a confidence of 0.5 or more.
    """

    average_precision: Estimate
    recall: Estimate
    precision: Estimate

    @property
    def figures(self) -> tuple[Estimate, Estimate, Estimate]:
        """Average precision, recall and precision."""
        return self.average_precision, self.recall, self.precision


@dataclass(frozen=True, slots=True)
class Validation:
    """What a concept was learned from, and how well it does on rows that nobody labeled.

    Parameters
    ----------
    positives, negatives, unlabeled : int
        Rows it was learned from; unlabeled copies of positives are left out.
    distinct : int
        Positives, where copies and parts of one picture count once.
    folds : int
        Of the cross-validation; 0 if all positives are copies, so that none could be held out.
    share : float
        The estimated share of unlabeled rows that show the concept.
    average_precision, recall, precision : Estimate
        At that share; recall and precision of rows with a confidence of 0.5 or more.
    """

    positives: int
    negatives: int
    unlabeled: int
    distinct: int
    folds: int
    share: float
    average_precision: Estimate
    recall: Estimate
    precision: Estimate

    def __str__(self) -> str:
        same = f" ({self.distinct} without copies)" if self.distinct < self.positives else ""
        return (
            f"{self.positives} positives{same}, {self.negatives} negatives, {self.unlabeled:,} unlabeled; "
            f"for those expect average precision {self.average_precision}, "
            f"and at confidence 0.5 precision {self.precision}, recall {self.recall}"
        )


def estimate_quality(mixture: Mixture, positives: Array, units: Array, *, seed: int = 0) -> Quality:
    """The quality of a ranking of unlabeled rows, with intervals of 90 in 100 from a smoothed bootstrap.

    Parameters
    ----------
    mixture : Mixture
        Of the rows.
    positives : float (g,)
        Values of positives, each from a model that had not seen it, one for each group of copies.
    units : float (u,)
        Values of the unlabeled rows.
    seed : int
        Of the bootstrap.

    References
    ----------
    Efron, Tibshirani, An Introduction to the Bootstrap, 1993.
    """
    random, ascending = np.random.default_rng(seed), np.sort(units)
    size, wide = max(len(positives), FEWEST), mixture.spread
    said = float((mixture.log_odds(ascending) >= 0).sum())
    drawn = np.empty((DRAWS, 3))
    unlike = _unlike(positives, ascending)
    for draw in drawn:
        shift = random.normal(0, SHIFT * wide / np.sqrt(len(positives)))
        some = random.choice(positives, size) + random.normal(0, NOISE * wide, size) + shift
        if random.random() < unlike:
            some -= random.random() * np.maximum(some - NEAREST, 0)
        share = _share(mixture, some, ascending, random)
        yes = float((mixture.log_odds(some) >= 0).mean())
        count = max(share * len(units), 1.0)
        right = count * yes
        draw[:] = _average_precision(count, some, ascending), yes, right / max(said, right, 1.0)
    low, high = np.quantile(drawn, INTERVAL, axis=0)
    middle = np.median(drawn, axis=0)
    return Quality(*(Estimate(*map(float, each)) for each in zip(middle, low, high, strict=True)))


def _unlike(positives: Array, ascending: Array) -> float:
    """How likely the rest of the concept is unlike its positives, from how few unlabeled rows lie among these.

    Were they drawn at random, about as many rows of the concept would lie above the middle one as there are still to
    find above it. Where nearly none do, either nearly all are labeled, or those that are like one another.
    """
    above = len(ascending) - np.searchsorted(ascending, np.median(positives))
    return float((len(positives) / (len(positives) + 2 * above)) ** 2)


def _share(mixture: Mixture, positives: Array, ascending: Array, random: np.random.Generator) -> float:
    """A share between that of the mixture, and all rows that lie as high as the middle positive, twice."""
    above = len(ascending) - np.searchsorted(ascending, np.median(positives))
    most = max(mixture.share, 2 * above / len(ascending))
    between = random.random()
    drawn = mixture.share ** (1 - between) * most**between * random.gamma(SHAPE, 1 / SHAPE)
    return float(min(max(drawn, 1 / len(ascending)), MOST))


def _average_precision(count: float, positives: Array, ascending: Array) -> float:
    """The average precision of a ranking, if so many rows show the concept and lie as the positives do."""
    found = count * (positives[:, None] <= positives).mean(axis=1)  # at or above each
    above = len(ascending) - np.searchsorted(ascending, positives)
    return float(np.mean(found / np.maximum(above, found)))
