"""From a query to hits: plan, score every term once, combine, order, and explain."""

from __future__ import annotations

import time

from ..errors import UnknownNameError
from ..hits import Hits
from ..query import Query, Term, Weighted
from ..resources import Resources
from ..snapshot import Snapshot
from ..values.types import Level
from .hits_of import hits_of
from .ordering import ordered
from .planning import Plan, plan_query
from .ranking import rank_term
from .window import Window

__all__ = ["search"]


def search(
    query: Query,
    resources: Resources,
    *,
    limit: int = 20,
    offset: int = 0,
    level: Level = "input",
    minimum: float = 0.0,
) -> Hits:
    """The best hits of a query, best first; ties in order of creation.

    Parameters
    ----------
    query : Query
        What is asked.
    resources : Resources
        Of the open collection.
    limit : int
        How many hits, at least 1.
    offset : int
        How many to leave out before, at least 0.
    level : {"input", "region"}
        One hit an input, or one a row.
    minimum : float
        The least score of a hit, in [0, 1].

    Raises
    ------
    QueryError
        A limit, an offset, a level or a minimum that cannot be; a term with a wrong parameter.
    UnknownNameError
        An unknown name.
    NotIndexedError
        What a term needs was never computed.
    """
    window = Window(limit=limit, offset=offset, level=level, minimum=minimum)
    snapshot = resources.snapshots.latest()
    try:
        return _searched(query, window, snapshot, resources)
    except UnknownNameError:
        newer = resources.snapshots.latest()
        if newer is snapshot:
            raise
    # What it is about was added, or a hit was deleted, while this snapshot was ranked.
    return _searched(query, window, newer, resources)


def _searched(query: Query, window: Window, snapshot: Snapshot, resources: Resources) -> Hits:
    start = time.perf_counter()
    plan = plan_query(query, resources.registry)
    enough = window.end if _one_rank_decides(plan, window, snapshot) else None
    ranked = {
        term: rank_term(ranker, arguments, snapshot, resources, level=window.level, top_k=enough)
        for term, (ranker, arguments) in plan.bound.items()
    }
    best = ordered(plan.query, ranked, window)
    milliseconds = (time.perf_counter() - start) * 1000
    return hits_of(
        best,
        plan,
        ranked,
        snapshot,
        resources,
        window=window,
        query=query,
        milliseconds=milliseconds,
        more=lambda offset, limit: search(
            query, resources, limit=limit, offset=offset, level=window.level, minimum=window.minimum
        ),
    )


def _one_rank_decides(plan: Plan, window: Window, snapshot: Snapshot) -> bool:
    """Whether the best rows of the only term are the best hits, so that no other row needs a score."""
    alone = plan.query.part if isinstance(plan.query, Weighted) else plan.query
    if not isinstance(alone, Term) or plan.bound[alone][0].is_filter or window.minimum > 0:
        return False
    return window.level == "region" or snapshot.rows.are_inputs
