"""Points on meridians and parallels as HTML that any notebook leaves as it is."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..hits.markup import Markup, element
from ..values.types import FloatArray
from .static_view import STILL

__all__ = ["map_html"]

WIDTH, HEIGHT = 480, 280  # pixels
STEPS = (90, 45, 30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)  # degrees between two lines
LEAST = 70  # pixels between two lines
LABEL = 40  # pixels that the degrees of a meridian take
MOST = 400  # points: a still is a glance, not the data
SMALLEST = 0.02  # degrees of latitude that are shown at least: about 2 km

_LINE = "position:absolute;background-color:rgba(128,128,128,0.35)"
_TEXT = "position:absolute;font-size:10px;line-height:12px;opacity:0.72"
_POINT = (
    "position:absolute;width:7px;height:7px;margin:-4px 0 0 -4px;border-radius:4px;"
    "background-color:#3b82c4;border:1px solid #ffffff"
)


def map_html(degrees: FloatArray, caption: str) -> Markup:
    """A small map as HTML, without script and without SVG: the sanitizer of a notebook drops that.

    Parameters
    ----------
    degrees : float32 (p, 2)
        Latitudes and longitudes.
    caption : str
        The line above it.
    """
    heading = element("div", caption, style=STILL)
    if not len(degrees):
        return element("div", heading)
    view = _View(degrees)
    frame = (
        f"position:relative;width:100%;max-width:{WIDTH}px;height:{HEIGHT}px;overflow:hidden;border-radius:6px;"
        "background-color:rgba(128,128,128,0.12)"
    )
    shown = np.unique(degrees, axis=0)[:MOST]
    points = (element("div", style=f"{_POINT};{view.at(*point)}") for point in shown.tolist())
    return element("div", heading, element("div", *view.lines(), *points, style=frame))


class _View:
    """A part of the globe in pixels; a degree of longitude is as wide as it is in the middle."""

    def __init__(self, degrees: FloatArray) -> None:
        south, west = degrees.min(axis=0).tolist()
        north, east = degrees.max(axis=0).tolist()
        self.middle: tuple[float, float] = (south + north) / 2, (west + east) / 2
        self.narrowing: float = max(math.cos(math.radians(self.middle[0])), 0.1)
        tall = max(north - south, SMALLEST)
        wide = max((east - west) * self.narrowing, SMALLEST)
        self.scale: float = 0.85 * min(HEIGHT / tall, WIDTH / wide)

    def x(self, longitude: float) -> float:
        return WIDTH / 2 + (longitude - self.middle[1]) * self.narrowing * self.scale

    def y(self, latitude: float) -> float:
        return HEIGHT / 2 - (latitude - self.middle[0]) * self.scale

    def at(self, latitude: float, longitude: float) -> str:
        return f"left:{_across(self.x(longitude))};top:{self.y(latitude):.1f}px"

    def lines(self) -> Iterator[Markup]:
        for longitude in self._between(
            self.middle[1], WIDTH / 2 / self.scale / self.narrowing, self.narrowing
        ):
            left = f"left:{_across(self.x(longitude))}"
            yield element("div", style=f"{_LINE};{left};top:0;width:1px;height:{HEIGHT}px")
            if self.x(longitude) < WIDTH - LABEL:
                text = _degrees(longitude, "EW")
                yield element("div", text, style=f"{_TEXT};{left};bottom:1px;margin-left:3px")
        for latitude in self._between(self.middle[0], HEIGHT / 2 / self.scale, 1.0):
            y = self.y(latitude)
            yield element("div", style=f"{_LINE};top:{y:.1f}px;left:0;height:1px;width:100%")
            yield element("div", _degrees(latitude, "NS"), style=f"{_TEXT};top:{y + 1:.1f}px;left:3px")

    def _between(self, middle: float, reach: float, narrowing: float) -> list[float]:
        step = min((one for one in STEPS if one * self.scale * narrowing >= LEAST), default=STEPS[0])
        first, last = math.ceil((middle - reach) / step), math.floor((middle + reach) / step)
        return [number * step for number in range(first, last + 1)]


def _across(x: float) -> str:
    """From the left side, as a share of the width: a narrow page shows all of it."""
    return f"{100 * x / WIDTH:.2f}%"


def _degrees(value: float, sides: str) -> str:
    return f"{abs(round(value, 2)):g}°{sides[value < 0]}"
