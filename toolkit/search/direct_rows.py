"""The rows that a query scores themselves, so that a region is no hit only because its image is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np

from ..query import AllOf, AnyOf, Not, Query, Term, Threshold, Weighted
from .ranking import Mask, RankedTerm

__all__ = ["direct_rows"]


def direct_rows(query: Query, ranked: Mapping[Term, RankedTerm]) -> Mask | None:
    """Bool (r,): the rows that a query scores themselves; None if it scores every row.

    A rank scores the rows that its ranker scored, a filter those where it holds, a negation every
    row. In a group whatever ranks decides, and the rest only where nothing does; in an alternative any part.

    Parameters
    ----------
    query : Query
        The query.
    ranked : mapping of Term to RankedTerm
        The scores of each term.
    """
    match query:
        case Term():
            one = ranked[query]
            return ~np.isnan(one.scores) if one.is_filter else one.direct
        case Not():
            return None
        case Weighted(part) | Threshold(part):
            return direct_rows(part, ranked)
        case AnyOf(parts):
            return _any([direct_rows(part, ranked) for part in parts])
        case _:
            ranks = [part for part in query.children if not _is_filter(part, ranked)]
            masks = [direct_rows(part, ranked) for part in ranks or query.children]
            return _any([mask for mask in masks if mask is not None] or [None])


def _any(masks: Sequence[Mask | None]) -> Mask | None:
    known = [mask for mask in masks if mask is not None]
    return reduce(np.logical_or, known) if len(known) == len(masks) else None


def _is_filter(query: Query, ranked: Mapping[Term, RankedTerm]) -> bool:
    match query:
        case Term():
            return ranked[query].is_filter
        case Threshold():
            return True
        case Not(part) | Weighted(part):
            return _is_filter(part, ranked)
        case AllOf(parts) | AnyOf(parts):
            return all(_is_filter(part, ranked) for part in parts)
    return False
