"""Where the bars of a histogram begin and end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ..hits.cutoff import log_odds

__all__ = ["BARS", "Placed", "edges_of", "placed", "score_edges"]

BARS: Final = 48
TIMES: Final = (60, 3600, 86_400, 7 * 86_400, 28 * 86_400, 91 * 86_400, 365 * 86_400, 3652 * 86_400)

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Numbers in their bars, so that whatever part of them is counted without looking for its bars again.

    Parameters
    ----------
    edges : float64 (b + 1,)
        Of the bars.
    bars : int64 (n,)
        The bar of each number; b of one that is in none.
    total : int64 (b,)
        How many each bar has.
    """

    edges: Floats
    bars: npt.NDArray[np.int64]
    total: npt.NDArray[np.int64]

    def count(self, among: Mask) -> npt.NDArray[np.int64]:
        """How many of some of them, bool (n,), each bar has, int64 (b,)."""
        return np.bincount(self.bars[among], minlength=len(self.edges))[:-1].astype(np.int64)


def placed(numbers: Floats, edges: Floats) -> Placed:
    """Numbers in bars, each bar without its upper edge but the last one with it, as NumPy's histograms have it.

    Parameters
    ----------
    numbers : float64 (n,)
        NaN is in no bar.
    edges : float64 (b + 1,)
        Rising.

    Examples
    --------
    >>> placed(np.array([0.0, 1.0, 2.0, np.nan]), np.array([0.0, 1.0, 2.0])).total
    array([1, 2])
    """
    count = len(edges) - 1
    bars = np.searchsorted(edges, numbers, side="right").astype(np.int64) - 1
    bars[numbers == edges[-1]] = count - 1
    bars[~((numbers >= edges[0]) & (numbers <= edges[-1]))] = count
    return Placed(edges, bars, np.bincount(bars, minlength=count + 1)[:-1].astype(np.int64))


def edges_of(numbers: Floats, *, is_time: bool = False) -> Floats:
    """Edges float64 (b + 1,) of at most 48 bars as wide as a person would make them.

    Parameters
    ----------
    numbers : float64 (k,)
        Finite, one at least.
    is_time : bool
        Whether they are seconds since 1970.

    Examples
    --------
    >>> edges_of(np.array([3.0, 41.0]))[:3]
    array([3., 4., 5.])
    """
    low, high = float(numbers.min()), float(numbers.max())
    step = _step(high - low, is_time=is_time)
    first, last = math.floor(low / step), math.floor(high / step) + 1
    return np.asarray(np.arange(first, last + 1) * step, np.float64)


def _step(span: float, *, is_time: bool) -> float:
    least = span / (BARS - 1)
    if is_time:
        return float(next((one for one in TIMES if one >= least), max(least, TIMES[-1])))
    if least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)


def score_edges(scores: Floats) -> Floats:
    """Edges float64 (49,) of scores, evenly spread over their log odds: of similarities as straight as cosines.

    Parameters
    ----------
    scores : float64 (k,)
        In [0, 1], one at least.
    """
    odds = log_odds(scores)
    low, high = float(odds.min()), float(odds.max())
    line = np.linspace(low, high if high > low else low + 1, BARS + 1)
    edges = 1 / (1 + np.exp(-line))
    edges[0], edges[-1] = min(edges[0], scores.min()), max(edges[-1], scores.max())
    return np.asarray(edges)
