"""A part of the globe: within some kilometers of a place, or inside a box of two corners."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import cast

from ..errors import QueryError
from ..values.types import GeoPoint, Json

__all__ = ["area_of", "area_text"]

LENGTHS = {"near": 3, "within": 4}


def area_of(value: Mapping[str, Json]) -> dict[str, Json]:
    """The area, checked: ``{"near": [lat, lon, km]}``, ``{"within": [lat, lon, lat, lon]}``, or ``{}`` for none.

    Raises
    ------
    QueryError
        It is no area, or not on the globe.

    Examples
    --------
    >>> area_of({"near": (48, 11, 20)})
    {'near': [48.0, 11.0, 20.0]}
    """
    if not value:
        return {}
    (kind, numbers), *others = value.items()
    if others or kind not in LENGTHS or not _are_numbers(numbers, LENGTHS[kind]):
        raise QueryError(
            "an area is {'near': [latitude, longitude, kilometers]}, or {'within': [latitude, longitude, "
            f"latitude, longitude]}} with two opposite corners; not {str(dict(value))[:80]}"
        )
    checked = [float(number) for number in cast("Sequence[float]", numbers)]
    GeoPoint(*checked[:2])
    if kind == "within":
        GeoPoint(*checked[2:])
    elif checked[2] <= 0:
        raise QueryError(f"a distance of {checked[2]:g} km: give more than 0")
    return {kind: cast("Json", checked)}


def area_text(area: Mapping[str, Json]) -> str:
    """An area in words; empty for none.

    Examples
    --------
    >>> area_text({"near": [48.137, -11.576, 20]})
    'within 20 km of 48.137°N 11.576°W'
    """
    match area:
        case {"near": [float() | int() as latitude, float() | int() as longitude, kilometers]}:
            return f"within {kilometers:g} km of {_point(latitude, longitude)}"
        case {"within": [float() | int() as south, float() | int() as west, north, east]}:
            corners = _point(south, west), _point(cast("float", north), cast("float", east))
            return f"between {corners[0]} and {corners[1]}"
        case _:
            return ""


def _point(latitude: float, longitude: float) -> str:
    sides = "NS"[latitude < 0], "EW"[longitude < 0]
    return f"{abs(round(latitude, 4)):g}°{sides[0]} {abs(round(longitude, 4)):g}°{sides[1]}"


def _are_numbers(value: Json, count: int) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == count
        and all(
            isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one) for one in value
        )
    )
