"""How a store of any age becomes one of today.

Each migration has a number and is applied and recorded in one transaction. The first makes the tables of
`schema.py`, the newest ones, so a new store has no need of the others and only records them. To change a
table, change `schema.py` and append a migration that brings older stores to it.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Float,
    Integer,
    MetaData,
    Table,
    Text,
    func,
    insert,
    inspect,
    select,
)

from ...errors import StoreError
from . import schema

__all__ = ["MIGRATIONS", "Migration", "check", "upgrade"]


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from a store of yesterday to one of today.

    Parameters
    ----------
    number : int
        From 1, without gaps.
    title : str
        What it changes.
    apply : callable
        Makes the change on a connection that is inside a transaction.
    """

    number: int
    title: str
    apply: Callable[[Connection], Any]


def _first(connection: Connection) -> None:
    schema.metadata.create_all(connection)
    # What is kept beside a store must tell it from another that came to the same place later.
    connection.execute(
        insert(schema.properties).values(name="store_id", value=json.dumps(secrets.token_hex(8)))
    )


def _indexes(connection: Connection) -> None:
    for table in schema.metadata.sorted_tables:
        for index in table.indexes:
            index.create(connection, checkfirst=True)


MIGRATIONS: Sequence[Migration] = (
    Migration(1, "the first tables", _first),
    Migration(2, "indexes: names as they are typed, inputs by component", _indexes),
)

migrations = Table(
    "migrations",
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("applied_at", Float, nullable=False),
)
_OURS = {"migrations", "revisions", "inputs"}


def check(connection: Connection, *, steps: Sequence[Migration] = MIGRATIONS) -> bool:
    """Whether the store is up to date; changes nothing.

    Raises
    ------
    StoreError
        If it is newer than this code, or a database of something else.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return False
    if not tables >= _OURS:
        found = ", ".join(sorted(tables)[:5])
        raise StoreError(
            f"this database belongs to something else (its tables: {found}); name another, or a new one"
        )
    newest = _newest(connection)
    if newest > len(steps):
        raise StoreError(
            f"this store was written by a newer version: its tables are of step {newest}, this code knows "
            f"{len(steps)}; run: pip install --upgrade rank-toolkit"
        )
    return newest == len(steps)


def upgrade(connection: Connection, *, steps: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring the store up to date, inside a transaction that writes.

    Whoever waited for the transaction may find that another process has done it all.
    """
    if check(connection, steps=steps):
        return
    migrations.create(connection, checkfirst=True)
    done = _newest(connection)
    for step in steps[done:]:
        if done or step.number == 1:
            step.apply(connection)
        record = {"number": step.number, "title": step.title, "applied_at": time.time()}
        connection.execute(insert(migrations).values(record))


def _newest(connection: Connection) -> int:
    return connection.scalar(select(func.max(migrations.c.number))) or 0
