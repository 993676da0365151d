"""The only rank of a query, where one alone decides the order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..query import AllOf, AnyOf, Not, Query, Term, Threshold, Weighted

__all__ = ["LoneRank", "is_filter", "lone_rank"]

IsFilter = Callable[[Term], bool]


@dataclass(frozen=True, slots=True)
class LoneRank:
    """The only rank of a query.

    Parameters
    ----------
    term : Term
        What ranks.
    negated : bool
        Whether its negation does.
    """

    term: Term
    negated: bool = False


def lone_rank(query: Query, is_filter_term: IsFilter) -> LoneRank | None:
    """The rank of a query that is a single one, with or without filters that restrict it; None of any other.

    Parameters
    ----------
    query : Query
        In its normal form.
    is_filter_term : callable
        Whether a term is a filter.
    """
    match query:
        case Term():
            return None if is_filter_term(query) else LoneRank(query)
        case Not(Term() as term):
            return None if is_filter_term(term) else LoneRank(term, negated=True)
        case Weighted(part):
            return lone_rank(part, is_filter_term)
        case AllOf(parts):
            ranks = [part for part in parts if not is_filter(part, is_filter_term)]
            return lone_rank(ranks[0], is_filter_term) if len(ranks) == 1 else None
    return None


def is_filter(query: Query, is_filter_term: IsFilter) -> bool:
    """Whether a query only says which rows may be hits.

    Parameters
    ----------
    query : Query
        Any.
    is_filter_term : callable
        Whether a term is a filter.
    """
    match query:
        case Term():
            return is_filter_term(query)
        case Threshold():
            return True
        case Not(part) | Weighted(part):
            return is_filter(part, is_filter_term)
        case AllOf(parts) | AnyOf(parts):
            return all(is_filter(part, is_filter_term) for part in parts)
    return False
