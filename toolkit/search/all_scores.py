"""The scores of everything that a query finds."""

from __future__ import annotations

from ..query import Query
from ..resources import Resources
from ..values.types import FloatArray, Level
from .ordering import ordered
from .planning import plan_query
from .stages import rank_plan
from .window import Window

__all__ = ["all_scores"]


def all_scores(
    query: Query, resources: Resources, *, level: Level = "input", minimum: float = 0.0
) -> FloatArray:
    """The scores of all hits of a query, float64 (n,), best first, at the newest revision.

    Parameters
    ----------
    query : Query
        What is asked.
    resources : Resources
        Of the open collection.
    level : {"input", "region"}
        What a hit is.
    minimum : float
        The least score of a hit.

    Raises
    ------
    QueryError, UnknownNameError, NotIndexedError
        As of `toolkit.search.search`.
    """
    plan = plan_query(query, resources.registry)
    snapshot = resources.snapshots.latest()
    window = Window(limit=max(len(snapshot.rows), 1), offset=0, level=level, minimum=minimum)
    ranked = rank_plan(plan, snapshot, resources, level=level)
    return ordered(plan.query, ranked, window, snapshot).scores
