"""Pictures as the network takes them: cut to the middle as it was trained, or squashed where a rim would be lost."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL.Image import Image, Resampling

from toolkit.plugins import FloatArray

from .variants import CROP

__all__ = ["Pixels", "numbers", "pixels"]

Pixels = npt.NDArray[np.uint8]
MIDDLE, SPAN = np.float32(127), np.float32(128)  # (pixel - 127) / 128, as the network was trained


def pixels(image: Image, side: int, *, squash: bool) -> Pixels:
    """A picture as uint8 (side, side, 3).

    Parameters
    ----------
    image : PIL.Image.Image
        Upright and RGB, of any size.
    side : int
        In pixels.
    squash : bool
        Whether the whole picture is to be seen; else the middle square, without an eighth of it.
    """
    box = (0.0, 0.0, float(image.width), float(image.height)) if squash else _middle(image)
    return np.asarray(image.resize((side, side), Resampling.BICUBIC, box=box))


def numbers(pixels: Pixels) -> FloatArray:
    """What goes into the network, float32 of the same shape, about -1 to 1."""
    scaled: FloatArray = (pixels.astype(np.float32) - MIDDLE) / SPAN
    return scaled


def _middle(image: Image) -> tuple[float, float, float, float]:
    half = min(image.size) * CROP / 2
    across, down = image.width / 2, image.height / 2
    return across - half, down - half, across + half, down + half
