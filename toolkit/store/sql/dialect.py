"""Everything that differs between SQLite and PostgreSQL, and nothing else."""

from __future__ import annotations

import itertools
import json
import os
import sqlite3
import time
from collections.abc import Iterable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    ARRAY,
    URL,
    ColumnElement,
    Connection,
    Engine,
    Insert,
    Table,
    Text,
    any_,
    bindparam,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import StaticPool

from ...errors import StoreError
from . import postgresql
from .notices import Listener
from .postgresql import WRITING

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPICursor

__all__ = [
    "CONNECTIONS",
    "WRITING",
    "can_write",
    "cursor_over",
    "described",
    "engine_of",
    "file_of",
    "in_memory",
    "listed",
    "listener",
    "make_schema",
    "prepare",
    "problems",
    "reason",
    "upsert",
    "url_of",
]

CONNECTIONS = 15  # to a server, of one open store
FETCHED = 4096  # rows of a long answer that a server sends at a time

_NUMBERS = itertools.count()  # a server tells cursors by their names

_PRAGMAS = (
    "PRAGMA page_size = 8192",  # a third less file than 4096 with vectors in it; only an empty file heeds it
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = NORMAL",  # safe with a write-ahead log when the process dies
)


def url_of(target: str | Path | None) -> URL:
    """The database URL of what a person names: a path, a URL, or None for memory.

    Raises
    ------
    StoreError
        A kind of database this project does not speak, or a URL that is none.

    Examples
    --------
    >>> str(url_of("photos.db"))
    'sqlite:///photos.db'
    >>> str(url_of("postgresql://team@server/photos"))
    'postgresql+psycopg://team@server/photos'
    >>> str(url_of("postgresql://team@server/photos?schema=birds"))
    'postgresql+psycopg://team@server/photos?schema=birds'
    """
    if target is None:
        return URL.create("sqlite", database=":memory:")
    if isinstance(target, Path) or "://" not in target:
        return URL.create("sqlite", database=str(Path(target).expanduser()))
    try:
        url = make_url(target)
    except ArgumentError as error:
        raise StoreError(f"this is not a database URL: {error}") from error
    if url.get_backend_name() == "sqlite":
        return url.set(drivername="sqlite", database=url.database or ":memory:")
    if url.get_backend_name() == "postgresql":
        return postgresql.url_of(url, asked=target)
    raise StoreError(
        f"a store is SQLite or PostgreSQL, not {url.get_backend_name()!r}; "
        "give a path such as 'photos.db' or a URL such as 'postgresql+psycopg://user@host/database'"
    )


def in_memory(url: URL) -> bool:
    """Whether the store lives only as long as its one connection."""
    return url.get_backend_name() == "sqlite" and url.database == ":memory:"


def file_of(url: URL) -> Path | None:
    """The file of an embedded store; None in memory and on a server."""
    if url.get_backend_name() != "sqlite" or in_memory(url) or url.database is None:
        return None
    return Path(url.database).absolute()


def described(url: URL) -> str:
    """What to call a store in a message: its file, or its URL without the password."""
    return str(file_of(url) or (url.database if in_memory(url) else url.render_as_string()))


def can_write(url: URL) -> bool:
    """Whether an embedded store may be written: its file, and its folder, where its log lies."""
    file = file_of(url)
    if file is None or not file.exists():
        return True
    return os.access(file, os.W_OK) and _folder_is_writable(file)


def engine_of(url: URL, *, timeout: float, readonly: bool = False, connections: int = CONNECTIONS) -> Engine:
    """An engine whose transactions begin in their mode: to read, or to write.

    Parameters
    ----------
    url : URL
        From `url_of`.
    timeout : float
        Seconds to wait for another writer to finish.
    readonly : bool
        Whether an embedded file is opened so that nothing is written beside it either.
    connections : int
        The most to a server at once.

    Raises
    ------
    MissingExtraError
        If the driver of a server is not installed.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, timeout, readonly=readonly)
    return postgresql.engine_of(url, timeout=timeout, connections=connections)


def prepare(engine: Engine, *, timeout: float) -> None:
    """Switch an embedded file to its write-ahead log, for good, so that reading goes on during a write.

    Parameters
    ----------
    engine : Engine
        Of the store.
    timeout : float
        Seconds to wait for another process.
    """
    if file_of(engine.url) is None:
        return
    give_up = time.monotonic() + timeout
    while True:
        try:
            with engine.connect() as connection:
                _driver(connection).execute("PRAGMA journal_mode = WAL").fetchone()
        except (DBAPIError, sqlite3.OperationalError) as error:
            # This statement does not heed the busy timeout; several processes may open a new file at once.
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return


def listener(url: URL) -> Listener | None:
    """What hears of revisions as they are committed; None where nothing does: beside a file, behind a pooler.

    Raises
    ------
    StoreError
        A server cannot be reached now.
    """
    return Listener.of(url) if url.get_backend_name() == "postgresql" else None


def make_schema(connection: Connection, url: URL) -> None:
    """Make the schema of a server that a URL names, if there is none.

    Parameters
    ----------
    connection : Connection
        Inside a transaction that writes.
    url : URL
        From `url_of`.
    """
    if connection.dialect.name == "postgresql":
        postgresql.make_schema(connection, url)


def upsert(connection: Connection, table: Table, *, update: Sequence[str] = ()) -> Insert:
    """An insert that meets rows already there.

    Parameters
    ----------
    connection : Connection
        Whose dialect the statement is for.
    table : Table
        Where to insert.
    update : sequence of str
        The columns to update where the primary key is taken; none leaves the old row as it is.
    """
    dialect: Any = import_module(
        f"sqlalchemy.dialects.{connection.dialect.name}"
    )  # only the one that is used
    insert = dialect.insert(table)
    if not update:
        return insert.on_conflict_do_nothing()  # type: ignore[no-any-return]
    return insert.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=list(table.primary_key.columns),
        set_={column: insert.excluded[column] for column in update},
    )


def one_of(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a column has one of the values given as `listed`, any number of them.

    They travel as one: SQLAlchemy takes longer over 10,000 placeholders than the database takes to answer,
    and neither database takes a million.

    Parameters
    ----------
    connection : Connection
        Whose dialect the statement is for.
    column : Column
        The column to look in.
    """
    if connection.dialect.name == "sqlite":
        return column.in_(_LISTED)
    return column == any_(bindparam("listed", type_=ARRAY(column.type)))


