"""Pictures to test with: drawn from a seed, the same on every machine."""

from __future__ import annotations

import numpy as np
from PIL import Image as PillowImage
from PIL.Image import Image, Resampling

__all__ = ["pictures"]


def pictures(count: int, *, seed: int = 0) -> list[Image]:
    """Upright RGB pictures of many shapes: a few colors in soft patches with a hard-edged square on top.

    Parameters
    ----------
    count : int
        How many; the first ones are the same however many are drawn.
    seed : int
        Another seed draws others.

    Examples
    --------
    >>> [picture.size for picture in pictures(3)]
    [(60, 53), (49, 61), (64, 34)]
    """
    return [_picture(np.random.default_rng([seed, index])) for index in range(count)]


def _picture(random: np.random.Generator) -> Image:
    width, height = (int(side) for side in random.integers(32, 65, 2))
    patches = PillowImage.fromarray(random.integers(0, 256, (3, 3, 3), np.uint8))
    picture = patches.resize((width, height), Resampling.BICUBIC)
    left, upper, side = (int(place) for place in random.integers(4, 16, 3))
    picture.paste(
        tuple(int(part) for part in random.integers(0, 256, 3)), (left, upper, left + side, upper + side)
    )
    return picture
