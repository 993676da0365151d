"""Pixels of any mode, depth and orientation as upright RGB of 8 bits."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

__all__ = ["Size", "fitted_size", "orientation_of", "resized", "rgb", "small_rgb", "turned"]

_ORIENTATION = 0x0112
_BITS_PER_SAMPLE = 258
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_SCALABLE = {
    "L",
    "LA",
    "RGB",
    "RGBA",
}  # whose values mix as colors do; Pillow weighs transparent ones by themselves

Size: TypeAlias = tuple[int, int]


def fitted_size(size: Size, long_side: int | None) -> Size:
    """The size with its long side cut to a length, the other in proportion and at least 1.

    Parameters
    ----------
    size : (int, int)
        Width and height in pixels.
    long_side : int or None
        The longer side of the result, in pixels; None leaves the size as it is.
    """
    if long_side is None or max(size) <= long_side:
        return size
    scale = long_side / max(size)
    return max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)


def resized(image: Image.Image, size: Size) -> Image.Image:
    """The image at a smaller size; itself if it has that size.

    Parameters
    ----------
    image : Image
        An upright RGB picture.
    size : (int, int)
        The new width and height in pixels.
    """
    if image.size == size:
        return image
    # Bilinear with support (a triangle filter): a tenth faster in all than bicubic, and models resize again.
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def orientation_of(image: Image.Image) -> int:
    """EXIF orientation, 1 to 8; 1 if there is none. A PNG may hold it after its pixels: load first."""
    try:
        orientation = int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # a broken EXIF block spoils no pixels
        return 1
    return orientation if 1 <= orientation <= 8 else 1


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """The image as its EXIF orientation says it is to be seen; itself if that is so.

    Parameters
    ----------
    image : Image
        An upright RGB picture.
    orientation : int
        EXIF orientation, from 1 to 8.
    """
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def rgb(image: Image.Image) -> Image.Image:
    """The image as RGB of 8 bits, transparency on white; itself if it is."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _eight_bits(image).convert("RGB")
    if image.has_transparency_data:
        return _on_white(image.convert("RGBA"))
    return image if image.mode == "RGB" else image.convert("RGB")


def small_rgb(image: Image.Image, size: Size) -> Image.Image:
    """The image at a smaller size, as RGB of 8 bits on white; made small first where that gives the same.

    Parameters
    ----------
    image : Image
        A loaded picture of any mode.
    size : (int, int)
        The new width and height in pixels.
    """
    if image.mode in _SCALABLE and "transparency" not in image.info:
        return rgb(resized(image, size))
    return resized(rgb(image), size)


def _on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image)
    return white


def _eight_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image)
    scaled = np.interp(values, _declared_range(image) or _range(values), (0, 255))
    return Image.fromarray(np.nan_to_num(scaled).round().astype(np.uint8))


def _declared_range(image: Image.Image) -> tuple[float, float] | None:
    """The range a format gives its samples; None if it gives none (32-bit integers, floats)."""
    if image.mode.startswith("I;16"):
        bits = getattr(image, "tag_v2", {}).get(_BITS_PER_SAMPLE, (16,))[0]  # a TIFF may hold 12
        return 0, 2**bits - 1
    if image.format == "PPM":
        return 0, 65535  # Pillow scales to this
    return None


def _range(values: npt.NDArray[np.number]) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return (0.0, 1.0) if low >= 0 and high <= 1 else (low, high)
