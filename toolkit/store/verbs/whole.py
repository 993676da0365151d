"""All that a store holds, row by row, with its keys, ids and revisions: read from one store, written into another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select

from ...errors import StoreError
from ...values.canonical import canonical_json
from ...values.types import Json
from ..sql import bulk
from ..sql.key_counters import counted_tables, last_key, set_last_key
from ..sql.schema import deletions, files, inputs, metadata, properties, revisions
from .home import Home, PlaceReader, PlaceWriter

__all__ = ["Whole", "WholeReader", "WholeWriter"]

AT_ONCE = 2000  # rows in memory
OWN = frozenset(("store_id", "home"))  # properties that a store has to itself
# What an empty store may have: a workflow that was chosen, the traces of what was deleted.
MAY_BE_THERE = properties, revisions, deletions
PLACES = inputs.c.uri, files.c.uri


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a store holds at one moment.

    Parameters
    ----------
    connection : Connection
        On which everything read is of that moment.
    home : Home
        What its relative places are relative to.
    """

    connection: Connection
    home: Home

    def count(self) -> int:
        """How many rows there are in all tables together."""
        return sum(
            self.connection.scalar(select(func.count()).select_from(table)) or 0 for table in _tables()
        )


class WholeReader(PlaceReader):
    """All of a store at once.

    Parameters
    ----------
    read : callable
        Opens a transaction that reads.
    home : Home
        What relative places are relative to.
    """

    @contextmanager
    def open(self) -> Iterator[Whole]:
        """All that the store holds now, as long as the block lasts."""
        with self._read() as connection:
            yield Whole(connection, self._home)

    def require_empty(self, name: str) -> None:
        """Refuse to write over what is there.

        Parameters
        ----------
        name : str
            What to call the store.

        Raises
        ------
        StoreError
            It holds something.
        """
        with self._read() as connection:
            _require_empty(connection, name)


class WholeWriter(PlaceWriter):
    """All of a store at once.

    Parameters
    ----------
    transaction : Transaction
        In which everything is written.
    home : Home
        What relative places are relative to.
    """

    def copy(
        self,
        whole: Whole,
        *,
        instead: Mapping[str, Json | None],
        done: Callable[[int], object] = lambda _: None,
    ) -> dict[str, int]:
        """How many rows each table got from another store; this one is to be empty.

        Parameters
        ----------
        whole : Whole
            The other store.
        instead : mapping of str to JSON or None
            Properties that this one has otherwise; None leaves one out.
        done : callable
            Is given how many more rows were written.

        Raises
        ------
        StoreError
            This store holds something, or cannot keep a text of the other.
        """
        _require_empty(self._connection, "it")
        for table in (revisions, deletions):
            self._connection.execute(delete(table))
        self._connection.execute(delete(properties).where(properties.c.name.not_in(OWN)))
        counts: dict[str, int] = {}
        for table in _tables():
            counts[table.name] = 0
            for rows in self._rows(whole, table, instead):
                if self._connection.dialect.name == "postgresql":
                    _refuse_nul(rows, table)
                bulk.write(self._connection, table, list(table.columns.keys()), rows)
                counts[table.name] += len(rows)
                done(len(rows))
        for table in counted_tables(_tables()):
            set_last_key(self._connection, table, last_key(whole.connection, table))
        return counts

    def _rows(
        self, whole: Whole, table: Table, instead: Mapping[str, Json | None]
    ) -> Iterator[Sequence[Sequence[Any]]]:
        chosen = bulk.Prepared(select(table).order_by(*table.primary_key.columns))
        at = [index for index, column in enumerate(table.columns) if column in PLACES]
        for rows in chosen.batches(whole.connection, size=AT_ONCE, is_long=True):
            if at:
                yield [self._moved(row, at[0], whole.home) for row in rows]
            elif table is properties:
                yield [row for row in rows if row[0] not in OWN | instead.keys()]
            else:
                yield rows
        if table is properties:
            yield [(name, canonical_json(value)) for name, value in instead.items() if value is not None]

    def _moved(self, row: Sequence[Any], at: int, home: Home) -> Sequence[Any]:
        """A row with its place as it is seen from this store."""
        return (*row[:at], self._home.stored(home.shown(row[at])), *row[at + 1 :])


def _tables() -> list[Table]:
    """Every table, those that are pointed to first."""
    return list(metadata.sorted_tables)


def _refuse_nul(rows: Sequence[Sequence[Any]], table: Table) -> None:
    for row in rows:
        for value, column in zip(row, table.columns, strict=True):
            if isinstance(value, str) and "\0" in value:
                raise StoreError(
                    f"{table.name}.{column.name} has {value!r:.80}: PostgreSQL keeps no text with a NUL character; "
                    "change it, and copy again"
                )


def _require_empty(connection: Connection, name: str) -> None:
    for table in sorted(_tables(), key=lambda table: table is not inputs):
        if (
            table not in MAY_BE_THERE
            and connection.execute(select(*table.primary_key.columns).limit(1)).first()
        ):
            raise StoreError(
                f"{name} has {table.name.replace('_', ' ')} already, and nothing is written over them; name a new file "
                "or an empty database"
            )
