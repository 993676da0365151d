"""What a query asks of whom, settled before anything is ranked: a mistake in its last term costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ..plugins.interfaces import Arguments, Compound, Ranker
from ..plugins.parameters import bind
from ..plugins.registry import Registry
from ..query import AllOf, AnyOf, Fuse, Not, Query, SumOf, Term, Threshold, Weighted, normal

__all__ = ["Plan", "planned"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A query whose terms are all understood.

    Parameters
    ----------
    query : Query
        As asked, with each term that stands for several written out, and with negation at the leaves.
    asked : mapping of Term to (Ranker, Arguments)
        Who scores each of its terms, equal ones once, and what they are told.
    """

    query: Query
    asked: Mapping[Term, tuple[Ranker, Arguments]]


def planned(query: Query, registry: Registry) -> Plan:
    """The plan of a query.

    Raises
    ------
    UnknownNameError
        No ranker goes by a name.
    QueryError
        A parameter is wrong.
    """
    query = normal(_rewritten(query, lambda term: _written_out(term, registry)))
    return Plan(query, {term: _asked(term, registry) for term in query.terms()})


def _asked(term: Term, registry: Registry) -> tuple[Ranker, Arguments]:
    ranker = registry.ranker(term.ranker)
    values = bind(ranker.parameters, term.subject, dict(term.options), ranker=ranker.name)
    return ranker, Arguments(ranker.name, values)


def _written_out(term: Term, registry: Registry) -> Query:
    ranker = registry.ranker(term.ranker)
    if not isinstance(ranker, Compound):
        return term
    query = ranker.written_out(_asked(term, registry)[1])
    # With a weight a group keeps to itself: `concept("a", "b") & c` is two parts, not three.
    return term if query is None else 1 * query


def _rewritten(query: Query, of: Callable[[Term], Query]) -> Query:
    match query:
        case Term():
            return of(query)
        case Not(part):
            return ~_rewritten(part, of)
        case Weighted(part, weight):
            return weight * _rewritten(part, of)
        case Threshold():
            return replace(query, part=_rewritten(query.part, of))
        case AllOf() | AnyOf() | SumOf() | Fuse():
            return replace(query, parts=tuple(_rewritten(part, of) for part in query.parts))
    return query
