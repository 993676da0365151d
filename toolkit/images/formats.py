"""Which files are opened: recognized by their first bytes, never by their name.

Each format listed here is opened by its own decoder of Pillow. `Image.open` is not used: it also tries
decoders that start other programs (PostScript), it warns or refuses by a limit that is global to the process,
and opening a small JPEG takes it twice as long.
"""

from __future__ import annotations

import io
import re
from importlib import import_module

from PIL import ImageFile
from PIL.Image import Image

from ..errors import InputError, MissingExtraError
from ..values.accepting import first_that_accepts
from .decoders import Decoder, Decoders

__all__ = ["open_header"]

# Pillow's plugin, and how a file of that format begins.
_OPENED = {
    "Jpeg": rb"\xff\xd8\xff",
    "Png": rb"\x89PNG\r\n\x1a\n",
    "WebP": rb"(?s)RIFF....WEBP",
    "Gif": rb"GIF8[79]a",
    "Tiff": rb"II[*+]\0|MM\0[*+]",
    "Avif": rb"(?s)....ftyp(avi[fs]|(mif1|msf1).{4,40}avif)",
    "Bmp": rb"BM",
    "Ppm": rb"P[1-6][\s#]",
}
# Rarely used, seldom tested decoders are not worth what a hostile file can do to them.
_REFUSED = {
    "HEIF": rb"(?s)....ftyp(hei|hev|mif1|msf1)",
    "JPEG 2000": rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51",
    "Photoshop": rb"8BPS",
    "JPEG XL": rb"\xff\x0a|\0\0\0\x0cJXL ",
    "PostScript": rb"%!PS|\xc5\xd0\xd3\xc6",
    "PDF": rb"%PDF",
    "QOI": rb"qoif",
    "icon": rb"\0\0[\x01\x02]\0",
    "SVG": rb"(?is)\W{0,8}<(.*<)?svg\b",
    "HTML": rb"(?is)\W{0,8}<(!doctype )?html\b",
}

_HEAD = 512


def open_header(encoded: bytes, uri: str, *, decoders: Decoders = ()) -> Image:
    """The picture of a file with its header read and no pixel decoded.

    Parameters
    ----------
    encoded : bytes
        The bytes of an image file.
    uri : str
        What to call it in an error.
    decoders : sequence of Decoder
        Of plugins, for other formats; the last is asked first.

    Raises
    ------
    InputError
        Empty, or not in a format that is opened. What a damaged header raises is up to its decoder.
    """
    if not encoded:
        raise InputError(uri, "the file is empty")
    plugin = _format(encoded, _OPENED)
    if plugin is None:
        if decoder := first_that_accepts(reversed(decoders), encoded[:_HEAD], word="decoder"):
            return _opened(decoder, encoded, uri)
        known = _format(encoded, _REFUSED)
        raise InputError(uri, f"{known} files are not opened" if known else "not a picture in a known format")
    try:
        module = import_module(f"PIL.{plugin}ImagePlugin")
    except ImportError:
        raise InputError(uri, f"the installed Pillow cannot read {plugin.upper()}") from None
    image = getattr(module, f"{plugin}ImageFile")(io.BytesIO(encoded))
    if not isinstance(image, ImageFile.ImageFile):
        raise TypeError(f"{plugin}ImageFile made a {type(image).__name__}")
    return image


def _opened(decoder: Decoder, encoded: bytes, uri: str) -> Image:
    try:
        return decoder.decode(encoded)
    except MissingExtraError as error:
        raise InputError(uri, str(error)) from error


def _format(encoded: bytes, signatures: dict[str, bytes]) -> str | None:
    head = encoded[:_HEAD]
    return next((name for name, pattern in signatures.items() if re.match(pattern, head)), None)
