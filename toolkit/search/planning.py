"""The plan of a query: every term is checked and bound to its ranker before anything is ranked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ..plugins.interfaces import Arguments, Compound, Ranker
from ..plugins.parameters import bind
from ..plugins.registry import Registry
from ..query import AllOf, AnyOf, Fuse, Not, Query, SumOf, Term, Threshold, Weighted

__all__ = ["Plan", "plan_query"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A query with every term bound to its ranker.

    Parameters
    ----------
    query : Query
        The query, with each compound term expanded.
    bound : mapping of Term to (Ranker, Arguments)
        The ranker and the arguments of each distinct term.
    """

    query: Query
    bound: Mapping[Term, tuple[Ranker, Arguments]]


def plan_query(query: Query, registry: Registry) -> Plan:
    """The plan of a query.

    Parameters
    ----------
    query : Query
        The query.
    registry : Registry
        The plugins.

    Raises
    ------
    UnknownNameError
        No ranker goes by a name.
    QueryError
        A parameter is wrong.
    """
    query = _rewrite(query, lambda term: _expanded(term, registry))
    return Plan(query, {term: _bound(term, registry) for term in query.terms()})


def _bound(term: Term, registry: Registry) -> tuple[Ranker, Arguments]:
    ranker = registry.ranker(term.ranker)
    values = bind(ranker.parameters, term.subject, dict(term.options), ranker=ranker.name)
    return ranker, Arguments(ranker.name, values)


def _expanded(term: Term, registry: Registry) -> Query:
    ranker = registry.ranker(term.ranker)
    if not isinstance(ranker, Compound):
        return term
    query = ranker.expand(_bound(term, registry)[1])
    # With a weight a group keeps to itself: `concept("a", "b") & c` is two parts, not three.
    return term if query is None else 1 * query


def _rewrite(query: Query, of: Callable[[Term], Query]) -> Query:
    match query:
        case Term():
            return of(query)
        case Not(part):
            return ~_rewrite(part, of)
        case Weighted(part, weight):
            return weight * _rewrite(part, of)
        case Threshold():
            return replace(query, part=_rewrite(query.part, of))
        case AllOf() | AnyOf() | SumOf() | Fuse():
            return replace(query, parts=tuple(_rewrite(part, of) for part in query.parts))
    return query
