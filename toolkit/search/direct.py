"""Which rows a query says something of themselves, so that not every region is a hit because its image is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np

from ..query import AnyOf, Fuse, Not, Query, SumOf, Term, Threshold, Weighted
from .lone_rank import is_filter
from .ranking import Mask, RankedTerm

__all__ = ["direct"]


def direct(query: Query, ranked: Mapping[Term, RankedTerm]) -> Mask | None:
    """Bool (r,): the rows that a query speaks of directly; None if it does of every row.

    A rank speaks of the rows that it scored itself, a filter of those where it holds, the contrary of anything of
    every row. In ``&`` whatever ranks decides, and the rest only where nothing does; in ``|`` any part; in ``+`` and a
    fusion any part as well, for there a filter counts too, and a contrary only where nothing else is.

    Parameters
    ----------
    query : Query
        What is asked.
    ranked : mapping of Term to RankedTerm
        What each of its terms scores.
    """
    match query:
        case Term():
            one = ranked[query]
            return ~np.isnan(one.raw) if one.is_filter else one.direct
        case Not():
            return None
        case Weighted(part) | Threshold(part):
            return direct(part, ranked)
        case AnyOf(parts):
            return _any([direct(part, ranked) for part in parts])
        case SumOf(parts):
            return _any_but_contraries(parts, ranked)
        case Fuse(parts) if query.missing != "drop":
            return _any_but_contraries(parts, ranked)
    ranks = [part for part in query.children if not is_filter(part, lambda one: ranked[one].is_filter)]
    return _any_but_contraries(ranks or query.children, ranked)


def _any_but_contraries(parts: Sequence[Query], ranked: Mapping[Term, RankedTerm]) -> Mask | None:
    masks = [direct(part, ranked) for part in parts]
    return _any([mask for mask in masks if mask is not None] or [None])


def _any(masks: Sequence[Mask | None]) -> Mask | None:
    known = [mask for mask in masks if mask is not None]
    return reduce(np.logical_or, known) if len(known) == len(masks) else None
