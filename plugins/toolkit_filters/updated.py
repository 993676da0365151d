"""The `updated` filter: rows whose annotations changed in a range of time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import numpy as np
import numpy.typing as npt

from toolkit.plugins import Arguments, Context, FloatArray, Parameter, Snapshot

__all__ = ["Updated"]


class Updated:
    """Keeps the rows with an annotation that was last changed in a range of time, both ends included.

    A row without annotations is judged by the time its input was last changed.
    """

    name = "updated"
    is_filter = True
    help = "Only rows with an annotation that was last changed in this range of time."
    parameters: Sequence[Parameter] = (
        Parameter("after", "time", "Changed at this time or later.", None),
        Parameter("before", "time", "Changed at this time or earlier.", None),
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Scores float32 (r,): 1 where the condition holds, NaN elsewhere."""
        annotations, inputs, rows = snapshot.annotations, snapshot.inputs, snapshot.rows
        holds = _within(inputs.modified_at, term)[rows.input]
        holds[annotations.row] = False
        holds[annotations.row[_within(annotations.modified_at, term)]] = True
        return np.where(holds, np.float32(1), np.float32(np.nan))


def _within(times: npt.NDArray[np.float64], term: Arguments) -> npt.NDArray[np.bool_]:
    # In microseconds, as answers show times: who asks for a time that was shown must find what it was shown with.
    microseconds = np.rint(times * 1e6)
    after = -math.inf if term["after"] is None else round(cast("float", term["after"]) * 1e6)
    before = math.inf if term["before"] is None else round(cast("float", term["before"]) * 1e6)
    return (microseconds >= after) & (microseconds <= before)
