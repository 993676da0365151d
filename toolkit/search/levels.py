"""From the scores of rows to those of places: of inputs, or of rows, whatever a hit is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..fusion.scores import collapse, inherit
from ..snapshot import RowArrays
from ..values.types import FloatArray, IntArray, Level

__all__ = ["levelled"]


def levelled(
    scores: FloatArray, rows: RowArrays, inputs: int, *, level: Level, is_filter: bool = False
) -> tuple[FloatArray, IntArray | None, npt.NDArray[np.bool_] | None]:
    """The score of every place, the row it is from (None: place i is row i), and which are the row's own (None: all).

    Parameters
    ----------
    scores : float32 (r,)
        NaN where a row is not a hit.
    rows : RowArrays
        The r rows.
    inputs : int
        How many inputs they are of, n.
    level : {"input", "region"}
        What a hit is.
    is_filter : bool
        Whether a filter scored them.
    """
    if level == "input":
        if rows.are_inputs:
            return scores, None, None
        return *collapse(scores, rows.input, inputs), None
    if is_filter:  # holds on the very row: a label of the whole is no label of its parts
        return scores, None, None
    inherited, direct = inherit(scores, rows.input, rows.whole_of_input)
    return inherited, None, direct
