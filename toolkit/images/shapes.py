"""The shapes a picture travels in: arrays, parts, thumbnails, PNG, data URLs."""

from __future__ import annotations

import io
import os
from tempfile import TemporaryFile
from typing import IO

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..errors import InputError
from ..values.base64_text import to_base64
from ..values.types import Box
from .pixels import fitted_size, rgb

__all__ = ["crop", "data_url", "encode_png", "from_array", "thumbnail"]


def from_array(array: npt.NDArray[np.generic]) -> Image.Image:
    """RGB picture of an array: grey (h, w), color (h, w, 3) or color with alpha (h, w, 4), alpha on white.

    Parameters
    ----------
    array : uint8, or floats in [0, 1]
        Row 0 is the top.

    Raises
    ------
    InputError
        Another shape, another dtype, values outside [0, 1] or not a number.

    Examples
    --------
    >>> from_array(np.zeros((2, 3), dtype=np.uint8)).size
    (3, 2)
    """
    color = array.ndim == 3 and array.shape[2] in (3, 4)
    if array.size == 0 or not (array.ndim == 2 or color):
        raise InputError("<array>", f"a picture has shape (h, w), (h, w, 3) or (h, w, 4), not {array.shape}")
    return rgb(Image.fromarray(np.ascontiguousarray(_as_bytes(array))))


def _as_bytes(array: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
    if array.dtype == np.uint8:
        return array.view(np.uint8)
    if not np.issubdtype(array.dtype, np.floating):
        raise InputError("<array>", f"a picture holds uint8 or floats in [0, 1], not {array.dtype}")
    values = array.astype(np.float32)
    if not (values.min() >= 0 and values.max() <= 1):  # also refuses NaN
        raise InputError("<array>", "floats must be in [0, 1]; divide by the highest value first")
    return (values * 255).round().astype(np.uint8)


def crop(image: Image.Image, box: Box) -> Image.Image:
    """The part of an upright picture inside a box, at least one pixel.

    Parameters
    ----------
    image : Image
        An upright RGB picture.
    box : Box
        The part to cut out, as fractions of the picture.

    Examples
    --------
    >>> crop(Image.new("RGB", (100, 80)), Box(0.25, 0.0, 0.75, 0.5)).size
    (50, 40)
    """
    return image.crop(box.pixels(width=image.width, height=image.height))


def thumbnail(image: Image.Image, size: int) -> bytes:
    """JPEG of an upright RGB picture, long side at most `size` pixels, without metadata.

    Parameters
    ----------
    image : Image
        An upright RGB picture.
    size : int
        The longer side of the JPEG, in pixels.
    """
    # A larger gap looks no better this small and takes twice as long: a tenth of all that adding a photo takes.
    small = image.resize(fitted_size(image.size, size), Image.Resampling.BILINEAR, reducing_gap=1.0).convert(
        "RGB"
    )
    small.info = {}  # Pillow writes a comment found here
    # Pillow gives up the interpreter's lock while it writes to a file, and holds it for a buffer: 0.2 ms of each photo
    # in which no other thread decodes.
    with _file_in_memory() as file:
        small.save(file, "JPEG", quality=80)
        file.seek(0)
        return file.read()


def _file_in_memory() -> IO[bytes]:
    """A file without a name; on systems without such files, one on the disk that is gone when it is closed."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("thumbnail"), "w+b")
    return TemporaryFile()


def encode_png(image: Image.Image) -> bytes:
    """Lossless PNG of a picture; the same pixels give the same bytes."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def data_url(jpeg: bytes) -> str:
    """A JPEG as a URL that carries its own content, for self-contained HTML.

    Examples
    --------
    >>> data_url(b"...")
    'data:image/jpeg;base64,Li4u'
    """
    return f"data:image/jpeg;base64,{to_base64(jpeg)}"
