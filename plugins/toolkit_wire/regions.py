"""Regions of a request."""

from __future__ import annotations

from clarifai_grpc.grpc.api.resources_pb2 import Region

from toolkit.plugins import Box

__all__ = ["box_of_region"]


def box_of_region(region: Region) -> Box:
    """The box of a region.

    Raises
    ------
    QueryError
        It has none, or one that is outside the image or turned inside out.
    """
    sides = region.region_info.bounding_box
    return Box(sides.top_row, sides.left_col, sides.bottom_row, sides.right_col)
