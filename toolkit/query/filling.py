"""Which slots a query has, and the query that they make once a topic fills them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from ..errors import QueryError
from .frozen import FrozenMapping, Value, freeze
from .nodes import Query
from .rewriting import rewrite
from .slots import Slot
from .term import Term

__all__ = ["fill", "slots"]


def slots(query: Query) -> tuple[str, ...]:
    """The names of a query's slots, in order, each once.

    Examples
    --------
    >>> from toolkit.query import Term, topic
    >>> slots(Term("image", topic.photo) & Term("concept", topic.word))
    ('photo', 'word')
    """
    return tuple(dict.fromkeys(name for term in query.terms() for name in _names(term)))


def fill(query: Query, values: Mapping[str, object]) -> Query:
    """The query with a value in each of its slots; values that no slot asks for are left aside.

    Parameters
    ----------
    query : Query
        With slots or without.
    values : mapping of str to object
        By the name of the slot: what JSON can hold, bytes, arrays and paths.

    Raises
    ------
    QueryError
        A slot is left empty, or a value cannot be part of a query.

    Examples
    --------
    >>> from toolkit.query import Term, topic
    >>> fill(Term("image", topic.photo) & Term("concept", topic.word), {"photo": "q.jpg", "word": "dog"})
    image('q.jpg') & concept('dog')
    """
    empty = [name for name in slots(query) if values.get(name) is None]
    if empty:
        known = ", ".join(values) or "nothing"
        raise QueryError(f"no value for topic.{empty[0]}; there is {known}: query.fill({empty[0]}=...)")
    given = {name: _frozen(name, values[name]) for name in slots(query)}
    return (
        rewrite(query, lambda part: _filled(part, given) if isinstance(part, Term) else part)
        if given
        else query
    )


def _frozen(name: str, value: object) -> Value:
    return freeze(os.fspath(value) if isinstance(value, os.PathLike) else value, where=f"topic.{name}")


def _names(term: Term) -> Iterator[str]:
    yield from _named(term.subject)
    for _, value in term.options:
        yield from _named(value)


_FLOATS = {float}


def _named(value: Value) -> Iterator[str]:
    match value:
        case Slot(name):
            yield name
        case tuple() if not _FLOATS.issuperset(map(type, value)):  # of a vector there may be thousands
            for item in value:
                yield from _named(item)
        case FrozenMapping():
            for item in value.values():
                yield from _named(item)


def _filled(term: Term, given: Mapping[str, Value]) -> Term:
    options = tuple((name, _with(value, given)) for name, value in term.options)
    return Term(term.ranker, _with(term.subject, given), options)


def _with(value: Value, given: Mapping[str, Value]) -> Value:
    match value:
        case Slot(name):
            return given[name]
        case tuple():
            return tuple(_with(item, given) for item in value)
        case FrozenMapping():
            return FrozenMapping(tuple((key, _with(item, given)) for key, item in value.pairs))
        case _:
            return value
