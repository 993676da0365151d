"""From a query to hits: plan, score every term once, combine, order, and explain."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial

import numpy as np

from ..errors import UnknownNameError
from ..fusion.evaluate import Scored, evaluate
from ..hits import Hits
from ..query import Query, Term, Weighted
from ..resources import Resources
from ..similarity.cosines import top_k
from ..snapshot import Snapshot
from ..values.types import FloatArray, Level
from .build_hits import build_hits
from .direct_rows import direct_rows
from .planning import Plan, plan_query
from .ranking import RankedTerm, rank_term
from .vectors import vectors_of
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
    scores = _fold(plan.query, ranked, window)
    best = top_k(scores, window.end)[window.offset :]
    total = _total(scores, ranked)
    milliseconds = (time.perf_counter() - start) * 1000
    return Hits(
        build_hits(
            best,
            scores[best],
            plan.query.leaves(),
            ranked,
            snapshot,
            resources,
            level=window.level,
            first=window.offset + 1,
        ),
        query=query.text(),
        total=total,
        milliseconds=milliseconds,
        level=window.level,
        pictures=resources.pictures,
        embedded=partial(vectors_of, resources),
        more=lambda offset, limit: search(
            query, resources, limit=limit, offset=offset, level=window.level, minimum=window.minimum
        ),
        view=resources.registry.hit_view,
        expression=query,
    )


def _one_rank_decides(plan: Plan, window: Window, snapshot: Snapshot) -> bool:
    """Whether the best rows of the only term are the best hits, so that no other row needs a score."""
    alone = plan.query.part if isinstance(plan.query, Weighted) else plan.query
    if not isinstance(alone, Term) or plan.bound[alone][0].is_filter or window.minimum > 0:
        return False
    return window.level == "region" or snapshot.rows.are_inputs


def _fold(query: Query, ranked: Mapping[Term, RankedTerm], window: Window) -> FloatArray:
    scores = evaluate(query, lambda term: Scored(ranked[term].scores, ranked[term].is_filter))
    if window.minimum > 0:
        scores = np.where(scores >= window.minimum, scores, np.float32(np.nan))
    spoken_of = direct_rows(query, ranked) if window.level == "region" else None
    return scores if spoken_of is None else np.where(spoken_of, scores, np.float32(np.nan))


def _total(scores: FloatArray, ranked: Mapping[Term, RankedTerm]) -> int:
    alone = next(iter(ranked.values()))
    return len(scores) - int(np.count_nonzero(np.isnan(scores))) if alone.hits is None else alone.hits
