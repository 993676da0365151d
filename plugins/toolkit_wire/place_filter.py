"""A place of a filter: within a distance of a point, or inside a box."""

from __future__ import annotations

import math

from clarifai_grpc.grpc.api.resources_pb2 import Geo
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit import Query

from .make_term import make_term
from .statuses import Refused

__all__ = ["place_filter"]

EARTH_RADIUS_KM = 6371.0088  # the mean radius of the IUGG, as the core has it
_KILOMETERS = {
    "withinkilometers": 1.0,
    "withinmiles": 1.609344,
    "withinradians": EARTH_RADIUS_KM,
    "withindegrees": math.radians(EARTH_RADIUS_KM),
}


def place_filter(geo: Geo) -> Query:
    """The filter that holds for inputs taken there.

    Raises
    ------
    Refused
        40002: a point without a limit, an unknown kind of limit, or a box of other than two corners.
    """
    if geo.geo_box:
        if len(geo.geo_box) != 2:
            raise _invalid(f"geo_box is two opposite corners, not {len(geo.geo_box)} points")
        corners = [
            side for corner in geo.geo_box for side in (corner.geo_point.latitude, corner.geo_point.longitude)
        ]
        return make_term("where", within=corners)
    if not geo.HasField("geo_point") or not geo.HasField("geo_limit"):
        raise _invalid("geo is a geo_point with a geo_limit, or a geo_box of two corners")
    scale = _KILOMETERS.get(geo.geo_limit.type.lower())
    if scale is None:
        known = "withinKilometers, withinMiles, withinDegrees, withinRadians"
        raise _invalid(f"geo_limit is of type {known}; not {geo.geo_limit.type!r}")
    distance = geo.geo_limit.value * scale
    if not 0 <= distance < math.inf:
        raise _invalid(f"geo_limit has a distance of 0 or more, not {geo.geo_limit.value}")
    return make_term("where", near=[geo.geo_point.latitude, geo.geo_point.longitude, distance])


def _invalid(details: str) -> Refused:
    return Refused(StatusCode.SEARCH_INVALID_REQUEST, details)
