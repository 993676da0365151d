"""Pictures on their way to the page: small JPEGs of inputs, of files that were dropped, of addresses."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import cast

from PIL import Image as PILImage
from PIL.Image import Image

from ..collection.collection import Collection
from ..errors import InputError, QueryError, ToolkitError
from ..images import crop, decode, thumbnail
from ..values.types import Box, Json

__all__ = ["UploadedPictures", "large_picture", "open_picture", "preview", "smaller"]

LARGE = 2048  # long side, in pixels, of a picture opened large
SMALL = 96
MARK = "$picture"  # an unlikely name for a metadata field
LONGEST_IN_A_TRAIT = 1000  # characters of base64: a trait travels with every change of a row


def open_picture(photos: Collection, origin: Json) -> Image:
    """The picture of a term's subject: a path, a URL, ``{"base64": ...}`` or ``{"input": id}``.

    Parameters
    ----------
    photos : Collection
        Where inputs are looked up.
    origin : JSON value
        The subject.
    """
    return photos.open_image(origin)


def large_picture(photos: Collection | None, id: str, *, otherwise: bytes | None = None) -> tuple[bytes, str]:
    """A picture of an input that fills a screen, and a note if only the small one is there.

    Parameters
    ----------
    photos : Collection or None
        Where the input is; None if there is no collection any more.
    id : str
        Of the input.
    otherwise : bytes, optional
        The small JPEG to fall back on.

    Raises
    ------
    ToolkitError
        The picture cannot be read, and there is nothing to fall back on.
    """
    try:
        if photos is None:
            raise InputError(id, "no collection is at hand")
        return thumbnail(photos.image(id), LARGE, quality=80), ""
    except ToolkitError as error:  # the file may be gone, or the input deleted since
        if otherwise is None:
            raise
        return otherwise, f"Only the small picture is left: {error}"


def smaller(encoded: bytes, side: int) -> bytes:
    """A JPEG again, with fewer pixels and coarser.

    Parameters
    ----------
    encoded : bytes
        A small picture of an input.
    side : int
        Its longer side will be at most this, in pixels.
    """
    with PILImage.open(io.BytesIO(encoded)) as picture:
        small = picture.convert("RGB")
    small.thumbnail((side, side))
    file = io.BytesIO()
    small.save(file, "JPEG", quality=60, optimize=True)
    return file.getvalue()


def preview(photos: Collection, origin: Json, *, box: Sequence[float] | None = None) -> bytes:
    """A small JPEG of a term's subject, or of a box on it.

    Parameters
    ----------
    photos : Collection
        Where inputs are looked up.
    origin : JSON value
        The subject: a path, a URL, ``{"base64": ...}`` or ``{"input": id}``.
    box : sequence of float, optional
        Top, left, bottom and right as fractions; by default the whole picture.
    """
    if box is None and isinstance(origin, Mapping) and isinstance(origin.get("input"), str):
        return photos.thumbnail(str(origin["input"]))
    picture = open_picture(photos, origin)
    return thumbnail(crop(picture, Box(*box)) if box else picture, SMALL)


class UploadedPictures:
    """Pictures that were dropped or pasted, each named by the beginning of its hash."""

    def __init__(self) -> None:
        self._encoded: dict[str, bytes] = {}
        self._files: dict[str, str] = {}

    def file_of(self, encoded: bytes) -> str:
        """The name of the file that a picture was in; empty if it had none."""
        return self._files.get(_short_hash(encoded), "")

    def add(self, encoded: bytes, *, max_pixels: int, file: str = "") -> str:
        """Store a picture; returns its name.

        Parameters
        ----------
        encoded : bytes
            The encoded picture.
        max_pixels : int
            How many it may have.
        file : str
            The name of its file.

        Raises
        ------
        InputError
            It is no picture, or one too large.
        """
        decode(encoded, uri="<the picture>", working_size=SMALL, max_pixels=max_pixels)
        name = self._named(encoded)
        if file:
            self._files[name] = file
        return name

    def _named(self, encoded: bytes) -> str:
        name = _short_hash(encoded)
        self._encoded[name] = encoded
        return name

    def shorten(self, value: Json) -> Json:
        """The JSON of a query with each large picture replaced by its name."""
        match value:
            case {"base64": str(text), **rest} if not rest and len(text) > LONGEST_IN_A_TRAIT:
                return {MARK: self._named(base64.b64decode(text))}
            case Mapping():
                return {name: self.shorten(item) for name, item in value.items()}
            case list() | tuple():
                return [self.shorten(item) for item in value]
            case _:
                return cast("Json", value)

    def restore(self, value: Json) -> Json:
        """The JSON of a query with each name replaced by its picture.

        Raises
        ------
        QueryError
            A picture that is not here.
        """
        match value:
            case {"$picture": str(name), **rest} if not rest:
                if name not in self._encoded:
                    raise QueryError("the picture of this row is gone: drop it again")
                return {"base64": base64.b64encode(self._encoded[name]).decode()}
            case Mapping():
                return {name: self.restore(item) for name, item in value.items()}
            case list() | tuple():
                return [self.restore(item) for item in value]
            case _:
                return cast("Json", value)


def _short_hash(encoded: bytes) -> str:
    return sha256(encoded).hexdigest()[:16]
