"""An encoded file, hostile or not, as an upright RGB picture."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from ..errors import InputError
from .blocks import take_large_blocks
from .budget import DECODING
from .camera import NOTHING, Shot, shot_of
from .decoders import Decoders
from .formats import open_header
from .pixels import fitted_size, orientation_of, rgb, small_rgb, turned
from .quiet import PILLOW_QUIET

__all__ = ["Picture", "decode", "read_shot", "stored_orientation", "upright"]

MOST_PIXELS = 200_000_000  # of a file whose metadata is asked for, as `Settings.max_pixels` has it
_TURNED_SIDEWAYS = (5, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded file.

    Parameters
    ----------
    image : PIL.Image.Image
        Upright, RGB, without metadata; its long side is at most the working size asked for.
    width, height : int
        Pixels of the upright original.
    orientation : int
        How the original is stored: the EXIF orientation, 1 to 8.
    shot : Shot
        What its camera wrote into it.
    """

    image: Image.Image
    width: int
    height: int
    orientation: int = 1
    shot: Shot = NOTHING


def decode(
    encoded: bytes, *, uri: str, working_size: int | None, max_pixels: int, decoders: Decoders = ()
) -> Picture:
    """Upright RGB picture of an encoded file, decoded once. Safe to call from many threads.

    Reads JPEG, PNG, GIF, WebP, BMP, TIFF, AVIF and PPM / PGM / PBM, whatever the file is called. Of several
    frames the first is taken. Transparency is laid on white. Grey of more than 8 bits is scaled from the
    range that the file declares; 32-bit integers, and floats that leave [0, 1], from their own lowest and
    highest value. Color profiles are not applied.

    Parameters
    ----------
    encoded : bytes
        The file.
    uri : str
        What to call it in an error.
    working_size : int or None
        Long side of the result in pixels, never enlarged; None keeps the original size. A JPEG is decoded at
        a half, a quarter or an eighth where that is enough: three times as fast.
    max_pixels : int
        The most pixels a file may claim; more is refused from the header, before anything is decoded.
    decoders : sequence of Decoder
        Of plugins, for formats that are not opened here.

    Raises
    ------
    InputError
        Not a picture, a format that is not opened, damaged, cut short, or too large; with the reason.

    Examples
    --------
    >>> from toolkit.images import encode_png
    >>> photo = encode_png(Image.new("RGB", (640, 480)))
    >>> picture = decode(photo, uri="photo.png", working_size=64, max_pixels=10**6)
    >>> picture.width, picture.height, picture.image.size
    (640, 480, (64, 48))
    """
    try:
        with PILLOW_QUIET:
            return _decode(encoded, uri, working_size, max_pixels, decoders)
    except InputError:
        raise
    except Exception as error:  # a damaged file makes a decoder raise anything, MemoryError included
        raise InputError(uri, _reason(error)) from error


def _decode(
    encoded: bytes, uri: str, working_size: int | None, max_pixels: int, decoders: Decoders
) -> Picture:
    take_large_blocks()
    image = open_header(encoded, uri, decoders=decoders)
    _check_size(image, uri, max_pixels)
    width, height = image.size
    target = fitted_size(image.size, working_size)
    image.draft(None, target)
    with DECODING.reserved(image.width * image.height):
        image.load()
        orientation = orientation_of(image)
        shot = shot_of(image, orientation=orientation)
        small = turned(small_rgb(image, target), orientation)
        del image  # before others take its room
    small.info = {}
    if orientation in _TURNED_SIDEWAYS:
        width, height = height, width
    return Picture(small, width, height, orientation, shot)


def _check_size(image: Image.Image, uri: str, max_pixels: int) -> None:
    if image.width * image.height > max_pixels:
        size = f"{image.width} x {image.height} pixels"
        raise InputError(uri, f"{size}, over the limit of {max_pixels}; not decoded")


def read_shot(encoded: bytes, *, uri: str, decoders: Decoders = (), max_pixels: int = MOST_PIXELS) -> Shot:
    """What a camera wrote into a file, with no pixel decoded where that can be.

    Parameters
    ----------
    encoded : bytes
        The bytes of an image file.
    uri : str
        What to call it in an error.
    decoders : sequence of Decoder
        Of plugins, for formats that are not opened here.
    max_pixels : int
        The most pixels a file may claim whose metadata may lie after its pixels.

    Raises
    ------
    InputError
        Not a picture, damaged, or too large.
    """
    try:
        with PILLOW_QUIET:
            image = open_header(encoded, uri, decoders=decoders)
            _check_size(image, uri, max_pixels)
            if image.format == "PNG":  # which may hold it after its pixels
                with DECODING.reserved(image.width * image.height):
                    image.load()
            return shot_of(image, orientation=orientation_of(image))
    except InputError:
        raise
    except Exception as error:
        raise InputError(uri, _reason(error)) from error


def stored_orientation(encoded: bytes, *, uri: str, decoders: Decoders = ()) -> int:
    """The EXIF orientation of a file, from 1 to 8; 1 if it has none.

    Parameters
    ----------
    encoded : bytes
        The bytes of an image file.
    uri : str
        What to call it in an error.
    decoders : sequence of Decoder
        Of plugins, for formats that are not opened here.

    Raises
    ------
    InputError
        Not a picture, or damaged.
    """
    return read_shot(encoded, uri=uri, decoders=decoders).orientation


def upright(image: Image.Image) -> Image.Image:
    """Upright RGB copy of any PIL image: EXIF orientation applied, transparency on white, without metadata.

    Raises
    ------
    InputError
        The image was opened lazily and its file is damaged.
    """
    try:
        with PILLOW_QUIET:
            image.load()
            result = turned(rgb(image), orientation_of(image))
    except Exception as error:
        raise InputError("<image>", _reason(error)) from error
    plain = result.copy() if result is image else result
    plain.info = {}
    return plain


def _reason(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "too large for this machine's memory"
    if isinstance(error, Image.DecompressionBombError):
        return "too many pixels; not decoded"
    is_plain = isinstance(error, OSError | SyntaxError | ValueError)  # others say little, such as "7"
    message = " ".join((str(error) if is_plain else repr(error)).split())[:100]
    return f"cut short: {message}" if "truncated" in message.lower() else f"damaged: {message}"
