"""Whole queries, from the term to the hits with their annotations, against the bare product of one image term.

The arrays are those of a made-up collection without regions. Hits are read from a real store, a small one: the keys
of the rows name its inputs over and over, so that no million inputs have to be written first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np

from toolkit.neighbors import Indexes
from toolkit.originals import Originals
from toolkit.query import Query, Term
from toolkit.registry import default
from toolkit.resources import Resources
from toolkit.search import search
from toolkit.settings import Settings
from toolkit.store import AnnotationStore, NewInput, Snapshots
from toolkit.snapshot import (
    AnnotationArrays,
    ConceptColumns,
    InputArrays,
    RowArrays,
    Snapshot,
    Space,
    TextColumn,
)
from toolkit.types import FloatArray

from .figure import Figure, side_by_side
from .similarity import bare, clustered

__all__ = ["run"]

PRODUCT = "X @ q + argpartition"
SHARES = {"common": 0.5, "rare": 0.1}  # of the rows, chosen at random, of which a model says the concept
KEPT = 1000  # inputs of the store
QUERIES = 20
SPACE = "bench@1"


def run(rows: int, dimension: int = 512) -> list[Figure]:
    """The figures of queries over rows x dimension float32."""
    vectors = clustered(rows + QUERIES, dimension)
    vectors, queries = vectors[:rows], vectors[rows:]
    resources = _resources(vectors)
    common, rare = Term("concept", "common"), Term("concept", "rare")
    images = [Term("embedding", query.tolist()) for query in queries]
    one, mixed, image = "concept", "concept & ~concept & image", "image"
    times = side_by_side(
        {
            PRODUCT: _each(lambda query: bare(vectors, query, 20), queries),
            one: lambda: search(common, resources),
            mixed: _each(lambda term: search(common & ~rare & term, resources), images),
            image: _each(lambda term: search(term, resources), images),
        },
        repeats=15,
    )
    resources.close()
    goals = {one: 5 / 85, mixed: 1.5, image: 1.25}
    return [
        Figure(f"{name}, 20 hits", times[name], "ms", PRODUCT, times[name] / times[PRODUCT], f"<= {goal:.3g}")
        for name, goal in goals.items()
    ]


def _each(ask: Callable, things) -> Callable[[], object]:
    following = cycle(things)
    return lambda: ask(next(following))


class _Still(Snapshots):
    def __init__(self, snapshot):
        self._snapshot = snapshot

    def latest(self):
        return self._snapshot

    def close(self):
        pass


def _resources(vectors):
    store = AnnotationStore.open()
    with store.write() as batch:
        new = [NewInput(uri=f"/{i}.jpg", sha256=f"{i:064x}", width=4, height=3) for i in range(KEPT)]
        added = batch.add_inputs(new)
        batch.add_space(SPACE, embedder="bench", dimension=vectors.shape[1])
        for place in added:
            batch.annotate(place.region_key, source="model:bench@1", concepts={"common": 0.5, "rare": 0.5})
    settings, registry = Settings(), default()
    return Resources(store, _Still(_snapshot(vectors)), Originals(None), registry, settings, Indexes(registry, settings.similarity))


def _snapshot(vectors):
    n = len(vectors)
    rng = np.random.default_rng(0)
    key = 1 + np.arange(n) % KEPT
    time = np.arange(n, dtype=np.float64)
    place = np.full(n, np.nan, np.float32)
    none = TextColumn(np.empty(0, np.uint8), np.zeros(n + 1, np.int64))
    index = np.arange(n, dtype=np.int32)
    zero = np.zeros(n, np.int32)
    said = [np.flatnonzero(rng.random(n) < share).astype(np.int32) for share in SHARES.values()]
    return Snapshot(
        revision=1,
        inputs=InputArrays(key, time, time, place, place, zero, none),
        rows=RowArrays(key, index, np.full((n, 4), np.nan, np.float32)),
        annotations=AnnotationArrays(key, index, zero, zero, time, time, none),
        columns=ConceptColumns(
            np.arange(len(said), dtype=np.int32),
            np.zeros(len(said), np.int32),
            np.cumsum([0, *map(len, said)]),
            np.concatenate(said),
            rng.random(sum(map(len, said)), dtype=np.float32),
        ),
        concepts=tuple(SHARES),
        sources=("model:bench@1",),
        statuses=("success",),
        spaces={SPACE: Space(SPACE, vectors, index)},
        datasets={},
    )
