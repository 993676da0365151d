"""A query with some of its parts replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .fused import Fuse
from .nodes import AllOf, AnyOf, Not, Query, SumOf, Term, Threshold, Weighted

__all__ = ["rewritten"]


def rewritten(query: Query, of: Callable[[Term], Query]) -> Query:
    """The query with each of its terms replaced.

    Parameters
    ----------
    query : Query
        Any.
    of : callable
        From a term to what stands in its place.

    Examples
    --------
    >>> dog = Term("concept", "dog")
    >>> rewritten(dog & ~dog, lambda term: Term("concept", "cat"))
    concept('cat') & ~concept('cat')
    """
    match query:
        case Term():
            return of(query)
        case Not(part):
            return ~rewritten(part, of)
        case Weighted(part, weight):
            return weight * rewritten(part, of)
        case Threshold():
            return replace(query, part=rewritten(query.part, of))
        case AllOf() | AnyOf() | SumOf() | Fuse():
            return replace(query, parts=tuple(rewritten(part, of) for part in query.parts))
    return query
