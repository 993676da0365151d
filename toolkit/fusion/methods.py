"""The field's ways to fuse rankings, brought into [0, 1]. A missing score never beats a present one.

Every method turns each part into *points* in [0, 1] and then combines the points of a row:

- ``rrf``: points (k + 1) / (k + rank), combined by the mean; so the first place everywhere is 1 [1]_.
- ``borda``: points (n + 1 - rank) / n, where n rows are a hit of any part; the mean.
- ``sum``, ``product``, ``min``, ``max``: the scores themselves, or normalised [2]_. A weight is a factor in
  the mean and a power in the product; in ``max`` it scales the score, in ``min`` what the score lacks to 1.

Ranks start at 1 and equal scores share the better rank, so no order of the rows leaks into a score.

.. [1] Cormack, Clarke, Buettcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning
       methods", SIGIR 2009.
.. [2] Fox, Shaw, "Combination of multiple searches", TREC-2, 1994.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Final, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from ..query.fused import RANKED, Method, Missing, Norm

__all__ = ["combine", "shares"]

Points: TypeAlias = npt.NDArray[np.float64]
Values: TypeAlias = npt.NDArray[np.floating]
Mask: TypeAlias = npt.NDArray[np.bool_]

_Rank = TypeVar("_Rank", float, Points)

SMALLEST_SHARE: Final = 1e-9


def shares(weights: Sequence[float]) -> list[float]:
    """Weights relative to the largest, in (0, 1]; below a billionth, a billionth, so that none vanishes."""
    largest = max(weights)
    return [max(weight / largest, SMALLEST_SHARE) for weight in weights]


def combine(
    parts: Sequence[Values],
    *,
    weights: Sequence[float],
    method: Method,
    norm: Norm = None,
    missing: Missing = "zero",
    k: float = 60.0,
) -> Points:
    """The fused scores: float64 (r,), in [0, 1], NaN where no part is a hit.

    With ``missing="drop"``: NaN where any part is no hit.

    Parameters
    ----------
    parts : sequence of float (r,)
        In [0, 1], NaN where a row is not a hit; for ``rrf`` and ``borda`` any numbers.
    weights : sequence of float
        One per part, above 0.
    method, norm, missing, k
        As of `toolkit.query.fuse`.

    Examples
    --------
    >>> dog, photo = np.float32([0.9, 0.1, np.nan]), np.float32([0.2, 0.8, 0.7])
    >>> combine([dog, photo], weights=[3, 1], method="rrf", k=0).round(3)
    array([0.833, 0.625, 0.125])
    """
    hits = [~np.isnan(part) for part in parts]
    if method in RANKED:
        points = _points_of_ranks(parts, hits, method, missing, k)
    else:
        points = _points_of_scores(parts, hits, norm, missing)
    fused = COMBINE[method](points, shares(weights))
    wanted = reduce(np.logical_and if missing == "drop" else np.logical_or, hits)
    return np.where(wanted, fused, np.nan)


def _points_of_ranks(
    parts: Sequence[Values], hits: Sequence[Mask], method: Method, missing: Missing, k: float
) -> list[Points]:
    n = max(int(np.count_nonzero(reduce(np.logical_or, hits))), 1)

    def place(rank: _Rank) -> _Rank:
        return (k + 1) / (k + rank) if method == "rrf" else (n + 1 - rank) / n

    ranks = [_ranks(part[hit]) for part, hit in zip(parts, hits, strict=True)]
    behind = [place(len(rank) + 1) if missing == "worst" else 0.0 for rank in ranks]
    return [_spread(place(rank), hit, rest) for rank, hit, rest in zip(ranks, hits, behind, strict=True)]


def _ranks(scores: Values) -> Points:
    """Ranks from 1, the highest score first; equal scores share the better one."""
    if not len(scores):
        return np.empty(0)
    order = np.argsort(-scores)
    ordered = scores[order]
    starts = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    ranks = np.empty(len(scores))
    ranks[order] = np.maximum.accumulate(np.where(starts, np.arange(1, len(scores) + 1), 0))
    return ranks


def _points_of_scores(
    parts: Sequence[Values], hits: Sequence[Mask], norm: Norm, missing: Missing
) -> list[Points]:
    present = [part[hit].astype(np.float64) for part, hit in zip(parts, hits, strict=True)]
    present = _normalized(present, norm)
    worst = [
        float(points.min(initial=1.0)) if missing == "worst" and len(points) else 0.0 for points in present
    ]
    return [_spread(points, hit, rest) for points, hit, rest in zip(present, hits, worst, strict=True)]


def _normalized(present: list[Points], norm: Norm) -> list[Points]:
    if norm is None:
        return present
    if norm == "minmax":
        return [_stretched(points, *_range([points])) for points in present]
    # One straight line for all parts takes z-scores to [0, 1]: it changes no order, where a squashing curve
    # would make the best hits of a long collection equal, and 0 stays below everything that is present.
    present = [_z_scores(points) for points in present]
    low, high = _range(present)
    return [_stretched(points, low, high) for points in present]


def _z_scores(points: Points) -> Points:
    low, high = _range([points])
    return (points - points.mean()) / points.std() if high > low else np.zeros_like(points)


def _range(present: Sequence[Points]) -> tuple[float, float]:
    filled = [points for points in present if len(points)]
    if not filled:
        return 0.0, 0.0
    return float(min(points.min() for points in filled)), float(max(points.max() for points in filled))


def _stretched(points: Points, low: float, high: float) -> Points:
    """Points from 0 at `low` to 1 at `high`; all 1 where they are equal, since each is the best."""
    return (points - low) / (high - low) if high > low else np.ones_like(points)


def _spread(points: Points, hit: Mask, rest: float) -> Points:
    spread = np.full(len(hit), rest)
    spread[hit] = points
    return spread


def _mean(points: Sequence[Points], weights: Sequence[float]) -> Points:
    return reduce(np.add, (w * p for w, p in zip(weights, points, strict=True))) / sum(weights)


def _product(points: Sequence[Points], weights: Sequence[float]) -> Points:
    return reduce(np.multiply, (p**w for w, p in zip(weights, points, strict=True)))


def _max(points: Sequence[Points], weights: Sequence[float]) -> Points:
    return reduce(np.maximum, (w * p for w, p in zip(weights, points, strict=True)))


def _min(points: Sequence[Points], weights: Sequence[float]) -> Points:
    return 1 - _max([1 - p for p in points], weights)


COMBINE: Final[Mapping[Method, Callable[[Sequence[Points], Sequence[float]], Points]]] = {
    "rrf": _mean,
    "borda": _mean,
    "sum": _mean,
    "product": _product,
    "min": _min,
    "max": _max,
}
