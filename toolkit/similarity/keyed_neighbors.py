"""What an engine answers about each query: so many columns, however few rows were found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ..values.types import FloatArray, IntArray
from .nearest import top_k

__all__ = ["best_by_key", "neighbors_by_key"]


def neighbors_by_key(
    found: Iterable[tuple[Sequence[int] | IntArray, Sequence[float] | FloatArray]], k: int
) -> tuple[IntArray, FloatArray]:
    """Keys int64 (b, k) and cosines float32 (b, k), as `KeyedIndex.nearest` returns them; the rest is -1 and NaN.

    Parameters
    ----------
    found : iterable of (keys, cosines)
        Of each query, the best first, k at most.
    k : int
        How many were asked for.

    Examples
    --------
    >>> neighbors_by_key([([7, 4], [0.75, 0.5]), ([], [])], 2)
    (array([[ 7,  4],
           [-1, -1]]), array([[0.75, 0.5 ],
           [ nan,  nan]], dtype=float32))
    """
    answers = list(found)
    keys = np.full((len(answers), k), -1, np.int64)
    cosines = np.full((len(answers), k), np.nan, np.float32)
    for query, (some, near) in enumerate(answers):
        keys[query, : len(some)], cosines[query, : len(near)] = some, near
    return keys, cosines


def best_by_key(keys: IntArray, cosines: FloatArray, k: int) -> tuple[IntArray, FloatArray]:
    """The k best of some keys for each query, as `neighbors_by_key` gives them.

    Parameters
    ----------
    keys : int64 (p,)
        Which.
    cosines : float32 (b, p)
        Of each query with each key; NaN where a key is not held.
    k : int
        How many were asked for.

    Examples
    --------
    >>> best_by_key(np.array([7, 4, 9]), np.array([[0.5, 0.75, np.nan]], np.float32), 2)[0]
    array([[4, 7]])
    """
    best = ((row, top_k(row, k)) for row in cosines)
    return neighbors_by_key(((keys[top], row[top]) for row, top in best), k)
