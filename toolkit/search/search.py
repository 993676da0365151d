"""From a query to hits: plan, score every term once, combine, order, and explain."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from ..errors import UnknownNameError
from ..fusion.evaluate import evaluate
from ..fusion.joined import Values
from ..fusion.scales import HalfCosine
from ..fusion.scores import collapse
from ..hits import Hits
from ..query import Query, Term
from ..resources import Resources
from ..similarity.cosines import top_k
from ..snapshot import Snapshot
from ..values.types import IntArray, Level
from .build_hits import build_hits
from .direct_rows import direct_rows
from .lone_rank import LoneRank, lone_rank
from .planning import Plan, plan_query
from .ranking import RankedTerm, rank_term
from .vectors import vectors_of
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

    Raises
    ------
    QueryError
        A limit, an offset, a level or a minimum that cannot be; a term with a wrong parameter.
    UnknownNameError
        An unknown name.
    NotIndexedError
        What a term needs was never computed.
    """
    window = Window(limit=limit, offset=offset, level=level, minimum=minimum, lone_cosine=lone_cosine)
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
    alone = lone_rank(plan.query, lambda term: plan.bound[term][0].is_filter)
    enough = window.end if alone and _finds_enough(plan, window, snapshot) else None
    ranked = {
        term: rank_term(ranker, arguments, snapshot, resources, level=window.level, top_k=enough)
        for term, (ranker, arguments) in plan.bound.items()
    }
    if alone and window.lone_cosine == "half":
        ranked[alone.term] = _as_half_cosine(ranked[alone.term])
    best, scores, total = _best(plan.query, alone, ranked, window, snapshot)
    milliseconds = (time.perf_counter() - start) * 1000
    return Hits(
        build_hits(
            best,
            scores,
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
            query,
            resources,
            limit=limit,
            offset=offset,
            level=window.level,
            minimum=window.minimum,
            lone_cosine=window.lone_cosine,
        ),
        view=resources.registry.hit_view,
        expression=query,
    )


def _finds_enough(plan: Plan, window: Window, snapshot: Snapshot) -> bool:
    """Whether the best rows of a lone rank are the best hits, so that no other row needs a score."""
    if len(plan.bound) > 1 or any(leaf.negated for leaf in plan.query.leaves()) or window.minimum > 0:
        return False
    return window.level == "region" or snapshot.rows.are_inputs


def _as_half_cosine(one: RankedTerm) -> RankedTerm:
    if one.scored.scale.unit != "cosine":
        return one
    return replace(one, scored=replace(one.scored, scale=HalfCosine()))


def _best(
    query: Query,
    alone: LoneRank | None,
    ranked: Mapping[Term, RankedTerm],
    window: Window,
    snapshot: Snapshot,
) -> tuple[IntArray, Values, int]:
    """The places of the hits that are wanted, their scores, and how many hits there are in all."""
    hits = direct_rows(query, ranked) if window.level == "region" else None
    if isinstance(query, Term) and window.minimum == 0:
        # Scores are made of the best alone: making a million of them takes a tenth of the whole search.
        one = ranked[query]
        raw = one.raw if hits is None else np.where(hits, one.raw, np.float32(np.nan))
        best = top_k(raw, window.end)[window.offset :]
        return best, one.scored.scale(raw[best]), _count(raw) if one.hits is None else one.hits
    scores = _fold(query, ranked, window, snapshot)
    if hits is not None:
        scores[~hits] = np.nan
    order = scores
    if alone is not None and not alone.negated:
        # What ranks alone is ordered by its raw values: they differ even where scores are too near 1 to.
        order = np.where(np.isnan(scores), np.float32(np.nan), ranked[alone.term].raw)
    best = top_k(order, window.end)[window.offset :]
    return best, scores[best], _count(scores)


def _fold(query: Query, ranked: Mapping[Term, RankedTerm], window: Window, snapshot: Snapshot) -> Values:
    rows = snapshot.rows

    def best_of_input(values: Values) -> Values:
        return collapse(values, rows.input, len(snapshot.inputs))[0][rows.input]

    parts_apart = window.level == "region" and not rows.are_inputs
    scores: Values = evaluate(
        query, lambda term: ranked[term].scored, best_of_input=best_of_input if parts_apart else None
    )
    if window.minimum > 0:  # at the precision of float32, as a comparison in a query
        scores[scores.astype(np.float32) < np.float32(window.minimum)] = np.nan
    return scores


def _count(scores: Values) -> int:
    return len(scores) - int(np.count_nonzero(np.isnan(scores)))
