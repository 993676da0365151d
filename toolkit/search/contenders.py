"""Which places can be among the best, once every cosine is known, or bounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from ..fusion.evaluate import evaluate
from ..query import Query, Term
from ..resources import Resources
from ..similarity.nearest import top_k
from ..snapshot import Snapshot
from ..values.types import FloatArray, IntArray
from .cosine_terms import CosineTerm
from .hit_patterns import Comparisons, HitPatterns, hit_patterns
from .lone_rank import lone_rank
from .ranking import RankedTerm
from .reach import SCORE, Mask, Reach
from .scored_subset import ScoredSubset, scored_subset
from .stages import RankedPlan
from .window import Window

__all__ = ["Contest"]

LIKELY: Final = 4  # times the hits asked for: places that are scored first, to know what has to be reached
LIKELY_ALONE: Final = 2  # the same where one picture ranks: those highest by their bounds are nearly in order
WORTH_FOLDING: Final = 50  # times as many contenders as are likely: from there on their bounds are folded


@dataclass(frozen=True, eq=False)
class Contest:
    """A query, and what is known of its terms.

    Parameters
    ----------
    plan : RankedPlan
        The query, and what some of its terms score at every place.
    window : Window
        Which of the hits are wanted.
    compared : mapping of Term to CosineTerm
        Terms by similarity, among them any that are known by now.
    bounds : mapping of Term to RankedTerm
        The most that a cosine may be at every place, or the least for a term that is only asked to be absent.
    snapshot : Snapshot
        What is ranked.
    resources : Resources
        Of the open collection.
    comparisons : dict
        Where comparisons in the query hold, once that was asked.
    """

    plan: RankedPlan
    window: Window
    compared: Mapping[Term, CosineTerm]
    bounds: Mapping[Term, RankedTerm]
    snapshot: Snapshot
    resources: Resources
    comparisons: Comparisons = field(default_factory=dict)
    _scored: list[tuple[IntArray, ScoredSubset]] = field(default_factory=list, init=False, repr=False)

    @property
    def query(self) -> Query:
        """As planned, in its normal form."""
        return self.plan.plan.query

    @property
    def known(self) -> Mapping[Term, RankedTerm]:
        """What some terms score at every place."""
        return self.plan.terms

    @property
    def places(self) -> int:
        """How many places there are: inputs, or rows."""
        return len(self.snapshot.inputs if self.window.level == "input" else self.snapshot.rows)

    @property
    def is_apart(self) -> bool:
        """Whether places are rows of which several are of one input, so that they depend on each other."""
        return self.window.level == "region" and not self.snapshot.rows.are_inputs

    @property
    def may_leave_out(self) -> bool:
        """Whether places that are not folded change nothing: each stands for itself, and none has to be counted."""
        return not self.is_apart and self.window.minimum == 0 and self.patterns is not None

    @cached_property
    def all(self) -> Mapping[Term, RankedTerm]:
        """What is known or bounded."""
        return {**self.known, **self.bounds}

    @cached_property
    def patterns(self) -> HitPatterns | None:
        """Which places can be hits; None where that is not to be seen from the terms."""
        scored = {term: one.scored for term, one in self.all.items()}
        unknown = frozenset(self.compared.keys() - self.all.keys())
        return hit_patterns(
            self.query,
            scored,
            unknown,
            self.places,
            uncertain=frozenset(self.bounds),
            comparisons=self.comparisons,
        )

    def at(self, places: IntArray) -> ScoredSubset:
        """What every term scores at some places, ascending; asked for the same array again, what was found."""
        if not self._scored or self._scored[0][0] is not places:
            found = scored_subset(
                places, self.known, self.compared, self.snapshot, self.resources, self.window
            )
            self._scored[:] = [(places, found)]
        return self._scored[0][1]

    def contenders(self, of: Contest | None = None) -> IntArray | None:
        """Ascending places, among them the best; None if no fewer than all.

        Parameters
        ----------
        of : Contest, optional
            Whose best they are, if this query only bounds what that one scores.
        """
        if self.patterns is None:
            return None
        possible = self.patterns.mask()
        alone = lone_rank(self.query, lambda term: self.all[term].is_filter)
        if alone is not None and not alone.negated and of is None:
            return self._nearest(
                _where(possible, self.all[alone.term].raw), is_exact=alone.term in self.known
            )
        likely = self._likely(possible)
        least = (of or self)._least(likely)
        if least is None:
            return None
        reached = Reach(self.all).mask(self.query, least)
        if reached is None:
            reached = possible
        elif possible is not None:
            reached &= possible
        if not self.bounds:
            return None if reached is None else np.flatnonzero(reached)
        places = np.arange(self.places) if reached is None else np.flatnonzero(reached)
        return places if len(places) <= WORTH_FOLDING * len(likely) else self.reaching(places, least)

    def _nearest(self, cosines: FloatArray, *, is_exact: bool) -> IntArray:
        """Contenders by one rank, whose values are their order."""
        if is_exact:
            return np.sort(top_k(cosines, self.window.end))
        likely = np.sort(top_k(cosines, LIKELY_ALONE * self.window.end))
        least = self._least(likely)
        reached = np.flatnonzero(~np.isnan(cosines) if least is None else cosines >= np.float32(least))
        # No more than those are among those, for they are the highest: and what they score is known.
        return likely if len(reached) <= len(likely) else reached

    def _least(self, places: IntArray) -> float | None:
        """What orders the last of the hits wanted, if these places were all; None if they are too few."""
        return self.at(places).least(self.query, self.window)

    def _likely(self, possible: Mask | None) -> IntArray:
        """Ascending places that are likely among the best: near in all that is asked for, and near in each."""
        wanted = LIKELY * self.window.end
        leaves = [leaf for leaf in self.query.leaves() if leaf.term in self.compared]
        values = [self.all[leaf.term].raw for leaf in leaves if not leaf.negated]
        if len(values) > 1:
            values.append(np.add.reduce(values))
        if not values:  # only absent: far from it
            values = [-self.all[leaf.term].raw for leaf in leaves]
        found = [top_k(_where(possible, one), wanted) for one in values]
        return np.unique(np.concatenate(found or [np.arange(min(wanted, self.places))]))

    def reaching(self, places: IntArray, least: float) -> IntArray:
        """Those of some places whose bounds reach a score together: the fold of bounds bounds the fold.

        Parameters
        ----------
        places : int (p,)
            Ascending.
        least : float
            In [0, 1].
        """
        bounded = {term: one.at(places).scored for term, one in self.all.items()}
        highest = evaluate(self.query, bounded.__getitem__)
        return places[highest >= least * (1 - SCORE)]


def _where(mask: Mask | None, values: FloatArray) -> FloatArray:
    return values if mask is None else np.where(mask, values, np.float32(np.nan))
