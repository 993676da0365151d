"""Boxes in pixels, as label files have them, and as fractions, as the toolkit has them."""

from __future__ import annotations

from toolkit.plugins import Box

__all__ = ["from_corners", "from_span", "to_span"]


def from_corners(
    left: float, top: float, right: float, bottom: float, *, width: float, height: float
) -> Box | None:
    """The box between two corners, clipped to the picture; None if nothing of it is left.

    Examples
    --------
    >>> from_corners(-10, 0, 50, 50, width=100, height=100)
    Box(top_row=0.0, left_col=0.0, bottom_row=0.5, right_col=0.5)
    """
    if not (width > 0 and height > 0):
        return None
    rows = [min(max(side / height, 0.0), 1.0) for side in (top, bottom)]
    columns = [min(max(side / width, 0.0), 1.0) for side in (left, right)]
    if not (rows[0] < rows[1] and columns[0] < columns[1]):  # also NaN
        return None
    return Box(rows[0], columns[0], rows[1], columns[1])


def from_span(
    left: float, top: float, wide: float, high: float, *, width: float, height: float
) -> Box | None:
    """The box from a corner and its size, as `from_corners`."""
    return from_corners(left, top, left + wide, top + high, width=width, height=height)


def to_span(box: Box, *, width: float, height: float) -> list[float]:
    """Left, top, width and height in pixels, to a hundredth, as COCO writes them."""
    left, top = box.left_col * width, box.top_row * height
    wide, high = (box.right_col - box.left_col) * width, (box.bottom_row - box.top_row) * height
    return [round(number, 2) for number in (left, top, wide, high)]
