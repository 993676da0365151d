"""From a query to hits: plan, score every term once, combine, order, and explain."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from ..errors import TooManyRowsError, UnknownNameError
from ..fusion.scales import HalfCosine
from ..hits import Hits
from ..query import Query
from ..resources import Resources
from ..snapshot import Snapshot
from ..values.types import Level
from .best_places import best_places
from .cosine_terms import cosine_terms
from .hits_of import hits_of
from .in_parts import search_in_parts
from .lone_rank import lone_rank
from .planning import Plan, plan_query
from .ranking import RankedTerm
from .stages import rank_plan
from .window import LoneCosine, Window

__all__ = ["search"]


def search(
    query: Query,
    resources: Resources,
    *,
    limit: int = 20,
    offset: int = 0,
    level: Level = "input",
    minimum: float = 0.0,
    lone_cosine: LoneCosine = "probability",
    detections: float | None = None,
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
    lone_cosine : {"probability", "half"}
        How a rank by similarity scores that is alone, with or without filters: as elsewhere, or (1 + cos) / 2.
    detections : float, optional
        The least confidence of a detection that counts, in [0, 1]; that of the settings by default.

    Raises
    ------
    QueryError
        A limit, an offset, a level or a minimum that cannot be; a term with a wrong parameter.
    UnknownNameError
        An unknown name.
    NotIndexedError
        What a term needs was never computed.
    TooManyRowsError
        The collection is too large to look at all of it, which the query takes.
    """
    window = Window(
        limit=limit,
        offset=offset,
        level=level,
        minimum=minimum,
        lone_cosine=lone_cosine,
        detections=detections,
    )

    def more(offset: int, limit: int) -> Hits:
        return search(
            query,
            resources,
            limit=limit,
            offset=offset,
            level=window.level,
            minimum=window.minimum,
            lone_cosine=window.lone_cosine,
            detections=window.detections,
        )

    try:
        snapshot = resources.snapshots.latest()
    except TooManyRowsError as too_many:
        return search_in_parts(query, window, resources, too_many, more)
    try:
        return _searched(query, window, snapshot, resources, more)
    except UnknownNameError:
        newer = resources.snapshots.latest()
        if newer is snapshot:
            raise
    # What it is about was added, or a hit was deleted, while this snapshot was ranked.
    return _searched(query, window, newer, resources, more)


def _searched(
    query: Query,
    window: Window,
    everything: Snapshot,
    resources: Resources,
    more: Callable[[int, int], Hits],
) -> Hits:
    start = time.perf_counter()
    snapshot = resources.counted(everything, window.detections)
    plan = plan_query(query, resources.registry)
    alone = lone_rank(plan.query, lambda term: plan.bound[term][0].is_filter)
    enough = window.end if alone and _finds_enough(plan, window, snapshot) else None
    compared = {} if _needs_all(plan, window, snapshot) else cosine_terms(plan.bound, snapshot, resources)
    ranked = rank_plan(plan, snapshot, resources, level=window.level, top_k=enough, without=compared)
    if alone and window.lone_cosine == "half":
        if alone.term in compared:
            compared[alone.term] = replace(compared[alone.term], scale=HalfCosine())
        else:
            half = {alone.term: _as_half_cosine(ranked.terms[alone.term])}
            ranked = replace(ranked, terms={**ranked.terms, **half})
    found = best_places(ranked, window, compared, snapshot, resources)
    milliseconds = (time.perf_counter() - start) * 1000
    return hits_of(
        found.ordered,
        found.ranked,
        snapshot,
        resources,
        window=window,
        query=query,
        milliseconds=milliseconds,
        how=found.plan,
        more=more,
    )


def _needs_all(plan: Plan, window: Window, snapshot: Snapshot) -> bool:
    """Whether every row is scored, one term after the other: what is ranked again, and rows that do not count."""
    if plan.reranks:
        return True
    return snapshot.hides_rows_at(window.level)


def _finds_enough(plan: Plan, window: Window, snapshot: Snapshot) -> bool:
    """Whether the best rows of a lone rank are the best hits, so that no other row needs a score."""
    if (
        len(plan.bound) > 1
        or snapshot.hides_vectors
        or any(leaf.negated for leaf in plan.query.leaves())
        or window.minimum > 0
    ):
        return False
    return window.level == "region" or snapshot.rows.are_inputs


def _as_half_cosine(one: RankedTerm) -> RankedTerm:
    if one.scored.scale.unit != "cosine":
        return one
    return replace(one, scored=replace(one.scored, scale=HalfCosine()))
