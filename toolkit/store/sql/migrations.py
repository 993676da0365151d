"""How a store of any age becomes one of today.

A migration is a number, a title and the SQL that stands in ``steps/``, one file for each kind of database. Every
store has gone through all of them, a new one in one go; so what a step says never changes once a store was made by
it. To change a table, change `schema.py`, append a step that does the same to the stores that there are, and keep a
store of the step before in ``tests/data/stores``: the tests hold that both ways lead to one schema.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

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
from .steps.names_in_one_form import names_in_one_form

__all__ = ["MIGRATIONS", "Migration", "check", "upgrade"]

STEPS = Path(__file__).with_name("steps")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from a store of yesterday to one of today.

    Parameters
    ----------
    number : int
        From 1, without gaps.
    title : str
        What it changes.
    folder : Path
        Where its SQL is, as ``<number of four digits>.sqlite.sql`` and ``.postgresql.sql``.
    then : callable or None
        What is done after that and needs more than SQL, on a connection inside the transaction; as frozen.
    """

    number: int
    title: str
    folder: Path = STEPS
    then: Callable[[Connection], None] | None = None

    def statements(self, database: str) -> Iterator[str]:
        """The SQL statements for a kind of database, ``sqlite`` or ``postgresql``, in order."""
        text = (self.folder / f"{self.number:04}.{database}.sql").read_text(encoding="utf-8")
        code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
        return filter(None, (statement.strip() for statement in code.split(";\n")))


MIGRATIONS: Sequence[Migration] = (
    Migration(1, "the first tables"),
    Migration(2, "indexes: names as they are typed, inputs by component"),
    Migration(3, "files are places of a content"),
    Migration(4, "names in one form", then=names_in_one_form),
    Migration(5, "the order of what a person says"),
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

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    steps : sequence of Migration
        All there are; others in tests.

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

    Parameters
    ----------
    connection : Connection
        Inside a transaction that writes.
    steps : sequence of Migration
        All there are; others in tests.
    """
    if check(connection, steps=steps):
        return
    migrations.create(connection, checkfirst=True)
    for step in steps[_newest(connection) :]:
        # One at a time: the driver of SQLite would commit before it runs a script.
        for statement in step.statements(connection.dialect.name):
            connection.exec_driver_sql(statement)
        if step.then is not None:
            step.then(connection)
        record = {"number": step.number, "title": step.title, "applied_at": time.time()}
        connection.execute(insert(migrations).values(record))


def _newest(connection: Connection) -> int:
    return connection.scalar(select(func.max(migrations.c.number))) or 0
