"""Pictures as the arrays a network takes, without torch: the same numbers as timm's own transforms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image as PillowImage
from PIL.Image import Image, Resampling

from toolkit.plugins import FloatArray

from .description import Preparation

__all__ = ["letterbox_scale", "prepared"]


def prepared(images: Sequence[Image], how: Preparation) -> FloatArray:
    """Upright RGB pictures of any size as float32 (b, 3, h, w), or (b, h, w, 3) if the layout says so.

    Parameters
    ----------
    images : sequence of PIL.Image.Image
        b pictures, upright RGB.
    how : Preparation
        Size, resizing, order of channels, scale, mean and deviation.
    """
    resized = {"crop": _cropped, "squash": _squashed, "letterbox": _letterboxed}[how.resize]
    pixels = np.stack([np.asarray(resized(image, how)) for image in images])
    if how.channels == "BGR":
        pixels = pixels[..., ::-1]
    # One multiplication and one addition a number.
    std = np.array(how.std, np.float32)
    factor = 1 / (np.float32(how.scale) * std)
    numbers = pixels * factor - np.array(how.mean, np.float32) / std
    return np.ascontiguousarray(
        numbers if how.layout == "NHWC" else numbers.transpose(0, 3, 1, 2), np.float32
    )


def letterbox_scale(image: Image, how: Preparation) -> float:
    """Pixels of the network's input for each of the picture's.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture.
    how : Preparation
        Whose size is that of the network's input.
    """
    height, width = how.size
    return min(height / image.height, width / image.width)


def _cropped(image: Image, how: Preparation) -> Image:
    height, width = (int(side / how.crop_pct) for side in how.size)
    scale = max(height / image.height, width / image.width)
    if height == width:
        long = int(height * max(image.size) / min(image.size))  # rounded down, as torchvision does
        size = (height, long) if image.width < image.height else (long, height)
    else:
        size = (round(image.width * scale), round(image.height * scale))
    left, upper = round((size[0] - how.size[1]) / 2), round((size[1] - how.size[0]) / 2)
    grown = image.resize(size, _filter(how))
    return grown.crop((left, upper, left + how.size[1], upper + how.size[0]))


def _squashed(image: Image, how: Preparation) -> Image:
    return image.resize((how.size[1], how.size[0]), _filter(how))


def _letterboxed(image: Image, how: Preparation) -> Image:
    scale = letterbox_scale(image, how)
    size = max(int(image.width * scale), 1), max(int(image.height * scale), 1)
    box = PillowImage.new("RGB", (how.size[1], how.size[0]), (int(how.fill),) * 3)
    box.paste(image.resize(size, _filter(how)))
    return box


def _filter(how: Preparation) -> Resampling:
    return Resampling[how.interpolation.upper()]
