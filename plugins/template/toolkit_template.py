"""The `template` term: rows by how much of their picture they cover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from toolkit.plugins import Arguments, Context, FloatArray, Parameter, Ranker, hookimpl

if TYPE_CHECKING:
    from toolkit.plugins import Snapshot

__all__ = ["TemplateRanker"]


class TemplateRanker:
    """Ranks by how close a region's share of its picture is to the share asked for; a whole picture has 1."""

    name = "template"
    is_filter = False
    help = "How close a region's share of the picture is to the one asked for."
    parameters: Sequence[Parameter] = (
        Parameter(
            "share", "number", "The share to look for; 1 is a whole picture.", 1.0, minimum=0, maximum=1
        ),
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Scores float32 (r,): 1 - |share - wanted|."""
        top, left, bottom, right = snapshot.rows.box.T
        share = np.where(snapshot.rows.whole, np.float32(1), (bottom - top) * (right - left))
        return 1 - np.abs(share - np.float32(cast("float", term["share"])))


@hookimpl
def toolkit_rankers() -> Sequence[Ranker]:
    """Give the toolkit its rankers."""
    return [TemplateRanker()]
