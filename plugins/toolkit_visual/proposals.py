"""A proposer of regions that needs no weights: boxes that differ from what surrounds them and hold edges.

`docs/plugins/visual.md` says what it finds, and what a plain grid of boxes does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import product

import numpy as np
import numpy.typing as npt
from PIL.Image import Image

from toolkit.plugins import Box, Concept, Detection, FloatArray

from .color import lab
from .gradients import differences
from .raster import refuse_argument, squash

__all__ = ["RegionProposals"]

SIDE = 64  # pixels
MOST = 8  # boxes a picture
SIZES = (10, 14, 20, 28, 40, 52, 64)  # pixels: steps of about the square root of 2
STRIDE = 0.25  # of the size
NARROWEST = 3.1  # longer over shorter side
SMALLEST = 6  # pixels, after refining
LEVELS = 4  # of each of L*, a* and b*
CHROMA = 40.0  # a* and b* beyond count as this much
STRONG_EDGE = 40.0  # change of color over two pixels that counts in full
SURROUND = 0.4  # of the window's sides: how far around it reaches
NO_EDGES = 0.3  # what a window without edges has all the same: a plain patch on clutter is a thing too
LARGE = 0.3  # exponent of the area: larger windows differ less from what is around them
DIFFERENT = 1.5  # exponent of the difference
OVERLAP = 0.5  # intersection over union from which two windows are one
FAINTEST = 0.02  # score below which nothing is there
SHORTLIST = 1500  # windows that compete for a place

Windows = npt.NDArray[np.intp]  # (w, 4): top, left, bottom, right in pixels


class RegionProposals:
    """Up to eight boxes a picture in which something may be, the likeliest first; no concepts.

    A window scores by three cues, multiplied: how much its colors differ from those around it (half the sum of
    absolute differences of two histograms of 64 colors), how many edges it holds, and its area, lightly. All
    come from integral images, for 3,860 windows at once. Windows that overlap a better one are dropped; the rest
    move each side by a few pixels to where they score most.

    Parameters
    ----------
    argument : str, optional
        What follows the colon of a specification; there are no variants.

    Examples
    --------
    >>> from PIL import Image
    >>> scene = Image.new("RGB", (100, 100), "white")
    >>> scene.paste("navy", (20, 30, 60, 80))
    >>> RegionProposals().detect([scene])[0][0].box.iou(Box(0.3, 0.2, 0.8, 0.6)) > 0.6
    True

    References
    ----------
    B. Alexe, T. Deselaers, V. Ferrari, Measuring the Objectness of Image Windows, PAMI 34(11), 2012.
    P. Viola, M. Jones, Rapid Object Detection Using a Boosted Cascade, CVPR 2001 (integral images).
    """

    name = "proposals"
    runs_in_processes = True
    version = "1"
    concepts: Sequence[Concept] = ()

    def __init__(self, argument: str = "", /) -> None:
        refuse_argument("detector 'proposals'", argument)

    def detect(self, images: Sequence[Image]) -> Sequence[Sequence[Detection]]:
        """Per picture: up to eight boxes without concepts, the best first; none on a plain picture."""
        return [_propose(pixels) for pixels in squash(images, SIDE)]


def _propose(pixels: npt.NDArray[np.uint8]) -> list[Detection]:
    sums = _sums(lab(pixels))
    scores = _objectness(sums, _windows())
    best = _refine(sums, _windows()[_distinct(_windows(), scores)])
    scores = _objectness(sums, best)
    return [
        Detection(Box(*(best[at] / SIDE).tolist()), {}, float(scores[at]))
        for at in np.argsort(-scores, kind="stable")
        if scores[at] > FAINTEST
    ]


def _sums(colors: FloatArray) -> FloatArray:
    """Integral images of each color and of the edges : float32 ((SIDE + 1)^2, q + 1), q colors that occur."""
    _, code = np.unique(_color_codes(colors), return_inverse=True)
    planes = np.zeros((SIDE + 1, SIDE + 1, code.max() + 2), dtype=np.float32)
    np.put_along_axis(planes[1:, 1:], code.reshape(SIDE, SIDE, 1), 1, axis=-1)
    down, across = differences(np.moveaxis(colors, -1, 0))
    change = np.sqrt((down * down + across * across).sum(axis=0))
    planes[1:, 1:, -1] = np.minimum(change / STRONG_EDGE, 1)
    return planes.cumsum(axis=0).cumsum(axis=1).reshape(-1, planes.shape[-1])


def _color_codes(colors: FloatArray) -> npt.NDArray[np.intp]:
    low = np.array([0, -CHROMA, -CHROMA], dtype=np.float32)
    high = np.array([100, CHROMA, CHROMA], dtype=np.float32)
    levels = np.clip((colors - low) / (high - low) * LEVELS, 0, LEVELS - 1).astype(np.intp)
    return np.asarray(levels @ np.array([LEVELS * LEVELS, LEVELS, 1]))


def _objectness(sums: FloatArray, windows: Windows) -> FloatArray:
    """How likely something fills each window : float32 (w,), in [0, 1]."""
    around = _grown(windows)
    area, area_around = _area(windows), _area(around) - _area(windows)
    inside = _within(sums, windows)
    outside = _within(sums, around) - inside
    histograms = inside[:, :-1] / area[:, None], outside[:, :-1] / np.maximum(area_around, 1)[:, None]
    # The whole picture has no surround to differ from.
    difference = np.abs(histograms[0] - histograms[1]).sum(axis=1) / 2 * (area_around > 0)
    edges = (inside[:, -1] / area + NO_EDGES) / (1 + NO_EDGES)
    scores = np.minimum(difference, 1) ** DIFFERENT * edges * (area / SIDE**2) ** LARGE
    return np.asarray(np.clip(scores, 0, 1), dtype=np.float32)


def _within(sums: FloatArray, windows: Windows) -> FloatArray:
    """What each window holds of each plane : float32 (w, q + 1)."""
    top, left, bottom, right = windows.T
    low, high = top * (SIDE + 1), bottom * (SIDE + 1)
    return np.asarray(sums[high + right] - sums[low + right] - sums[high + left] + sums[low + left])


def _grown(windows: Windows) -> Windows:
    height, width = windows[:, 2] - windows[:, 0], windows[:, 3] - windows[:, 1]
    rows, cols = np.rint(height * SURROUND).astype(np.intp), np.rint(width * SURROUND).astype(np.intp)
    return np.asarray(np.clip(windows + np.stack([-rows, -cols, rows, cols], axis=1), 0, SIDE))


def _area(windows: Windows) -> FloatArray:
    sides = windows[:, 2:] - windows[:, :2]
    return np.asarray(sides.prod(axis=1), dtype=np.float32)


def _distinct(windows: Windows, scores: FloatArray) -> list[int]:
    """Indices of the best windows of which no two overlap much, best first: non-maximum suppression."""
    left = np.argsort(-scores, kind="stable")[:SHORTLIST]
    chosen: list[int] = []
    while len(left) and len(chosen) < MOST:
        chosen.append(int(left[0]))
        left = left[_overlap(windows[left[0]], windows[left]) < OVERLAP]
    return chosen


def _overlap(window: npt.NDArray[np.intp], windows: Windows) -> FloatArray:
    """Intersection over union of one window with others : float32 (w,)."""
    sides = np.minimum(window[2:], windows[:, 2:]) - np.maximum(window[:2], windows[:, :2])
    shared = np.maximum(sides, 0).prod(axis=1).astype(np.float32)
    return np.asarray(shared / (_area(window[None]) + _area(windows) - shared))


def _refine(sums: FloatArray, windows: Windows) -> Windows:
    """The windows after moving their sides, by two pixels and then by one, to where they score most."""
    moves = np.array(list(product((0, -1, 1), repeat=4)))
    for step in (2, 1):
        moved = np.clip(windows[:, None] + step * moves, 0, SIDE)
        large = (moved[..., 2:] - moved[..., :2] >= SMALLEST).all(axis=-1, keepdims=True)
        moved = np.where(large, moved, windows[:, None])
        scores = _objectness(sums, moved.reshape(-1, 4)).reshape(moved.shape[:2])
        windows = moved[np.arange(len(moved)), scores.argmax(axis=1)]
    return windows


@cache
def _windows() -> Windows:
    """Every window that is scored : intp (3860, 4)."""
    spans = [(start, start + size) for size in SIZES for start in _starts(size)]
    return np.array(
        [
            (top, left, bottom, right)
            for (top, bottom), (left, right) in product(spans, spans)
            if 1 / NARROWEST <= (bottom - top) / (right - left) <= NARROWEST
        ]
    )


def _starts(size: int) -> list[int]:
    room = SIDE - size
    steps = -(-room // round(size * STRIDE))
    return sorted({int(start) for start in np.linspace(0, room, steps + 1).round()})
