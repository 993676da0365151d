"""The search of a collection too large for a snapshot: its engine, or filters, find parts of it, which are ranked."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ..errors import QueryError, TooManyRowsError
from ..fusion.scales import HalfCosine
from ..hits import Hits
from ..hits.plan import SearchPlan
from ..plugins.interfaces import KeyedIndex, NarrowingFilter
from ..query import AllOf, Fuse, Query, Term, Weighted
from ..resources import Resources
from ..values.types import IntArray
from .context import TermContext
from .cosine_terms import CosineTerm, cosine_terms
from .engine_neighbors import Signed, asked_of, nearest_to
from .hits_of import hits_of
from .lone_rank import lone_rank
from .parts import Parts, RankedPart
from .planning import Plan, plan_query
from .reach import SCORE
from .unseen import most_unseen
from .window import Window

__all__ = ["search_in_parts"]

FEW: Final = 20_000  # inputs that filters leave, up to which all of them are scored
FIRST: Final = 4  # times the hits wanted: neighbors to begin with
MORE: Final = 4  # times as many where that leaves doubt
MOST: Final = 5_000  # neighbors of each picture; reading so many rows from a store takes half a second
FUSED: Final = 1_000  # neighbors of each picture where ranks are fused

LEFT: Final = "the inputs that filters leave"


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was found in a part."""

    part: RankedPart
    how: SearchPlan
    counted: bool


def search_in_parts(
    query: Query,
    window: Window,
    resources: Resources,
    too_many: TooManyRowsError,
    more: Callable[[int, int], Hits],
) -> Hits:
    """The best hits of a query, as far as they can be found without looking at everything.

    Parameters
    ----------
    query : Query
        What is asked.
    window : Window
        Which hits are wanted.
    resources : Resources
        Of the open collection.
    too_many : TooManyRowsError
        Why there is no snapshot of everything; raised where only that would do.
    more : callable
        From an offset and a limit to the hits there.

    Raises
    ------
    TooManyRowsError
        The query has no picture to ask an engine for, or there is no engine, and no filter leaves few inputs.
    QueryError
        Something in it scores a row by all the others.
    """
    start = time.perf_counter()
    plan = plan_query(query, resources.registry)
    _refuse_what_looks_at_all(plan, too_many)
    parts = Parts(resources, window)
    compared = parts.made(lambda part: cosine_terms(plan.bound, part, resources))
    alone = lone_rank(plan.query, lambda term: plan.bound[term][0].is_filter)
    if alone and alone.term in compared and window.lone_cosine == "half":
        compared[alone.term] = replace(compared[alone.term], scale=HalfCosine())
    few = parts.made(lambda part: _left_by_filters(plan, TermContext(resources, part)))
    if few is None:
        found = _through_engine(plan, compared, parts, too_many)
    else:
        part = parts.ranked(plan, compared, inputs=few)
        found = Found(
            part, SearchPlan(LEFT, len(part.snapshot.inputs), len(part.snapshot.rows)), counted=True
        )
    return hits_of(
        replace(found.part.best, counted=found.counted),
        found.part.ranked,
        found.part.snapshot,
        resources,
        window=window,
        query=query,
        milliseconds=(time.perf_counter() - start) * 1000,
        how=found.how,
        more=more,
    )


def _refuse_what_looks_at_all(plan: Plan, too_many: TooManyRowsError) -> None:
    limit = f"a collection of {too_many.rows:,} rows is not looked at as a whole; take a part of it, or leave it out"
    if plan.reranks:
        raise QueryError(f"a >> b ranks the best of all rows again, and {limit}")
    for node in plan.methods:
        if node.norm is not None:
            raise QueryError(f"the norm {node.norm!r} is made of the scores of all rows, and {limit}")
    for ranker, _ in plan.bound.values():
        if getattr(ranker, "scale", "") == "raw" or getattr(ranker, "needs_all_rows", False):
            raise QueryError(f"{ranker.name!r} scores a row by all the others, and {limit}")


def _left_by_filters(plan: Plan, context: TermContext) -> IntArray | None:
    """The keys of the inputs that can be hits, where filters say that they are few."""
    found: IntArray | None = None
    for part in plan.query.parts if isinstance(plan.query, AllOf) else (plan.query,):
        term = part.part if isinstance(part, Weighted) else part
        if not isinstance(term, Term):
            continue
        ranker, arguments = plan.bound[term]
        if isinstance(ranker, NarrowingFilter) and ranker.is_filter:
            keys = ranker.narrowed(arguments, context, most=FEW)
            if keys is not None:
                found = keys if found is None else np.intersect1d(found, keys)
    return found


def _through_engine(
    plan: Plan, compared: Mapping[Term, CosineTerm], parts: Parts, too_many: TooManyRowsError
) -> Found:
    """The rows that are nearest to the pictures that are asked for: more and more, till no other can be a hit."""
    engines, spaces = parts.resources.engines, {one.space.name for one in compared.values()}
    if engines.spec is None or not compared:
        raise too_many
    for space in spaces:
        engines.over(space)
    engine = engines.made()
    asked = asked_of(plan.query, compared, engine)
    if not asked:
        raise too_many
    ranks = any(isinstance(node, Fuse) for node in plan.query.walk())
    neighbors = FUSED if ranks else FIRST * parts.window.end + 1
    while True:
        keys, farthest = nearest_to(engine, compared, asked, neighbors)
        part = parts.ranked(plan, compared, regions=keys)
        is_same = engines.as_of(spaces, (part.snapshot.revision, part.snapshot.token)) is not None
        most = np.inf if ranks else _most(plan, compared, farthest)
        is_sure = _beats(part.least(parts.window), most, parts.window)
        if is_sure or ranks or neighbors * MORE > MOST:
            doubt = _doubt(engine, is_same=is_same, is_sure=is_sure, ranks=ranks)
            how = SearchPlan(
                f"the {neighbors:,} nearest rows of each picture, found by an engine",
                len(part.snapshot.inputs if parts.window.level == "input" else part.snapshot.rows),
                len(part.snapshot.rows),
                index=engine.name,
                exact=not doubt,
                doubt=doubt,
            )
            return Found(part, how, counted=bool(np.isnan(most)))
        neighbors *= MORE


def _most(plan: Plan, compared: Mapping[Term, CosineTerm], farthest: Mapping[Signed, float]) -> float:
    filters = frozenset(term for term, (ranker, _) in plan.bound.items() if ranker.is_filter)
    return most_unseen(plan.query, compared, farthest, filters)


def _beats(least: float | None, most: float, window: Window) -> bool:
    """Whether no row that was not looked at can be among the hits."""
    if np.isnan(most):
        return True
    if window.minimum > 0 and most < window.minimum * (1 - SCORE):
        return True
    return least is not None and least > most + SCORE * abs(most)


def _doubt(engine: KeyedIndex, *, is_same: bool, is_sure: bool, ranks: bool) -> str:
    """Why the hits are not sure to be the best; empty where they are."""
    if ranks:
        return "ranks are those among the rows looked at"
    if not is_sure:
        return "rows that were not looked at may score as much"
    if not is_same:
        return "the collection changed while it was searched"
    return "" if engine.capabilities.exact else f"approximate, as the engine {engine.name!r}"
