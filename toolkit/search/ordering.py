"""The second stage of a search: the scores of the terms folded, and the best places in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..fusion.evaluate import evaluate
from ..fusion.joined import Values
from ..fusion.scores import collapse
from ..query import Query, Term
from ..similarity.cosines import top_k
from ..snapshot import Snapshot
from ..values.types import IntArray
from .direct_rows import direct_rows
from .lone_rank import lone_rank
from .ranking import Mask, RankedTerm
from .window import Window

__all__ = ["Ordered", "ordered"]


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
    """

    places: IntArray
    scores: Values
    total: int


def ordered(query: Query, ranked: Mapping[Term, RankedTerm], window: Window, snapshot: Snapshot) -> Ordered:
    """The best places of a query; equal scores in order of creation.

    Parameters
    ----------
    query : Query
        As planned, in its normal form.
    ranked : mapping of Term to RankedTerm
        What each of its terms scores.
    window : Window
        Which of the hits are wanted.
    snapshot : Snapshot
        What was ranked.
    """
    hits = _may_be_hits(query, ranked, snapshot) if window.level == "region" else None
    if isinstance(query, Term) and window.minimum == 0:
        # Scores are made of the best alone: making a million of them takes a tenth of the whole search.
        one = ranked[query]
        raw = one.raw if hits is None else np.where(hits, one.raw, np.float32(np.nan))
        best = top_k(raw, window.end)[window.offset :]
        return Ordered(best, one.scored.scale(raw[best]), _count(raw) if one.hits is None else one.hits)
    scores = _fold(query, ranked, window, snapshot)
    if hits is not None:
        scores[~hits] = np.nan
    order = scores
    alone = lone_rank(query, lambda term: ranked[term].is_filter)
    if alone is not None and not alone.negated:
        # What ranks alone is ordered by its raw values: they differ even where scores are too near 1 to.
        order = np.where(np.isnan(scores), np.float32(np.nan), ranked[alone.term].raw)
    best = top_k(order, window.end)[window.offset :]
    return Ordered(best, scores[best], _count(scores))


def _may_be_hits(query: Query, ranked: Mapping[Term, RankedTerm], snapshot: Snapshot) -> Mask | None:
    direct = direct_rows(query, ranked)
    if snapshot.hidden is None:  # else what is absent would hold of them
        return direct
    return ~snapshot.hidden if direct is None else direct & ~snapshot.hidden


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
