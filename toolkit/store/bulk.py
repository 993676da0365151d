"""Many rows at once, past SQLAlchemy's rows.

SQLAlchemy builds the statements, so they stay portable; but wrapping a million rows in its own objects takes
70 times as long as the driver takes to read them, and writing dicts four times as long as writing tuples.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Insert, Select, Table, Update, insert
from sqlalchemy.sql.dml import Delete

from .dialect import listed, one_of

__all__ = ["Lookup", "fetch", "fetch_in", "write", "write_in"]

Row = tuple[Any, ...]


def fetch(
    connection: Connection, select: Select[Any], parameters: Mapping[str, object] | None = None
) -> list[Row]:
    """All rows, as the plain tuples of the driver."""
    with closing(connection.execute(select, parameters)) as result:
        return list(result.cursor.fetchall())


def fetch_in(
    connection: Connection, select: Select[Any], column: ColumnElement[Any], values: Iterable[object]
) -> list[Row]:
    """All rows whose column has one of the values, in no order."""
    return fetch(connection, select.where(one_of(connection, column)), listed(connection, values))


@dataclass(frozen=True, slots=True)
class Lookup:
    """What `fetch_in` fetches, compiled once: for what every search reads.

    Building a select of five tables and finding it in SQLAlchemy's cache takes longer than reading 20 rows.

    Parameters
    ----------
    select : Select
        Without parameters of its own.
    column : ColumnElement
        Whose values choose the rows.
    """

    select: Select[Any]
    column: ColumnElement[Any]
    _: KW_ONLY
    _texts: dict[str, str] = field(default_factory=dict, init=False)

    def rows(self, connection: Connection, values: Iterable[object]) -> list[Row]:
        """All rows whose column has one of the values, in no order."""
        dialect, parameters = connection.dialect, listed(connection, values)
        text = self._texts.get(dialect.name)
        if text is None:
            chosen = self.select.where(one_of(connection, self.column)).compile(dialect=dialect)
            text = self._texts[dialect.name] = str(chosen)
        given = tuple(parameters.values()) if dialect.positional else parameters
        with closing(connection.exec_driver_sql(text, given)) as result:
            return list(result.cursor.fetchall())


def write(
    connection: Connection, into: Table | Insert, columns: Sequence[str], rows: Collection[Sequence[object]]
) -> None:
    """Insert rows given as tuples in the order of the columns."""
    if not rows:
        return
    statement = insert(into) if isinstance(into, Table) else into
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(columns))
    if compiled.positional:
        connection.exec_driver_sql(str(compiled), [tuple(row) for row in rows])
    else:
        connection.exec_driver_sql(str(compiled), [dict(zip(columns, row, strict=True)) for row in rows])


def write_in(
    connection: Connection, change: Update | Delete, column: ColumnElement[Any], values: Iterable[object]
) -> int:
    """How many rows an update or deletion changed, of those whose column has one of the values."""
    chosen = change.where(one_of(connection, column))
    return connection.execute(chosen, listed(connection, values)).rowcount
