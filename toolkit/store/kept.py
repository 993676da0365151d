"""Values kept by name: saved queries, trained models, and properties of the collection itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Connection, Table, delete, select

from ..errors import QueryError, UnknownNameError
from ..values.canonical import canonical_json
from ..values.types import Json
from . import bulk
from .chapter import Reader, Writer
from .dialect import upsert
from .keys import neighbors
from .schema import models, properties, queries

__all__ = ["KeptReader", "KeptWriter", "StoredModel"]


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A trained model.

    Parameters
    ----------
    name : str
        What it is of, such as a concept id.
    version : int
        How many times it was saved.
    state : Json
        All that makes it again; numbers, never code.
    created_at : float
        When it was last saved, seconds since 1970, UTC.
    """

    name: str
    version: int
    state: Json
    created_at: float


class KeptReader(Reader):
    """What can be read by name."""

    def get_property(self, name: str, *, default: Json | None = None) -> Json:
        """The value of a property, else the default."""
        with self.read() as connection:
            text = connection.scalar(select(properties.c.value).where(properties.c.name == name))
        return default if text is None else cast(Json, json.loads(text))

    def saved_query(self, name: str) -> Json:
        """The query saved under a name, as JSON.

        Raises
        ------
        UnknownNameError
            With the nearest names.
        """
        with self.read() as connection:
            (text,) = _named(connection, queries, name, kind="saved query", columns=["query"])
        return cast(Json, json.loads(text))

    def saved_queries(self) -> dict[str, Json]:
        """Every saved query as JSON, by name."""
        columns = select(queries.c.name, queries.c.query).order_by(queries.c.name)
        with self.read() as connection:
            return {name: json.loads(text) for name, text in bulk.fetch(connection, columns)}

    def model(self, name: str) -> StoredModel:
        """The model saved under a name.

        Raises
        ------
        UnknownNameError
            With the nearest names.
        """
        with self.read() as connection:
            row = _named(connection, models, name, kind="model", columns=models.c.keys())
        return _model(row)

    def models(self) -> list[StoredModel]:
        """Every saved model, in the order of their names."""
        with self.read() as connection:
            return [_model(row) for row in bulk.fetch(connection, select(models).order_by(models.c.name))]


class KeptWriter(Writer):
    """What can be written by name."""

    def set_property(self, name: str, value: Json) -> None:
        """Keep a value as a property of the collection."""
        text = canonical_json(value)
        before = self.connection.scalar(select(properties.c.value).where(properties.c.name == name))
        if text != before:
            self._keep(properties, name=name, value=text)

    def save_query(self, name: str, query: Json) -> None:
        """Save a query under a name, in place of an earlier one."""
        before = select(queries.c.created_at).where(queries.c.name == name)
        created_at = self.connection.scalar(before) or self.now
        times = {"created_at": created_at, "modified_at": self.now}
        self._keep(queries, name=_spoken(name), query=canonical_json(query), **times)

    def save_model(self, name: str, state: Json) -> int:
        """The version a model has now that it is saved, in place of an earlier one."""
        before = select(models.c.version).where(models.c.name == name)
        version = (self.connection.scalar(before) or 0) + 1
        self._keep(
            models, name=_spoken(name), version=version, state=canonical_json(state), created_at=self.now
        )
        return version

    def delete_query(self, name: str) -> None:
        """Forget a saved query.

        Raises
        ------
        UnknownNameError
            With the nearest names.
        """
        self._forget(queries, name, kind="saved query")

    def delete_model(self, name: str) -> None:
        """Forget a model; what it said stays.

        Raises
        ------
        UnknownNameError
            With the nearest names.
        """
        self._forget(models, name, kind="model")

    def _keep(self, table: Table, **values: object) -> None:
        into = upsert(self.connection, table, update=[column for column in values if column != "name"])
        bulk.write(self.connection, into, list(values), [tuple(values.values())])
        self._advance()

    def _forget(self, table: Table, name: str, *, kind: str) -> None:
        _named(self.connection, table, name, kind=kind, columns=["name"])
        self.connection.execute(delete(table).where(table.c.name == name))
        self._advance()


def _named(connection: Connection, table: Table, name: str, *, kind: str, columns: list[str]) -> bulk.Row:
    row = connection.execute(
        select(*(table.c[column] for column in columns)).where(table.c.name == name)
    ).first()
    if row is None:
        raise UnknownNameError(kind, name, neighbors(connection, table.c.name, name))
    return tuple(row)


def _model(row: bulk.Row) -> StoredModel:
    name, version, state, created_at = row
    return StoredModel(name, version, json.loads(state), created_at)


def _spoken(name: str) -> str:
    if not name.strip():
        raise QueryError("what is saved needs a name; give one that is not blank")
    return name
