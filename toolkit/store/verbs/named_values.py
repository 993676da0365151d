"""Values stored by name: what saved queries, trained models and properties have in common."""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, select

from ...errors import QueryError, UnknownNameError
from ..sql import bulk
from ..sql.dialect import upsert
from ..sql.keys import neighbors
from .access import Transaction

__all__ = ["delete_named", "put_named", "require_name", "row_named"]


def row_named(connection: Connection, table: Table, name: str, *, kind: str, columns: list[str]) -> bulk.Row:
    """Some columns of the row of that name, in the order given.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    table : Table
        One that has names.
    name : str
        The name of the row.
    kind : str
        What it names, for the error.
    columns : list of str
        Names of columns.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    row = connection.execute(
        select(*(table.c[column] for column in columns)).where(table.c.name == name)
    ).first()
    if row is None:
        raise UnknownNameError(kind, name, neighbors(connection, table.c.name, name))
    return tuple(row)


def put_named(transaction: Transaction, table: Table, **values: object) -> None:
    """Store a row under its name, in place of an earlier one.

    Parameters
    ----------
    transaction : Transaction
        In which to write.
    table : Table
        One that has names.
    **values : object
        A value for each column, ``name`` among them.
    """
    into = upsert(transaction.connection, table, update=[column for column in values if column != "name"])
    bulk.write(transaction.connection, into, list(values), [tuple(values.values())])
    transaction.advance()


def delete_named(transaction: Transaction, table: Table, name: str, *, kind: str) -> None:
    """Delete the row of that name.

    Parameters
    ----------
    transaction : Transaction
        In which to write.
    table : Table
        One that has names.
    name : str
        The name of the row.
    kind : str
        What it names, for the error.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    row_named(transaction.connection, table, name, kind=kind, columns=["name"])
    transaction.connection.execute(delete(table).where(table.c.name == name))
    transaction.advance()


def require_name(name: str) -> str:
    """The name, if it is not blank.

    Raises
    ------
    QueryError
        If it is blank.
    """
    if not name.strip():
        raise QueryError("what is saved needs a name; give one that is not blank")
    return name
