"""Pictures of any size as small arrays of one size, the first step of every model here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL.Image import Image, Resampling

from toolkit.plugins import QueryError

__all__ = ["refuse_argument", "squash"]


def squash(images: Sequence[Image], side: int) -> npt.NDArray[np.uint8]:
    """Pictures resized to a square whatever their shape : uint8 (b, side, side, 3).

    The triangle filter averages when it shrinks and interpolates when it enlarges, in fixed-point arithmetic:
    the same numbers on every machine.

    Parameters
    ----------
    images : sequence of PIL.Image.Image
        b pictures of any size.
    side : int
        Of the square, in pixels.
    """
    pixels = np.empty((len(images), side, side, 3), dtype=np.uint8)
    for at, image in enumerate(images):
        pixels[at] = np.asarray(_rgb(image).resize((side, side), Resampling.BILINEAR))
    return pixels


def _rgb(image: Image) -> Image:
    return image if image.mode == "RGB" else image.convert("RGB")


def refuse_argument(component: str, argument: str) -> None:
    """Nothing; for components without variants.

    Parameters
    ----------
    component : str
        Its name.
    argument : str
        What follows the colon in a specification; empty if nothing does.

    Raises
    ------
    QueryError
        If a specification says more than the name, such as ``"pixels:large"``.
    """
    if argument:
        raise QueryError(f"{component} has no variants, but {argument!r} was asked for; give the name alone")
