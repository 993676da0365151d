"""Neighbors of one image and of a hundred, against the bare products that no search can do without.

The vectors are clustered as the embeddings of real photos are: measured on 1,409 photos through a MobileNetV2, the
spread along the i-th principal axis falls as 1 / sqrt(i), and 0.64 of the variance is within the classes. Queries
are further vectors of the same clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import cycle

import numpy as np
from sklearn.neighbors import NearestNeighbors
from toolkit_sklearn.binary import BinaryIndex
from toolkit_sklearn.exact import ExactIndex

from toolkit.fusion.scores import checked_scores
from toolkit.similarity.nearest import nearest, recall, top_k
from toolkit.values.types import FloatArray, IntArray

from .figure import Figure, side_by_side

__all__ = ["clustered", "run"]

PRODUCT = "X @ q + argpartition"
BATCH = 100
BLOCK = 8192
PER_CLUSTER = 1000
WITHIN = 1.33  # standard deviation within a cluster for 1 between them: 0.64 of the variance


def run(rows: int, dimension: int = 512) -> list[Figure]:
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
    scores *= np.float32(0.5)
    scores += np.float32(0.5)
    return top_k(checked_scores(scores, ranker="image", rows=len(scores)), k)


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
    ours, theirs = "one query, top 10", "NearestNeighbors(metric='cosine', algorithm='brute')"
    times = _each(
        {
            ours: lambda query: ranked(index, query, 10),
            PRODUCT: lambda query: bare(vectors, query, 10),
        },
        queries,
    )
    # Not in turns: its threads go on spinning for a while, which slows whatever comes next.
    times |= _each({theirs: lambda query: plain.kneighbors(query[None], 10)}, queries, repeats=3)
    return [_figure(times, ours, PRODUCT, "<= 1.25"), _figure(times, ours, theirs, "<= 0.05")]


def _batch(vectors: FloatArray, queries: FloatArray) -> list[Figure]:
    ours, product, written = (
        "100 queries, top 10",
        "the blocked product alone",
        "blocked product + argpartition",
    )
    times = side_by_side(
        {
            ours: lambda: nearest(vectors, queries, 10),
            product: lambda: blocked_product(vectors, queries),
            written: lambda: blocked_argpartition(vectors, queries, 10),
        },
        repeats=3,
    )
    return [_figure(times, ours, product, "<= 1.3"), _figure(times, ours, written, "<= 1.3")]


def _binary(vectors: FloatArray, queries: FloatArray) -> list[Figure]:
    index = BinaryIndex()
    ten, hundred, fit = "binary, top 10", "binary, top 100", "binary, fit"
    times = side_by_side({fit: lambda: index.fit(vectors)}, repeats=1)
    times |= _each(
        {
            ten: lambda query: index.kneighbors(query[None], 10),
            hundred: lambda query: index.kneighbors(query[None], 100),
            PRODUCT: lambda query: bare(vectors, query, 10),
        },
        queries,
    )
    return [
        _figure(times, ten, PRODUCT, "<= 0.25"),
        _figure(times, hundred, PRODUCT, "<= 0.25"),
        _figure(times, fit, PRODUCT),
        Figure("binary, recall@10", recall(index, vectors, queries, 10), "", goal=">= 0.999"),
        Figure("binary, recall@100", recall(index, vectors, queries, 100), ""),
    ]


def _selection(rows: int) -> list[Figure]:
    scores = np.random.default_rng(0).random(rows, dtype=np.float32)
    ours, theirs = "top 10 of the scores alone", "argpartition"
    times = side_by_side(
        {ours: lambda: top_k(scores, 10), theirs: lambda: np.argpartition(scores, -10)[-10:]}
    )
    return [_figure(times, ours, theirs, "<= 1")]


def _each(
    contenders: Mapping[str, Callable[[FloatArray], object]], queries: FloatArray, *, repeats: int = 15
) -> dict[str, float]:
    """Median milliseconds of a query, every one another: no contender finds its answer in the cache."""

    def asking(contender: Callable[[FloatArray], object]) -> Callable[[], object]:
        following = cycle(queries)
        return lambda: contender(next(following))

    return side_by_side({name: asking(one) for name, one in contenders.items()}, repeats=repeats)


def _figure(times: Mapping[str, float], name: str, against: str, goal: str = "") -> Figure:
    return Figure(name, times[name], "ms", against, times[name] / times[against], goal)
