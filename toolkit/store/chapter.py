"""What the chapters of the store stand on: a way to read, and one transaction that writes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import cached_property

from sqlalchemy import Connection, insert, select, update

from . import bulk, schema

__all__ = ["Reader", "Writer"]


class Reader:
    """Something that can open a transaction to read in."""

    def read(self) -> AbstractContextManager[Connection]:
        """A connection on which everything read is of one moment."""
        raise NotImplementedError


class Writer:
    """One transaction that writes.

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

    @cached_property
    def revision(self) -> int:
        """The revision this transaction makes; only a verb that changes something asks for it."""
        revisions = schema.revisions
        new = insert(revisions).values(token=secrets.token_hex(8), created_at=self.now)
        return int(self.connection.execute(new.returning(revisions.c.revision)).scalar_one())

    def _advance(self) -> None:
        """Have this transaction make a revision, for tables that do not say in which a row changed."""
        self.revision  # noqa: B018  (taken when first asked for)

    def _touch_inputs(self, keys: Iterable[int]) -> None:
        if keys := set(keys):
            change = update(schema.inputs).values(modified_at=self.now, revision=self.revision)
            bulk.write_in(self.connection, change, schema.inputs.c.key, keys)

    def _touch_regions(self, keys: Iterable[int]) -> None:
        """Advance regions whose annotations changed, and with them the inputs they are on."""
        regions = schema.regions
        if keys := set(keys):
            change = update(regions).values(revision=self.revision)
            bulk.write_in(self.connection, change, regions.c.key, keys)
            owners = bulk.fetch_in(self.connection, select(regions.c.input_key), regions.c.key, keys)
            self._touch_inputs(key for (key,) in owners)
