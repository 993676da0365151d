"""An image on its way into the store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...errors import InputError
from ...values.types import GeoPoint, Json

__all__ = ["AddedInput", "NewInput"]

_ID = re.compile(r"[^/\x00-\x1f\x7f]{1,200}")  # a slash parts the input from the region in a region's id
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInput:
    """What the store keeps of one image.

    Parameters
    ----------
    uri : str
        Where it came from: an absolute path, a URL, or ``bytes:<sha256>``.
    sha256 : str
        Hash of the encoded file, 64 hexadecimal digits.
    width, height : int
        Pixels, upright.
    id : str or None
        Its public name; the first 16 digits of the hash if None.
    thumbnail : bytes or None
        A small JPEG.
    metadata : mapping
        Any JSON object.
    geo : GeoPoint or None
        Where it was taken.
    datasets : tuple of str
        The datasets it belongs to; made if need be.
    status : str
        ``"success"`` once indexed; ``"pending"`` or ``"failed"`` before or instead.
    own : bool
        Whether it is an input of its own, though another may have its content; its id then has to be free.
    once : bool
        Whether no other input may have come from its URI.

    Raises
    ------
    InputError
        An id with a slash or of more than 200 characters, a hash that is none, a size below one pixel.
    """

    uri: str
    sha256: str
    width: int
    height: int
    id: str | None = None
    thumbnail: bytes | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict)
    geo: GeoPoint | None = None
    datasets: tuple[str, ...] = ()
    status: str = "success"
    own: bool = False
    once: bool = False

    def __post_init__(self) -> None:
        if self.id is not None and not _ID.fullmatch(self.id):
            raise InputError(
                self.uri, f"its id {self.id!r} is not 1 to 200 characters without '/' or controls"
            )
        if not _SHA256.fullmatch(self.sha256):
            raise InputError(self.uri, f"its hash {self.sha256!r} is not 64 lowercase hexadecimal digits")
        if self.width < 1 or self.height < 1:
            raise InputError(self.uri, f"its size {self.width} x {self.height} is not a picture's")


@dataclass(frozen=True, slots=True)
class AddedInput:
    """Where an input is in the store.

    Parameters
    ----------
    key : int
        The input's.
    region_key : int
        Of its row as a whole image.
    id : str
        The input's public name.
    is_new : bool
        False if the same content was there already.
    """

    key: int
    region_key: int
    id: str
    is_new: bool
