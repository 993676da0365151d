"""Parts of a collection that is too large for a snapshot, ranked as if there were nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

import numpy as np

from ..query import Term
from ..resources import Resources
from ..snapshot import Snapshot
from ..values.types import IntArray
from .cosine_terms import CosineTerm, cosines_everywhere
from .lone_rank import lone_rank
from .not_in_part import NotInPart
from .ordering import Ordered, ordered
from .planning import Plan
from .stages import RankedPlan, rank_plan
from .window import Window

__all__ = ["Parts", "RankedPart"]

NONE: Final = np.empty(0, np.int64)
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, eq=False)
class RankedPart:
    """A part of a collection with the best places of it.

    Parameters
    ----------
    snapshot : Snapshot
        Of the part.
    ranked : RankedPlan
        What each term scores there.
    best : Ordered
        The places of the window.
    """

    snapshot: Snapshot
    ranked: RankedPlan
    best: Ordered

    def least(self, window: Window) -> float | None:
        """What orders the last of the hits wanted; None if they are too few.

        Parameters
        ----------
        window : Window
            Which are wanted.
        """
        if len(self.best.places) < window.limit:
            return None
        terms = self.ranked.terms
        alone = lone_rank(self.ranked.plan.query, lambda term: terms[term].is_filter)
        if alone is None or alone.negated:
            return float(self.best.scores[-1])
        return float(terms[alone.term].raw[self.best.places[-1]])


@dataclass(slots=True)
class Parts:
    """The parts that a search looks at. Inputs that the query itself names are in each of them.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    window : Window
        Which hits are wanted.
    """

    resources: Resources
    window: Window
    _named: set[int] = field(default_factory=set)
    _smallest: Snapshot | None = field(default=None, init=False)

    def made(
        self, make: Callable[[Snapshot], Made], inputs: IntArray = NONE, regions: IntArray = NONE
    ) -> Made:
        """What is made of the snapshot of some inputs, and of the inputs that some regions are on.

        Parameters
        ----------
        make : callable
            Makes it.
        inputs, regions : int64 (k,)
            Keys.
        """
        while True:
            part = self._part(inputs, regions)
            try:
                return make(self.resources.counted(part, self.window.detections))
            except NotInPart as lacking:
                if lacking.input in self._named:
                    raise
                self._named.add(lacking.input)
                self._smallest = None

    def _part(self, inputs: IntArray, regions: IntArray) -> Snapshot:
        is_smallest = not (len(inputs) or len(regions))
        if is_smallest and self._smallest is not None:  # what words mean is asked several times
            return self._smallest
        wanted = np.union1d(inputs, np.array(sorted(self._named), np.int64))
        part = self.resources.snapshots.part(wanted, regions=regions)
        if is_smallest:
            self._smallest = part
        return part

    def ranked(
        self,
        plan: Plan,
        compared: Mapping[Term, CosineTerm],
        inputs: IntArray = NONE,
        regions: IntArray = NONE,
    ) -> RankedPart:
        """The best of such a part, every term scored exactly: by `Ranker.rank`, which sees the part alone.

        Parameters
        ----------
        plan : Plan
            The query.
        compared : mapping of Term to CosineTerm
            Its terms by similarity.
        inputs, regions : int64 (k,)
            Keys.
        """

        def ranked(part: Snapshot) -> RankedPart:
            level = self.window.level
            by_vector = {} if part.hides_rows_at(level) else compared
            others = rank_plan(plan, part, self.resources, level=level, without=by_vector)
            here = {term: replace(one, space=part.spaces[one.space.name]) for term, one in by_vector.items()}
            found = cosines_everywhere(here, part, self.resources, level)
            whole = replace(others, terms={**others.terms, **found})
            return RankedPart(part, whole, ordered(plan.query, whole, self.window, part))

        return self.made(ranked, inputs, regions)
