"""Reading and writing in whole transactions, from any thread.

A file or a server gives every thread a connection of its own. A store in memory lives in its single
connection, which threads therefore share in turn, one whole transaction at a time. (SQLite's shared cache
would give each its own, but answers "table is locked" at once, without waiting.)
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from ...errors import StoreError
from . import dialect, migrations

__all__ = ["Transactions"]


class _Current(threading.local):
    """The transaction that is open on this thread."""

    connection: Connection | None = None


class Transactions:
    """The connections of one open store.

    Parameters
    ----------
    url : URL
        Of the database, from `dialect.url_of`.
    timeout : float
        Seconds to wait for another writer to finish.
    readonly : bool
        Whether writing is refused. It also is where the file cannot be written.
    connections : int
        The most to a server at once.

    Raises
    ------
    StoreError
        If it cannot be opened: a directory, a missing folder, another kind of file, a newer store.
    """

    def __init__(
        self,
        url: URL,
        *,
        timeout: float,
        readonly: bool = False,
        connections: int = dialect.CONNECTIONS,
    ) -> None:
        if file := dialect.file_of(url):
            _require_place(file, readonly=readonly)
        self.url = url
        self.readonly = readonly or not dialect.can_write(url)
        self._engine = dialect.engine_of(
            url, timeout=timeout, readonly=self.readonly, connections=connections
        )
        self._connections = connections
        # A store that is dropped without being closed lets go of its connections as well.
        self._dispose = weakref.finalize(self, self._engine.dispose)
        self._closed = threading.Event()
        self._current = _Current()
        self._turn: AbstractContextManager[object] = (
            threading.Lock() if dialect.in_memory(url) else nullcontext()
        )
        try:
            self._upgrade(timeout)
        except BaseException:
            self.close()
            raise

    def read(self) -> AbstractContextManager[Connection]:
        """A connection on which everything read is of one moment; inside another transaction, that one."""
        connection = self._current.connection
        return self._begin(writing=False) if connection is None else nullcontext(connection)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection on which all that is written is committed at the end, or none of it if an error passes.

        Raises
        ------
        StoreError
            If it is open for reading only, or this thread has a transaction open.
        """
        if self.readonly:
            raise StoreError(
                f"{dialect.described(self.url)} is open for reading only, so nothing can be added or changed; "
                "open it without readonly=True, or a copy in a folder of your own"
            )
        self._require_no_transaction()
        with self._begin(writing=True) as connection:
            yield connection

    def close(self) -> None:
        """Let go of the database; closing twice is fine."""
        self._require_no_transaction()
        self._closed.set()
        with self._turn:
            self._dispose()

    @contextmanager
    def _begin(self, *, writing: bool) -> Iterator[Connection]:
        with self._turn, self._explained():
            if self._closed.is_set():
                raise StoreError(
                    f"{dialect.described(self.url)} is closed; open it again with toolkit.open(...)"
                )
            with self._engine.connect() as plain:
                connection = plain.execution_options(**{dialect.WRITING: writing})
                try:
                    with connection.begin():
                        self._current.connection = connection
                        yield connection
                finally:
                    self._current.connection = None
                    if self._closed.is_set():  # meanwhile, by another thread: no pool takes it back
                        plain.invalidate()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Let what the database says pass as a `StoreError` in words."""
        driver = self._engine.dialect.loaded_dbapi
        try:
            yield
        except (DBAPIError, driver.Error) as error:
            raise StoreError(dialect.reason(error, self.url)) from error
        except NoConnection as error:
            raise StoreError(
                f"{dialect.described(self.url)}: every connection of this session is in use (at most "
                f"{self._connections}), and none came free in time; ask for less at once, or open it with "
                "Settings(connections=...) for more"
            ) from error
        except UnicodeEncodeError as error:
            raise StoreError(f"{error.object!a} is not valid Unicode and cannot be stored") from error
        except (
            UnicodeDecodeError
        ) as error:  # also of the driver's own, where the database says what is damaged
            raise StoreError(
                dialect.damaged(self.url, f"text that is none: {error.object[:40]!a}")
            ) from error

    def _require_no_transaction(self) -> None:
        if self._current.connection is not None:
            raise StoreError("this thread has a transaction open on this store; finish that one first")

    def _upgrade(self, timeout: float) -> None:
        with self.read() as connection:
            if migrations.check(connection):
                return
        if self.readonly:
            raise StoreError(
                f"{dialect.described(self.url)} is of an earlier version, and has to be opened once where it can be "
                "written; copy it, with the folders beside it, to a folder of your own and open that"
            )
        with self._explained():
            dialect.prepare(self._engine, timeout=timeout)
        with self.write() as connection:
            dialect.make_schema(connection, self.url)
            migrations.upgrade(connection)


def _require_place(file: Path, *, readonly: bool) -> None:
    if file.is_dir():
        raise StoreError(f"{file} is a directory; name a file in it, such as {file / 'photos.db'}")
    if not file.parent.is_dir():
        raise StoreError(f"there is no directory {file.parent}; make it first")
    if readonly and not file.exists():
        raise StoreError(f"there is no collection {file} to read")
    if file.exists() and not file.stat().st_size and (beside := _beside(file)):
        raise StoreError(
            f"{file} is empty, but it was a collection: {beside} is beside it; restore a copy of the file, or remove "
            "what is beside it to begin anew"
        )


def _beside(file: Path) -> Path | None:
    """A folder that a collection of this name made; None if there is none, or its log holds what the file lacks."""
    log = file.with_name(f"{file.name}-wal")
    if log.exists() and log.stat().st_size:
        return None
    folders = (file.with_name(f"{file.name}.{kind}") for kind in ("files", "cache"))
    return next((folder for folder in folders if folder.is_dir()), None)
