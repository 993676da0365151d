"""The `only` filter: inputs and regions named by id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from toolkit.plugins import Arguments, Context, FloatArray, IntArray, Json, Parameter, QueryError, Snapshot

__all__ = ["Only"]


class Only:
    """Keeps the rows of the inputs named by id, whole images and regions, and the regions named by id."""

    name = "only"
    is_filter = True
    help = "Only the inputs and regions with these ids."
    parameters: Sequence[Parameter] = (
        Parameter("inputs", "input", "Ids of inputs; all their regions are kept too.", None, many=True),
        Parameter("regions", "region", "Ids of regions; a whole image has its input's id.", None, many=True),
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Scores float32 (r,): 1 for the rows named, NaN elsewhere.

        Raises
        ------
        QueryError
            Neither inputs nor regions are given.
        UnknownNameError
            No input or region has an id.
        """
        inputs, regions = _ids(term["inputs"]), _ids(term["regions"])
        if inputs is None and regions is None:
            raise QueryError("only() needs ids: only(['a', 'b']) or only(regions=['a/0123abcd'])")
        keeps = np.isin(snapshot.rows.input, [context.input_row(id) for id in inputs or ()])
        keeps[[context.region_row(id) for id in regions or ()]] = True
        return np.where(keeps, np.float32(1), np.float32(np.nan))

    def narrowed(self, term: Arguments, context: Context, *, most: int) -> IntArray | None:
        """The keys of the inputs that are named, and of those of the regions.

        Parameters
        ----------
        term : Arguments
            As of `rank`.
        context : Context
            As of `rank`.
        most : int
            Up to how many are few.
        """
        found = context.narrowing.of_ids(_ids(term["inputs"]) or (), _ids(term["regions"]) or ())
        return found if len(found) <= most else None


def _ids(value: Json) -> list[str] | None:
    if value is None:
        return None
    return [value] if isinstance(value, str) else list(cast("Sequence[str]", value))
