"""A query as rows of ranks, and rows as a query. Nothing is lost on the way.

The top of a query is one join of rows. A row holds what is left once weight and contrary are taken off: a term,
or, where a query is nested, an expression that is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from ..errors import QueryError
from ..query import Not, Query, Weighted, from_dict
from ..values.types import Json
from .joins import Join, join_of, joined

__all__ = ["Join", "Row", "query_of_rows", "row_from_dict", "row_of", "rows_of"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a query.

    Parameters
    ----------
    query : Query
        A term; or anything else that is neither weighted nor a contrary.
    weight : float or None
        What it counts; None where no weight was written, which counts 1.
    negated : bool
        Whether the query asks for its contrary.
    on : bool
        Whether it takes part.
    """

    query: Query
    weight: float | None = None
    negated: bool = False
    on: bool = True

    def to_dict(self) -> dict[str, Json]:
        """A JSON object that `row_from_dict` reads back."""
        return {
            "query": self.query.to_dict(),
            "weight": self.weight,
            "negated": self.negated,
            "on": self.on,
        }

    def to_query(self) -> Query:
        """With its weight and its contrary."""
        query = ~self.query if self.negated else self.query
        return query if self.weight is None else Weighted(query, self.weight)


def row_from_dict(value: object) -> Row:
    """The row a JSON object describes.

    Raises
    ------
    QueryError
        Anything missing, unknown or of the wrong type.
    """
    if not isinstance(value, Mapping) or not {"query"} <= set(value) <= set(Row.__slots__):
        raise QueryError(f"a row has {', '.join(Row.__slots__)}; not {str(value)[:80]}")
    weight, negated, on = value.get("weight"), value.get("negated", False), value.get("on", True)
    if not isinstance(negated, bool) or not isinstance(on, bool):
        raise QueryError("a row's negated and on are true or false")
    row = row_of(from_dict(value["query"]))
    if row.weight is not None or row.negated:
        raise QueryError("a row's weight and contrary stand beside its query, not in it")
    if weight is not None:
        Weighted(row.query, cast("float", weight))  # refuses what is no weight
        weight = float(cast("float", weight))
    return Row(row.query, weight, negated, on)


def rows_of(query: Query) -> tuple[Join, tuple[Row, ...]]:
    """How a query's rows are joined, and the rows; one row where nothing is joined."""
    join, parts = join_of(query)
    return join, tuple(map(row_of, parts))


def row_of(query: Query, *, negated: bool = False) -> Row:
    """A whole query as one row, however it is joined inside; `negated` asks for its contrary.

    Parameters
    ----------
    query : Query
        What the row ranks by.
    negated : bool
        Whether to rank by its contrary.
    """
    query = ~query if negated else query
    weight = query.weight if isinstance(query, Weighted) else None
    part = query.part if isinstance(query, Weighted) else query
    return Row(part.part if isinstance(part, Not) else part, weight, isinstance(part, Not))


def query_of_rows(rows: Sequence[Row], join: Join) -> Query | None:
    """The query of those rows that are on; None if there is none.

    Parameters
    ----------
    rows : sequence of Row
        From top to bottom.
    join : str or mapping
        How they are joined: ``"all"``, ``"any"``, ``"sum"``, ``{"fuse": ...}`` or ``{"then": k}``.

    Raises
    ------
    QueryError
        A join there is not.

    Examples
    --------
    >>> from toolkit.query import Term
    >>> rows = [Row(Term("concept", "dog")), Row(Term("concept", "cat"), 2.0, negated=True)]
    >>> query_of_rows(rows, "all")
    concept('dog') & (~concept('cat')) ** 2
    """
    return joined(join, [row.to_query() for row in rows if row.on])
