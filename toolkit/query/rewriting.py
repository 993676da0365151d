"""A query with something else in the place of some of its parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import is_

from .choices import Chosen
from .fused import Fuse
from .nodes import AllOf, AnyOf, Not, Query, SumOf, Threshold, Weighted
from .reranked import Rerank, rerank

__all__ = ["rewrite", "with_parts"]


def rewrite(query: Query, of: Callable[[Query], Query]) -> Query:
    """The query with what a function gives in the place of each part, from the terms up.

    Parameters
    ----------
    query : Query
        Any; itself if nothing in it changes.
    of : callable
        From a part, whose own parts are rewritten already, to what stands in its place.

    Examples
    --------
    >>> from toolkit.query import Term
    >>> dog, cat, hound = Term("dog"), Term("cat"), Term("hound")
    >>> rewrite(dog & ~cat ** 2, lambda part: hound if part == dog else part)
    hound() & (~cat()) ** 2
    """
    before = query.children
    parts = [rewrite(part, of) for part in before]
    return of(query if all(map(is_, parts, before)) else with_parts(query, parts))


def with_parts(query: Query, parts: Sequence[Query]) -> Query:  # noqa: PLR0911  # one per node
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
        case Rerank():
            return rerank(*parts, k=query.k)
        case Chosen():
            given = iter(parts)
            return replace(
                query, queries=tuple(None if one is None else next(given) for one in query.queries)
            )
    return query
