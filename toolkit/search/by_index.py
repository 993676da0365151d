"""The best places by an index that finds neighbors: it is asked for more until no other place can be among them.

The neighbors found are scored exactly. Whatever was not found is at most as near as the farthest of them, so the query,
folded with that, bounds every other place. If the index is exact, so is the answer then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ..fusion.evaluate import Scored
from ..query import Query, Term, Weighted
from ..values.types import FloatArray, IntArray
from .contenders import Contest
from .cosine_terms import CosineTerm
from .levels import levelled
from .lone_rank import lone_rank
from .ranking import RankedTerm
from .scored_subset import ScoredSubset

__all__ = ["FoundByIndex", "found_by_index"]

MORE: Final = (
    4  # times as many neighbors, if those found leave doubt; and times the hits wanted, to begin with
)
SHARE: Final = 4  # neighbors of one in so many vectors cost more to find than all cosines


@dataclass(frozen=True, slots=True, eq=False)
class FoundByIndex:
    """What an index found.

    Parameters
    ----------
    chosen : ScoredSubset
        Places, among them the best, with their exact scores.
    total : int
        How many hits there are in all.
    neighbors : int
        How many it was asked for, the last time.
    """

    chosen: ScoredSubset
    total: int
    neighbors: int


def found_by_index(contest: Contest) -> FoundByIndex | None:
    """The places among which the best are, found by the index; None where it cannot tell, or every cosine is cheaper.

    Parameters
    ----------
    contest : Contest
        A query whose only term by similarity is asked for once.
    """
    term = _only_term(contest)
    if term is None:
        return None
    one = contest.compared[term]
    bounded = replace(contest, bounds={term: _at_most(contest, one, 1.0)})
    if bounded.patterns is None:
        return None
    for neighbors in _numbers(contest, len(one.space.vectors)):
        positions = contest.resources.indexes.neighbors(one.space, one.vector, neighbors)
        chosen = contest.at(_places(contest, one.space.rows[positions]))
        least = chosen.least(contest.query, contest.window)
        if least is not None and _are_all(contest, term, chosen, least, _farthest(contest, one, positions)):
            total = len(one.space.vectors) if contest.is_apart else bounded.patterns.total
            return FoundByIndex(chosen, total, neighbors)
    return None


def _only_term(contest: Contest) -> Term | None:
    """The term that the index may answer."""
    if (
        len(contest.compared) != 1
        or not contest.resources.indexes.finds_neighbors
        or contest.window.minimum > 0
    ):
        return None
    (term,) = contest.compared
    leaves = [leaf for leaf in contest.query.leaves() if leaf.term == term]
    if len(leaves) > 1 or leaves[0].negated or (contest.is_apart and not _is_a_term(contest.query)):
        return None
    return term


def _is_a_term(query: Query) -> bool:
    return isinstance(query.part if isinstance(query, Weighted) else query, Term)


def _numbers(contest: Contest, vectors: int) -> Iterator[int]:
    """How many neighbors to ask for, one after the other; one more than wanted shows a tie with the last."""
    enough = _is_a_term(contest.query) and (contest.is_apart or contest.snapshot.rows.are_inputs)
    number = contest.window.end + 1 if enough else MORE * contest.window.end
    yield from (number,) if number < vectors else ()
    while (number := number * MORE) * SHARE < vectors:
        yield number


def _places(contest: Contest, rows: IntArray) -> IntArray:
    is_input = contest.window.level == "input"
    return np.unique(contest.snapshot.rows.input[rows] if is_input else rows)


def _farthest(contest: Contest, one: CosineTerm, positions: IntArray) -> float:
    cosines = contest.resources.indexes.similarities_at(one.space, positions, one.vector[None])
    return float(cosines.min(initial=1.0))


def _at_most(contest: Contest, one: CosineTerm, cosine: float) -> RankedTerm:
    """What the term may score at every place: no more than a cosine, and nothing where there is no vector."""
    snapshot = contest.snapshot
    values: FloatArray = np.full(len(snapshot.rows), np.nan, np.float32)
    values[one.space.rows] = cosine
    raw, rows, direct = levelled(values, snapshot.rows, len(snapshot.inputs), level=contest.window.level)
    return RankedTerm(Scored(raw, scale=one.scale), rows, direct, one.concepts, one.notes, None, 0.0)


def _are_all(contest: Contest, term: Term, chosen: ScoredSubset, least: float, farthest: float) -> bool:
    """Whether no place that was not found can reach what the last of the hits has."""
    alone = lone_rank(contest.query, lambda one: one in contest.known and contest.known[one].is_filter)
    if alone is not None:
        return least > farthest
    bounded = replace(contest, bounds={term: _at_most(contest, contest.compared[term], farthest)})
    others = np.ones(contest.places, bool)
    others[chosen.subset.places] = False
    return not len(bounded.reaching(np.flatnonzero(others), least))
