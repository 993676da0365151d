"""The filter `only`: inputs and regions named by id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from toolkit.plugins import Arguments, Context, FloatArray, Json, Parameter, QueryError, Snapshot

__all__ = ["Only"]


class Only:
    """Keeps the rows of some inputs, whole and regions, and the regions named themselves."""

    name = "only"
    is_filter = True
    help = "Only these inputs, or these regions."
    parameters: Sequence[Parameter] = (
        Parameter("inputs", "input", "Ids of inputs, whose every row is kept.", None, many=True),
        Parameter("regions", "region", "Ids of regions; a whole image has its input's id.", None, many=True),
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """1 for the rows named, NaN elsewhere: float32 (r,)."""
        inputs, regions = _ids(term["inputs"]), _ids(term["regions"])
        if inputs is None and regions is None:
            raise QueryError("only() needs ids: only(['a', 'b']) or only(regions=['a/0123abcd'])")
        keeps = np.isin(snapshot.rows.input, [context.input_row(id) for id in inputs or ()])
        keeps[[context.region_row(id) for id in regions or ()]] = True
        return np.where(keeps, np.float32(1), np.float32(np.nan))


def _ids(value: Json) -> list[str] | None:
    if value is None:
        return None
    return [value] if isinstance(value, str) else list(cast("Sequence[str]", value))
