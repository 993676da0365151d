"""What opens files of formats that are not opened here: an interface, and its implementations are plugins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from PIL.Image import Image

__all__ = ["Decoder", "Decoders"]


@runtime_checkable
class Decoder(Protocol):
    """Opens files of a format, such as HEIF.

    Attributes
    ----------
    name : str
        Such as ``"heif"``.
    """

    name: str

    def accepts(self, head: bytes) -> bool:
        """Whether the first 512 bytes of a file are of its format; cheap, and never raises."""
        ...

    def decode(self, encoded: bytes) -> Image:
        """The picture of a file, with its size and its EXIF; pixels are decoded when it is loaded, if that can be.

        The size is looked at before the picture is loaded: a file of a few bytes may claim any number of pixels.
        """
        ...


Decoders = Sequence[Decoder]
