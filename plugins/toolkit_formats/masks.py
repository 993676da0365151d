"""Boxes around what COCO says by run lengths.

Format: https://github.com/cocodataset/cocoapi/blob/master/common/maskApi.h
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from toolkit.plugins import Corners, Frame

from .boxes import around, frame_of

__all__ = ["segmentation_corners"]


def segmentation_corners(segmentation: Any, frame: Frame) -> tuple[Corners, Frame] | None:  # noqa: ANN401
    """The box around a segmentation and what it is measured in; None if there is none.

    Parameters
    ----------
    segmentation : list or mapping
        Polygons, a list of numbers each; or run lengths with their size.
    frame : Frame
        Of the polygons.

    Raises
    ------
    ValueError
        It is neither, or empty.

    Examples
    --------
    >>> segmentation_corners({"size": [3, 4], "counts": [4, 1, 7]}, Frame(4, 3))[0]
    (1.0, 1.0, 2.0, 2.0)
    """
    if not segmentation:
        return None
    if isinstance(segmentation, Mapping):
        height, width = (int(side) for side in segmentation["size"])
        return _run_corners(_counts(segmentation["counts"]), height), frame_of(width, height)
    polygons = segmentation if isinstance(segmentation[0], Sequence) else [segmentation]
    points = [point for polygon in polygons for point in zip(polygon[0::2], polygon[1::2], strict=True)]
    return around(points), frame


def _counts(counts: Any) -> Sequence[int]:  # noqa: ANN401
    """Run lengths of background and foreground in turn; five bits a character where they are compressed."""
    if not isinstance(counts, str | bytes):
        return [int(count) for count in counts]
    codes = (
        [ord(letter) - 48 for letter in counts] if isinstance(counts, str) else [code - 48 for code in counts]
    )
    found: list[int] = []
    value = shift = 0
    for code in codes:
        value |= (code & 0x1F) << shift
        shift += 5
        if code & 0x20:
            continue
        if code & 0x10:
            value -= 1 << shift
        found.append(value + (found[-2] if len(found) > 2 else 0))
        value = shift = 0
    return found


def _run_corners(counts: Sequence[int], height: int) -> Corners:
    """Corners around the foreground of a mask that is counted down its columns."""
    ends = np.cumsum(np.asarray(counts, np.int64))
    starts, stops = ends[0:-1:2], ends[1::2]
    some = stops > starts
    starts, stops = starts[some], stops[some] - 1
    if height < 1 or not len(starts) or (np.asarray(counts) < 0).any():
        raise ValueError("run lengths of nothing")
    columns, last_columns = starts // height, stops // height
    spans = last_columns > columns
    top = 0 if spans.any() else int((starts % height).min())
    bottom = height if spans.any() else int((stops % height).max()) + 1
    return float(columns.min()), float(top), float(last_columns.max()) + 1.0, float(bottom)
