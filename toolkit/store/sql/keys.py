"""Names become keys: the integers that tables point with."""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import cache

from sqlalchemy import Column, Connection, Table, select

from ...errors import QueryError, UnknownNameError
from . import bulk

__all__ = ["ensured", "known", "neighbors", "refuse_missing", "refuse_nul", "required"]

MOST_NEIGHBORS = 500


def refuse_nul(name: str) -> None:
    """Refuse a name that no database finds again.

    Raises
    ------
    QueryError
        It has a NUL character.
    """
    if "\x00" in name:
        raise QueryError(f"{name!r} has a NUL character, which no database keeps in a name; leave it out")


def refuse_missing(keys: Iterable[int], there: Container[int], *, kind: str) -> None:
    """Refuse keys of which one is not there.

    Parameters
    ----------
    keys : iterable of int
        What was asked for.
    there : container of int
        What was found.
    kind : {"input", "region"}
        What they are keys of, for the error.

    Raises
    ------
    UnknownNameError
        For the first that is not there.
    """
    for key in keys:
        if key not in there:
            raise UnknownNameError(kind, f"key {key}", hint="It may have been deleted.")


def known(connection: Connection, column: Column[str], names: Iterable[str]) -> dict[str, int]:
    """The keys of those names that are there.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    column : Column
        The column of the names.
    names : iterable of str
        The names to look for.
    """
    # PostgreSQL refuses even to look for a NUL; no row has one.
    return dict(_keys_of(column).rows(connection, [name for name in names if "\x00" not in name]))


def required(connection: Connection, column: Column[str], names: Iterable[str], *, kind: str) -> list[int]:
    """The key of each name, in the order given.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    column : Column
        The column of the names.
    names : iterable of str
        The names to look for.
    kind : str
        What they name, for the error.

    Raises
    ------
    UnknownNameError
        For the first name that is not there, with those spelled most like it.
    """
    names = list(names)
    keys = known(connection, column, names)
    for name in names:
        if name not in keys:
            raise UnknownNameError(kind, name, neighbors(connection, column, name))
    return [keys[name] for name in names]


def ensured(
    connection: Connection, column: Column[str], names: Iterable[str], **others: object
) -> dict[str, int]:
    """The key of each name; rows are made for those that were not there.

    Parameters
    ----------
    connection : Connection
        Inside a transaction that writes.
    column : Column
        The column of the names.
    names : iterable of str
        The names to look for.
    **others : object
        Values of other columns, for the rows that are made.

    Raises
    ------
    QueryError
        A name with a NUL character: no row would be found by it again.
    """
    names = list(dict.fromkeys(names))
    for name in names:
        refuse_nul(name)
    keys = known(connection, column, names)
    missing = [name for name in names if name not in keys]
    if missing:
        rows = [(name, *others.values()) for name in missing]
        bulk.write(connection, _table(column), [column.name, *others], rows)
        keys |= known(connection, column, missing)
    return keys


def neighbors(connection: Connection, column: Column[str], name: str) -> list[str]:
    """Names on both sides of one in the order of the alphabet: all of a small table, few of a large one.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    column : Column
        The column of the names.
    name : str
        Any text.
    """
    after = select(column).where(column >= name).order_by(column).limit(MOST_NEIGHBORS)
    before = select(column).where(column < name).order_by(column.desc()).limit(MOST_NEIGHBORS)
    return sorted(text for side in (before, after) for (text,) in bulk.fetch(connection, side))


@cache  # one for each column of names
def _keys_of(column: Column[str]) -> bulk.Prepared:
    return bulk.Prepared(select(column, _table(column).c.key), among=column)


def _table(column: Column[str]) -> Table:
    table = column.table
    if not isinstance(table, Table):
        raise TypeError(column)
    return table
