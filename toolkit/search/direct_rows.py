"""The rows that a query scores themselves, so that a region is no hit only because its image is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np

from ..query import AnyOf, Fuse, Not, Query, Rerank, SumOf, Term, Threshold, Weighted
from .lone_rank import is_filter
from .ranking import Mask, RankedTerm

__all__ = ["direct_rows"]


def direct_rows(query: Query, ranked: Mapping[Term, RankedTerm]) -> Mask | None:
    """Bool (r,): the rows that a query scores themselves; None if it scores every row.

    A rank scores the rows that its ranker scored, a filter those where it holds, a negation every row. In ``&``
    whatever ranks decides, and the rest only where nothing does; in ``|`` any part; in ``+`` and a fusion any part
    as well, for there a filter counts too, but a negation only where nothing else is. In ``a >> b`` what ``a`` scores
    is, for ``b`` looks at nothing else.

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
            return ~np.isnan(one.raw) if one.is_filter else one.direct
        case Not():
            return None
        case Weighted(part) | Threshold(part):
            return direct_rows(part, ranked)
        case Rerank(first):
            return direct_rows(first, ranked)
        case AnyOf(parts):
            return _any([direct_rows(part, ranked) for part in parts])
    counted: Sequence[Query] = query.children
    if not _counts_filters(query):
        ranks = [part for part in counted if not is_filter(part, lambda one: ranked[one].is_filter)]
        counted = ranks or counted
    masks = [direct_rows(part, ranked) for part in counted]
    return _any([mask for mask in masks if mask is not None] or [None])


def _counts_filters(query: Query) -> bool:
    return isinstance(query, SumOf) or (isinstance(query, Fuse) and query.missing != "drop")


def _any(masks: Sequence[Mask | None]) -> Mask | None:
    known = [mask for mask in masks if mask is not None]
    return reduce(np.logical_or, known) if len(known) == len(masks) else None
