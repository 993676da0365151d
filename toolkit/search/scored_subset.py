"""What the terms of a query score at some places, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..query import Query, Term
from ..resources import Resources
from ..snapshot import Snapshot
from ..values.types import IntArray
from .cosine_terms import CosineTerm, cosines_in
from .ordering import Folded, folded
from .ranking import RankedTerm
from .subset import Subset
from .window import Window

__all__ = ["ScoredSubset", "scored_subset"]


@dataclass(frozen=True, slots=True, eq=False)
class ScoredSubset:
    """Some places, and what each term scores there.

    Parameters
    ----------
    subset : Subset
        The places.
    ranked : mapping of Term to RankedTerm
        Scores in the order of the places; rows count from 0 in the subset where they were compared in it.
    """

    subset: Subset
    ranked: Mapping[Term, RankedTerm]

    def folded(self, query: Query, window: Window) -> Folded:
        """What a query scores at the places.

        Parameters
        ----------
        query : Query
            In its normal form.
        window : Window
            The level and the least score of a hit.
        """
        return folded(query, self.ranked, window, self.subset.arrays, self.subset.inputs)

    def least(self, query: Query, window: Window) -> float | None:
        """What orders the last of the hits wanted, if these places were all; None if they are too few.

        Parameters
        ----------
        query, window
            As of `folded`.
        """
        order = self.folded(query, window).order
        order = np.sort(order[~np.isnan(order)])
        return float(order[-window.end]) if len(order) >= window.end else None

    def spread(self, term: Term, places: int) -> RankedTerm:
        """What a term that was compared here scores, by place; NaN elsewhere.

        Parameters
        ----------
        term : Term
            Which.
        places : int
            How many there are in all.
        """
        one, at = self.ranked[term], self.subset.places
        raw = np.full(places, np.nan, np.float32)
        raw[at] = one.raw
        rows = direct = None
        if one.rows is not None:
            rows = np.full(places, -1, np.int32)
            rows[at] = self.subset.rows[one.rows]
        if one.direct is not None:
            direct = np.zeros(places, bool)
            direct[at] = one.direct
        return replace(one, scored=replace(one.scored, values=raw), rows=rows, direct=direct)


def scored_subset(
    places: IntArray,
    known: Mapping[Term, RankedTerm],
    compared: Mapping[Term, CosineTerm],
    snapshot: Snapshot,
    resources: Resources,
    window: Window,
) -> ScoredSubset:
    """What the terms score at some places.

    Parameters
    ----------
    places : int (p,)
        Ascending, each once.
    known : mapping of Term to RankedTerm
        What is known at every place.
    compared : mapping of Term to CosineTerm
        What is compared there, unless it is known.
    snapshot : Snapshot
        Of the collection.
    resources : Resources
        Of the open collection.
    window : Window
        Says what a place is.
    """
    subset = Subset.of(places, snapshot, window.level)
    ranked = {term: one.at(subset.places) for term, one in known.items()}
    lacking = {term: one for term, one in compared.items() if term not in known}
    if lacking:
        ranked |= cosines_in(subset, lacking, snapshot, resources, window.level)
    return ScoredSubset(subset, ranked)
