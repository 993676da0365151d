"""Pictures: reading files, opening them safely, and the few shapes a picture travels in."""

from __future__ import annotations

from .decode import Picture, decode, upright
from .files import digest, read_bytes
from .shapes import crop, data_url, encode_png, from_array, thumbnail

__all__ = [
    "Picture",
    "crop",
    "data_url",
    "decode",
    "digest",
    "encode_png",
    "from_array",
    "read_bytes",
    "thumbnail",
    "upright",
]
