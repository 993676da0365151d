"""PostgreSQL: a schema for each store, connections that threads share, and transactions that a pooler may carry.

A pooler hands every transaction to whichever connection is free, so nothing outlives a transaction: settings are local
to it, statements are not prepared, and the lock of a writer goes with the commit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from ...errors import MissingExtraError, StoreError

if TYPE_CHECKING:
    import psycopg

__all__ = ["WRITING", "engine_of", "make_schema", "plain_url", "schema_of", "url_of"]

WRITING = "toolkit_writing"  # the execution option that makes a transaction one that writes
OPEN = 5  # connections that stay open while nothing is asked
LONGEST = 63  # bytes of a name; the server would cut off the rest, and two long names be one
WRITERS_TAKE_TURNS = 7_265_140  # any number, the same for every process

# The schema that a store is in: of a URL that names none, wherever the role's own search path finds the tables.
SCHEMA = """coalesce((SELECT nspname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
WHERE pg_class.oid = to_regclass('revisions')), current_schema(), '')"""
_SEARCH_PATH = re.compile(r"(?:^|(?<=\s))(?:-c\s*|--)search[_-]path=((?:\\.|[^\s\\])*)\s*", re.IGNORECASE)
_EMPTY = re.compile(r"[?&]schema=?(?:&|$)")  # as where a shell's variable is not set
_ONE_NAME = re.compile(r'\s*(?:"((?:[^"]|"")+)"|([^\s",]+))\s*')


def url_of(url: URL, *, asked: str = "") -> URL:
    """The URL with its driver, and with the schema as ``?schema=NAME`` however it was named.

    Parameters
    ----------
    url : URL
        Of a server; ``?options=-csearch_path=NAME`` names a schema, too.
    asked : str
        What it was read from: a value that is empty is not in the URL.

    Raises
    ------
    StoreError
        It names more than one schema, or one that cannot be.

    Examples
    --------
    >>> from sqlalchemy import make_url
    >>> str(url_of(make_url("postgresql://server/photos?options=-csearch_path%3Dcats")))
    'postgresql+psycopg://server/photos?schema=cats'
    """
    query = dict(url.query)
    if _EMPTY.search(asked):
        query["schema"] = ""
    named = [_checked(query.pop("schema"))] if "schema" in query else []
    options = query.pop("options", "")
    options = options if isinstance(options, str) else " ".join(options)
    named += [_of_search_path(path) for path in _SEARCH_PATH.findall(options)[-1:]]
    if len(set(named)) > 1:
        raise StoreError(f"a store lives in one schema, and this URL names two: {', '.join(named)}")
    if options := _SEARCH_PATH.sub("", options).strip():
        query["options"] = options
    if named:
        query["schema"] = named[0]
    return url.set(drivername="postgresql+psycopg", query=query)


def schema_of(url: URL) -> str | None:
    """The schema that a URL from `url_of` names; None where it is the server's to say."""
    named = url.query.get("schema")
    return named if isinstance(named, str) else None


def plain_url(url: URL) -> URL:
    """The URL without what only this project knows: as a driver takes it."""
    return url.difference_update_query(["schema"])


def engine_of(url: URL, *, timeout: float, connections: int) -> Engine:
    """An engine whose transactions begin in their mode, in the schema of the URL.

    Parameters
    ----------
    url : URL
        From `url_of`.
    timeout : float
        Seconds to wait for another writer, or for a free connection.
    connections : int
        The most there may be at once.

    Raises
    ------
    MissingExtraError
        If the driver is not installed.
    """
    stay = min(connections, OPEN)
    try:
        engine = create_engine(
            plain_url(url),
            pool_pre_ping=True,
            pool_size=stay,
            max_overflow=connections - stay,
            pool_timeout=timeout,
            use_native_hstore=False,  # which would be asked for on every new connection
            connect_args={"prepare_threshold": None},
        )
    except ImportError as error:
        raise MissingExtraError("a PostgreSQL store", "psycopg", "postgres") from error
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _Beginnings.of(schema_of(url), timeout=timeout).begin)
    return engine


def make_schema(connection: Connection, url: URL) -> None:
    """Make the schema that a URL names, if it names one and there is none.

    Parameters
    ----------
    connection : Connection
        Inside a transaction that writes.
    url : URL
        From `url_of`.
    """
    schema = schema_of(url)
    if schema is None:
        return
    there = "SELECT 1 FROM pg_namespace WHERE nspname = %s"
    # Asked first: CREATE ... IF NOT EXISTS wants the right to create even where there is nothing to do.
    if connection.exec_driver_sql(there, (schema,)).first() is None:
        connection.exec_driver_sql(f"CREATE SCHEMA {_quoted(schema)}".replace("%", "%%"))


@dataclass(frozen=True, slots=True)
class _Beginnings:
    """What a transaction begins with, in one message: everything in it ends with the transaction.

    Parameters
    ----------
    read, write : str
        SQL of a transaction that reads, and of one that writes.
    """

    read: str
    write: str

    @classmethod
    def of(cls, schema: str | None, *, timeout: float) -> _Beginnings:
        local = f"SET LOCAL lock_timeout = {round(timeout * 1000)}"
        name = SCHEMA
        if schema is not None:
            local += f"; SET LOCAL search_path = {_quoted(schema)}"
            name = _literal(schema)
        # Revisions must be committed in the order they are taken, or a snapshot would miss one. A lock is of one
        # database already; its number is of the schema.
        turn = f"SELECT pg_advisory_xact_lock(hashtextextended({name}, {WRITERS_TAKE_TURNS}))"
        mode = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        return cls(*(text.replace("%", "%%") for text in (f"{mode}; {local}", f"{local}; {turn}")))

    def begin(self, connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING)
        connection.exec_driver_sql(self.write if writing else self.read)


def _connected(connection: psycopg.Connection[Any], _: object) -> None:
    from psycopg.types.array import ListBinaryDumper

    # Lists, such as many keys or vectors, travel as they are instead of as text with every byte escaped.
    connection.adapters.register_dumper(list, ListBinaryDumper)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    """A text in SQL, the same whatever the server takes a backslash for."""
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _checked(named: object) -> str:
    if not isinstance(named, str):
        raise StoreError("a store lives in one schema; name it once: ?schema=NAME")
    if not named or "\x00" in named or len(named.encode("utf-8", "surrogateescape")) > LONGEST:
        raise StoreError(f"{named!r} is no name of a schema: at least a letter, at most {LONGEST} bytes")
    return named


def _of_search_path(path: str) -> str:
    """The one schema of a search path, as the server reads it: folded to small letters, but in double quotes."""
    text = re.sub(r"\\(.)", r"\1", path)
    one = _ONE_NAME.fullmatch(text)
    if one is None or "$user" in text:
        raise StoreError(f"a store lives in one schema, not in search_path={text!r}; name it: ?schema=NAME")
    quoted, bare = one.groups()
    return _checked(quoted.replace('""', '"') if quoted else bare.lower())
