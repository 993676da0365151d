"""HEIF and HEIC, the formats of phones, read with libheif."""

from collections.abc import Sequence

from toolkit.plugins import Decoder, hookimpl

from .heif import Heif

__all__ = ["Heif"]


@hookimpl
def toolkit_decoders() -> Sequence[Decoder]:
    """The decoder ``heif``."""
    return [Heif()]
