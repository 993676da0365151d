"""The most that a row can score of which nothing is known but that it is not among the nearest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..fusion.evaluate import Scored, evaluate
from ..query import Query, Term
from .cosine_terms import CosineTerm
from .engine_neighbors import Signed
from .lone_rank import lone_rank
from .polarity import lowering, parted, signs_of

__all__ = ["most_unseen"]


def most_unseen(
    query: Query,
    compared: Mapping[Term, CosineTerm],
    farthest: Mapping[Signed, float],
    filters: frozenset[Term],
) -> float:
    """What orders a row at most: its score, or its value for the one rank there is; NaN where none can be a hit.

    Every operator is monotone in what it joins. So a term that raises the whole counts 1, or what the engine says of
    its cosine; one that lowers it counts nothing.

    Parameters
    ----------
    query : Query
        In its normal form, without fusions and what ranks again.
    compared : mapping of Term to CosineTerm
        Its terms by similarity.
    farthest : mapping of (Term, int) to float
        What no cosine goes beyond; NaN where there is no other.
    filters : frozenset of Term
        The terms that only filter.
    """
    terms = frozenset(query.terms())
    values: dict[Term, Scored] = {}
    for term, sign in signs_of(query):
        stands = lowering(term) if sign < 0 else term
        if term in compared:
            value = farthest.get((term, sign), float(sign))
            values[stands] = Scored(np.float32([value]), scale=compared[term].scale)
        elif term in filters:
            values[stands] = Scored(np.float32([1 if sign > 0 else np.nan]), is_filter=True)
        else:
            values[stands] = Scored(np.float32([max(sign, 0)]))
    score = float(evaluate(parted(query, terms), values.__getitem__)[0])
    alone = lone_rank(query, filters.__contains__)
    if alone is None or alone.negated or np.isnan(score):
        return score
    return float(values[alone.term].values[0])
