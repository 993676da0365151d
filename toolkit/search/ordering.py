"""The second stage of a search: the scores of the terms folded, and the best places in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..fusion.evaluate import Scored, evaluate
from ..query import Query, Term
from ..similarity.cosines import top_k
from ..values.types import FloatArray, IntArray
from .direct_rows import direct_rows
from .ranking import RankedTerm
from .window import Window

__all__ = ["Ordered", "ordered"]


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """The places of a window, best first.

    Parameters
    ----------
    places : int (k,)
        Inputs or rows, whatever a hit is.
    scores : float32 (k,)
        Theirs.
    total : int
        How many hits there are in all.
    """

    places: IntArray
    scores: FloatArray
    total: int


def ordered(query: Query, ranked: Mapping[Term, RankedTerm], window: Window) -> Ordered:
    """The best places of a query; equal scores in order of creation.

    Parameters
    ----------
    query : Query
        With each term that stands for several written out.
    ranked : mapping of Term to RankedTerm
        What each of its terms scores.
    window : Window
        Which of the hits are wanted.
    """
    scores = _folded(query, ranked, window)
    best = top_k(scores, window.end)[window.offset :]
    return Ordered(best, scores[best], _total(query, scores, ranked))


def _folded(query: Query, ranked: Mapping[Term, RankedTerm], window: Window) -> FloatArray:
    scores = evaluate(query, lambda term: Scored(ranked[term].scores, ranked[term].is_filter))
    if window.minimum > 0:
        scores = np.where(scores >= window.minimum, scores, np.float32(np.nan))
    spoken_of = direct_rows(query, ranked) if window.level == "region" else None
    return scores if spoken_of is None else np.where(spoken_of, scores, np.float32(np.nan))


def _total(query: Query, scores: FloatArray, ranked: Mapping[Term, RankedTerm]) -> int:
    alone = ranked[query.terms()[0]]
    return len(scores) - int(np.count_nonzero(np.isnan(scores))) if alone.hits is None else alone.hits
