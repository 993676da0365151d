"""Saved queries, as JSON."""

from __future__ import annotations

from sqlalchemy import select

from ...values.canonical import canonical_json
from ...values.types import Json
from ..sql import bulk
from ..sql.json_object import json_of
from ..sql.schema import queries
from .access import Reader, Writer
from .named_values import delete_named, put_named, require_name, row_named

__all__ = ["QueryReader", "QueryWriter"]


class QueryReader(Reader):
    """What can be read about saved queries."""

    def get(self, name: str) -> Json:
        """The query saved under a name, as JSON.

        Raises
        ------
        UnknownNameError
            With the nearest names.
        """
        with self._read() as connection:
            (text,) = row_named(connection, queries, name, kind="saved query", columns=["query"])
        return json_of(text)

    def all(self) -> dict[str, Json]:
        """Every saved query as JSON, by name."""
        columns = select(queries.c.name, queries.c.query).order_by(queries.c.name)
        with self._read() as connection:
            return {name: json_of(text) for name, text in bulk.fetch(connection, columns)}


class QueryWriter(Writer):
    """What can be written about saved queries."""

    def save(self, name: str, query: Json) -> None:
        """Save a query under a name.

        Parameters
        ----------
        name : str
            Of the query; an earlier one of that name is replaced.
        query : JSON
            The query, as `toolkit.query` writes it.
        """
        before = select(queries.c.created_at).where(queries.c.name == name)
        created_at = self._connection.scalar(before) or self._transaction.now
        times = {"created_at": created_at, "modified_at": self._transaction.now}
        put_named(self._transaction, queries, name=require_name(name), query=canonical_json(query), **times)

    def delete(self, name: str) -> None:
        """Delete a saved query.

        Raises
        ------
        UnknownNameError
            With the nearest names.
        """
        delete_named(self._transaction, queries, name, kind="saved query")