def cursor_over(connection: Connection, *, is_long: bool) -> DBAPICursor:
    """A cursor of the driver.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    is_long : bool
        Whether the answer may be long. A server's driver would take all of it into memory first, so it then stays on
        the server; that costs two more messages.
    """
    if is_long and connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        cursor: DBAPICursor = driver.cursor(f"long_{next(_NUMBERS)}", binary=True, scrollable=False)
        cursor.itersize = FETCHED  # type: ignore[attr-defined]
        return cursor
    return connection.connection.cursor()


def listed(connection: Connection, values: Iterable[object]) -> dict[str, object]:
    """The parameter that a statement with `one_of` is executed with.

    Parameters
    ----------
    connection : Connection
        Whose dialect the statement is for.
    values : iterable
        Any number of values.
    """
    if connection.dialect.name == "sqlite":
        return {"listed": _JSON.encode(list(values))}
    return {"listed": list(values)}


_JSON = json.JSONEncoder(default=int)  # integers of numpy are integers too
_LISTED = select(func.json_each(bindparam("listed", type_=Text)).table_valued("value").c.value)


def problems(connection: Connection) -> list[str]:
    """What the database itself finds wrong with its file; empty if it is sound."""
    if connection.dialect.name != "sqlite":
        return []  # a server looks after its own files and keys
    driver = _driver(connection)
    pages = [text for (text,) in driver.execute("PRAGMA integrity_check") if text != "ok"]
    orphans = driver.execute("PRAGMA foreign_key_check").fetchall()
    return pages + [f"row {row} of {table} points to no row of {owner}" for table, row, owner, _ in orphans]


def reason(error: BaseException, url: URL) -> str:
    """What went wrong and what to do, in words.

    Parameters
    ----------
    error : BaseException
        What was raised.
    url : URL
        Of the store; its password is not shown.
    """
    text = str(getattr(error, "orig", None) or error)
    for symptom, words in _REASONS.items():
        if symptom in text.lower():
            return f"{described(url)}: {words} ({text})"
    return f"{described(url)}: {text}"


def damaged(url: URL, what: str) -> str:
    """That a database holds what was never written to it, in words, and what to do.

    Parameters
    ----------
    url : URL
        Of the store; its password is not shown.
    what : str
        What it holds.
    """
    return f"{described(url)}: {_REASONS['malformed']} ({what})"


_REASONS = {
    "not a database": "this file is not a store; name another file, or a new one",
    "malformed": "the file is damaged; restore a copy, or add the images to a new store",
    "is locked": "another process has been writing for longer than the timeout; try again when it is done",
    "lock timeout": "another process has been writing for longer than the timeout; try again when it is done",
    "too many connections": "the server gives this user no more connections; close others, or ask for more",
    "too many clients": "the server has no connection left; close other programs, or put a pooler before it",
    "connection slots": "the server has no connection left; close other programs, or put a pooler before it",
    "permission denied": "this user may not do that; ask for the right, or name a schema of your own: ?schema=NAME",
    "readonly database": "no permission to write here; copy the file to a folder of your own",
    "unable to open": "the file cannot be opened; check the path and its permissions",
    "is full": "no space left; free some and run it again, nothing is half-written",
    "foreign key": "what this belongs to has been deleted meanwhile",
}


def _sqlite_engine(url: URL, timeout: float, *, readonly: bool) -> Engine:
    arguments = {"timeout": timeout, "check_same_thread": False}
    file = file_of(url)
    if file is None:
        engine = create_engine(url, poolclass=StaticPool, connect_args=arguments)
    elif readonly:
        open_file = partial(sqlite3.connect, _readonly_address(file), uri=True, **arguments)
        engine = create_engine(url, max_overflow=-1, creator=open_file)
    else:
        engine = create_engine(url, max_overflow=-1, connect_args=arguments)
    event.listen(engine, "connect", _connect_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _readonly_address(file: Path) -> str:
    """A URI for SQLite. Without a log, nobody is writing: no lock and no shared memory are needed, nor could be made.

    https://sqlite.org/wal.html#read_only_databases
    """
    log = file.with_name(f"{file.name}-wal")
    is_still = not (log.exists() and log.stat().st_size) and not _folder_is_writable(file)
    return f"{file.as_uri()}?mode=ro{'&immutable=1' if is_still else ''}"


def _folder_is_writable(file: Path) -> bool:
    """Whether files can be made in the folder of a file."""
    return os.access(file.parent, os.W_OK)


def _connect_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # The driver would begin transactions by itself, late and deferred.
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once, whatever the busy timeout.
    writing = connection.get_execution_options().get(WRITING)
    driver = cast(
        sqlite3.Connection, connection.connection.driver_connection
    )  # SQLAlchemy's way takes thrice as long
    driver.execute("BEGIN IMMEDIATE" if writing else "BEGIN")


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.driver_connection)
