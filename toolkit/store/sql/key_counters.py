"""The counters that keys come from: a key is never given twice, though what had it may be gone."""

from __future__ import annotations

from sqlalchemy import Connection, Table, func, select, text

__all__ = ["counted_tables", "last_key", "set_last_key"]


def counted_tables(tables: list[Table]) -> list[Table]:
    """Those of some tables whose keys are counted by the database."""
    return [table for table in tables if _counter(table) is not None]


def last_key(connection: Connection, table: Table) -> int:
    """The highest key that was ever given in a table; 0 if none was.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    table : Table
        One with a counter.
    """
    key = table.c[str(_counter(table))]
    there = connection.scalar(select(func.max(key))) or 0
    if connection.dialect.name == "sqlite":
        given = connection.scalar(
            text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}
        )
        return max(there, given or 0)
    sequence = connection.scalar(_SEQUENCE, {"table": table.name, "key": key.name})
    last, is_called = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608
    return max(there, last if is_called else 0)


def set_last_key(connection: Connection, table: Table, key: int) -> None:
    """Have the next key of a table be one more than a number.

    Parameters
    ----------
    connection : Connection
        Inside a transaction that writes.
    table : Table
        One with a counter.
    key : int
        The number, at least the highest key that is there.
    """
    if not key:
        return
    if connection.dialect.name == "postgresql":
        named = {"table": table.name, "key": str(_counter(table)), "last": key}
        connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, :key), :last)"), named)
    elif table.dialect_options["sqlite"]["autoincrement"]:  # others go on from the highest that is there
        given = {"name": table.name, "last": key}
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), given)
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), given)


_SEQUENCE = text("SELECT pg_get_serial_sequence(:table, :key)")


def _counter(table: Table) -> str | None:
    """The name of the column that is counted; None if there is none."""
    column = table.autoincrement_column
    return None if column is None or column.foreign_keys else column.name
