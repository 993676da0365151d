"""How likely two pictures are near-duplicates: how much nearer they are to each other than what else is near them.

A cosine alone means one thing among holiday photos and another among product shots. So a distance is divided by the
*local scale* of both pictures, how far away their 14th neighbor is, and a logistic of the logarithms of these ratios in
one or two spaces says how likely the pair is. `docs/decisions/2026-11-26-near-duplicates.md` says where the constants
are from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..progress import progress_bar
from ..values.types import FloatArray, IntArray
from .nearest import nearest

__all__ = ["EVIDENCE", "Evidence", "candidates", "chances", "duplicates_of", "log_ratios"]

Reals: TypeAlias = npt.NDArray[np.float64]

EVIDENCE = ("embedding", "pixels")  # the kinds of space that pictures are compared in
NEIGHBORS = 14  # the neighbor whose distance is the local scale; edits of one picture are rarely more
CANDIDATES = 20  # neighbors of each picture, in each space, of which a pair may come
BLOCK = 256  # pictures whose neighbors are looked for at once
SAMPLE = 512  # pictures that say what scale is usual
LEAST = 0.6  # of the usual scale: the 14th neighbor of one of thirty frames of a film is a frame
SAME = 0.01  # distances below are rounding, or the same picture
# The 14th of a hundred pictures is as far as the 140th of a thousand. In d dimensions, as many as photos seem to have,
# distances shrink with the d-th root of their number.
ENOUGH, DIMENSIONS = 1000, 25
# The logistic: intercept, and what the networks and the pixels weigh; alone, and together.
NETWORK_ALONE = (-4.8, 18.0, 0.0)
PIXELS_ALONE = (-3.5, 0.0, 27.8)
TOGETHER = (-5.3, 12.5, 11.8)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Some pictures in one space.

    Parameters
    ----------
    name : str
        What the evidence is called in a reason.
    vectors : float32 (n, d)
        Unit length.
    is_pixels : bool
        Whether the space is about where what color is, and not about what is shown.
    usual : float
        The usual distance to the 14th neighbor.
    """

    name: str
    vectors: FloatArray
    is_pixels: bool
    usual: float

    @classmethod
    def of(cls, name: str, vectors: FloatArray, *, is_pixels: bool) -> Evidence:
        """The evidence of a space.

        Parameters
        ----------
        name : str
            What it is called.
        vectors : float32 (n, d)
            Unit length.
        is_pixels : bool
            Whether it is about pixels.
        """
        some = np.unique(np.linspace(0, max(len(vectors) - 1, 0), SAMPLE).round().astype(np.intp))
        far = [_far(vectors, vectors[some[start : start + BLOCK]])[0] for start in range(0, len(some), BLOCK)]
        usual = float(np.median(np.concatenate(far))) if len(vectors) else 1.0
        return cls(name, vectors, is_pixels, usual)

    def scales(self, positions: IntArray) -> FloatArray:
        """The local scale float32 (k,) of some pictures."""
        return self.scales_and_neighbors(positions)[0]

    def scales_and_neighbors(self, positions: IntArray) -> tuple[FloatArray, IntArray]:
        """The local scale float32 (k,) of some pictures, and their nearest pictures (k, c), themselves among them."""
        far, near = _far(self.vectors, self.vectors[positions])
        few = min(len(self.vectors) / ENOUGH, 1.0) ** (1 / DIMENSIONS)
        return np.maximum(far, np.float32(LEAST * self.usual)) * np.float32(few), near


def _far(vectors: FloatArray, queries: FloatArray) -> tuple[FloatArray, IntArray]:
    """The distance float32 (b,) to the 14th neighbor, or to the last there is, and the nearest vectors (b, c)."""
    cosines, near = nearest(vectors, queries, CANDIDATES + 1)
    last = min(NEIGHBORS, max(cosines.shape[1] - 2, 0))
    return _distances(cosines[:, last]), near


def _distances(cosines: FloatArray) -> FloatArray:
    return np.sqrt(np.maximum(2 - 2 * cosines, np.float32(SAME**2)))


