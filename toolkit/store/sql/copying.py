"""Many rows into PostgreSQL in one message each way: COPY, and where rows may be there already, arrays.

A row at a time, even without waiting for answers between them, costs the server a parse and a plan each: 256 vectors
took 15 ms so, 1.5 by COPY and 3 as arrays; a temporary table to COPY into first took 4, and leaves its traces in the
server's own tables.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import ARRAY, Connection, Insert, Table, func, literal, select
from sqlalchemy import cast as as_type

if TYPE_CHECKING:
    from psycopg import Cursor

__all__ = ["copy", "merge"]

Rows = Collection[Sequence[object]]
_AS_THE_SERVER = {"FLOAT": "float8"}  # types whose name in SQL is not the one in its own tables


def copy(connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
    """Add rows that are not there yet.

    Parameters
    ----------
    connection : Connection
        Inside a transaction that writes.
    table : Table
        Where they go.
    columns : sequence of str
        Names of columns.
    rows : collection of sequence
        The values of each row, in the order of the columns.
    """
    quoted = connection.dialect.identifier_preparer.quote
    names = ", ".join(map(quoted, columns))
    types = [str(table.c[name].type.compile(connection.dialect)) for name in columns]
    driver = cast("Cursor[Any]", connection.connection.cursor())  # SQLAlchemy knows no COPY
    with (
        closing(driver) as cursor,
        cursor.copy(f"COPY {quoted(table.name)} ({names}) FROM STDIN (FORMAT BINARY)".encode()) as copying,
    ):
        copying.set_types([_AS_THE_SERVER.get(name, name.lower()) for name in types])
        for row in rows:
            copying.write_row(row)


def merge(connection: Connection, into: Insert, columns: Sequence[str], rows: Rows) -> None:
    """Add rows, some of which may be there; of those that come twice, the last one counts.

    Parameters
    ----------
    connection : Connection
        Inside a transaction that writes.
    into : Insert
        Where they go, and what becomes of a row that is there.
    columns : sequence of str
        Names of columns.
    rows : collection of sequence
        The values of each row, in the order of the columns.
    """
    table: Any = into.table
    key = [columns.index(column.name) for column in table.primary_key]
    once = {tuple(row[at] for at in key): row for row in rows}.values()
    arrays = [
        as_type(literal(list(values), ARRAY(table.c[name].type)), ARRAY(table.c[name].type))
        for name, values in zip(columns, zip(*once, strict=True), strict=True)
    ]
    given = func.unnest(*arrays).table_valued(*columns).render_derived()
    connection.execute(into.from_select(columns, select(*(given.c[name] for name in columns))))
