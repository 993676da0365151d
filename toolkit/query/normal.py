"""A query with its negations at the leaves: the form that is scored, weighed and explained."""

from __future__ import annotations

from dataclasses import replace
from operator import is_

from .fused import Fuse
from .nodes import AllOf, AnyOf, Not, Query, SumOf, Threshold, Weighted
from .reranked import Rerank
from .term import Term

__all__ = ["normal"]


def normal(query: Query) -> Query:
    """The same query in which ``~`` stands only before terms, sums, fusions, comparisons and what is ranked again.

    By De Morgan ``~(a | b)`` is ``~a & ~b``. What comes out is flattened as a query written that way would be:
    ``dog & ~(cat | bird)`` is three parts, as ``dog & ~cat & ~bird`` is. A group with a weight keeps to itself.

    Parameters
    ----------
    query : Query
        Any.

    Examples
    --------
    >>> from toolkit.query import Term
    >>> dog, cat, bird = Term("dog"), Term("cat"), Term("bird")
    >>> normal(dog & ~(cat | bird))
    dog() & ~cat() & ~bird()
    >>> normal(dog & ~(2 * (cat | ~bird)))
    dog() & (~cat() & bird()) ** 2
    """
    return _normal(query, negated=False)


def _normal(query: Query, *, negated: bool) -> Query:
    match query:
        case Term():
            return ~query if negated else query
        case Not(Term()) if not negated:
            return query
        case Not(part):
            return _normal(part, negated=not negated)
        case Weighted(part, weight):
            inner = _normal(part, negated=negated)
            return query if inner is part else Weighted(inner, weight)
        case AllOf(parts) | AnyOf(parts):
            group = AllOf if isinstance(query, AllOf) != negated else AnyOf
            made = [_normal(part, negated=negated) for part in parts]
            return query if not negated and all(map(is_, made, parts)) else group(tuple(made))
        case SumOf(parts) | Fuse(parts):
            inside: Query = replace(query, parts=tuple([_normal(part, negated=False) for part in parts]))
        case Rerank(first, second):
            inside = Rerank(_normal(first, negated=False), _normal(second, negated=False), query.k)
        case Threshold(part):
            inside = replace(query, part=_normal(part, negated=False))
        case _:
            inside = query
    return ~inside if negated else inside
