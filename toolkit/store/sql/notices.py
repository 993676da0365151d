"""Notices of PostgreSQL: whoever listens hears of a revision when the transaction that makes it is committed.

A notice is a hint and no more. It does not come through a pooler, which lends a connection for one transaction at a
time, nor while the connection is lost; what is committed is asked of the tables.
"""

from __future__ import annotations

import selectors
from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, ColumnElement, Connection, literal_column

from ...errors import StoreError
from .postgresql import plain_url, schema_of

if TYPE_CHECKING:
    import psycopg

__all__ = ["Listener", "announced"]

PATIENCE = 5  # seconds for a connection to be made
_CHANNEL = "toolkit_"  # and the number that the server gave to the table of revisions, one for each store of a database


def announced(connection: Connection) -> list[ColumnElement[Any]]:
    """What an insert of a revision returns besides, so that its commit gives notice; nothing where there are none.

    Parameters
    ----------
    connection : Connection
        Inside a transaction that writes.
    """
    if connection.dialect.name != "postgresql":
        return []
    return [literal_column(f"pg_notify('{_CHANNEL}' || revisions.tableoid, '')")]


class Listener:
    """A connection of its own that hears of revisions.

    Parameters
    ----------
    connection : psycopg.Connection
        That commits each statement, and listens.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    @classmethod
    def of(cls, url: URL) -> Listener | None:
        """One for a store; None where no notice would come, because a pooler is before the server.

        Parameters
        ----------
        url : URL
            Of the store.

        Raises
        ------
        StoreError
            The server cannot be reached.
        """
        import psycopg

        address = plain_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with _in_words():
            connection = psycopg.connect(address, autocommit=True, connect_timeout=PATIENCE)
            try:
                listens = _listen(connection, schema_of(url))
            except BaseException:
                connection.close()
                raise
        if listens:
            return cls(connection)
        connection.close()
        return None

    def wait(self, seconds: float, wake: socket) -> None:
        """Return when there is a notice, when a socket can be read, or after some seconds.

        Parameters
        ----------
        seconds : float
            The longest to wait.
        wake : socket
            What ends the wait besides.

        Raises
        ------
        StoreError
            The connection is lost.
        """
        with _in_words(), selectors.DefaultSelector() as either:
            either.register(wake, selectors.EVENT_READ)
            either.register(self._connection, selectors.EVENT_READ)
            either.select(seconds)
            for _ in self._connection.notifies(timeout=0):
                pass  # ten notices say no more than one: look what is there

    def close(self) -> None:
        """Let go of the connection; closing twice is fine."""
        self._connection.close()


def _listen(connection: psycopg.Connection[Any], schema: str | None) -> bool:
    """Listen for the revisions of a schema; False where a pooler is between."""
    from psycopg.sql import SQL, Identifier

    # A pooler answers for itself when it is connected to, and passes on what is asked after that.
    if connection.execute("SELECT pg_backend_pid()").fetchone() != (connection.info.backend_pid,):
        return False
    if schema is not None:
        connection.execute(SQL("SET search_path = {}").format(Identifier(schema)))
    for (table,) in connection.execute("SELECT to_regclass('revisions')::oid").fetchall():
        connection.execute(SQL("LISTEN {}").format(Identifier(f"{_CHANNEL}{table}")))
    return True


@contextmanager
def _in_words() -> Iterator[None]:
    """Let what the driver says pass as a `StoreError`."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        raise StoreError(f"no notices of changes: {error}") from error
