"""The most that a row can score of which nothing is known but that it is not among the nearest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from ..fusion.evaluate import Scored, evaluate
from ..fusion.joined import MISSES
from ..query import Query, Term
from .cosine_terms import CosineTerm
from .engine_neighbors import Signed
from .lone_rank import lone_rank
from .polarity import lowering, parted, signs_of

__all__ = ["most_unseen"]

TERMS: Final = 12  # of more there are too many ways


def most_unseen(
    query: Query,
    compared: Mapping[Term, CosineTerm],
    farthest: Mapping[Signed, float],
    highest: Mapping[Term, float],
    filters: frozenset[Term],
) -> float:
    """What orders a row at most: its score, or its value for the one rank there is; NaN where none can be a hit.

    Every operator is monotone in what it joins. So a term that raises the whole counts 1, or what the engine says of
    its cosine; one that lowers it counts 0. Or a term does not score the row at all: ``~(image <= 0.3)`` holds then,
    whatever the cosine would be. So the query is folded for each way in which some terms score and others do not.

    Parameters
    ----------
    query : Query
        In its normal form, without fusions and what ranks again.
    compared : mapping of Term to CosineTerm
        Its terms by similarity.
    farthest : mapping of (Term, int) to float
        What no cosine of those that raise the whole goes beyond; NaN where there is no other.
    highest : mapping of Term to float
        What no value of some other terms goes beyond.
    filters : frozenset of Term
        The terms that only filter.
    """
    most: dict[Term, Scored] = {}
    for term, sign in signs_of(query):
        stands = lowering(term) if sign < 0 else term
        if term in filters:
            most[stands] = Scored(np.array([1], np.float32), is_filter=True)
        elif term in compared and sign > 0:
            most[stands] = Scored(np.array([farthest[term, sign]], np.float32), scale=compared[term].scale)
        elif sign > 0:
            # Inside `&` a value counts so much, where its ranker examined every row.
            most[stands] = Scored(np.array([MISSES + (1 - MISSES) * highest.get(term, 1.0)], np.float32))
        else:
            most[stands] = Scored(np.array([0], np.float32))
    if len(most) > TERMS:
        return np.inf
    scores = evaluate(parted(query, frozenset(query.terms())), _with_gaps(most).__getitem__)
    if np.isnan(scores).all():
        return np.nan
    alone = lone_rank(query, filters.__contains__)
    if alone is None or alone.negated:
        return float(np.nanmax(scores))
    return float(most[alone.term].values[0])


def _with_gaps(most: Mapping[Term, Scored]) -> dict[Term, Scored]:
    """The terms in as many places as there are ways in which some of them score a row and others do not."""
    ways = np.arange(1 << len(most))
    return {
        term: replace(one, values=np.where(ways >> bit & 1, one.values, np.float32(np.nan)))
        for bit, (term, one) in enumerate(most.items())
    }
