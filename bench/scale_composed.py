"""Composed queries through an engine in the team's own PostgreSQL: how long they take, and how many are sure.

A server of its own is started from a package; 50,000 made-up pictures × 128 lie in it, every tenth with a concept and
every hundredth with a label. Each query runs with a snapshot, where the engine finds what is near, and without one, as
in a collection of more rows than `Settings.snapshot_rows`: then parts of the collection are read and ranked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from statistics import median

import numpy as np

import toolkit
from toolkit.hits import Hits
from toolkit.query import Query, Term
from toolkit.store import NewAnnotation, NewInput
from toolkit.values.settings import Settings
from toolkit.values.types import FloatArray

from .figure import Figure
from .postgres import own_server

__all__ = ["composed_through", "run"]

DIMENSION = 128
KINDS = 200
TREES = 200
SPACE = "made-up@1"
CHUNK = 10_000


def run(rows: int) -> list[Figure]:
    """The figures at so many rows, in pgvector."""
    with own_server() as url:
        return composed_through("pgvector", url, rows)


def composed_through(engine: str, target: str, rows: int) -> list[Figure]:
    """Milliseconds of composed queries through an engine, and the share of random ones that are sure.

    Parameters
    ----------
    engine : str
        As in `Settings.engine`.
    target : str
        Where the collection is made: a path or a database URL.
    rows : int
        How many pictures.
    """
    random = np.random.default_rng(7)
    vectors = made_up_vectors(rows, random)
    settings = Settings(engine=engine)
    with toolkit.open(target, workflow="none", settings=settings) as photos:
        fill(photos, vectors, random)
        found = list(_timed(photos, vectors, "snapshot"))
        trees = list(random_trees(vectors, TREES))
        expected = [photos.search(tree, limit=20) for tree in trees]
    with toolkit.open(target, settings=replace(settings, snapshot_rows=rows // 2)) as photos:
        found += _timed(photos, vectors, "parts")
        return [*found, *_sure(photos, trees, expected)]


def made_up_vectors(rows: int, random: np.random.Generator) -> FloatArray:
    """Unit vectors (rows, 128) around two hundred kinds of picture.

    Parameters
    ----------
    rows : int
        How many.
    random : Generator
        Draws them.
    """
    kinds = random.standard_normal((KINDS, DIMENSION))
    found = kinds[random.integers(0, KINDS, rows)] + 0.8 * random.standard_normal((rows, DIMENSION))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def fill(photos: toolkit.Collection, vectors: FloatArray, random: np.random.Generator) -> None:
    """Write pictures with these vectors, a concept for every tenth and a label for every hundredth.

    Parameters
    ----------
    photos : Collection
        An empty one.
    vectors : float32 (n, 128)
        One for each picture.
    random : Generator
        Draws who has them.
    """
    store, numbers = photos._resources.store, count()
    for start in range(0, len(vectors), CHUNK):
        some = vectors[start : start + CHUNK]
        ids = [f"{next(numbers):016}" for _ in some]
        made = [NewInput(uri=f"/{id}.jpg", sha256=f"{id:0<64}", width=4, height=3) for id in ids]
        with store.write() as batch:
            added = batch.inputs.add(made)
            keys = [one.region_key for one in added]
            batch.spaces.add(SPACE, embedder="made-up", dimension=DIMENSION)
            batch.embeddings.put(SPACE, keys, some)
            batch.progress.mark([one.key for one in added], "concept_model:made-up@1")
            with_dogs = [key for key in keys if random.random() < 0.1]
            dogs = [NewAnnotation(key, concepts={"dog": float(random.random())}) for key in with_dogs]
            batch.annotations.add_many(dogs, source="model:made-up@1")
            best = [NewAnnotation(key, concepts={"best": 1.0}) for key in keys if random.random() < 0.01]
            batch.annotations.add_many(best, source="human:me")
    photos._resources.backgrounds.refresh(photos._resources.snapshots.latest)


def _like(vectors: FloatArray, index: int) -> Term:
    return Term("embedding", tuple(vectors[index].tolist()))


def _timed(photos: toolkit.Collection, vectors: FloatArray, how: str) -> Iterator[Figure]:
    one, other, third = (_like(vectors, index) for index in (1, 2, 3))
    queries: dict[str, Query] = {
        "image": one,
        "image & concept of 10 %": one & Term("concept", "dog"),
        "image & label of 1 %": one & Term("label", "best"),
        "image & image & ~image": one & other & ~third,
    }
    for name, query in queries.items():
        photos.search(query, limit=20)  # what is new is fed, connections are opened
        taken, hits = [], Hits([], query="", total=0, milliseconds=0.0)
        for _ in range(7):
            start = time.perf_counter()
            hits = photos.search(query, limit=20)
            taken.append((time.perf_counter() - start) * 1000)
        sure = "exact" if hits.exact else "not sure"
        yield Figure(f"{name}, by {how} ({sure})", median(taken), "ms", goal="<= 50")


def random_trees(vectors: FloatArray, number: int) -> Iterator[Query]:
    """Queries as people compose them: one to three things that are wanted, what is absent, a filter, weights.

    Parameters
    ----------
    vectors : float32 (n, d)
        Pictures to ask with.
    number : int
        How many queries.
    """
    random = np.random.default_rng(11)
    for _ in range(number):
        wanted: list[Query] = [_like(vectors, int(random.integers(len(vectors))))]
        wanted += [_like(vectors, int(random.integers(len(vectors))))] * int(random.random() < 0.4)
        wanted += [Term("concept", "dog")] * int(random.random() < 0.5)
        parts = [part ** float(random.uniform(0.5, 3)) if random.random() < 0.3 else part for part in wanted]
        join = random.choice(["&", "|", "+"], p=[0.6, 0.2, 0.2])
        query = parts[0]
        for part in parts[1:]:
            query = query & part if join == "&" else query | part if join == "|" else query + part
        if random.random() < 0.25:
            query = query & ~_like(vectors, int(random.integers(len(vectors))))
        if random.random() < 0.25:
            query = query & Term("label", "best")
        yield query


def _sure(photos: toolkit.Collection, trees: list[Query], expected: list[Hits]) -> Iterator[Figure]:
    found = [photos.search(tree, limit=20) for tree in trees]
    sure = [hits.exact for hits in found]
    wrong = sum(
        hits.exact and (hits.ids, hits.scores.tolist()) != (right.ids, right.scores.tolist())
        for hits, right in zip(found, expected, strict=True)
    )
    looked = [hits.plan.folded for hits in found if hits.plan is not None]
    yield Figure("random queries by parts that are not sure", 100 * (1 - np.mean(sure)), "%", goal="<= 5")
    yield Figure("of the sure ones, other hits than of everything", float(wrong), "queries", goal="<= 0")
    yield Figure("rows looked at for a random query, median", float(np.median(looked)), "rows")
