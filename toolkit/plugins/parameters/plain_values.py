"""From the objects a notebook holds to plain values: what a term carries, `repr` shows and JSON keeps."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import astuple
from datetime import date

import numpy as np
from PIL import Image as PillowImage

from ...images import encode_png, from_array, upright
from ...values.types import Annotation, Box, Concept, GeoPoint, Hit, Input
from .parameter import Kind

__all__ = ["plain"]


def plain(kind: Kind, value: object) -> object:  # noqa: PLR0911  # a line per type reads better than a table
    """The value as JSON, or as bytes for a picture; itself if it is none of the objects a notebook holds.

    Paths become text, pictures and arrays of pixels PNG bytes, arrays, boxes and places lists, times
    ISO 8601, hits and inputs the id that the kind asks for. Nothing is checked here.

    Parameters
    ----------
    kind : Kind
        The kind of the parameter, such as ``image`` or ``input``.
    value : object
        What a person gave.
    """
    match value:
        case os.PathLike():
            return os.fspath(value)
        case PillowImage.Image():
            return encode_png(upright(value))
        case np.ndarray():
            return encode_png(from_array(value)) if kind == "image" else value.tolist()
        case np.generic():
            return value.item()
        case Box() | GeoPoint():
            return list(astuple(value))
        case date():  # a datetime is one
            return value.isoformat()
        case bytearray() | memoryview():
            return bytes(value)
        case Concept():
            return value.id
        case Hit() | Input() | Annotation():
            return _id(kind, value)
        case tuple():
            return list(value)
        case Mapping():
            return dict(value)
    return value


def _id(kind: Kind, value: Hit | Input | Annotation) -> object:
    match value:
        case Input():
            input, region = value.id, value.id  # the row of a whole input has the input's id
        case Annotation():
            input, region = value.input_id, value.region_id
        case Hit():
            input, region = value.input.id, value.region_id
    names: dict[str, object] = {"image": {"input": input}, "input": input, "region": region}
    return names.get(kind, value)
