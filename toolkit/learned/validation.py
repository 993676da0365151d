"""How well a trained concept will rank what nobody marked, estimated from marks it had not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .mixture import Mixture

__all__ = ["Estimate", "Validation", "validate"]

Array = npt.NDArray[np.floating]

DRAWS = 400
SURE = 0.9  # of an interval
SHARE_SHAPE = 6.0  # of the gamma distribution of the share: within a factor of two in nine of ten
GRID = 64


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its uncertainty.

    Parameters
    ----------
    value : float
        The likeliest.
    low, high : float
        The true one lies between in about nine of ten cases.
    """

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.low:.2f} to {self.high:.2f}"


@dataclass(frozen=True, slots=True)
class Validation:
    """Quality of a trained concept on rows that nobody labeled.

    Parameters
    ----------
    positives, negatives, unlabeled : int
        Rows of each kind that it was learned from.
    distinct : int
        Positives that are no copies, and not parts, of one another.
    folds : int
        Of the cross-validation; 1 if there was nothing to hold out.
    share : float
        Of unlabeled rows, how many show the concept by estimate.
    average_precision : Estimate
        Of the ranking of unlabeled rows.
    recall, precision : Estimate
        Of the rows with a confidence of 0.5 or more.
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
        copies = self.positives - self.distinct
        return (
            f"{self.positives} positives{f' ({copies} of them copies or parts)' if copies else ''}, "
            f"{self.negatives} negatives, {self.unlabeled:,} unlabeled rows; of the rest about {self.share:.1%} show "
            f"it; average precision there {self.average_precision}, and at confidence 0.5 precision "
            f"{self.precision}, recall {self.recall} (90 % intervals, {self.folds}-fold)"
        )


def quality(mixture: Mixture, positives: Array, units: Array) -> Array:
    """Average precision, recall and precision float64 (3,) if positives and unlabeled rows are as given.

    Parameters
    ----------
    mixture : Mixture
        Its share is that of the unlabeled rows that show the concept.
    positives : float (g,)
        Values of rows that show it, a sample.
    units : float (u,)
        Values of all unlabeled rows, ascending.
    """
    count = max(mixture.share * len(units), 1.0)
    found = count * (positives[:, None] <= positives).mean(axis=1)  # how many of them lie as high or higher
    above = len(units) - np.searchsorted(units, positives)
    average_precision = np.mean(found / np.maximum(above, found))
    yes = mixture.log_odds(positives) >= 0
    said = (mixture.log_odds(units) >= 0).sum()
    right = count * yes.mean()
    return np.array([average_precision, yes.mean(), right / max(said, right, 1e-9)])
