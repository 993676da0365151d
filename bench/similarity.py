"""Neighbors of one image and of a hundred, against the bare products that no search can do without.

The vectors are clustered as the embeddings of real photos are: measured on 1,409 photos through a MobileNetV2, the
spread along the i-th principal axis falls as 1 / sqrt(i), and 0.64 of the variance is within the classes. Queries
are further vectors of the same clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import TypedDict

import numpy as np
from sklearn.neighbors import NearestNeighbors
from toolkit_sklearn.binary import BinaryIndex
from toolkit_sklearn.exact import ExactIndex

from toolkit.similarity import nearest, recall, top
from toolkit.types import FloatArray, IntArray

__all__ = ["clustered", "run"]

BATCH = 100
BLOCK = 8192
PER_CLUSTER = 1000
WITHIN = 1.33  # standard deviation within a cluster for 1 between them: 0.64 of the variance


class Figure(TypedDict):
    """One line of the table: `ratio` is `value` over what `against` took in the same run."""

    name: str
    value: float
    unit: str
    against: str
    ratio: float
    goal: str


def run(rows: int, dimension: int) -> list[Figure]:
    """The figures of similarity search over rows x dimension float32."""
    vectors = clustered(rows + BATCH, dimension)
    vectors, queries = vectors[:rows], vectors[rows:]
    return [
        *_single(vectors, queries),
        *_batch(vectors, queries),
        *_binary(vectors, queries),
        *_selection(rows),
    ]


def clustered(rows: int, dimension: int, *, seed: int = 0) -> FloatArray:
    """Unit vectors float32 (rows, dimension) around rows / 1,000 centers."""
    random = np.random.default_rng(seed)
    axes = np.linalg.qr(random.standard_normal((dimension, dimension)))[0]
    axes = (axes / np.sqrt(np.arange(1, dimension + 1))[:, None]).astype(np.float32)
    centers = random.standard_normal((max(1, rows // PER_CLUSTER), dimension), dtype=np.float32)
    vectors = np.empty((rows, dimension), np.float32)
    for start in range(0, rows, BLOCK):
        block = vectors[start : start + BLOCK]
        within = random.standard_normal(block.shape, dtype=np.float32)
        np.matmul(centers[random.integers(0, len(centers), len(block))] + WITHIN * within, axes, out=block)
        block /= np.linalg.norm(block, axis=1, keepdims=True)
    return vectors


def bare(vectors: FloatArray, query: FloatArray, k: int) -> IntArray:
    """The least one can do for one query: the product, and the k best in no order."""
    return np.argpartition(vectors @ query, -k)[-k:]


def ranked(index: ExactIndex, query: FloatArray, k: int) -> IntArray:
    """What a query goes through: the cosines, scores in [0, 1], the check of their range, the order."""
    scores = index.similarities(query[None])[0]
    scores += 1
    scores *= 0.5
    np.clip(scores, 0, 1, out=scores)
    if not scores.min() >= 0 or not scores.max() <= 1:
        raise ValueError("scores outside [0, 1]")
    return top(scores, k)


def blocked_product(vectors: FloatArray, queries: FloatArray) -> None:
    """The least one can do for many queries: the products, block by block, without looking at them."""
    scores = np.empty((BLOCK, len(queries)), np.float32)
    for start in range(0, len(vectors), BLOCK):
        block = vectors[start : start + BLOCK]
        np.matmul(block, queries.T, out=scores[: len(block)])


def blocked_argpartition(vectors: FloatArray, queries: FloatArray, k: int) -> IntArray:
    """What one writes: the products and an argpartition, block by block, and the best of those."""
    best, found = [], []
    for start in range(0, len(vectors), BLOCK):
        scores = queries @ vectors[start : start + BLOCK].T
        least = min(k, scores.shape[1])
        chosen = np.argpartition(scores, -least, axis=1)[:, -least:]
        best.append(np.take_along_axis(scores, chosen, axis=1))
        found.append(chosen + start)
    order = np.argsort(-np.concatenate(best, axis=1), axis=1)[:, :k]
    return np.take_along_axis(np.concatenate(found, axis=1), order, axis=1)


def _single(vectors: FloatArray, queries: FloatArray) -> list[Figure]:
    index = ExactIndex(algorithm="brute", metric="euclidean").fit(vectors)
    plain = NearestNeighbors(algorithm="brute", metric="cosine").fit(vectors)
    ours, product = "one query, top 10", "X @ q + argpartition"
    times = _interleaved(
        {ours: lambda i: ranked(index, queries[i], 10), product: lambda i: bare(vectors, queries[i], 10)}
    )
    theirs = "NearestNeighbors(metric='cosine', algorithm='brute')"
    times |= _interleaved({theirs: lambda i: plain.kneighbors(queries[i : i + 1], 10)}, rounds=3)
    return [_figure(times, ours, product, "<= 1.25"), _figure(times, ours, theirs, "<= 0.05")]


def _batch(vectors: FloatArray, queries: FloatArray) -> list[Figure]:
    ours, product, written = "100 queries, top 10", "blocked product alone", "blocked product + argpartition"
    times = _interleaved(
        {
            ours: lambda _: nearest(vectors, queries, 10),
            product: lambda _: blocked_product(vectors, queries),
            written: lambda _: blocked_argpartition(vectors, queries, 10),
        },
        rounds=5,
    )
    return [_figure(times, ours, product, "<= 1.3"), _figure(times, ours, written, "<= 1.3")]


def _binary(vectors: FloatArray, queries: FloatArray) -> list[Figure]:
    index = BinaryIndex()
    ten, hundred, fit, product = "binary, top 10", "binary, top 100", "binary, fit", "X @ q + argpartition"
    times = _interleaved({fit: lambda _: index.fit(vectors)}, rounds=1)
    times |= _interleaved(
        {
            ten: lambda i: index.kneighbors(queries[i : i + 1], 10),
            hundred: lambda i: index.kneighbors(queries[i : i + 1], 100),
            product: lambda i: bare(vectors, queries[i], 10),
        }
    )
    return [
        _figure(times, ten, product, "<= 0.25"),
        _figure(times, hundred, product, "<= 0.25"),
        _figure(times, fit, product, ""),
        _recall(index, vectors, queries, 10, ">= 0.999"),
        _recall(index, vectors, queries, 100, ""),
    ]


def _recall(index: BinaryIndex, vectors: FloatArray, queries: FloatArray, k: int, goal: str) -> Figure:
    found = recall(index, vectors, queries, k)
    return Figure(name=f"binary, recall@{k}", value=found, unit="", against="exact", ratio=found, goal=goal)


def _selection(rows: int) -> list[Figure]:
    scores = np.random.default_rng(0).random(rows, dtype=np.float32)
    ours, theirs = "top 10 of the scores alone", "argpartition"
    times = _interleaved(
        {ours: lambda _: top(scores, 10), theirs: lambda _: np.argpartition(scores, -10)[-10:]}
    )
    return [_figure(times, ours, theirs, "<= 1")]


def _interleaved(contenders: Mapping[str, Callable[[int], object]], *, rounds: int = 15) -> dict[str, float]:
    """Least seconds of each, in turns: what else the machine does then slows all of them alike."""
    least = dict.fromkeys(contenders, np.inf)
    for i in range(rounds):
        for name, contender in contenders.items():
            start = perf_counter()
            contender(i)
            least[name] = min(least[name], perf_counter() - start)
    return least


def _figure(times: Mapping[str, float], name: str, against: str, goal: str) -> Figure:
    ratio = times[name] / times[against]
    return Figure(name=name, value=times[name] * 1000, unit="ms", against=against, ratio=ratio, goal=goal)
