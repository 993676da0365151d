"""The second stage of a search: the scores of the terms folded, and the best places in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..fusion.evaluate import evaluate
from ..fusion.joined import Values
from ..fusion.methods import FusionMethod
from ..fusion.scores import collapse
from ..query import Fuse, Query, Rerank, Term
from ..similarity.nearest import top_k
from ..snapshot import RowArrays, Snapshot
from ..values.types import IntArray
from .direct_rows import direct_rows
from .lone_rank import lone_rank
from .ranking import Mask, RankedTerm
from .window import Window

if TYPE_CHECKING:
    from .stages import RankedPlan

__all__ = ["Folded", "Ordered", "folded", "ordered"]


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """The places of a window, best first.

    Parameters
    ----------
    places : int (k,)
        Inputs or rows, whatever a hit is.
    scores : float (k,)
        Theirs.
    total : int
        How many hits there are in all.
    counted : bool
        Whether it is so many; else it is at least so many.
    """

    places: IntArray
    scores: Values
    total: int
    counted: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """What a query scores at some places.

    Parameters
    ----------
    scores : float (p,)
        NaN where a place is no hit.
    order : float (p,)
        What the hits are ordered by, NaN where `scores` is.
    """

    scores: Values
    order: Values

    @property
    def total(self) -> int:
        """How many hits there are."""
        return _count(self.scores)

    def best(self, window: Window) -> IntArray:
        """Positions (k,) of the window's hits, best first; equal ones in their order."""
        return top_k(self.order, window.end)[window.offset :]


def ordered(query: Query, plan: RankedPlan, window: Window, snapshot: Snapshot) -> Ordered:
    """The best places of a query; equal scores in order of creation.

    Parameters
    ----------
    query : Query
        As planned, in its normal form; or a part of it.
    plan : RankedPlan
        With its terms ranked.
    window : Window
        Which of the hits are wanted.
    snapshot : Snapshot
        What was ranked.
    """
    ranked = plan.terms
    if isinstance(query, Term) and window.minimum == 0:
        # Scores are made of the best alone: making a million of them takes a tenth of the whole search.
        one = ranked[query]
        hits = _may_be_hits(query, ranked, snapshot.hidden) if window.level == "region" else None
        raw = one.raw if hits is None else np.where(hits, one.raw, np.float32(np.nan))
        best = top_k(raw, window.end)[window.offset :]
        return Ordered(best, one.scored.scale(raw[best]), _count(raw) if one.hits is None else one.hits)
    found = folded(
        query,
        ranked,
        window,
        snapshot.rows,
        len(snapshot.inputs),
        hidden=snapshot.hidden,
        method_of=plan.plan.methods.__getitem__,
        best_of=plan.best.__getitem__,
    )
    best = found.best(window)
    return Ordered(best, found.scores[best], found.total)


def folded(
    query: Query,
    ranked: Mapping[Term, RankedTerm],
    window: Window,
    rows: RowArrays,
    inputs: int,
    *,
    hidden: Mask | None = None,
    method_of: Callable[[Fuse], FusionMethod] | None = None,
    best_of: Callable[[Rerank], IntArray] | None = None,
) -> Folded:
    """The scores of a query at some places, whole inputs, from those of its terms there.

    Parameters
    ----------
    query : Query
        As planned, in its normal form.
    ranked : mapping of Term to RankedTerm
        What each of its terms scores at those places.
    window : Window
        The level and the least score of a hit.
    rows : RowArrays
        The rows of those inputs.
    inputs : int
        How many they are.
    hidden : bool (rows,), optional
        The rows that do not count; None if all do.
    method_of : callable, optional
        The method of a fusion; needed where the query has one.
    best_of : callable, optional
        The places that are ranked again; needed where the query has a ``>>``.
    """

    def best_of_input(values: Values) -> Values:
        return collapse(values, rows.input, inputs)[0][rows.input]

    scores: Values = evaluate(
        query,
        lambda term: ranked[term].scored,
        best_of_input=best_of_input if window.level == "region" and not rows.are_inputs else None,
        method_of=method_of,
        best_of=best_of,
    )
    if window.minimum > 0:  # at the precision of float32, as a comparison in a query
        scores[scores.astype(np.float32) < np.float32(window.minimum)] = np.nan
    hits = _may_be_hits(query, ranked, hidden) if window.level == "region" else None
    if hits is not None:
        scores[~hits] = np.nan
    alone = lone_rank(query, lambda term: ranked[term].is_filter)
    if alone is None or alone.negated:
        return Folded(scores, scores)
    # What ranks alone is ordered by its raw values: they differ even where scores are too near 1 to.
    return Folded(scores, np.where(np.isnan(scores), np.float32(np.nan), ranked[alone.term].raw))


def _may_be_hits(query: Query, ranked: Mapping[Term, RankedTerm], hidden: Mask | None) -> Mask | None:
    direct = direct_rows(query, ranked)
    if hidden is None:  # else what is absent would hold of them
        return direct
    return ~hidden if direct is None else direct & ~hidden


def _count(scores: Values) -> int:
    return len(scores) - int(np.count_nonzero(np.isnan(scores)))
