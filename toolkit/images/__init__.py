"""Pictures: opening encoded files safely, and the few shapes a picture travels in."""

from __future__ import annotations

from .decode import Picture, decode, stored_orientation, upright
from .shapes import crop, data_url, encode_png, from_array, thumbnail

__all__ = [
    "Picture",
    "crop",
    "data_url",
    "decode",
    "encode_png",
    "from_array",
    "stored_orientation",
    "thumbnail",
    "upright",
]
