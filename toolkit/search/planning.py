"""What a query asks of whom, settled before anything is ranked: a mistake in its last term costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import QueryError
from ..plugins.interfaces import Arguments, Compound, Ranker
from ..plugins.parameters import bind
from ..plugins.registry import Registry
from ..query import Query, Term
from ..query.rewriting import rewritten

__all__ = ["Plan", "planned"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A query whose terms are all understood.

    Parameters
    ----------
    query : Query
        As asked, with each term that stands for several written out.
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
        A parameter is wrong, or a slot is empty.
    """
    _refuse_slots(query)
    query = rewritten(query, lambda term: _written_out(term, registry))
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


def _refuse_slots(query: Query) -> None:
    if query.slots:
        empty = query.slots[0]
        raise QueryError(
            f"topic.{empty} is empty: give it a value with query.fill({empty}=...), "
            "or topics with photos.compare(...)"
        )
