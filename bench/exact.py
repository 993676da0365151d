"""Exact answers for less than a product: each kind of query beside one product with every vector, on one core.

By the time of one core (`time.process_time`, one thread of BLAS), so that a busy machine disturbs little. The vectors
are made up, clustered as those of photos are (`bench.similarity.clustered`), and then real: those of photos-dev by the
network of the default workflow, mixed: each row is a random point between two photos, its direction moved by a
thousandth. ``numpy`` is what runs without the extra ``fast``, ``codes`` with it. What opening and adding cost stands
below, as in the parts `imports` and `adding`; the part `device` needs a GPU and more cores, and is run by name.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from statistics import median

import numpy as np
from threadpoolctl import threadpool_limits

import toolkit
from toolkit.hits import Hits
from toolkit.query import AllOf, Query, Term
from toolkit.search import search
from toolkit.search.build_hits import build_hits
from toolkit.search.planning import plan_query
from toolkit.similarity import cosines
from toolkit.similarity.codes import are_available
from toolkit.values.types import FloatArray

from . import adding, imports
from .composites import PHOTOS
from .figure import Figure
from .query import resources_of, snapshot_of
from .similarity import bare, clustered

__all__ = ["run"]

SHARES = {"half": 0.5, "tenth": 0.1, "hundredth": 0.01}
LIMIT = 20
QUERIES = 40
SMALL = 20_000
FIFTYONE = (
    22.0  # milliseconds of its sort_by_similarity on an idle machine, as the notes on peers measured it
)
FASTER = 15  # times
HITS = 3.0  # milliseconds that 20 hits took on an idle machine, before
REAL_BYTES = 2 * 2**30
ADDED = 20_000  # of which `adding` takes a hundredth: so many photos
REPEATS = 3


@dataclass(frozen=True)
class Row:
    """One row of the table: the query that it asks, and the goals without and with the extra ``fast``."""

    name: str
    images: int
    ask: Callable[..., Query]
    plain: float
    fast: float


def _rows() -> list[Row]:
    half, tenth, hundredth = (Term("concept", name) for name in SHARES)
    return [
        Row("a filter of 1 % & image", 1, lambda a: (hundredth >= 0) & a, 0.12, 0.12),
        Row("a filter of 10 % & image", 1, lambda a: (tenth >= 0) & a, 0.35, 0.30),
        Row("concept of 1 % & image", 1, lambda a: hundredth & a, 1.1, 0.35),
        Row("concept of 10 % & image", 1, lambda a: tenth & a, 1.1, 0.35),
        Row("concept of 50 % & image", 1, lambda a: half & a, 1.1, 0.35),
        Row("one image", 1, lambda a: a, 1.0, 0.30),
        Row("image & image", 2, lambda a, b: a & b, 1.3, 0.45),
        Row("image & ~image", 2, lambda a, b: a & ~b, 1.3, 0.45),
        Row("three images", 3, lambda a, b, c: a & b & c, 1.4, 0.60),
        Row("ten images", 10, lambda *images: AllOf(images), 2.5, 1.3),
    ]


def run(rows: int, dimension: int = 512) -> list[Figure]:
    """The figures of exact search over rows x dimension float32."""
    with threadpool_limits(1):
        before, cosines.CORES = cosines.CORES, 1
        try:
            return list(_figures(rows, dimension))
        finally:
            cosines.CORES = before


def _figures(rows: int, dimension: int) -> Iterator[Figure]:
    yield from _table("made up", clustered(rows + QUERIES, dimension))
    yield from _small(clustered(SMALL + QUERIES, dimension))
    if PHOTOS.exists():
        yield from _table("real, mixed", mixed(rows + QUERIES))
    else:
        print("photos-dev is not here: no real embeddings")
    yield from imports.run(rows)
    yield from adding.run(ADDED)


def mixed(rows: int) -> FloatArray:
    """Unit vectors float32 (rows, d) between those of photos; fewer rows where they would not fit 2 GiB."""
    with toolkit.open(workflow="efficientnet") as photos:
        photos.add(PHOTOS, progress=False)
        (space,) = photos.snapshot().spaces.values()
        of_photos = np.array(space.vectors)
    rows = min(rows, REAL_BYTES // of_photos[0].nbytes)
    random = np.random.default_rng(0)
    vectors = np.empty((rows, of_photos.shape[1]), np.float32)
    for start in range(0, rows, 8192):
        block = vectors[start : start + 8192]
        one, other = random.integers(0, len(of_photos), (2, len(block)))
        share = random.random((len(block), 1), np.float32)
        np.add(share * of_photos[one], (1 - share) * of_photos[other], out=block)
        block += random.standard_normal(block.shape, np.float32) * np.float32(1e-3 / block.shape[1] ** 0.5)
        block /= np.linalg.norm(block, axis=1, keepdims=True)
    return vectors


def _table(what: str, vectors: FloatArray) -> Iterator[Figure]:
    vectors, queries = vectors[:-QUERIES], vectors[-QUERIES:]
    resources = resources_of(snapshot_of(vectors, SHARES))
    images = [Term("embedding", tuple(query.tolist())) for query in queries]
    asks = {f"{kind}, {row.name}": row for row in _rows() for kind in _kinds()}
    turn = count()

    def asking(row: Row, codes: bool) -> Callable[[], object]:
        def ask() -> object:
            some = [images[next(turn) % QUERIES] for _ in range(row.images)]
            resources.indexes.codes.least = 1 if codes else len(vectors) + 1
            return search(row.ask(*some), resources, limit=LIMIT)

        return ask

    product = f"X @ q + argpartition ({what})"
    runs: dict[str, Callable[[], object]] = {
        product: lambda: bare(vectors, queries[next(turn) % QUERIES], LIMIT)
    }
    for name, row in asks.items():
        runs[name] = asking(row, name.startswith("codes"))
    times = _of_one_core(runs)
    yield Figure(f"{product}, {len(vectors):,} x {vectors.shape[1]}", times[product], "ms")
    for name, row in asks.items():
        goal = row.fast if name.startswith("codes") else row.plain
        plan = runs[name]().plan  # type: ignore[attr-defined]
        shown = f"{name} ({what}; {plan.cosines:,} exactly)"
        yield Figure(shown, times[name], "ms", product, times[name] / times[product], f"<= {goal:g}")
    resources.close()


def _kinds() -> list[str]:
    return ["numpy", "codes"] if are_available() else ["numpy"]


def _small(vectors: FloatArray) -> Iterator[Figure]:
    """What hits cost, and a search of a small collection beside FiftyOne's."""
    vectors, queries = vectors[:-QUERIES], vectors[-QUERIES:]
    resources = resources_of(snapshot_of(vectors, SHARES))
    images = [Term("embedding", tuple(query.tolist())) for query in queries]
    turn = count()
    made = _hits_alone(images[0], resources)

    def asked() -> Hits:
        return search(images[next(turn) % QUERIES], resources, limit=25)

    times = _of_one_core(
        {"ids": lambda: asked().ids, "objects": lambda: list(asked()), "hits": made}, repeats=200
    )
    row = f"{SMALL:,} rows, one image, 25 hits"
    # What FiftyOne's time is of: the hits in order, and their ids. Its samples are read when they are looked at.
    yield Figure(f"{row} (FiftyOne: 22 ms)", times["ids"], "ms", goal=f"<= {FIFTYONE / FASTER:.3g}")
    yield Figure(f"{row}, each looked at", times["objects"], "ms")
    yield Figure(f"20 hits into objects (before: {HITS:g} ms)", times["hits"], "ms", goal=f"<= {HITS / 2:g}")
    resources.close()


