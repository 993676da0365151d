"""The best places by an engine that holds the vectors under region keys: exact wherever no other place can be a hit.

Each picture that is asked for gives its nearest rows, and a bound of all that it did not give: the cosine of the
farthest of them. The union is scored exactly on every term. Whatever was not found scores at most what the query makes
of the bounds; the places that may so reach the last of the hits are scored exactly too, or, where they are many, the
engine is asked for more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ..fusion.evaluate import Scored
from ..plugins.interfaces import KeyedIndex
from ..query import Term
from ..values.positions import positions
from ..values.types import IntArray
from .contenders import Contest
from .cosine_terms import CosineTerm
from .engine_neighbors import Signed, asked_of, nearest_to
from .levels import levelled
from .lone_rank import lone_rank
from .ordering import folded
from .polarity import lowering, parted, signs_of
from .ranking import Mask, RankedTerm
from .reach import SCORE, Reach
from .scored_subset import ScoredSubset
from .subset import Subset

__all__ = ["FoundByEngine", "found_by_engine"]

MORE: Final = 4  # times the hits wanted, to begin with; and times as many neighbors where they leave doubt
SHARE: Final = 4  # neighbors of one in so many vectors cost more to find than all cosines
REACHING: Final = 0.2  # the share of places up to which those in doubt are scored rather than asked for
WITHIN: Final = 20_000  # keys that an engine is given to search among


@dataclass(frozen=True, slots=True, eq=False)
class FoundByEngine:
    """What an engine found.

    Parameters
    ----------
    chosen : ScoredSubset
        Places, among them the best, with their exact scores.
    total : int
        How many hits there are in all.
    counted : bool
        Whether it is so many; else it is at least so many.
    neighbors : int
        How many it was asked for, the last time.
    """

    chosen: ScoredSubset
    total: int
    counted: bool
    neighbors: int


def found_by_engine(contest: Contest, engine: KeyedIndex) -> FoundByEngine | None:
    """The places among which the best are; None where no picture is asked for, or every cosine is cheaper.

    Parameters
    ----------
    contest : Contest
        A query whose scores depend on the row alone.
    engine : KeyedIndex
        What holds the vectors of every space that is compared, of the revision that is ranked.
    """
    asked = asked_of(contest.query, contest.compared, engine)
    if not asked:
        return None
    signs = set(signs_of(contest.query))
    both = {term for term, sign in asked if (term, -sign) in signs}
    highest = _with_query(contest, both)
    possible = None if contest.patterns is None else contest.patterns.mask()
    within = _within(contest, possible) if engine.capabilities.within else None
    for neighbors in _numbers(contest, asked):
        found, farthest = nearest_to(engine, contest.compared, asked, neighbors, within)
        bounds = {
            lowering(term) if sign < 0 and term in both else term: _everywhere(
                contest, contest.compared[term], _beyond((term, sign), farthest)
            )
            for term, sign in signs
            if term in contest.compared
        }
        chosen = contest.at(_places(contest, found))
        answer = _completed(contest, replace(highest, bounds=bounds), chosen, possible, neighbors)
        if answer is not None:
            return answer
    return None


def _with_query(contest: Contest, both: set[Term]) -> Contest:
    """The contest with a term of its own for each place where one of some terms lowers the whole."""
    if not both:
        return contest
    plan = replace(contest.plan.plan, query=parted(contest.query, both))
    return replace(contest, plan=replace(contest.plan, plan=plan), comparisons={})


def _numbers(contest: Contest, asked: Sequence[Signed]) -> Iterator[int]:
    """How many neighbors to ask for, one after the other; one more than wanted shows a tie with the last."""
    vectors = min(len(contest.compared[term].space.vectors) for term, _ in asked)
    number = MORE * contest.window.end + 1
    yield from (number,) if number < vectors else ()
    while (number := number * MORE) * SHARE < vectors:
        yield number


def _within(contest: Contest, possible: Mask | None) -> IntArray | None:
    """The keys of the rows that can be hits, where they are few enough to be given to an engine."""
    if possible is None or np.count_nonzero(possible) > WITHIN:
        return None
    subset = Subset.of(np.flatnonzero(possible), contest.snapshot, contest.window.level)
    keys: IntArray = contest.snapshot.rows.key[subset.rows]
    return keys if len(keys) <= WITHIN else None


def _places(contest: Contest, keys: IntArray) -> IntArray:
    """The places of some regions, ascending; what is not in the snapshot is left out."""
    there = contest.snapshot.rows
    rows = positions(there.key, keys)
    rows = rows[rows >= 0]
    return np.unique(there.input[rows] if contest.window.level == "input" else rows)


def _beyond(signed: Signed, farthest: Mapping[Signed, float]) -> float:
    """What the cosine of nothing else goes beyond: any number where it was not asked, or where nothing else is."""
    found = farthest.get(signed, -1.0)
    return -float(signed[1]) if np.isnan(found) else found


def _everywhere(contest: Contest, one: CosineTerm, cosine: float) -> RankedTerm:
    """What the term scores where it has a cosine wherever there is a vector."""
    snapshot = contest.snapshot
    values = np.full(len(snapshot.rows), np.nan, np.float32)
    values[one.space.rows] = cosine
    raw, rows, direct = levelled(values, snapshot.rows, len(snapshot.inputs), level=contest.window.level)
    return RankedTerm(Scored(raw, scale=one.scale), rows, direct, one.concepts, one.notes, None, 0.0)


def _completed(
    contest: Contest, bounded: Contest, chosen: ScoredSubset, possible: Mask | None, neighbors: int
) -> FoundByEngine | None:
    """What was found with all that may reach the last of the hits; None where that is much."""
    least, few = chosen.least(contest.query, contest.window), REACHING * contest.places
    patterns = bounded.patterns if contest.window.minimum == 0 else None
    counted = patterns is not None
    if patterns is not None and not contest.is_apart:
        others, total = _reaching(bounded, chosen, possible, least), patterns.total
    else:
        may_be, others, total = _reaching_together(bounded, chosen, least)
        if not counted and len(may_be) <= few:
            counted, others, total = True, may_be, 0
    if len(others) > few:
        return None
    if len(others):
        chosen = contest.at(np.union1d(chosen.subset.places, others))
    if patterns is None:
        total = chosen.folded(contest.query, contest.window).total
    return FoundByEngine(chosen, total, counted, neighbors)


def _reaching(bounded: Contest, chosen: ScoredSubset, possible: Mask | None, least: float | None) -> IntArray:
    """The other places that may reach a score; that may be hits where it is None."""
    others = np.ones(bounded.places, bool) if possible is None else possible.copy()
    others[chosen.subset.places] = False
    if least is None:
        return np.flatnonzero(others)
    alone = lone_rank(bounded.query, lambda term: bounded.all[term].is_filter)
    if alone is not None and not alone.negated:  # ordered by its raw values
        return np.flatnonzero(others & (bounded.all[alone.term].raw >= np.float32(least)))
    reached = Reach(bounded.all).mask(bounded.query, least)
    if reached is not None:
        others &= reached
    return bounded.reaching(np.flatnonzero(others), least)


def _reaching_together(
    bounded: Contest, chosen: ScoredSubset, least: float | None
) -> tuple[IntArray, IntArray, int]:
    """The other places that may be hits, and that may reach a score, where places depend on each other or are compared.

    And how many hits there are, if which terms score a place decides whether it is one.
    """
    snapshot = bounded.snapshot
    highest = folded(bounded.query, bounded.all, bounded.window, snapshot.rows, len(snapshot.inputs))
    others = ~np.isnan(highest.order)
    others[chosen.subset.places] = False
    may_be = np.flatnonzero(others)
    if least is not None:
        others &= highest.order >= least - SCORE * abs(least)
    return may_be, np.flatnonzero(others), highest.total
