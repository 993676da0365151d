"""Snapshots: opening one again, catching up, and what they take in memory, each against starting again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, create_engine, event

from toolkit.store.snapshots.snapshots import Snapshots
from toolkit.store.sql import schema

from .figure import Figure

__all__ = ["run"]

DIMENSION = 512
CONCEPTS = 1_000
VALUES = 4  # concept values of every input
BATCH = 10_000  # inputs in one revision
NEW = 1_000


def run(rows: int) -> list[Figure]:
    with TemporaryDirectory() as directory:
        store, cache = Path(directory) / "bench.db", Path(directory) / "bench.cache"
        with _engine(store) as engine:
            schema.metadata.create_all(engine)
            _concepts(engine)
            for start in range(0, rows, BATCH):
                _add(engine, start, min(BATCH, rows - start))
            rebuilt = _seconds(lambda: _look(engine, cache))
            reopened = _measured(store, cache)
            _add(engine, rows, NEW)
            with closing(Snapshots(_read(engine), cache)) as snapshots:
                caught_up = _seconds(snapshots.latest)
        matrix = rows * DIMENSION * 4
    making, size = "snapshot: making one", "the matrix of vectors"
    return [
        Figure(making, rebuilt, "s"),
        Figure("snapshot: opening it again", reopened["seconds"], "s", goal="<= 0.3"),
        Figure(f"snapshot: catching up {NEW} inputs", caught_up, "s", making, caught_up / rebuilt, "<= 0.05"),
        Figure(size, matrix / 2**20, "MiB"),
        Figure(
            "memory after a query",
            reopened["bytes"] / 2**20,
            "MiB",
            size,
            reopened["bytes"] / matrix,
            "<= 1.3",
        ),
    ]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _look(engine: Engine, cache: Path) -> None:
    with closing(Snapshots(_read(engine), cache)) as snapshots:
        snapshots.latest()


def _measured(store: Path, cache: Path) -> dict[str, float]:
    """Seconds and resident bytes of a process of its own that opens and queries."""
    asked = subprocess.run(
        [sys.executable, "-m", "bench.snapshot", store, cache], check=True, capture_output=True
    )
    return json.loads(asked.stdout)


def _open_and_query(store: Path, cache: Path) -> dict[str, float]:
    with _engine(store) as engine:
        snapshots = Snapshots(_read(engine), cache)
        seconds = _seconds(snapshots.latest)
        [space] = snapshots.latest().spaces.values()
        similarities = space.vectors @ space.vectors[0]
        for column in snapshots.latest().columns.of(0):
            similarities[column.rows] += column.values
        similarities.argmax()
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        return {"seconds": seconds, "bytes": resident}


@contextmanager
def _engine(path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    yield engine
    engine.dispose()


def _connected(connection: Any, _: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA page_size = 8192")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _read(engine: Engine) -> Callable[[], Any]:
    @contextmanager
    def read() -> Iterator[Connection]:
        with engine.begin() as connection:
            yield connection

    return read


def _concepts(engine: Engine) -> None:
    with engine.begin() as connection:
        _insert(connection, "sources", "key, name", [(1, "model:bench@1")])
        _insert(connection, "spaces", "key, name, embedder, dimension", [(1, "bench@1", "bench", DIMENSION)])
        concepts = [(key, f"concept {key}", "", 0.0) for key in range(1, CONCEPTS + 1)]
        _insert(connection, "concepts", "key, id, definition, created_at", concepts)


def _add(engine: Engine, start: int, count: int) -> None:
    """As many more inputs, each annotated and embedded; keys follow one another."""
    rng = np.random.default_rng(start)
    vectors = rng.standard_normal((count, DIMENSION), np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    said = np.sort(rng.integers(1, CONCEPTS // VALUES, (count, VALUES)) * VALUES + np.arange(VALUES) - VALUES)
    values = rng.random((count, VALUES))
    keys = range(start + 1, start + count + 1)
    with engine.begin() as connection:
        revision = connection.exec_driver_sql(
            "INSERT INTO revisions (token, created_at) VALUES (hex(randomblob(8)), 0) RETURNING revision"
        ).scalar_one()
        _insert(
            connection,
            "inputs",
            "key, id, uri, sha256, width, height, metadata, status, created_at, modified_at, revision",
            [
                (k, f"{k:016x}", f"{k}.jpg", f"{k:x}", 4, 3, '{"n":1}', "success", k, k, revision)
                for k in keys
            ],
        )
        regions = [(k, f"{k:016x}", k, k, revision) for k in keys]
        _insert(connection, "regions", "key, id, input_key, created_at, revision", regions)
        annotations = [(k, f"{k:016x}", k, 1, "success", k, k) for k in keys]
        columns = "key, id, region_key, source_key, status, created_at, modified_at"
        _insert(connection, "annotations", columns, annotations)
        entries = zip(
            np.repeat(keys, VALUES).tolist(),
            (said.ravel() + 1).tolist(),
            values.ravel().tolist(),
            strict=True,
        )
        _insert(connection, "annotation_concepts", "annotation_key, concept_key, value", list(entries))
        embedded = [(1, k, vector.tobytes(), revision) for k, vector in zip(keys, vectors, strict=True)]
        _insert(connection, "embeddings", "space_key, region_key, vector, revision", embedded)


def _insert(connection: Connection, table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(rows[0]))
    connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


if __name__ == "__main__":
    print(json.dumps(_open_and_query(Path(sys.argv[1]), Path(sys.argv[2]))))
