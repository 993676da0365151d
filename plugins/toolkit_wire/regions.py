"""Regions and concept values of a request."""

from __future__ import annotations

from collections.abc import Iterable

from clarifai_grpc.grpc.api.resources_pb2 import Concept, Region

from toolkit.plugins import Box

from .calls import Call
from .statuses import Refused

__all__ = ["box_of_region", "values_of"]


def box_of_region(region: Region) -> Box:
    """The box of a region.

    Raises
    ------
    QueryError
        It has none, or one that is outside the image or turned inside out.
    """
    sides = region.region_info.bounding_box
    return Box(sides.top_row, sides.left_col, sides.bottom_row, sides.right_col)


def values_of(concepts: Iterable[Concept], call: Call, *, invalid: int) -> dict[str, float]:
    """Values by concept id; a name stands for the one concept that has it.

    Parameters
    ----------
    concepts : iterable of Concept
        Concepts of the request.
    call : Call
        The collection asked, and who asks.
    invalid : int
        The status code for a request that cannot be answered.

    Raises
    ------
    Refused
        Neither an id nor a name, or a value outside [0, 1].
    """
    values: dict[str, float] = {}
    for one in concepts:
        id = one.id or one.name
        if not id.strip():
            raise Refused(invalid, "a concept needs an id")
        if not 0 <= one.value <= 1:
            raise Refused(invalid, f"concept {id!r} has the value {one.value}; a value is from 0 to 1")
        values[call.photos.concepts.id_of(id)] = one.value
    return values
