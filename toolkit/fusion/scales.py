"""From what a ranker returned to a score: an estimate, in [0, 1], that the row is relevant to the term.

Every scale is monotone and leaves NaN where it is, so a single term is ordered by what its ranker returned. Scores
are float64: a sigmoid in float32 reaches 1.0 and rows that differ would tie.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from ..values.types import FloatArray

__all__ = ["AS_PROBABILITY", "AsProbability", "ByRank", "HalfCosine", "Logistic", "Scale", "ScaleName"]

ScaleName: TypeAlias = Literal["probability", "cosine", "raw"]
Values: TypeAlias = npt.NDArray[np.floating]

# Beyond so many widths two odds are both nothing; products of them must not vanish.
STEEPEST: Final = 60.0
SATURATED: Final = 30.0  # widths above the midpoint from which every score is 1 to the last bit of float64
SHARE: Final = 0.02  # of a collection that is taken to be relevant, where only the order is known


class Scale(Protocol):
    """What makes a score of a raw value.

    Attributes
    ----------
    unit : str
        What a raw value is called where it differs from the score; empty where it does not.
    """

    unit: ClassVar[str]

    def __call__(self, raw: Values, /) -> Values:
        """Scores in [0, 1], NaN where `raw` is."""
        ...

    def explained(self, raw: float, /) -> str:
        """One raw value in words, beside what is usual; empty where there is nothing to say."""
        ...


@dataclass(frozen=True, slots=True)
class AsProbability:
    """Raw values that are scores already."""

    unit: ClassVar[str] = ""

    def __call__(self, raw: Values, /) -> Values:
        """The values themselves."""
        return raw

    def explained(self, raw: float, /) -> str:
        """Nothing."""
        return ""


AS_PROBABILITY: Final = AsProbability()


@dataclass(frozen=True, slots=True)
class HalfCosine:
    """(1 + cos) / 2: 1 the same direction, 0.5 nothing in common, 0 the opposite. Of the wire's lone visual ranks."""

    unit: ClassVar[str] = "cosine"

    def __call__(self, raw: Values, /) -> Values:
        """Half of one and the cosine."""
        return np.asarray((1 + np.asarray(raw, np.float64)) / 2)

    def explained(self, raw: float, /) -> str:
        """The cosine."""
        return f"cosine {raw:.2f}"


@dataclass(frozen=True, slots=True)
class Logistic:
    """Cosines against those of unrelated pictures: sigmoid((cos - midpoint) / width).

    Parameters
    ----------
    midpoint, width : float
        The cosine that scores one half, and how steep the curve is there; the width above 0.
    usual, around : float
        What cosines of unrelated pictures are: their median, and how far below it the lower ones lie.

    Examples
    --------
    >>> near = Logistic(midpoint=0.58, width=0.06, usual=0.22, around=0.06)
    >>> near(np.array([0.22, 0.58, 0.83])).round(3)
    array([0.002, 0.5  , 0.985])
    >>> near.explained(0.83)
    "cosine 0.83, far above this collection's usual 0.22 ± 0.06"
    """

    midpoint: float
    width: float
    usual: float
    around: float
    unit: ClassVar[str] = "cosine"

    def __call__(self, raw: Values, /) -> Values:
        """The sigmoid, float64."""
        odds = np.subtract(raw, self.midpoint, dtype=np.float64)
        odds /= -self.width
        np.minimum(odds, STEEPEST, out=odds)
        np.maximum(odds, -STEEPEST, out=odds)
        np.exp(odds, out=odds)
        odds += 1
        return np.asarray(np.divide(1, odds, out=odds))

    def inverse(self, score: float, /) -> float:
        """The cosine that has a score, from 0 to 1; infinite where none has."""
        if score <= 0:
            return -math.inf
        if score >= 1:
            return self.midpoint + self.width * SATURATED
        return self.midpoint + self.width * min(math.log(score / (1 - score)), SATURATED)

    def explained(self, raw: float, /) -> str:
        """The cosine beside the usual ones."""
        above = (raw - self.usual) / self.around
        place = "above" if above > 1 else "below" if above < -1 else "within"
        if raw >= self.midpoint:
            place = "far above"
        return f"cosine {raw:.2f}, {place} this collection's usual {self.usual:.2f} ± {self.around:.2f}"


@dataclass(frozen=True, slots=True, eq=False)
class ByRank:
    """Raw values by their rank in the collection, where nothing else is known of them.

    Of n values the one at rank i scores 1 / (1 + (i - 1/2) / k), where k, at least 1, is 2 % of n: so many rows are
    taken to be relevant, and the last of them scores one half. Equal values share the middle of their ranks.

    Parameters
    ----------
    ascending : float32 (n,)
        All values, without NaN.

    Examples
    --------
    >>> ByRank.of(np.float32([3, np.nan, 7, -1]))(np.float32([7, 3, -1])).round(2)
    array([0.67, 0.4 , 0.29])
    """

    ascending: FloatArray
    unit: ClassVar[str] = "value"

    @classmethod
    def of(cls, raw: FloatArray) -> ByRank:
        """The scale of all values of a term, NaN among them."""
        return cls(np.sort(raw[~np.isnan(raw)]))

    def __call__(self, raw: Values, /) -> Values:
        """Scores by rank, float64."""
        relevant = max(SHARE * len(self.ascending), 1.0)
        scores = 1 / (1 + self._rank(raw) / relevant)
        return np.where(np.isnan(raw), np.nan, scores)

    def _rank(self, raw: Values) -> Values:
        """Ranks from 1/2, the highest value first."""
        low = np.searchsorted(self.ascending, raw, side="left")
        high = np.searchsorted(self.ascending, raw, side="right")
        return np.asarray(len(self.ascending) - (low + high) / 2)

    def explained(self, raw: float, /) -> str:
        """The value and its rank."""
        rank = int(len(self.ascending) - np.searchsorted(self.ascending, raw, side="right")) + 1
        return f"value {raw:g}, rank {rank:,} of {len(self.ascending):,}"
