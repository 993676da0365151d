"""What the namespaces of the store stand on: a way to read, and one transaction that writes."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TypeAlias

from sqlalchemy import Connection, insert, select, update

from ..sql import bulk, schema
from ..sql.notices import announced

__all__ = ["Read", "Reader", "Transaction", "Writer"]

Read: TypeAlias = Callable[[], AbstractContextManager[Connection]]


class Transaction:
    """One transaction that writes, and the revision that it makes.

    Parameters
    ----------
    connection : Connection
        Inside the transaction.
    now : float
        The time of everything written, seconds since 1970, UTC.
    """

    def __init__(self, connection: Connection, *, now: float) -> None:
        self.connection = connection
        self.now = now
        self._new_regions: set[int] = set()

    @cached_property
    def revision(self) -> int:
        """The revision this transaction makes; asked for only where something changes."""
        revisions = schema.revisions
        new = insert(revisions).values(token=secrets.token_hex(8), created_at=self.now)
        made = new.returning(revisions.c.revision, *announced(self.connection))
        return int(self.connection.execute(made).scalars().one())

    @property
    def has_changed(self) -> bool:
        """Whether it has made a revision so far."""
        return "revision" in self.__dict__

    def advance(self) -> None:
        """Make a revision, for tables that do not record in which one a row changed."""
        self.revision  # noqa: B018  (taken when first asked for)

    def made_regions(self, keys: Iterable[int]) -> None:
        """Note regions that were made just now: they and their inputs are of this revision already."""
        self._new_regions.update(keys)

    def touch_inputs(self, keys: Iterable[int]) -> None:
        """Advance inputs that changed."""
        if keys := set(keys):
            change = update(schema.inputs).values(modified_at=self.now, revision=self.revision)
            change = change.where(schema.inputs.c.revision != self.revision)  # what was added just now has it
            bulk.write_in(self.connection, change, schema.inputs.c.key, keys)

    def touch_regions(self, keys: Iterable[int]) -> None:
        """Advance regions whose annotations changed, and with them the inputs they are on."""
        regions = schema.regions
        if keys := set(keys) - self._new_regions:
            change = update(regions).values(revision=self.revision).where(regions.c.revision != self.revision)
            bulk.write_in(self.connection, change, regions.c.key, keys)
            owners = bulk.fetch_in(self.connection, select(regions.c.input_key), regions.c.key, keys)
            self.touch_inputs(key for (key,) in owners)


class Reader:
    """A namespace of verbs that read.

    Parameters
    ----------
    read : callable
        Opens a transaction in which everything read is of one moment; inside another one, that one.
    """

    def __init__(self, read: Read) -> None:
        self._read = read


class Writer:
    """A namespace of verbs that write.

    Parameters
    ----------
    transaction : Transaction
        In which they write.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection
