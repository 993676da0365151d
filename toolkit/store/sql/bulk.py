"""Many rows at once, past SQLAlchemy's rows.

SQLAlchemy builds the statements, so they stay portable; but wrapping a million rows in its own objects takes
70 times as long as the driver takes to read them, and writing dicts four times as long as writing tuples.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import KW_ONLY, dataclass, field
from itertools import islice
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Insert, Select, Table, Update, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Delete

from . import copying
from .dialect import cursor_over, listed, one_of

__all__ = ["Prepared", "fetch", "fetch_in", "write", "write_in"]

Row = tuple[Any, ...]


def fetch(
    connection: Connection, select: Select[Any], parameters: Mapping[str, object] | None = None
) -> list[Row]:
    """All rows, as the plain tuples of the driver.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    select : Select
        What to read.
    parameters : mapping, optional
        Values of the parameters that it names.
    """
    with closing(connection.execute(select, parameters)) as result:
        return list(result.cursor.fetchall())


def fetch_in(
    connection: Connection, select: Select[Any], column: ColumnElement[Any], values: Iterable[object]
) -> list[Row]:
    """All rows whose column has one of the values, in no order.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    select : Select
        What to read.
    column : Column
        The column to look in.
    values : iterable
        Any number of values.
    """
    values = list(values)
    if not values:
        return []
    return fetch(connection, select.where(one_of(connection, column)), listed(connection, values))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A select that is compiled once: for what every search reads.

    Building one of five tables, and finding it in SQLAlchemy's cache, takes longer than reading 20 rows.

    Parameters
    ----------
    select : Select
        Its parameters, if it has any, are given anew each time.
    among : ColumnElement or None
        The column whose values choose the rows.
    """

    select: Select[Any]
    _: KW_ONLY
    among: ColumnElement[Any] | None = None
    _compiled: dict[str, SQLCompiler] = field(default_factory=dict, init=False, repr=False)

    def rows(self, connection: Connection, values: Iterable[object] = (), **parameters: object) -> list[Row]:
        """All rows, or those whose column has one of the values; as plain tuples, in the order of the select.

        Parameters
        ----------
        connection : Connection
            Inside a transaction.
        values : iterable
            Values of the column named by `among`; left out where none was.
        **parameters : object
            Values of the parameters that the select names.
        """
        if self.among is None:
            return _on_cursor(connection, *self._bound(connection, parameters))
        values = list(values)
        if not values:
            return []
        return _on_cursor(connection, *self._bound(connection, {**listed(connection, values), **parameters}))

    def batches(
        self, connection: Connection, *, size: int, is_long: bool = False, **parameters: object
    ) -> Iterator[list[Row]]:
        """All rows, some at a time, as plain tuples in the order of the select.

        Parameters
        ----------
        connection : Connection
            Inside a transaction, to the last of them.
        size : int
            The most rows at a time.
        is_long : bool
            Whether there may be more than memory should hold: they are then fetched as they are asked for.
        **parameters : object
            Values of the parameters that the select names.

        Raises
        ------
        DBAPIError
            What the database says is wrong.
        """
        statement, bound = self._bound(connection, parameters)
        driver_errors = connection.dialect.loaded_dbapi.Error
        with closing(cursor_over(connection, is_long=is_long)) as cursor:
            try:
                cursor.execute(statement, bound)
                rows = iter(cast("Iterable[Row]", cursor))
                while some := list(islice(rows, size)):
                    yield some
            except driver_errors as error:
                raise DBAPIError.instance(statement, None, error, driver_errors) from error

    def _bound(
        self, connection: Connection, given: Mapping[str, object]
    ) -> tuple[str, Mapping[str, Any] | Sequence[Any]]:
        """The statement, and its parameters as the driver takes them."""
        compiled = self._compiled.get(connection.dialect.name) or self._compile(connection)
        values = compiled.construct_params(given)
        order = compiled.positiontup  # None where a database takes parameters by name
        return compiled.string, values if order is None else tuple(map(values.__getitem__, order))

    def _compile(self, connection: Connection) -> SQLCompiler:
        chosen = self.select if self.among is None else self.select.where(one_of(connection, self.among))
        compiled = chosen.compile(dialect=connection.dialect)
        self._compiled[connection.dialect.name] = compiled
        return compiled


def _on_cursor(
    connection: Connection, statement: str, parameters: Mapping[str, Any] | Sequence[Any]
) -> list[Row]:
    """All rows, by the driver's own cursor: SQLAlchemy's way around it takes as long as the database."""
    driver_errors = connection.dialect.loaded_dbapi.Error
    with closing(connection.connection.cursor()) as cursor:
        try:
            cursor.execute(statement, parameters)
            return list(cursor.fetchall())
        except driver_errors as error:
            raise DBAPIError.instance(statement, None, error, driver_errors) from error


def write(
    connection: Connection, into: Table | Insert, columns: Sequence[str], rows: Collection[Sequence[object]]
) -> None:
    """Insert rows.

    Parameters
    ----------
    connection : Connection
        Inside a transaction that writes.
    into : Table or Insert
        Where they go.
    columns : sequence of str
        Names of columns.
    rows : collection of sequence
        The values of each row, in the order of the columns.
    """
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        statement = insert(into) if isinstance(into, Table) else into
        compiled = statement.compile(dialect=connection.dialect, column_keys=list(columns))
        connection.exec_driver_sql(str(compiled), list(map(tuple, rows)))
    elif isinstance(into, Table):
        copying.copy(connection, into, columns, rows)
    else:
        copying.merge(connection, into, columns, rows)


def write_in(
    connection: Connection, change: Update | Delete, column: ColumnElement[Any], values: Iterable[object]
) -> int:
    """How many rows an update or deletion changed, of those whose column has one of the values.

    Parameters
    ----------
    connection : Connection
        Inside a transaction that writes.
    change : Update or Delete
        What to do to the rows.
    column : Column
        The column to look in.
    values : iterable
        Any number of values.
    """
    values = list(values)
    if not values:
        return 0
    chosen = change.where(one_of(connection, column))
    return connection.execute(chosen, listed(connection, values)).rowcount
