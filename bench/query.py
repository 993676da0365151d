"""Whole queries, from the terms to hits with their inputs and annotations, against the bare product of one image.

The snapshot is that of a made-up collection of images without regions. Hits are read from a real store, a small one:
the rows name its inputs over and over, so that no million inputs have to be written first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from typing import TypeVar

import numpy as np

from toolkit.files.originals import LocalOriginals
from toolkit.plugins.registry import default
from toolkit.query import Term
from toolkit.resources import Resources
from toolkit.search import search
from toolkit.similarity.engines import Engines
from toolkit.similarity.indexes import SimilarityIndexes
from toolkit.snapshot import (
    AnnotationArrays,
    ConceptColumns,
    InputArrays,
    RowArrays,
    Snapshot,
    Space,
    TextColumn,
)
from toolkit.store import AnnotationStore, NewAnnotation, NewInput, Snapshots
from toolkit.values.settings import Settings
from toolkit.values.source import Source
from toolkit.values.types import FloatArray

from .figure import Figure, side_by_side
from .similarity import bare, clustered

__all__ = ["run"]

PRODUCT = "X @ q + argpartition"
GOALS = {"concept": 5 / 85, "image": 1.25, "concept & ~concept & image": 1.5}
LIMIT = 20
QUERIES = 20
KEPT = 1000  # inputs of the store
SHARES = {"common": 0.5, "rare": 0.1}  # of the rows, drawn at random, of which a model says the concept
SOURCE, SPACE = Source.model("bench", "1"), "bench@1"

Thing = TypeVar("Thing")


def run(rows: int, dimension: int = 512) -> list[Figure]:
    """The figures of queries over rows x dimension float32."""
    vectors = clustered(rows + QUERIES, dimension)
    vectors, queries = vectors[:rows], vectors[rows:]
    common, rare = (Term("concept", name) for name in SHARES)
    images = [Term("embedding", tuple(query.tolist())) for query in queries]
    resources = resources_of(snapshot_of(vectors))
    times = side_by_side(
        {
            PRODUCT: _each(queries, lambda query: bare(vectors, query, LIMIT)),
            "concept": lambda: search(common, resources, limit=LIMIT),
            "image": _each(images, lambda image: search(image, resources, limit=LIMIT)),
            "concept & ~concept & image": _each(
                images, lambda image: search(common & ~rare & image, resources, limit=LIMIT)
            ),
        },
        repeats=15,
    )
    resources.close()
    return [
        Figure(
            f"{name}, {LIMIT} hits",
            times[name],
            "ms",
            PRODUCT,
            times[name] / times[PRODUCT],
            f"<= {goal:.3g}",
        )
        for name, goal in GOALS.items()
    ]


def _each(things: Sequence[Thing], ask: Callable[[Thing], object]) -> Callable[[], object]:
    """A contender that takes another each time: none finds its answer in the cache."""
    following = cycle(things)
    return lambda: ask(next(following))


class _Still(Snapshots):
    """Always the same snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def latest(self) -> Snapshot:
        return self._snapshot

    def close(self) -> None:
        pass


def resources_of(snapshot: Snapshot) -> Resources:
    """An open collection of that snapshot."""
    settings, registry = Settings(), default()
    indexes = SimilarityIndexes(registry, settings.similarity)
    store = _store(snapshot.concepts)
    engines = Engines(store, registry, None, lambda _: None)
    return Resources(store, _Still(snapshot), LocalOriginals(None), registry, settings, indexes, engines)


def _store(concepts: Sequence[str]) -> AnnotationStore:
    store = AnnotationStore.open()
    new = [
        NewInput(uri=f"/{number}.jpg", sha256=f"{number:064x}", width=4, height=3) for number in range(KEPT)
    ]
    with store.write() as batch:
        inputs = batch.inputs.add(new)
        rows = [added.region_key for added in inputs]
        said = [NewAnnotation(row, concepts=dict.fromkeys(concepts, 0.5)) for row in rows]
        batch.annotations.add_many(said, source=SOURCE)
        # The model looked at every picture, so that one without a concept is a weak hit, not none.
        batch.progress.mark([added.key for added in inputs], f"concept_model:{SOURCE.full_name}")
    return store


def snapshot_of(vectors: FloatArray, shares: Mapping[str, float] = SHARES) -> Snapshot:
    """A made-up collection of images, with concepts on shares of its rows."""
    n = len(vectors)
    index, nothing = np.arange(n, dtype=np.int32), np.zeros(n, np.int32)
    key, time = 1 + np.arange(n) % KEPT, np.arange(n, dtype=np.float64)
    nowhere = np.full(n, np.nan, np.float32)
    texts = TextColumn(np.empty(0, np.uint8), np.zeros(n + 1, np.int64))
    return Snapshot(
        revision=1,
        inputs=InputArrays(key, time, time, nowhere, nowhere, nothing, texts),
        rows=RowArrays(key, index, np.full((n, 4), np.nan, np.float32)),
        annotations=AnnotationArrays(key, index, nothing, nothing, time, time, texts),
        columns=_columns(n, shares, np.random.default_rng(0)),
        concepts=tuple(shares),
        sources=(SOURCE,),
        statuses=("success",),
        spaces={SPACE: Space(SPACE, vectors, index)},
        datasets={},
    )


def _columns(n: int, shares: Mapping[str, float], random: np.random.Generator) -> ConceptColumns:
    said = [np.flatnonzero(random.random(n) < share).astype(np.int32) for share in shares.values()]
    return ConceptColumns(
        concept=np.arange(len(said), dtype=np.int32),
        source=np.zeros(len(said), np.int32),
        start=np.cumsum([0, *map(len, said)]),
        rows=np.concatenate(said),
        values=random.random(sum(map(len, said)), dtype=np.float32),
    )
