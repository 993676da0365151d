"""How the parts of a fusion become the points that a method combines, and what it gives back is held to.

A method is a plugin (`toolkit.plugins.Fusion`), and so is a norm; what is the same for all of them stands here: ranks,
weights, and that a missing score never beats a present one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from ..errors import ContractError
from ..query.fused import Missing

__all__ = ["FusionMethod", "FusionParts", "Points", "combine", "ranks_of", "shares"]

Points: TypeAlias = npt.NDArray[np.float64]
Values: TypeAlias = npt.NDArray[np.floating]
Mask: TypeAlias = npt.NDArray[np.bool_]

SMALLEST_SHARE: Final = 1e-9
TOLERANCE: Final = 1e-9  # of a sum of float64 that has to end at 1


@dataclass(frozen=True, slots=True, eq=False)
class FusionParts:
    """What a method combines: a line for each part, a column for each row of the collection.

    Parameters
    ----------
    points : float64 (p, r)
        Scores in [0, 1]; of a method by rank ranks from 1, where equal ones share the better. What is missing has 0,
        or the rank infinity; with ``missing="worst"`` the part's lowest score, or one rank behind its last.
    present : bool (p, r)
        Which rows are a hit of the part.
    weights : float64 (p,)
        In (0, 1], relative to the largest.
    """

    points: Points
    present: Mask
    weights: Points

    def mean(self, points: Points) -> Points:
        """The weighted mean over the parts, float64 (r,).

        Parameters
        ----------
        points : float64 (p, r)
            A line for each part.
        """
        mean: Points = self.weights @ points / self.weights.sum()
        return mean


@dataclass(frozen=True, slots=True)
class FusionMethod:
    """A method and a norm, with the parameters they were asked with.

    Parameters
    ----------
    name : str
        Of the method, for errors.
    by_rank : bool
        Whether it looks only at the order of each part.
    combine : callable
        From the parts to float64 (r,), in [0, 1].
    normalize : callable or None
        From the scores of a part that are present, float64 (h,), to comparable ones.
    bounded : bool
        Whether those are in [0, 1] as they are; else one straight line takes those of all parts there.
    """

    name: str
    by_rank: bool
    combine: Callable[[FusionParts], Points]
    normalize: Callable[[Points], Points] | None = None
    bounded: bool = True


def shares(weights: Sequence[float]) -> list[float]:
    """Weights relative to the largest, in (0, 1]; below a billionth, a billionth, so that none vanishes."""
    largest = max(weights)
    return [max(weight / largest, SMALLEST_SHARE) for weight in weights]


def combine(
    parts: Sequence[Values], method: FusionMethod, *, weights: Sequence[float], missing: Missing = "zero"
) -> Points:
    """The fused scores: float64 (r,), in [0, 1], NaN where no part is a hit.

    With ``missing="drop"``: NaN where any part is no hit.

    Parameters
    ----------
    parts : sequence of float (r,)
        In [0, 1], NaN where a row is not a hit; for a method by rank any numbers.
    method : FusionMethod
        The method and the norm.
    weights : sequence of float
        One per part, above 0.
    missing : {"zero", "worst", "drop"}
        As of `toolkit.query.fuse`.

    Raises
    ------
    ContractError
        The method or the norm returned what is no score.

    Examples
    --------
    >>> highest = FusionMethod("highest", by_rank=False, combine=lambda parts: parts.points.max(axis=0))
    >>> combine([np.float32([0.5, np.nan]), np.float32([0.25, 0.75])], highest, weights=[1, 1])
    array([0.5 , 0.75])
    """
    present = np.stack([~np.isnan(part) for part in parts])
    made = _ranks if method.by_rank else _scores
    given = FusionParts(made(parts, present, method, missing), present, np.array(shares(weights)))
    fused = _checked(method, method.combine(given), present.shape[1])
    wanted = present.all(axis=0) if missing == "drop" else present.any(axis=0)
    scores: Points = np.where(wanted, fused, np.nan)
    return scores


def _checked(method: FusionMethod, fused: object, rows: int) -> Points:
    who = f"fusion {method.name!r}"
    if not isinstance(fused, np.ndarray) or fused.shape != (rows,):
        found = f"shape {fused.shape}" if isinstance(fused, np.ndarray) else type(fused).__name__
        raise ContractError(who, f"it returns one score a row, of shape ({rows},)", found)
    low, high = float(fused.min(initial=0)), float(fused.max(initial=1))
    if not (low >= -TOLERANCE and high <= 1 + TOLERANCE):  # NaN is no score either
        raise ContractError(who, "scores are in [0, 1]", f"values from {low:g} to {high:g}")
    scores: Points = np.clip(fused, 0, 1, dtype=np.float64)
    return scores


def _ranks(parts: Sequence[Values], present: Mask, method: FusionMethod, missing: Missing) -> Points:
    ranks = np.full(present.shape, np.inf)
    for line, part, hit in zip(ranks, parts, present, strict=True):
        line[hit] = ranks_of(part[hit])
        if missing == "worst":
            line[~hit] = np.count_nonzero(hit) + 1
    return ranks


def ranks_of(scores: Values) -> Points:
    """Ranks from 1, float64, the highest score first; equal scores share the better one.

    So no order of the rows leaks into a score, and rows that are equal in every part come in order of creation.

    Examples
    --------
    >>> ranks_of(np.float32([0.5, 0.9, 0.5, 0.1]))
    array([2., 1., 2., 4.])
    """
    order = np.argsort(-scores)
    ordered = scores[order]
    first = np.ones(len(scores), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    ranks = np.empty(len(scores))
    ranks[order] = np.maximum.accumulate(np.where(first, np.arange(1, len(scores) + 1), 0))
    return ranks


def _scores(parts: Sequence[Values], present: Mask, method: FusionMethod, missing: Missing) -> Points:
    found = [part[hit].astype(np.float64) for part, hit in zip(parts, present, strict=True)]
    if method.normalize is not None:
        found = [_normalized(scores, method) for scores in found]
        if not method.bounded:
            found = _on_one_line(found)
    points = np.zeros(present.shape)
    for line, scores, hit in zip(points, found, present, strict=True):
        if missing == "worst" and len(scores):
            line[:] = scores.min()
        line[hit] = scores
    return points


def _normalized(scores: Points, method: FusionMethod) -> Points:
    if not len(scores):
        return scores
    assert method.normalize is not None
    made = method.normalize(scores)
    low, high = (0.0, 1.0) if method.bounded else (-np.inf, np.inf)
    fits = isinstance(made, np.ndarray) and made.shape == scores.shape and bool(np.isfinite(made).all())
    if not fits or made.min() < low - TOLERANCE or made.max() > high + TOLERANCE:
        rule = f"it returns a number for each of its {len(scores)}, finite" + ", in [0, 1]" * method.bounded
        raise ContractError(f"norm of fusion {method.name!r}", rule, f"{made!r:.80}")
    normalized: Points = np.clip(made, low, high, dtype=np.float64)
    return normalized


def _on_one_line(parts: Sequence[Points]) -> list[Points]:
    """All parts from 0 at the lowest of any to 1 at the highest; all 1 where they are equal: each is the best.

    One straight line changes no order, where a squashing curve would make the best hits of a long collection equal,
    and 0 stays below everything that is present.
    """
    filled = [points for points in parts if len(points)]
    low = min((float(points.min()) for points in filled), default=0.0)
    high = max((float(points.max()) for points in filled), default=0.0)
    return [(points - low) / (high - low) if high > low else np.ones_like(points) for points in parts]
