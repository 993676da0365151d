"""Pictures: opening encoded files safely, and the few shapes a picture travels in."""

from __future__ import annotations

from .camera import Shot
from .decode import Picture, decode, read_shot, stored_orientation, upright
from .decoders import Decoder
from .shapes import crop, data_url, encode_png, from_array, thumbnail

__all__ = [
    "Decoder",
    "Picture",
    "Shot",
    "crop",
    "data_url",
    "decode",
    "encode_png",
    "from_array",
    "read_shot",
    "stored_orientation",
    "thumbnail",
    "upright",
]
