"""Queries from expressions, text and JSON."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import QueryError
from ..grammar import parse
from ..query import Query, from_dict
from ..resources import Resources
from ..values.types import Json

__all__ = ["read_query"]


def read_query(query: Query | str | Mapping[str, Json], resources: Resources) -> Query:
    """The query of an expression, of a line of text as on the command line, or of JSON.

    Parameters
    ----------
    query : Query or str or mapping of str to JSON value
        An expression, a line of text, or a JSON object.
    resources : Resources
        The open collection.

    Raises
    ------
    QueryError
        It is none of these, or cannot be read.
    """
    if isinstance(query, Query):
        return query
    if isinstance(query, str):
        rankers = {name: one.parameters for name, one in resources.registry.rankers.items()}
        return parse(query, rankers=rankers)
    if isinstance(query, Mapping):
        return from_dict(query)
    raise QueryError(f"a query is an expression such as concept('dog'), text, or JSON; not {query!r:.80}")
