"""How pictures go into such a network: what ``preprocessor_config.json`` says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL.Image import Image, Resampling

from toolkit.plugins import FloatArray, InputError

__all__ = ["PictureInput", "read_picture_input"]

LARGEST_SIDE = 4096


@dataclass(frozen=True, slots=True)
class PictureInput:
    """How an upright RGB picture becomes the network's input.

    Parameters
    ----------
    size : (height, width)
        Pixels the network takes.
    crops : bool
        Whether the middle of the picture is cut out; otherwise it is squashed.
    resample : PIL.Image.Resampling
        How it is scaled.
    factor : float
        What pixels from 0 to 255 are multiplied by.
    mean, std : tuple of three floats
        Subtracted, and divided by after that.
    """

    size: tuple[int, int]
    crops: bool
    resample: Resampling
    factor: float
    mean: tuple[float, ...]
    std: tuple[float, ...]

    def prepared(self, images: Sequence[Image]) -> FloatArray:
        """The pictures as float32 (b, 3, h, w)."""
        pixels = np.stack([np.asarray(self._sized(image), np.float32) for image in images])
        numbers = (pixels * self.factor - np.array(self.mean, np.float32)) / np.array(self.std, np.float32)
        return np.ascontiguousarray(numbers.transpose(0, 3, 1, 2), np.float32)

    def _sized(self, image: Image) -> Image:
        height, width = self.size
        if not self.crops:
            return image.resize((width, height), self.resample)
        scale = max(height / image.height, width / image.width)
        grown = image.resize(
            (max(round(image.width * scale), width), max(round(image.height * scale), height)), self.resample
        )
        left, upper = (grown.width - width) // 2, (grown.height - height) // 2
        return grown.crop((left, upper, left + width, upper + height))


def read_picture_input(path: Path) -> PictureInput:
    """What a ``preprocessor_config.json`` says.

    Raises
    ------
    InputError
        It is missing, is no JSON, or a value cannot be.
    """
    try:
        return _read(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InputError(str(path), f"does not say how pictures go in: {error}") from error


def _read(found: dict[str, Any]) -> PictureInput:
    crops = bool(found.get("do_center_crop", False))
    height, width = _side(found["crop_size"] if crops and "crop_size" in found else found["size"])
    mean, std = (tuple(map(float, found[key])) for key in ("image_mean", "image_std"))
    if not (0 < height <= LARGEST_SIDE and 0 < width <= LARGEST_SIDE):
        raise ValueError(f"pictures of {height} by {width} pixels")
    if len(mean) != 3 or len(std) != 3 or min(std) <= 0:
        raise ValueError("image_mean and image_std are three numbers each, the latter above 0")
    factor = float(found.get("rescale_factor", 1 / 255))
    return PictureInput((height, width), crops, Resampling(int(found.get("resample", 3))), factor, mean, std)


def _side(size: int | dict[str, int]) -> tuple[int, int]:
    if isinstance(size, int):
        return size, size
    if "shortest_edge" in size:
        return int(size["shortest_edge"]), int(size["shortest_edge"])
    return int(size["height"]), int(size["width"])
