"""A team's store on a PostgreSQL server of its own: rows added, one annotation caught up, notices, many readers.

Client and server work in turns, so what both need of a processor (Linux counts it) is what the clock would show on a
machine that does nothing else, but for waiting for the disk; on a busy machine the clock shows what else runs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from toolkit.store import AnnotationStore, NewAnnotation, NewInput
from toolkit.store.snapshots.snapshots import Snapshots

from .figure import Figure
from .postgres import own_server

__all__ = ["run"]

BATCH, DIMENSION, CONCEPTS = 256, 128, 50
ADDED = 10_000  # inputs that are added by the store's own verbs
NOTICES, READERS, READS, LABELS = 80, 40, 25, 25

# The rest, made by the server itself: a whole image, four values and a vector each.
MORE = """
INSERT INTO inputs (id, uri, sha256, width, height, status, created_at, modified_at, revision)
SELECT 'made ' || n, '/made/' || n, md5(n::text), 4, 3, 'success', 1, 1, (SELECT max(revision) FROM revisions)
FROM generate_series(1, %s::int) n;
INSERT INTO regions (id, input_key, created_at, revision)
SELECT id, key, 1, revision FROM inputs WHERE id ^@ 'made ' ORDER BY key;
INSERT INTO annotations (id, region_key, source_key, status, created_at, modified_at)
SELECT id, key, (SELECT min(key) FROM sources), 'success', 1, 1 FROM regions WHERE id ^@ 'made ' ORDER BY key;
INSERT INTO annotation_concepts (annotation_key, concept_key, value)
SELECT a.key, c.key, 0.5 FROM annotations a, (SELECT key FROM concepts ORDER BY key LIMIT 4) c WHERE a.id ^@ 'made ';
INSERT INTO embeddings (space_key, region_key, vector, revision)
SELECT e.space_key, r.key, e.vector, r.revision
FROM regions r, (SELECT space_key, vector FROM embeddings LIMIT 1) e WHERE r.id ^@ 'made '
"""


def run(rows: int) -> Iterator[Figure]:
    """Figures of stores of some inputs, each with four concept values and a vector."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as directory, own_server() as address:
        added = min(rows, ADDED)
        clock, work = {}, {}
        for name, target in (("SQLite", Path(directory, "photos.db")), ("PostgreSQL", address)):
            _add(target, BATCH, start=rows)  # first touch, caches, imports
            clock[name], work[name] = _add(target, added)
        yield Figure("SQLite: adding to the store, by the clock", clock["SQLite"], "inputs/s")
        yield Figure("the same, by processors", work["SQLite"], "inputs/s")
        yield Figure("PostgreSQL: adding, by the clock", clock["PostgreSQL"], "inputs/s", goal=">= 5000")
        ratio = work["PostgreSQL"] / work["SQLite"]
        yield Figure("the same, by processors", work["PostgreSQL"], "inputs/s", "SQLite", ratio)
        _grow(address, rows - added)
        slow, needed = _caught_up(address, Path(directory, "cache"))
        yield Figure(f"PostgreSQL: an annotation caught up, {rows:,} rows", slow, "ms", goal="<= 15")
        yield Figure("the same, by processors", needed, "ms")
        taken = _notices(address)
        yield Figure(f"a notice, median of {NOTICES}", median(taken), "ms")
        yield Figure(f"a notice, slowest of {NOTICES}", max(taken), "ms", goal="<= 50")
        yield Figure(f"notices within 15 ms, of {NOTICES}", sum(one <= 15 for one in taken), "")
        yield Figure(f"a read, median, {READERS} readers at once", median(_reads(address)), "ms")


def _add(target: str | Path, count: int, *, start: int = 0) -> tuple[float, float]:
    """Inputs a second, by the clock and by processors, written as a workflow of two models writes them."""
    vectors = np.random.default_rng(0).normal(size=(BATCH, DIMENSION)).astype(np.float32)
    with AnnotationStore.open(target) as store:
        with store.write() as batch:
            batch.spaces.add("m@1", embedder="m", dimension=DIMENSION)
        begun, spent = time.perf_counter(), _processors(store)
        for first in range(start, start + count, BATCH):
            new = [_input(number) for number in range(first, first + BATCH)]
            with store.write() as batch:
                added = batch.inputs.add(new)
                keys = [one.region_key for one in added]
                said = [NewAnnotation(key, _concepts(key)) for key in keys]
                batch.annotations.add_many(said, source="model:m@1")
                batch.embeddings.put("m@1", keys, vectors)
                batch.progress.mark([one.key for one in added], "embedder:m@1")
        seconds, needed = time.perf_counter() - begun, _processors(store) - spent
    written = len(range(start, start + count, BATCH)) * BATCH
    return written / seconds, written / needed


def _processors(store: AnnotationStore) -> float:
    """Seconds of processors that this process has had, and the server for it: one connection, where all is in turn."""
    if not store.is_shared:
        return time.process_time()
    with store.read() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    return time.process_time() + int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def _grow(address: str, rows: int) -> None:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        for statement in MORE.split(";"):
            connection.execute(statement, (rows,) if "%s" in statement else None)
        connection.execute("VACUUM ANALYZE")


def _caught_up(address: str, cache: Path) -> tuple[float, float]:
    """Milliseconds, the median, of catching up one annotation: by the clock and by processors."""
    clock, work = [], []
    with AnnotationStore.open(address) as store, closing(Snapshots(store.read, cache)) as snapshots:
        for key in snapshots.latest().rows.key[:LABELS].tolist():
            with store.write() as batch:
                batch.annotations.add(key, source="human:me", concepts={"concept 5": 1.0})
            spent, begun = _processors(store), time.perf_counter()
            snapshots.latest()
            clock.append((time.perf_counter() - begun) * 1000)
            work.append((_processors(store) - spent) * 1000)
    return median(clock), median(work)


def _input(number: int) -> NewInput:
    digest = sha256(str(number).encode()).hexdigest()
    return NewInput(uri=f"/photos/{number}.jpg", sha256=digest, width=4, height=3)


def _concepts(key: int) -> dict[str, float]:
    return {f"concept {(key * 7 + place) % CONCEPTS}": 0.5 for place in range(4)}


def _notices(address: str) -> list[float]:
    """Milliseconds from a commit to when another session has heard of it."""
    taken = []
    heard = threading.Event()
    at: list[float] = []

    def hear() -> None:
        at.append(time.perf_counter())
        heard.set()

    with AnnotationStore.open(address) as mine, AnnotationStore.open(address) as theirs, mine.follow(hear):
        time.sleep(1)  # until it listens
        for number in range(NOTICES):
            heard.clear()
            with theirs.write() as batch:
                batch.annotations.add(number + 1, source="human:me", concepts={"heard": 1.0})
            committed = time.perf_counter()
            heard.wait()
            taken.append((at[-1] - committed) * 1000)
    return taken


def _reads(address: str) -> list[float]:
    """Milliseconds of looking up an input, of many threads that share the connections of one session."""
    taken: list[float] = []
    with AnnotationStore.open(address) as store, ThreadPoolExecutor(READERS) as threads:
        together = threading.Barrier(READERS)

        def read(reader: int) -> None:
            together.wait()
            for number in range(READS):
                begin = time.perf_counter()
                store.inputs.by_key([1 + (reader * READS + number) % BATCH])
                taken.append((time.perf_counter() - begin) * 1000)

        list(threads.map(read, range(READERS)))
    return taken
