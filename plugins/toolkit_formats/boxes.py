"""Corners of boxes, from the forms in which label files have them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from toolkit.plugins import Box, Corners, Frame

# As spreadsheets write them in half of the world; what may as well mean thousands, such as 1,234, is no number.
_DECIMAL_COMMA = re.compile(r"\s*[+-]?(?![1-9]\d{0,2},\d{3}\s*$)\d+,\d+\s*")

__all__ = ["around", "frame_of", "from_center", "from_span", "numbers", "to_span", "turned_span"]


def numbers(values: object, count: int) -> list[float]:
    """So many numbers, from a list or from text such as ``"[1, 2, 3, 4]"``.

    Parameters
    ----------
    values : object
        As it stands in a label file.
    count : int
        How many there must be.

    Raises
    ------
    ValueError
        There are more or fewer, or one is none.
    """
    if isinstance(values, str):
        values = values.strip("[]() ").replace(",", " ").split()
    if not isinstance(values, Iterable):
        raise ValueError(f"{count} numbers were expected, not {values!r:.60}")  # noqa: TRY004  (of a file)
    found = [_number(value) for value in values]
    if len(found) != count:
        raise ValueError(f"{count} numbers were expected, not {len(found)}")
    return found


def _number(value: Any) -> float:  # noqa: ANN401  (a cell, or JSON)
    if isinstance(value, str) and _DECIMAL_COMMA.fullmatch(value):
        value = value.replace(",", ".")
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{value!r:.40} is no number") from None
    if not math.isfinite(number):
        raise ValueError(f"{value!r:.40} is no finite number")
    return number


def frame_of(width: object, height: object) -> Frame:
    """The frame of a picture whose label file states a size; of its own pixels, if that is missing or 0.

    Parameters
    ----------
    width, height : object
        As they stand in a label file; pixels.

    Examples
    --------
    >>> frame_of("80", 60), frame_of(0, None)
    (Frame(width=80.0, height=60.0, orientation='auto'), Frame(width=0.0, height=0.0, orientation='auto'))
    """
    try:
        size = [_number(side) for side in (width, height)]
    except ValueError:
        size = [0.0, 0.0]
    return Frame(size[0], size[1]) if min(size) > 0 else Frame(0.0, 0.0)


def from_span(left: float, top: float, wide: float, high: float) -> Corners:
    """Corners from the one at the top left, and the size.

    Parameters
    ----------
    left, top : float
        The corner.
    wide, high : float
        The size, in the same unit.

    Raises
    ------
    ValueError
        The size is below 0.
    """
    if wide < 0 or high < 0:
        raise ValueError("a box of negative size")
    return left, top, left + wide, top + high


def from_center(center: float, middle: float, wide: float, high: float) -> Corners:
    """Corners from the middle and the size, as `from_span`.

    Parameters
    ----------
    center, middle : float
        The middle, from the left and from the top.
    wide, high : float
        The size, in the same unit.
    """
    return from_span(center - wide / 2, middle - high / 2, wide, high)


def around(points: Iterable[Sequence[float]]) -> Corners:
    """Corners of the smallest upright box around some points.

    Raises
    ------
    ValueError
        There is no point, or one is not two numbers.
    """
    pairs = [numbers(point, 2) for point in points]
    if not pairs:
        raise ValueError("a shape without points")
    columns, rows = zip(*pairs, strict=True)
    return min(columns), min(rows), max(columns), max(rows)


def turned_span(corners: Corners, degrees: float, *, about: Sequence[float]) -> Corners:
    """Corners around a box that is turned clockwise, all in pixels.

    Parameters
    ----------
    corners : tuple of four floats
        Left, top, right and bottom before it is turned.
    degrees : float
        How far it is turned.
    about : sequence of two floats
        The point it is turned about.

    Examples
    --------
    >>> [round(side, 6) for side in turned_span((0, 0, 4, 2), 90, about=(0, 0))]
    [-2.0, 0.0, 0.0, 4.0]
    """
    left, top, right, bottom = corners
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    points = []
    for column, row in ((left, top), (right, top), (left, bottom), (right, bottom)):
        x, y = column - about[0], row - about[1]
        points.append((about[0] + x * cosine - y * sine, about[1] + x * sine + y * cosine))
    return around(points)


def to_span(box: Box, *, frame: Frame, width: int, height: int, orientation: int = 1) -> list[float]:
    """Left, top, width and height of a box in a frame, to a hundredth, as COCO writes them.

    Parameters
    ----------
    box : Box
        On the upright picture.
    frame : Frame
        What the span is measured in.
    width, height : int
        Of the upright picture, in pixels.
    orientation : int
        How the picture is stored.
    """
    left, top, right, bottom = frame.corners(box, width=width, height=height, orientation=orientation)
    return [round(number, 2) for number in (left, top, right - left, bottom - top)]
