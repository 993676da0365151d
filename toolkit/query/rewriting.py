"""A query with some of its parts replaced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import is_

from .choices import Chosen
from .fused import Fuse
from .nodes import AllOf, AnyOf, Not, Query, SumOf, Term, Threshold, Weighted

__all__ = ["rewritten", "with_parts"]


def rewritten(query: Query, of: Callable[[Term], Query]) -> Query:
    """The query with something in the place of each term; the query itself if that is the term every time.

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
    if isinstance(query, Term):
        return of(query)
    before = query.children
    parts = [rewritten(part, of) for part in before]
    return query if all(map(is_, parts, before)) else with_parts(query, parts)


def with_parts(query: Query, parts: Sequence[Query]) -> Query:
    """The same operator over other parts, as many as there were.

    Parameters
    ----------
    query : Query
        Gives the operator.
    parts : sequence of Query
        One for each of its children.
    """
    match query:
        case Not():
            return ~parts[0]
        case Weighted():
            return query.weight * parts[0]
        case Threshold():
            return replace(query, part=parts[0])
        case AllOf() | AnyOf() | SumOf() | Fuse():
            return replace(query, parts=tuple(parts))
        case Chosen():
            given = iter(parts)
            return replace(
                query, queries=tuple(None if one is None else next(given) for one in query.queries)
            )
    return query
