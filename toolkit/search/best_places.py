"""The best places of a query by the cheapest plan that finds exactly them.

Whatever plan runs, the hits and their order are those of scoring everything: a cosine is the same number however it
was come by (`toolkit.similarity.cosines`), and places are left out only where they cannot be among the best.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from ..hits.plan import SearchPlan
from ..query import Query, Term
from ..resources import Resources
from ..similarity.cosines import top_k
from ..snapshot import Snapshot
from ..values.types import IntArray
from .cosine_terms import CosineTerm, cosines_everywhere, cosines_in
from .hit_patterns import HitPatterns, hit_patterns, is_rowwise
from .lone_rank import lone_rank
from .ordering import Ordered, folded, ordered
from .ranking import RankedTerm
from .reach import Mask, Reach
from .subset import Subset
from .window import Window

__all__ = ["BestPlaces", "best_places"]

FEW: Final = 0.2  # the share of places up to which gathering their vectors costs less than reading all
LIKELY: Final = 4  # times the hits asked for: places that are scored first, to know what has to be reached


@dataclass(frozen=True, slots=True, eq=False)
class BestPlaces:
    """What a search found.

    Parameters
    ----------
    ordered : Ordered
        The places of the window, best first.
    ranked : mapping of Term to RankedTerm
        What each term scores, at those places at least.
    plan : SearchPlan
        How they were found.
    """

    ordered: Ordered
    ranked: Mapping[Term, RankedTerm]
    plan: SearchPlan


def best_places(
    query: Query,
    window: Window,
    known: Mapping[Term, RankedTerm],
    compared: Mapping[Term, CosineTerm],
    snapshot: Snapshot,
    resources: Resources,
) -> BestPlaces:
    """The best places of a query, and what each of its terms scores there.

    Parameters
    ----------
    query : Query
        As planned, in its normal form.
    window : Window
        Which of the hits are wanted.
    known : mapping of Term to RankedTerm
        What the ordinary terms score.
    compared : mapping of Term to CosineTerm
        The others.
    snapshot : Snapshot
        What is ranked.
    resources : Resources
        Of the open collection.
    """
    search = _Search(query, window, known, compared, snapshot, resources)
    if not compared:
        return search.as_known("every term at every row")
    if not is_rowwise(query):
        return search.passed().as_known("every cosine: what is fused looks at all rows")
    return search.few() or search.passed().best()


@dataclass(frozen=True, eq=False)
class _Search:
    query: Query
    window: Window
    known: Mapping[Term, RankedTerm]
    compared: Mapping[Term, CosineTerm]
    snapshot: Snapshot
    resources: Resources

    @property
    def places(self) -> int:
        return len(self.snapshot.inputs if self.window.level == "input" else self.snapshot.rows)

    @cached_property
    def patterns(self) -> HitPatterns | None:
        scored = {term: one.scored for term, one in self.known.items()}
        return hit_patterns(
            self.query, scored, frozenset(self.compared.keys() - self.known.keys()), self.places
        )

    def passed(self) -> _Search:
        """The same search once every cosine is known."""
        found = cosines_everywhere(self.compared, self.snapshot, self.resources, self.window.level)
        return replace(self, known={**self.known, **found})

    def as_known(self, how: str) -> BestPlaces:
        """The best places, everything folded."""
        best = ordered(self.query, self.known, self.window, self.snapshot)
        is_order = isinstance(self.query, Term) and self.window.minimum == 0
        return BestPlaces(best, self.known, SearchPlan(how, 0 if is_order else self.places, self._cosines))

    @property
    def _cosines(self) -> int:
        return len(self.snapshot.rows) if self.compared else 0

    # ---- few rows can be hits

    def few(self) -> BestPlaces | None:
        """The best places where few can be hits; None where many can."""
        if self.patterns is None or self.resources.indexes.scores_rows_itself:
            return None
        possible = self.patterns.mask()
        if possible is None or np.count_nonzero(possible) > FEW * self.places:
            return None
        subset = Subset.of(np.flatnonzero(possible), self.snapshot, self.window.level)
        ranked = self._ranked_in(subset)
        found = folded(self.query, ranked, self.window, subset.arrays, subset.inputs)
        best = found.best(self.window)
        places = subset.places[best]
        everywhere = {
            term: _spread(ranked[term], subset, self.places) if term in self.compared else self.known[term]
            for term in ranked
        }
        plan = SearchPlan("the rows that the other terms leave", len(subset.places), len(subset.rows))
        return BestPlaces(Ordered(places, found.scores[best], found.total), everywhere, plan)

    def _ranked_in(self, subset: Subset) -> dict[Term, RankedTerm]:
        ranked = {term: one.at(subset.places) for term, one in self.known.items()}
        lacking = {term: one for term, one in self.compared.items() if term not in ranked}
        if lacking:
            ranked |= cosines_in(subset, lacking, self.snapshot, self.resources, self.window.level)
        return ranked

    # ---- every cosine is known: what cannot be among the best is not folded

    def best(self) -> BestPlaces:
        """The best places where each row stands for itself and every value is known."""
        how = "every cosine, in one pass over the vectors"
        apart = self.window.level == "region" and not self.snapshot.rows.are_inputs
        if apart or self.window.minimum > 0 or isinstance(self.query, Term) or self.patterns is None:
            return self.as_known(how)
        contenders = self._contenders(self.patterns)
        if contenders is None:
            return self.as_known(how)
        subset = Subset.of(contenders, self.snapshot, self.window.level)
        found = folded(self.query, self._ranked_in(subset), self.window, subset.arrays, subset.inputs)
        best = found.best(self.window)
        total = self.patterns.total
        plan = SearchPlan(how, len(contenders), self._cosines)
        return BestPlaces(Ordered(contenders[best], found.scores[best], total), self.known, plan)

    def _contenders(self, patterns: HitPatterns) -> IntArray | None:
        """Ascending places, among them the best; None if no fewer than all."""
        possible = patterns.mask()
        alone = lone_rank(self.query, lambda term: self.known[term].is_filter)
        if alone is not None and not alone.negated:
            raw = self.known[alone.term].raw
            raw = raw if possible is None else np.where(possible, raw, np.float32(np.nan))
            return np.sort(top_k(raw, self.window.end))
        least = self._least(possible)
        reached = None if least is None else Reach(self.known, {}).mask(self.query, least)
        if reached is None:
            return None
        return np.flatnonzero(reached if possible is None else reached & possible)

    def _least(self, possible: Mask | None) -> float | None:
        """A score that so many places have as are wanted; None if fewer are known."""
        likely = self._likely(possible)
        subset = Subset.of(likely, self.snapshot, self.window.level)
        order = folded(self.query, self._ranked_in(subset), self.window, subset.arrays, subset.inputs).order
        order = np.sort(order[~np.isnan(order)])
        return float(order[-self.window.end]) if len(order) >= self.window.end else None

    def _likely(self, possible: Mask | None) -> IntArray:
        """Ascending places that are likely among the best: near in all that is asked for, and near in each."""
        wanted = LIKELY * self.window.end
        present = {leaf.term for leaf in self.query.leaves() if not leaf.negated} & self.compared.keys()
        values = [self.known[term].raw for term in present]
        if len(values) > 1:
            values.append(np.add.reduce(values))
        masked = [one if possible is None else np.where(possible, one, np.float32(np.nan)) for one in values]
        found = [top_k(one, wanted) for one in masked] or [np.arange(min(wanted, self.places))]
        return np.unique(np.concatenate(found))


def _spread(one: RankedTerm, subset: Subset, places: int) -> RankedTerm:
    """What a term scores at the places of a subset, by place."""
    raw = np.full(places, np.nan, np.float32)
    raw[subset.places] = one.raw
    rows = direct = None
    if one.rows is not None:
        rows = np.full(places, -1, np.int32)
        rows[subset.places] = subset.rows[one.rows]
    if one.direct is not None:
        direct = np.zeros(places, bool)
        direct[subset.places] = one.direct
    return replace(one, scored=replace(one.scored, values=raw), rows=rows, direct=direct)
