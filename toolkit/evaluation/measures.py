"""How good a ranking is: the usual measures, and leave-one-out retrieval over labeled vectors.

Every measure takes what a ranking showed, in rank order, and returns a float in [0, 1]. Definitions:
Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008), chapter 8, as in `trec_eval`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import QueryError
from ..values.types import FloatArray

__all__ = ["Retrieval", "average_precision", "leave_one_out", "ndcg", "precision_at", "reciprocal_rank"]

Relevance = Sequence[bool] | npt.NDArray[np.bool_]
Gains = Sequence[float] | npt.NDArray[np.number] | npt.NDArray[np.bool_]

# Similarities held at once, in floats: 16 MiB, and as much again for their order.
BLOCK = 4 * 2**20


def precision_at(relevance: Relevance, k: int) -> float:
    """The share of the first k ranks that are relevant; ranks that a shorter list lacks count as not.

    Parameters
    ----------
    relevance : bool (n,)
        In rank order.
    k : int
        How many ranks are counted, at least 1.

    Raises
    ------
    QueryError
        If k is below 1.

    Examples
    --------
    >>> precision_at([True, False, True], 2)
    0.5
    """
    if k < 1:
        raise QueryError(f"precision at k needs k of 1 or more, not {k}")
    return float(np.count_nonzero(_flags(relevance)[:k]) / k)


def average_precision(relevance: Relevance, *, total: int | None = None) -> float:
    """The mean, over all relevant items, of the precision at the rank of each; 0 for one that was not ranked.

    Parameters
    ----------
    relevance : bool (k,)
        In rank order.
    total : int, optional
        How many relevant items there are in all; by default those in the list.

    Raises
    ------
    QueryError
        If the list has more relevant items than there are in all.

    Examples
    --------
    >>> average_precision([True, False, True, False], total=2)
    0.8333333333333333
    """
    ranks = np.flatnonzero(_flags(relevance)) + 1
    total = len(ranks) if total is None else total
    if total < len(ranks):
        raise QueryError(f"{len(ranks)} relevant items were ranked, so there cannot be {total} in all")
    return float((np.arange(1, len(ranks) + 1) / ranks).sum() / total) if total else 0.0


def reciprocal_rank(relevance: Relevance) -> float:
    """One over the rank of the first relevant item; 0 if there is none.

    Examples
    --------
    >>> reciprocal_rank([False, True, True])
    0.5
    """
    ranks = np.flatnonzero(_flags(relevance))
    return float(1 / (ranks[0] + 1)) if len(ranks) else 0.0


def ndcg(gains: Gains, *, k: int | None = None, ideal: Gains | None = None) -> float:
    """Discounted cumulative gain over that of the best order: the sum of gain / log2(rank + 1).

    Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, ACM TOIS 20(4), 2002, with the
    discount of Burges et al. (2005) and linear gains, as `sklearn.metrics.ndcg_score` computes it.

    Parameters
    ----------
    gains : float (n,)
        How relevant each item is, 0 or more, in rank order.
    k : int, optional
        Ranks that count; all by default.
    ideal : float (m,), optional
        The gains of all items, in any order, if not all were ranked.

    Raises
    ------
    QueryError
        If k is below 1, or a gain is negative or not a number.

    Examples
    --------
    >>> round(ndcg([1, 0, 1]), 4)
    0.9197
    """
    if k is not None and k < 1:
        raise QueryError(f"ndcg needs k of 1 or more, not {k}")
    found = _gains(gains)
    best = np.sort(found if ideal is None else _gains(ideal))[::-1]
    possible = _discounted(best[:k])
    return min(_discounted(found[:k]) / possible, 1.0) if possible else 0.0


@dataclass(frozen=True, slots=True)
class Retrieval:
    """How well vectors bring together what has the same label; means over all queries.

    Parameters
    ----------
    precision_at_1 : float
        The share of queries whose nearest other vector has their label.
    precision_at_k : float
        The mean share of the k nearest others that have it.
    mean_average_precision : float
        The mean `average_precision` over the whole ranking of the others.
    k : int
        Of `precision_at_k`.
    queries : int
        Vectors that served as a query: those whose label another vector has too.
    """

    precision_at_1: float
    precision_at_k: float
    mean_average_precision: float
    k: int
    queries: int


def leave_one_out(
    vectors: FloatArray, labels: Sequence[object] | npt.NDArray[np.generic], *, k: int = 10
) -> Retrieval:
    """How well each vector finds the others of its label, by cosine similarity; ties in the given order.

    Computed in blocks of queries: memory grows with m, not with its square.

    Parameters
    ----------
    vectors : float32 (m, d)
        Unit length.
    labels : (m,)
        Anything that can be sorted.

    Raises
    ------
    QueryError
        If the shapes differ, k is below 1, or no label occurs twice.

    Examples
    --------
    >>> vectors = np.array([[1, 0], [0.8, 0.6], [0, 1], [0.6, 0.8]], np.float32)
    >>> leave_one_out(vectors, ["day", "day", "night", "night"], k=1)
    Retrieval(precision_at_1=0.5, precision_at_k=0.5, mean_average_precision=0.75, k=1, queries=4)
    """
    codes = np.unique(np.asarray(labels), return_inverse=True)[1]
    if vectors.ndim != 2 or codes.shape != (len(vectors),):
        raise QueryError(f"vectors {vectors.shape} and labels {codes.shape} must be (m, d) and (m,)")
    queries = np.flatnonzero(np.bincount(codes)[codes] > 1) if len(codes) else codes
    if not len(queries):
        raise QueryError(f"none of {len(codes)} labels occurs twice, so there is nothing to find")
    scores = np.zeros(3)
    for block in _blocks(queries, len(vectors)):
        for relevance in _relevance(vectors, codes, block):
            scores += precision_at(relevance, 1), precision_at(relevance, k), average_precision(relevance)
    at_1, at_k, mean = map(float, scores / len(queries))
    return Retrieval(at_1, at_k, mean, k=k, queries=len(queries))


def _relevance(
    vectors: FloatArray, codes: npt.NDArray[np.intp], queries: npt.NDArray[np.intp]
) -> npt.NDArray[np.bool_]:
    """Bool (b, m - 1): for each query, whether the others have its label, the most similar first."""
    distance = -(vectors[queries] @ vectors.T)
    distance[np.arange(len(queries)), queries] = -np.inf  # the query itself comes first and is cut off
    order = np.argsort(distance, axis=1, kind="stable")[:, 1:]
    return np.asarray(codes[order] == codes[queries, None])


def _blocks(queries: npt.NDArray[np.intp], m: int) -> Iterator[npt.NDArray[np.intp]]:
    size = max(1, BLOCK // m)
    return (queries[start : start + size] for start in range(0, len(queries), size))


def _discounted(gains: npt.NDArray[np.float64]) -> float:
    return float((gains / np.log2(np.arange(2, len(gains) + 2))).sum())


def _flags(relevance: Relevance) -> npt.NDArray[np.bool_]:
    flags = np.asarray(relevance, dtype=bool)
    if flags.ndim != 1:
        raise QueryError(f"relevance is one list in rank order, not of shape {flags.shape}")
    return flags


def _gains(values: Gains) -> npt.NDArray[np.float64]:
    gains = np.asarray(values, dtype=np.float64)
    if gains.ndim != 1 or not (np.isfinite(gains) & (gains >= 0)).all():
        raise QueryError("gains are one list of numbers, 0 or more, in rank order")
    return gains
