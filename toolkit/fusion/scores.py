"""The one convention of scores, held: what a ranker returned, and how rows become inputs.

Scores are float32 (r,), in [0, 1], higher is better, NaN where a row is not a hit. Nothing here changes an
array it was given.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..errors import ContractError
from ..values.types import FloatArray

__all__ = ["checked_scores", "collapse", "inherit"]

TOLERANCE = 1e-6  # a cosine of two unit float32 vectors may end this far outside


def checked_scores(scores: object, *, ranker: str, rows: int, is_filter: bool = False) -> FloatArray:
    """The scores of a ranker, checked: float32 (r,) in [0, 1] or NaN; rounding errors are clipped.

    Parameters
    ----------
    scores : object
        What came: float32 (r,), in [0, 1] or NaN.
    ranker : str
        Who returned it, for the message.
    rows : int
        r.
    is_filter : bool
        Whether the ranker is a filter, whose scores are 1 or NaN.

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
    if lowest < -TOLERANCE or highest > 1 + TOLERANCE:
        found = f"values from {lowest:g} to {highest:g}"
        raise ContractError(plugin, "scores are in [0, 1], or NaN where a row is not a hit", found)
    if is_filter and lowest < 1:
        raise ContractError(plugin, "a filter's scores are 1, or NaN where it does not hold", f"{lowest:g}")
    return np.clip(scores, 0, 1) if lowest < 0 or highest > 1 else scores


def _extremes(scores: FloatArray) -> tuple[float, float]:
    """The lowest and the highest score, NaN left out; NaN if there is none. Two passes, no mask."""
    if not len(scores):
        return np.nan, np.nan
    return float(np.fmin.reduce(scores)), float(np.fmax.reduce(scores))


def collapse(
    scores: FloatArray, row_input: npt.NDArray[np.int32], n: int
) -> tuple[FloatArray, npt.NDArray[np.int32]]:
    """The best score of each input, and the row that has it.

    Parameters
    ----------
    scores : float32 (r,)
        NaN where a row is not a hit; those are left out.
    row_input : int32 (r,)
        The input each row belongs to, in [0, n), in any order.
    n : int
        How many inputs there are.

    Returns
    -------
    best : float32 (n,)
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
    # -1 for NaN: `numpy.maximum.at` takes a quarter of the time of `numpy.fmax.at`, and an input without a hit
    # finds its lowest row as the others find their best.
    filled = np.fmax(scores, np.float32(-1))
    best = np.full(n, -1, np.float32)
    np.maximum.at(best, row_input, filled)
    winners = np.flatnonzero(filled == best[row_input]).astype(np.int32)[::-1]
    row = np.full(n, -1, np.int32)
    row[row_input[winners]] = winners  # of several assigned to one input the last stays: the lowest
    best[best < 0] = np.nan
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
