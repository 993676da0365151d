"""A concept model that needs no weights: colors, light, contrast, sharpness, format and clutter.

Each value is a measurement, mapped to [0, 1] without ever turning back; `pixel_vocabulary` states each in a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from PIL.Image import Image, Resampling

from toolkit.plugins import Concept, FloatArray

from .color import lab, luma
from .color_names import COLOR_NAMES, color_shares
from .gradients import differences
from .pixel_vocabulary import PIXEL_CONCEPTS
from .raster import refuse_argument, squash

__all__ = ["PixelConcepts"]

SIDE = 64  # pixels, for all but sharpness
SHARPNESS_SIDE = 256  # pixels, the longest side on which sharpness is judged; smaller pictures as they are
FLOOR = 0.2  # values below are not worth storing; of a color, this is 4 % of the picture
RIM = SIDE // 8
NEAR = 12.0  # distance in L*a*b* up to which two pixels are one color to the eye
CLEAR_EDGE = 16.0  # rise of lightness L* over two pixels
SQUARE = 1.05  # longer over shorter side, up to which a picture counts as square


class PixelConcepts:
    """The eleven basic colors and thirteen other properties that can be read off the pixels.

    Parameters
    ----------
    argument : str, optional
        What follows the colon of a specification; there are no variants.

    Examples
    --------
    >>> from PIL import Image
    >>> PixelConcepts().predict([Image.new("RGB", (40, 30), "red")])[0]["red"]
    1.0

    References
    ----------
    B. Berlin, P. Kay, Basic Color Terms, 1969.
    D. Hasler, S. Süsstrunk, Measuring Colorfulness in Natural Images, SPIE 5007, 2003.
    F. Crete et al., The Blur Effect, SPIE 6492, 2007 (sharpness from differences over two distances).
    """

    name = "pixels"
    runs_in_processes = True
    version = "1"
    concepts: Sequence[Concept] = PIXEL_CONCEPTS

    def __init__(self, argument: str = "", /) -> None:
        refuse_argument("concept model 'pixels'", argument)

    def predict(self, images: Sequence[Image]) -> Sequence[Mapping[str, float]]:
        """Per picture: concept id to value in [0.2, 1]; lower values are left out."""
        if not images:
            return []
        pixels = squash(images, SIDE)
        columns = _colors(pixels) | _tones(pixels) | _formats(images) | _sharpness(images)
        table = np.stack(list(columns.values()), axis=1).astype(np.float64).round(4)
        return [
            {id: float(value) for id, value in zip(columns, row, strict=True) if value >= FLOOR}
            for row in table
        ]


def _ramp(measured: FloatArray, *, zero: float, one: float) -> FloatArray:
    """A straight line from 0 where ``measured`` is ``zero`` to 1 where it is ``one``, level beyond."""
    return np.asarray(np.clip((measured - zero) / (one - zero), 0, 1), dtype=np.float32)


def _colors(pixels: npt.NDArray[np.uint8]) -> dict[str, FloatArray]:
    # A color that fills a quarter of the picture is plainly there: the root makes that 0.5.
    return dict(zip(COLOR_NAMES, np.sqrt(color_shares(pixels)).T, strict=True))


def _tones(pixels: npt.NDArray[np.uint8]) -> dict[str, FloatArray]:
    colors = lab(pixels)
    lightness = colors[..., 0]
    mean, spread = lightness.mean(axis=(1, 2)), lightness.std(axis=(1, 2))
    chroma = np.quantile(np.hypot(colors[..., 1], colors[..., 2]), 0.98, axis=(1, 2))
    return {
        "bright": _ramp(mean, zero=55, one=85),
        "dark": _ramp(mean, zero=45, one=15),
        "high-contrast": _ramp(spread, zero=18, one=38),
        "low-contrast": _ramp(spread, zero=16, one=4),
        "colorful": _ramp(_colorfulness(pixels), zero=20, one=90),
        "grayscale": _ramp(chroma, zero=12, one=4),
        "plain-background": _ramp(_plain_rim(colors), zero=0.5, one=0.95),
        "busy": _ramp(_clear_edges(lightness), zero=0.2, one=0.6),
    }


def _colorfulness(pixels: npt.NDArray[np.uint8]) -> FloatArray:
    """Hasler and Süsstrunk's M, from 0 (none) over 33 (moderate) to 109 (extreme) : float32 (b,)."""
    red, green, blue = np.moveaxis(pixels.astype(np.float32), -1, 0).reshape(3, len(pixels), -1)
    opponents = np.stack([red - green, (red + green) / 2 - blue])
    spread = np.linalg.norm(opponents.std(axis=-1), axis=0)
    offset = np.linalg.norm(opponents.mean(axis=-1), axis=0)
    return np.asarray(spread + 0.3 * offset, dtype=np.float32)


def _plain_rim(colors: FloatArray) -> FloatArray:
    """The share of the rim that looks like the rim's median color : float32 (b,)."""
    rim = np.ones((SIDE, SIDE), dtype=bool)
    rim[RIM:-RIM, RIM:-RIM] = False
    around = colors[:, rim]
    distance = np.linalg.norm(around - np.median(around, axis=1, keepdims=True), axis=-1)
    return np.asarray((distance < NEAR).mean(axis=1), dtype=np.float32)


def _clear_edges(lightness: FloatArray) -> FloatArray:
    """The share of pixels where lightness changes clearly : float32 (b,)."""
    down, across = differences(lightness)
    return np.asarray((np.hypot(down, across) > CLEAR_EDGE).mean(axis=(1, 2)), dtype=np.float32)


def _formats(images: Sequence[Image]) -> dict[str, FloatArray]:
    aspect = np.array([image.width / image.height for image in images])
    portrait, landscape = aspect < 1 / SQUARE, aspect > SQUARE
    return {
        "portrait-format": portrait.astype(np.float32),
        "landscape-format": landscape.astype(np.float32),
        "square-format": (~portrait & ~landscape).astype(np.float32),
    }


def _sharpness(images: Sequence[Image]) -> dict[str, FloatArray]:
    steepness, strength = np.array([_edges(image) for image in images], dtype=np.float32).T
    seen = _ramp(strength, zero=0.015, one=0.04)  # without an edge it cannot be known
    return {
        "sharp": seen * _ramp(steepness, zero=0.6, one=0.95),
        "blurry": seen * _ramp(steepness, zero=0.55, one=0.42),
    }


def _edges(image: Image) -> tuple[float, float]:
    """How steep the strong edges are: 1 a step, 0.35 a rise over many pixels; and how strong, in [0, 1]."""
    scale = min(1.0, SHARPNESS_SIDE / max(image.size))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    brightness = luma(np.asarray(image.convert("RGB").resize(size, Resampling.BOX)))
    one, four = (_rises(brightness, over) for over in (1, 4))
    if four == 0:
        return 0.0, 0.0
    # A step of height h is seen once over one pixel, four times over four.
    return (4 * one / four) ** 0.25, (four / brightness.size) ** 0.25


def _rises(brightness: FloatArray, over: int) -> float:
    """The sum of the fourth powers, so that strong edges decide, of what changes over so many pixels."""
    down = brightness[over:] - brightness[:-over]
    across = brightness[:, over:] - brightness[:, :-over]
    return sum(float(np.square(rise * rise).sum()) for rise in (down, across))
