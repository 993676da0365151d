"""Which choices a query leaves open, and the query that is left once they are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..errors import QueryError
from .choices import Chosen
from .frozen import Value, freeze, literal
from .fused import Fuse
from .nodes import AllOf, AnyOf, Query, SumOf
from .reranked import Rerank
from .rewriting import with_parts
from .term import Term

__all__ = ["choices", "resolved"]


def choices(query: Query) -> dict[str, tuple[Value, ...]]:
    """The choices that a query leaves open, by name.

    Raises
    ------
    QueryError
        Two of one name are between different values.
    """
    found: dict[str, tuple[Value, ...]] = {}
    for node in query.walk():
        if isinstance(node, Chosen) and found.setdefault(node.name, node.values) != node.values:
            raise QueryError(f"choice {node.name!r} is between different values in two places")
    return found


def resolved(query: Query, picks: Mapping[str, object]) -> Query:
    """The query with its choices made.

    Parameters
    ----------
    query : Query
        With choices or without.
    picks : mapping of str to object
        The value of each choice.

    Raises
    ------
    QueryError
        A choice is not made, or not of one of its values, or nothing is left of the query.
    """
    open_ = choices(query)
    for name, values in open_.items():
        if name not in picks or freeze(picks[name]) not in values:
            raise QueryError(f"choice {name!r} is one of {', '.join(map(literal, values))}: give {name}=...")
    left = _resolved(query, {name: freeze(picks[name]) for name in open_})
    if left is None:
        raise QueryError(f"with {dict(picks)!r} nothing is left of the query")
    return left


def _resolved(query: Query, picks: Mapping[str, Value]) -> Query | None:
    match query:
        case Chosen(name, values, queries):
            chosen = queries[values.index(picks[name])]
            return None if chosen is None else _resolved(chosen, picks)
        case Term():
            return query
        case AllOf() | AnyOf() | SumOf():
            parts = list(_present(query.parts, picks))
            return type(query)(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)
        case Fuse():
            parts = list(_present(query.parts, picks))
            return with_parts(query, parts) if parts else None
        case Rerank():
            parts = list(_present(query.children, picks))
            return with_parts(query, parts) if len(parts) == 2 else next(iter(parts), None)
    part = next(iter(_present(query.children, picks)), None)
    return None if part is None else with_parts(query, [part])


def _present(parts: Sequence[Query], picks: Mapping[str, Value]) -> Iterator[Query]:
    return (made for part in parts if (made := _resolved(part, picks)) is not None)
