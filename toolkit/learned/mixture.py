"""How likely a row shows a concept, from where its decision value lies among those of all rows and of the marked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Background", "Mixture", "fit_mixture"]

Array = npt.NDArray[np.floating]

# In deviations of the background.
CORE = 1.1  # a little wider than a Gaussian's, for what is nearly the thing
TAIL = (
    0.8  # exponential: near misses are there in any collection; at 1 the Brier score is half as large again
)
# What a few positives do not say yet: one more at 8, and two that spread as they do in most concepts. Without the
# first, two or three positives that lie low made the model say yes to a third of the collection.
TYPICAL = 8.0
SPREAD = 0.35
SPREAD_WEIGHT = 2.0
RARE = 50  # of a Beta(1, 50) prior of the share: one row in fifty, or one in all if there are fewer
STEPS = 200
UNTYPICAL = 3.0  # log-odds beyond which evidence counts less and less


@dataclass(frozen=True, slots=True)
class Background:
    """Where the decision values of most rows lie.

    Parameters
    ----------
    center : float
        Their median.
    deviation : float
        Their median absolute deviation, 1.4826 of which are a standard deviation.
    """

    center: float
    deviation: float

    @classmethod
    def of(cls, decisions: Array) -> Background:
        """The background of decision values (u,)."""
        center = float(np.median(decisions))
        deviations = np.abs(decisions - center)
        deviation = float(np.median(deviations)) or float(deviations.mean()) or 1.0
        return cls(center, deviation)

    def units(self, decisions: Array) -> Array:
        """Decision values in deviations from the center."""
        return (decisions - self.center) / self.deviation


@dataclass(frozen=True, slots=True)
class Mixture:
    """Two kinds of row, of the background and of the concept, in units of the background.

    Parameters
    ----------
    mean, spread : float
        Of rows that show the concept, a Gaussian.
    share : float
        Of all rows, how many show it.
    """

    mean: float
    spread: float
    share: float

    def log_odds(self, units: Array) -> Array:
        """The log-odds that a row shows the concept; they rise with its value."""
        evidence = _concept(units, self.mean, self.spread) - _background(units)
        odds = evidence + np.log(self.share / (1 - self.share))
        beyond = UNTYPICAL + np.log1p(np.maximum(odds - UNTYPICAL, 0))
        return np.asarray(np.where(odds > UNTYPICAL, beyond, odds))


def fit_mixture(units: Array, positives: Array) -> Mixture:
    """The mixture of unlabeled rows, given what held-out positives look like; the share by expectation maximization.

    Parameters
    ----------
    units : float (u,)
        Decision values of unlabeled rows, in units of the background.
    positives : float (g,)
        Of marked rows, each from a model that had not seen it.

    References
    ----------
    Dempster, Laird, Rubin, Maximum Likelihood from Incomplete Data via the EM Algorithm, 1977.
    """
    mean = float((np.sum(positives) + TYPICAL) / (len(positives) + 1))
    prior = SPREAD_WEIGHT * (SPREAD * max(mean, 1.0)) ** 2
    squares = np.square(positives - mean).sum() + prior
    spread = float(np.sqrt(squares / (len(positives) + SPREAD_WEIGHT)))
    ratio = np.exp(np.clip(_concept(units, mean, spread) - _background(units), -50, 50))
    share, rare = 0.02, min(RARE, len(units))
    for _ in range(STEPS):
        odds = ratio * (share / (1 - share))
        share = float((np.sum(odds / (1 + odds)) + 1) / (len(units) + 1 + rare))
    return Mixture(mean, spread, share)


def _concept(units: Array, mean: float, spread: float) -> Array:
    """The log-density of rows of the concept; beyond the mean it falls no more."""
    return np.asarray(-0.5 * np.square((np.minimum(units, mean) - mean) / spread) - np.log(spread))


def _background(units: Array) -> Array:
    """The log-density of rows of the background; below the center it is level."""
    deviation = 1.4826 * CORE
    above = np.maximum(units, 0)
    return np.asarray(np.maximum(-0.5 * np.square(above / deviation), -TAIL * above) - np.log(deviation))