def _hits_alone(image: Term, resources: toolkit.resources.Resources) -> Callable[[], object]:
    """Makes the hits of a search that is done."""
    from toolkit.search.best_places import best_places
    from toolkit.search.cosine_terms import cosine_term
    from toolkit.search.stages import RankedPlan
    from toolkit.search.window import Window

    snapshot = resources.snapshots.latest()
    plan = plan_query(image, resources.registry)
    ranker, arguments = plan.bound[image]
    compared = {image: cosine_term(ranker, arguments, snapshot, resources)}
    window = Window(limit=20, offset=0, level="input", minimum=0)
    found = best_places(RankedPlan(plan, {}), window, compared, snapshot, resources)  # type: ignore[arg-type]
    best, leaves = found.ordered, plan.query.leaves()
    return lambda: build_hits(
        best.places, best.scores, leaves, found.ranked.terms, snapshot, resources, level="input", first=1
    )[:]


def _of_one_core(runs: Mapping[str, Callable[[], object]], *, repeats: int = REPEATS) -> dict[str, float]:
    """Median milliseconds of processor time of each, taken in turns."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for one in runs.values():
        one()
    for _ in range(repeats):
        for name, one in runs.items():
            start = time.process_time()
            one()
            taken[name].append((time.process_time() - start) * 1000)
    return {name: median(times) for name, times in taken.items()}
