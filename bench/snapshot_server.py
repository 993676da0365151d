"""The same store on a PostgreSQL server of its own: a snapshot made there, and one annotation caught up."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from toolkit.store import AnnotationStore
from toolkit.store.snapshots.snapshots import Snapshots

from .figure import Figure
from .postgres import own_server
from .snapshot import annotating

__all__ = ["run"]

TABLES = (
    "revisions", "sources", "spaces", "concepts", "inputs", "regions", "annotations", "annotation_concepts",
    "embeddings",
)  # fmt: skip
NUMBERED = {"revisions": "revision", "sources": "key", "annotations": "key"}  # what is added to


def run(store: Path, rows: int) -> list[Figure]:
    """Figures of a copy of an embedded store.

    Parameters
    ----------
    store : Path
        Its file.
    rows : int
        How many inputs it has.
    """
    with own_server() as address, TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        _copy(store, address)
        seconds = _making(address, Path(directory, "made"))
        one = annotating(address, Path(directory, "cache"))
    return [
        Figure(f"PostgreSQL: making a snapshot, {rows:,} rows", seconds, "s"),
        Figure(f"PostgreSQL: catching up an annotation, {rows:,} rows", one, "ms", goal="<= 15"),
    ]


def _making(address: str, cache: Path) -> float:
    with AnnotationStore.open(address) as store, closing(Snapshots(store.read, cache)) as snapshots:
        start = time.perf_counter()
        snapshots.latest()
        return time.perf_counter() - start


def _copy(store: Path, address: str) -> None:
    """All rows of an embedded store into an empty one on a server."""
    AnnotationStore.open(address).close()
    with closing(sqlite3.connect(store)) as embedded, psycopg.connect(address) as server:
        for table in TABLES:
            columns = ", ".join(name for _, name, *_ in embedded.execute(f"PRAGMA table_info({table})"))
            with server.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in embedded.execute(f"SELECT {columns} FROM {table}"):
                    copy.write_row(row)
        for table, column in NUMBERED.items():
            newest = f"(SELECT max({column}) FROM {table})"
            server.execute(f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), {newest})")
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("VACUUM ANALYZE")
