"""The one convention of scores, held: what a ranker returned, and how rows become inputs.

What a ranker returns is float32 (r,), higher is better, NaN where a row is not a hit; its scale says of what kind the
numbers are. Nothing here changes an array it was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ..errors import ContractError
from ..values.types import FloatArray
from .scales import ScaleName

__all__ = ["RANGES", "TOLERANCE", "checked_scores", "collapse", "inherit"]

Real = TypeVar("Real", bound=np.floating)
MOST = float(np.finfo(np.float32).max)

# What may come, by the ranker's scale, and how to say so.
RANGES: Mapping[ScaleName, tuple[float, float, str]] = {
    "probability": (0.0, 1.0, "scores are in [0, 1], or NaN where a row is not a hit"),
    "cosine": (-1.0, 1.0, "cosines are in [-1, 1], or NaN where a row is not a hit"),
    "raw": (-MOST, MOST, "values are finite, or NaN where a row is not a hit"),
}

TOLERANCE = 1e-6  # a cosine of two unit float32 vectors may end this far outside


def checked_scores(
    scores: object, *, ranker: str, rows: int, is_filter: bool = False, scale: ScaleName = "probability"
) -> FloatArray:
    """What a ranker returned, once it keeps the convention; a rounding error outside is clipped.

    Parameters
    ----------
    scores : object
        What came: float32 (r,), in the range of the scale or NaN.
    ranker : str
        Who returned it, for the message.
    rows : int
        r.
    is_filter : bool
        Whether the ranker is a filter, whose scores are 1 or NaN.
    scale : {"probability", "cosine", "raw"}
        What the ranker says its numbers are.

    Raises
    ------
    ContractError
        Naming the ranker, the rule, and what came.

    Examples
    --------
    >>> checked_scores(np.float32([0.5, np.nan, 1.0000001]), ranker="concept", rows=3)
    array([0.5, nan, 1. ], dtype=float32)
    """
    plugin = f"ranker {ranker!r}"
    if not isinstance(scores, np.ndarray):
        raise ContractError(plugin, "scores are a NumPy array", type(scores).__name__)
    if scores.dtype != np.float32:
        found = f"{scores.dtype}; return scores.astype(numpy.float32)"
        raise ContractError(plugin, "scores are float32", found)
    if scores.shape != (rows,):
        raise ContractError(plugin, f"scores are one per row, of shape ({rows},)", f"shape {scores.shape}")
    lowest, highest = _extremes(scores)
    least, most, rule = _range(scale, plugin)
    if lowest < least - TOLERANCE or highest > most + TOLERANCE:
        raise ContractError(plugin, rule, f"values from {lowest:g} to {highest:g}")
    if is_filter and lowest < 1:
        raise ContractError(plugin, "a filter's scores are 1, or NaN where it does not hold", f"{lowest:g}")
    return np.clip(scores, least, most) if lowest < least or highest > most else scores


def _range(scale: ScaleName, plugin: str) -> tuple[float, float, str]:
    if scale not in RANGES:
        raise ContractError(plugin, f"its scale is one of {', '.join(RANGES)}", repr(scale))
    return RANGES[scale]


def _extremes(scores: FloatArray) -> tuple[float, float]:
    """The lowest and the highest score, NaN left out; NaN if there is none. Two passes, no mask."""
    if not len(scores):
        return np.nan, np.nan
    return float(np.fmin.reduce(scores)), float(np.fmax.reduce(scores))


def collapse(
    scores: npt.NDArray[Real], row_input: npt.NDArray[np.int32], n: int
) -> tuple[npt.NDArray[Real], npt.NDArray[np.int32]]:
    """The best score of each input, and the row that has it.

    Parameters
    ----------
    scores : float (r,)
        NaN where a row is not a hit; those are left out.
    row_input : int32 (r,)
        The input each row belongs to, in [0, n), in any order.
    n : int
        How many inputs there are.

    Returns
    -------
    best : float (n,)
        NaN where no row of the input is a hit. May be `scores` itself.
    row : int32 (n,)
        The lowest of the best rows; the input's lowest row where none is a hit, -1 where it has no row.

    Examples
    --------
    >>> collapse(np.float32([0.2, 0.9, np.nan]), np.int32([0, 0, 1]), 2)
    (array([0.9, nan], dtype=float32), array([1, 2], dtype=int32))
    """
    rows = np.arange(len(scores), dtype=np.int32)
    if n == len(scores) and np.array_equal(row_input, rows):
        return scores, rows
    # -inf for NaN: `numpy.maximum.at` takes a quarter of the time of `numpy.fmax.at`, and an input without a hit
    # finds its lowest row as the others find their best.
    filled = np.fmax(scores, scores.dtype.type(-np.inf))
    best = np.full(n, -np.inf, scores.dtype)
    np.maximum.at(best, row_input, filled)
    winners = np.flatnonzero(filled == best[row_input]).astype(np.int32)[::-1]
    row = np.full(n, -1, np.int32)
    row[row_input[winners]] = winners  # of several assigned to one input the last stays: the lowest
    best[best == -np.inf] = np.nan
    return best, row


def inherit(
    scores: FloatArray, row_input: npt.NDArray[np.int32], whole_of_input: npt.NDArray[np.int32]
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Scores in which a region without one has its input's, and which rows had one of their own.

    Parameters
    ----------
    scores : float32 (r,)
        NaN where a row is not a hit.
    row_input : int32 (r,)
        The input each row belongs to, in [0, n).
    whole_of_input : int32 (n,)
        The row of each input as a whole.

    Returns
    -------
    scores : float32 (r,)
        Still NaN where neither the row nor its input as a whole is a hit. May be `scores` itself.
    direct : bool (r,)
        The rows that had a score of their own.

    Examples
    --------
    >>> inherit(np.float32([0.4, np.nan]), np.int32([0, 0]), np.int32([0]))
    (array([0.4, 0.4], dtype=float32), array([ True, False]))
    """
    missing = np.flatnonzero(np.isnan(scores))
    direct = np.ones(len(scores), bool)
    direct[missing] = False
    if not len(missing):
        return scores, direct
    inherited = scores.copy()
    inherited[missing] = scores[whole_of_input[row_input[missing]]]
    return inherited, direct
