"""The plan of a query: every term is checked and bound to its ranker before anything is ranked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import QueryError
from ..plugins.interfaces import Arguments, Compound, Ranker
from ..plugins.parameters import bind
from ..plugins.registry import Registry
from ..query import Query, Term, normal, rewrite
from ..remedies import Remedy

__all__ = ["Plan", "bind_term", "plan_query"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A query with every term bound to its ranker.

    Parameters
    ----------
    query : Query
        The query, with each compound term expanded, in its normal form.
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
        No ranker has a name that is used.
    QueryError
        A parameter is wrong, a slot is empty, or a choice is open.
    """
    _refuse_open(query)
    asked: dict[Term, tuple[Ranker, Arguments]] = {}

    def bound(term: Term) -> tuple[Ranker, Arguments]:
        if term not in asked:
            asked[term] = bind_term(term, registry)
        return asked[term]

    query = rewrite(query, lambda part: _expanded(part, *bound(part)) if isinstance(part, Term) else part)
    query = normal(query)
    return Plan(query, {term: bound(term) for term in query.terms()})


def bind_term(term: Term, registry: Registry) -> tuple[Ranker, Arguments]:
    """The ranker of a term, and the term with a value for every parameter.

    Parameters
    ----------
    term : Term
        The term.
    registry : Registry
        The plugins.

    Raises
    ------
    UnknownNameError
        No ranker has its name.
    QueryError
        A parameter is wrong.
    """
    ranker = registry.ranker(term.ranker)
    values = bind(ranker.parameters, term.subject, dict(term.options), ranker=ranker.name)
    return ranker, Arguments(ranker.name, values)


def _expanded(term: Term, ranker: Ranker, arguments: Arguments) -> Query:
    query = ranker.expand(arguments) if isinstance(ranker, Compound) else None
    # With a weight a group keeps to itself: `concept("a", "b") & c` is two parts, not three.
    return term if query is None else 1 * query


def _refuse_open(query: Query) -> None:
    if query.choices:
        name = next(iter(query.choices))
        raise QueryError(
            f"choice {name!r} is open: ",
            Remedy(
                f"make it with query.with_choices({name}=...), or let photos.tune(...) decide",
                "write a value in its place",
            ),
        )
    if query.slots:
        empty = query.slots[0]
        raise QueryError(
            f"topic.{empty} is empty: ",
            Remedy(
                f"give it a value with query.fill({empty}=...), or topics with photos.compare(...)",
                "write a value in its place, or rank topics with toolkit compare RECIPE --rank COLLECTION",
            ),
        )
