"""Snapshots: making one, opening it again, catching up, and what they take in memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, create_engine, event

import toolkit
from toolkit.snapshot import Later, Snapshot
from toolkit.store import AnnotationStore
from toolkit.store.snapshots.layout import arrays_of
from toolkit.store.snapshots.snapshots import Snapshots
from toolkit.terms import input as like_input

from .figure import Figure

__all__ = ["annotating", "filled", "run"]

DIMENSION = 512
CONCEPTS = 1_000
VALUES = 4  # concept values of every input
BATCH = 10_000  # inputs in one revision
NEW = 1_000
KINDS = "array", "codes", "scales", "errors"
ANNOTATED = 100_000  # rows at most where annotations are caught up one by one
LABELS = 15


def run(rows: int) -> list[Figure]:
    with TemporaryDirectory() as directory:
        large = _of_many(rows, Path(directory))
    with TemporaryDirectory() as directory:
        few = min(rows, ANNOTATED)
        filled(Path(directory, "few.db"), few)
        one = annotating(str(Path(directory, "few.db")), Path(directory, "few.cache"))
        figures = [
            *large,
            Figure(f"snapshot: catching up an annotation, {few:,} rows", one, "ms", goal="<= 15"),
        ]
        return [*figures, *_on_a_server(Path(directory, "few.db"), few)]


def _of_many(rows: int, directory: Path) -> list[Figure]:
    store, cache = directory / "bench.db", directory / "bench.db.cache"
    filled(store, rows)
    with _engine(store) as engine:
        os.sync()  # or what was just filled in is written to the disk meanwhile
        before, queued = time.process_time(), _queued()
        made = _seconds(lambda: _look(engine, cache))
        worked, queued = time.process_time() - before, _queued() - queued
        product, codes = _measured("product", store, cache), _measured("codes", store, cache)
        sizes = _bytes(cache, rows)
        _add(engine, rows, NEW)
        with closing(Snapshots(_read(engine), cache)) as snapshots:
            caught_up = _seconds(snapshots.latest)
    matrix = rows * DIMENSION * 4
    making, size = "snapshot: making one", "the matrix of vectors"
    every, resident = codes["arrays"], codes["bytes"] / 2**20
    return [
        Figure(making, made, "s", goal="<= 15"),
        Figure("snapshot: making one, but what it waited for a processor", made - queued, "s", goal="<= 15"),
        Figure("snapshot: making one, time of processors", worked, "s"),
        Figure("snapshot: opening it again", product["seconds"], "s", goal="<= 0.3"),
        Figure(f"snapshot: catching up {NEW} inputs", caught_up, "s", making, caught_up / made, "<= 0.05"),
        Figure("arrays a search maps", codes["mapped"], "", f"all {every:.0f}", codes["mapped"] / every),
        Figure(size, matrix / 2**20, "MiB"),
        Figure("memory after all cosines", product["bytes"] / 2**20, "MiB", size, product["bytes"] / matrix, "<= 1.3"),
        Figure("memory after opening and a search, codes", resident, "MiB", size, codes["bytes"] / matrix, "<= 0.5"),
        Figure("the most it took", codes["peak"] / 2**20, "MiB", size, codes["peak"] / matrix),
        Figure("bytes a row, but the vectors", sizes["array"], "B"),
        Figure("bytes a number of codes", sizes["codes"] / DIMENSION, "B"),
        Figure("bytes a row of their scales and errors", sizes["scales"] + sizes["errors"], "B"),
    ]  # fmt: skip


def filled(path: Path, rows: int) -> None:
    """Make an embedded store of so many inputs, each annotated and embedded.

    Parameters
    ----------
    path : Path
        Its file.
    rows : int
        How many inputs.
    """
    AnnotationStore.open(path).close()
    with _engine(path) as engine:
        _concepts(engine)
        for start in range(0, rows, BATCH):
            _add(engine, start, min(BATCH, rows - start))


def annotating(target: str, cache: Path) -> float:
    """Milliseconds, the median, of catching up one annotation of a store.

    Parameters
    ----------
    target : str
        Its file or address.
    cache : Path
        Where its snapshots are.
    """
    taken = []
    with AnnotationStore.open(target) as store, closing(Snapshots(store.read, cache)) as snapshots:
        for key in snapshots.latest().rows.key[:LABELS].tolist():
            with store.write() as batch:
                batch.annotations.add(key, source="human:me", concepts={"concept 5": 1.0})
            taken.append(_seconds(snapshots.latest) * 1000)
    return median(taken)


def _on_a_server(store: Path, rows: int) -> list[Figure]:
    """The same on PostgreSQL, where a server is installed to test with: the extra ``dev``."""
    try:
        from . import snapshot_server
    except ImportError:
        return []
    return snapshot_server.run(store, rows)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _queued() -> float:
    """Seconds that this thread was ready and had no processor, as Linux counts them: what others cost it."""
    schedule = Path("/proc/thread-self/schedstat")
    return int(schedule.read_text().split()[1]) / 1e9 if schedule.exists() else 0.0


def _look(engine: Engine, cache: Path) -> None:
    with closing(Snapshots(_read(engine), cache)) as snapshots:
        snapshots.latest()


def _measured(how: str, store: Path, cache: Path) -> dict[str, float]:
    """What a process of its own needs that opens and queries."""
    asked = subprocess.run(
        [sys.executable, "-m", "bench.snapshot", how, store, cache], check=True, capture_output=True
    )
    return json.loads(asked.stdout)


def _all_cosines(store: Path, cache: Path) -> dict[str, float]:
    with _engine(store) as engine:
        snapshots = Snapshots(_read(engine), cache)
        seconds = _seconds(snapshots.latest)
        [space] = snapshots.latest().spaces.values()
        similarities = space.vectors @ space.vectors[0]
        for column in snapshots.latest().columns.of(0):
            similarities[column.rows] += column.values
        similarities.argmax()
        return {"seconds": seconds, "bytes": _resident("VmRSS")}


def _search_by_codes(store: Path, cache: Path) -> dict[str, float]:
    """Three searches; the first of all makes the codes."""
    with toolkit.open(store) as photos:
        for number in (1, 2, 3):
            assert len(photos.search(like_input(f"{number:016x}"), limit=20).ids) == 20
        mapped, every = _mapped(photos.snapshot())
        resident = _resident("VmRSS"), _resident("VmHWM")
    return {"bytes": resident[0], "peak": resident[1], "mapped": mapped, "arrays": every}


def _mapped(snapshot: Snapshot) -> tuple[int, int]:
    """How many arrays of a snapshot are mapped, and how many there are."""
    tables = snapshot.inputs, snapshot.inputs.metadata, snapshot.rows, snapshot.columns
    groups: list[Later] = [*tables, snapshot.annotations, snapshot.annotations.info]
    arrays = sum(isinstance(vars(one).get(name), np.ndarray) for one in groups for name in one.arrived)
    vectors = sum(name in ("vectors", "rows") for one in snapshot.spaces.values() for name in one.arrived)
    return arrays + vectors, len(arrays_of(snapshot))


def _resident(what: str) -> float:
    """Bytes of this process, as Linux counts them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) * 1024.0


def _bytes(cache: Path, rows: int) -> dict[str, float]:
    """Bytes a row of the files of a snapshot by their kind, but of the vectors."""
    sizes = {kind: [path.stat().st_size for path in cache.glob(f"*.{kind}")] for kind in KINDS}
    sizes["array"].remove(rows * DIMENSION * 4)
    return {kind: sum(of_kind) / rows for kind, of_kind in sizes.items()}


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
    measure = {"product": _all_cosines, "codes": _search_by_codes}[sys.argv[1]]
    print(json.dumps(measure(Path(sys.argv[2]), Path(sys.argv[3]))))
