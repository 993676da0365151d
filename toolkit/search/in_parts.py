"""The search of a collection too large for a snapshot: its engine, or filters, find parts of it, which are ranked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from ..errors import QueryError, TooManyRowsError
from ..fusion.scales import HalfCosine
from ..hits import Hits
from ..hits.plan import SearchPlan
from ..plugins.interfaces import Arguments, BestRanker, KeyedIndex, NarrowingFilter
from ..query import AllOf, Fuse, Query, Term, Weighted
from ..resources import Resources
from ..similarity.engines import Engines
from ..snapshot import Snapshot
from ..values.types import IntArray
from .context import TermContext
from .cosine_terms import CosineTerm, cosine_terms
from .engine_neighbors import Signed, asked_of, nearest_to
from .engine_recall import approximate
from .hits_of import hits_of
from .lone_rank import lone_rank
from .parts import Parts, RankedPart
from .planning import Plan, plan_query
from .polarity import signs_of
from .reach import SCORE
from .unseen import most_unseen
from .window import Window

__all__ = ["search_in_parts"]

FEW: Final = 20_000  # inputs that filters leave, up to which all of them are scored
FIRST: Final = 4  # times the hits wanted: rows of each term to begin with
MORE: Final = 4  # times as many where that leaves doubt, or where a hit has to be good in several terms
MOST: Final = 5_000  # rows of each term; reading so many rows from a store takes half a second
FUSED: Final = 1_000  # rows of each term where ranks are fused

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
    with resources.store.read():
        compared = parts.made(lambda part: cosine_terms(plan.bound, part, resources))
    alone = lone_rank(plan.query, lambda term: plan.bound[term][0].is_filter)
    if alone and alone.term in compared and window.lone_cosine == "half":
        compared[alone.term] = replace(compared[alone.term], scale=HalfCosine())
    engine = _fed(compared, resources)
    with resources.store.read():  # one transaction, so that all is of one moment, and nothing is asked twice
        few = parts.made(lambda part: _left_by_filters(plan, TermContext(resources, part)))
        if few is None:
            found = _of_the_best(plan, compared, parts, engine, too_many)
        else:
            part = parts.ranked(plan, compared, inputs=few)
            how = SearchPlan(LEFT, len(part.snapshot.inputs), len(part.snapshot.rows))
            found = Found(part, how, counted=True)
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


def _fed(compared: Mapping[Term, CosineTerm], resources: Resources) -> KeyedIndex | None:
    """The engine with all that pictures are compared with; None without one, or without a picture."""
    if resources.engines.spec is None:
        return None
    for space in {one.space.name for one in compared.values()}:
        resources.engines.over(space)
    return resources.engines.made() if compared else None


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


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """What gives the best rows of single terms.

    Parameters
    ----------
    engine : KeyedIndex or None
        Of the pictures.
    asked : sequence of (Term, int)
        The pictures that are wanted.
    rankers : mapping of Term to callable
        From a number to the keys of so many best rows of other terms, and the most that any other has.
    """

    engine: KeyedIndex | None
    asked: Sequence[Signed]
    rankers: Mapping[Term, Callable[[int], tuple[IntArray, float] | None]]

    def best(
        self, compared: Mapping[Term, CosineTerm], k: int
    ) -> tuple[IntArray, dict[Signed, float], dict[Term, float]]:
        """Keys of regions, what no cosine of another goes beyond, and what no other value does.

        Parameters
        ----------
        compared : mapping of Term to CosineTerm
            The vectors of the pictures.
        k : int
            How many rows of each term.
        """
        keys, farthest = np.empty(0, np.int64), dict[Signed, float]()
        if self.engine is not None and self.asked:
            keys, farthest = nearest_to(self.engine, compared, self.asked, k)
        highest = {}
        for term, best in self.rankers.items():
            found = best(k)
            if found is not None:
                keys, highest[term] = np.union1d(keys, found[0]), found[1]
        return keys, farthest, highest


def _sources(
    plan: Plan,
    compared: Mapping[Term, CosineTerm],
    parts: Parts,
    engine: KeyedIndex | None,
    too_many: TooManyRowsError,
) -> Sources:
    if compared and engine is None:
        raise too_many
    asked = [] if engine is None else asked_of(plan.query, compared, engine)
    wanted = {term for term, sign in signs_of(plan.query) if sign > 0}
    rankers = {
        term: partial(_best_of, parts, ranker, arguments)
        for term, (ranker, arguments) in plan.bound.items()
        if term in wanted and isinstance(ranker, BestRanker)
    }
    asked = [(term, sign) for term, sign in asked if sign > 0]
    if not asked and not rankers:  # what is not like a picture is nearly everything
        raise too_many
    return Sources(engine, asked, rankers)


def _best_of(parts: Parts, ranker: BestRanker, term: Arguments, k: int) -> tuple[IntArray, float] | None:
    return parts.made(lambda part: ranker.best(term, TermContext(parts.resources, part), k))


def _of_the_best(
    plan: Plan,
    compared: Mapping[Term, CosineTerm],
    parts: Parts,
    engine: KeyedIndex | None,
    too_many: TooManyRowsError,
) -> Found:
    """The best rows of each term that is wanted: more and more of them, till no other row can be a hit."""
    sources = _sources(plan, compared, parts, engine, too_many)
    spaces = {one.space.name for one in compared.values()}
    filters = frozenset(term for term, (ranker, _) in plan.bound.items() if ranker.is_filter)
    ranks = any(isinstance(node, Fuse) for node in plan.query.walk())
    is_joint = isinstance(plan.query, AllOf) and len(sources.asked) + len(sources.rankers) > 1
    number = FUSED if ranks else FIRST * (MORE if is_joint else 1) * parts.window.end + 1
    while True:
        keys, farthest, highest = sources.best(compared, number)
        part = parts.ranked(plan, compared, regions=keys)
        most = np.inf if ranks else most_unseen(plan.query, compared, farthest, highest, filters)
        is_sure = _beats(part.least(parts.window), most, parts.window)
        if is_sure or ranks or number * MORE > MOST:
            is_same = _is_same(part.snapshot, spaces, parts.resources.engines)
            doubt = _doubt(is_same=is_same, is_sure=is_sure, ranks=ranks)
            if not doubt and sources.engine is not None and not sources.engine.capabilities.exact:
                doubt = approximate(sources.engine, spaces, parts.resources)
            return Found(part, _plan(part, parts.window, number, sources.engine, doubt), bool(np.isnan(most)))
        number *= MORE


def _is_same(part: Snapshot, spaces: Iterable[str], engines: Engines) -> bool:
    return engines.spec is None or engines.holds(spaces, (part.revision, part.token))


def _plan(part: RankedPart, window: Window, number: int, engine: KeyedIndex | None, doubt: str) -> SearchPlan:
    snapshot = part.snapshot
    return SearchPlan(
        f"the {number:,} best rows of each term that is wanted",
        len(snapshot.inputs if window.level == "input" else snapshot.rows),
        len(snapshot.rows),
        index="" if engine is None else engine.name,
        exact=not doubt,
        doubt=doubt,
    )


def _beats(least: float | None, most: float, window: Window) -> bool:
    """Whether no row that was not looked at can be among the hits."""
    if np.isnan(most):
        return True
    if window.minimum > 0 and most < window.minimum * (1 - SCORE):
        return True
    return least is not None and least > most + SCORE * abs(most)


def _doubt(*, is_same: bool, is_sure: bool, ranks: bool) -> str:
    """Why the hits are not sure to be the best; empty where they are."""
    if ranks:
        return "ranks are those among the rows looked at"
    if not is_sure:
        return "rows that were not looked at may score as much"
    return "" if is_same else "the collection changed while it was searched"