def log_ratios(
    of: Evidence, one: IntArray, other: IntArray, *, scales: tuple[FloatArray, FloatArray] | None = None
) -> Reals:
    """The logarithm float64 (p,) of the distance of each pair over the geometric mean of their local scales.

    Parameters
    ----------
    of : Evidence
        In which space.
    one, other : int (p,)
        Positions.
    scales : two float32 (p,), optional
        Theirs, if they are known; else they are measured.
    """
    first, second = scales if scales is not None else (of.scales(one), of.scales(other))
    cosines = np.vecdot(of.vectors[one], of.vectors[other])
    usual = np.sqrt(np.multiply(first, second, dtype=np.float64))
    return np.asarray(np.log(_distances(cosines) / usual))


def chances(evidence: Sequence[Evidence], ratios: Sequence[Reals]) -> Reals:
    """How likely pairs are near-duplicates: float64 (p,) in [0, 1]. Several networks count as their mean.

    Parameters
    ----------
    evidence : sequence of Evidence
        At least one.
    ratios : sequence of float64 (p,)
        The `log_ratios` of each.
    """
    pixels = [ratio for of, ratio in zip(evidence, ratios, strict=True) if of.is_pixels]
    networks = [ratio for of, ratio in zip(evidence, ratios, strict=True) if not of.is_pixels]
    start, network, pixel = TOGETHER if pixels and networks else PIXELS_ALONE if pixels else NETWORK_ALONE
    odds = np.full(len(ratios[0]), start)
    for weight, some in ((network, networks), (pixel, pixels)):
        if some:
            odds -= weight * np.mean(some, axis=0)
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -60, 60))))


def candidates(
    evidence: Sequence[Evidence], some: IntArray, *, each_with_each: bool = False, progress: bool = False
) -> tuple[list[FloatArray], IntArray, IntArray]:
    """The local scales float32 (n,) in each space, and the pairs (p,), (p,) that are near neighbors in any.

    Time grows with the square of the number of pictures, memory with the number.

    Parameters
    ----------
    evidence : sequence of Evidence
        Of the same n pictures.
    some : int (k,)
        The pictures whose scales and pairs are wanted; the scales of the others are NaN.
    each_with_each : bool
        Whether every pair of them is one, instead of near neighbors.
    progress : bool
        Whether to show a bar if it takes longer than two seconds.
    """
    count = len(evidence[0].vectors) if evidence else 0
    codes = [np.empty(0, np.int64)]
    scales = [np.full(count, np.nan, np.float32) for _ in evidence]
    with progress_bar("Comparing", len(evidence) * len(some), unit=" inputs", show=progress) as bar:
        for of, scale in zip(evidence, scales, strict=True):
            near = []
            for start in range(0, len(some), BLOCK):
                block = some[start : start + BLOCK]
                scale[block], found = of.scales_and_neighbors(block)
                near.append(_codes(block, found, count))
                bar.update(len(block))
            codes = [np.unique(np.concatenate([*codes, *near]))]
    if each_with_each:
        one, other = np.triu_indices(len(some) if evidence else 0, 1)
        return scales, some[one], some[other]
    one, other = np.divmod(codes[0], max(count, 1))
    return scales, one, other


def _codes(block: IntArray, near: IntArray, count: int) -> npt.NDArray[np.int64]:
    """The unordered pairs of some pictures and their neighbors, each as one number."""
    own, theirs = np.repeat(block, near.shape[1]), near.ravel()
    real = (theirs >= 0) & (theirs != own)
    own, theirs = own[real], theirs[real]
    return np.asarray(np.minimum(own, theirs) * count + np.maximum(own, theirs))


def duplicates_of(evidence: Sequence[Evidence], position: int) -> tuple[IntArray, Reals]:
    """The pictures that may be near-duplicates of one, and how likely each is; without the picture itself.

    Parameters
    ----------
    evidence : sequence of Evidence
        At least one, of the same n pictures.
    position : int
        Of the picture.
    """
    alone = np.array([position])
    near = [of.scales_and_neighbors(alone)[1][0] for of in evidence]
    found = np.unique(np.concatenate(near))
    found = found[(found >= 0) & (found != position)]
    asked = np.full(len(found), position)
    return found, chances(evidence, [log_ratios(of, asked, found) for of in evidence])
