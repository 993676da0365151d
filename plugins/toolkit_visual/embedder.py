"""An embedder that needs no weights: where the edges run and what color is where, as low spatial frequencies.

`docs/plugins/visual.md` says what each step was measured against.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
from PIL.Image import Image

from toolkit.plugins import FloatArray, IntArray, UsualCosines

from .color import lab, luma
from .gradients import oriented_energy
from .raster import refuse_argument, squash

__all__ = ["PixelEmbedder"]

SIDE = 128  # pixels; the finer of two scales of edges
COARSE = 4  # the other scale: pictures this many times smaller
GRID = 16  # cells each way
FREQUENCIES = 6  # kept each way
CHUNK = 8  # pictures at a time: their planes stay in the processor's cache

# Weights of the parts and of what is in them, chosen by the photos of half the classes; all are broad optima.
COARSE_WEIGHT, COLOR_WEIGHT = 0.7, 0.5
EDGE_NOISE = {1: 0.06, COARSE: 0.2}  # gradients this small count as none
UNORIENTED = 0.7  # edges whichever way they run, against oriented ones
USUAL_EDGES = 0.3  # taken off them so that cosines compare what is unusual
LIGHTNESS = 0.5  # against the two axes of color: light varies more with the weather than with the subject
UNMIRRORED = 0.7  # what mirroring turns into its contrary: at 1 mirrored copies are strangers, at 0 the same
CENTER = 0.4  # exponent of the sine window: the subject is rarely at the rim
BURST = 0.8  # exponent of every coefficient
BLANK = 0.1  # a part shorter than this stays short: rounding in a gray picture is no color (photos: 0.8 to 5)
_EDGE_PARITY = np.array([1, 1, -1, 1, -1])
_COLOR_PARITY = np.array([1, 1, 1])


class PixelEmbedder:
    """Layout of edges at two scales and of colors, 468 numbers a picture.

    Pictures are squashed to 128 x 128. Gradients of the square root of brightness, at 128 and at 32 pixels, become
    five Fourier coefficients of their orientation, averaged over 16 x 16 cells, and each cell is normalised
    by its own energy; colors are averaged over the same cells and expressed in L*a*b*. Of each plane the 6 x 6
    lowest frequencies of a cosine transform are kept, under a window that lowers the rim. Each coefficient is
    raised to the power 0.8 (keeping its sign); each of the three parts is made unit length and weighted.

    Parameters
    ----------
    argument : str, optional
        What follows the colon of a specification; there are no variants.

    Examples
    --------
    >>> from PIL import Image
    >>> PixelEmbedder().embed([Image.new("RGB", (40, 30), "teal")]).shape
    (1, 468)

    References
    ----------
    N. Dalal, B. Triggs, Histograms of Oriented Gradients for Human Detection, CVPR 2005 (cells, normalisation).
    E. Kasutani, A. Yamada, The MPEG-7 Color Layout Descriptor, ICIP 2001 (cosine transform of a grid).
    R. Arandjelovic, A. Zisserman, Three Things Everyone Should Know to Improve Object Retrieval, CVPR 2012;
    F. Perronnin, J. Sanchez, T. Mensink, Improving the Fisher Kernel, ECCV 2010 (power normalisation).
    """

    name = "pixels"
    runs_in_processes = True
    version = "1"
    dimension = (2 * 5 + 3) * FREQUENCIES**2
    usual_cosines = UsualCosines(median=0.09, width=0.13, location=4.0)  # measured in docs/scores.md

    def __init__(self, argument: str = "", /) -> None:
        refuse_argument("embedder 'pixels'", argument)

    def embed(self, images: Sequence[Image]) -> FloatArray:
        """Vectors float32 (b, 468) of pictures of any size; never zero, not of unit length."""
        chunks = [images[start : start + CHUNK] for start in range(0, len(images), CHUNK)]
        nothing = np.empty((0, self.dimension), dtype=np.float32)
        return np.concatenate([nothing, *map(_embed, chunks)])


def _embed(images: Sequence[Image]) -> FloatArray:
    pixels = squash(images, SIDE)
    brightness = luma(pixels)
    parts = [
        _edges(brightness, scale=1),
        COARSE_WEIGHT * _edges(_cells(brightness, SIDE // COARSE), scale=COARSE),
        COLOR_WEIGHT * _colors(pixels),
    ]
    return np.concatenate(parts, axis=1)


def _edges(brightness: FloatArray, *, scale: int) -> FloatArray:
    """Unit vectors float32 (b, 180) of pictures (b, side, side)."""
    energy = _cells(oriented_energy(np.sqrt(brightness)), GRID)
    power = (energy * energy).sum(axis=1, keepdims=True)
    energy /= np.sqrt(power + np.float32(EDGE_NOISE[scale] ** 2))
    energy[:, 0] = UNORIENTED * energy[:, 0] - USUAL_EDGES
    return _low_frequencies(energy, _EDGE_PARITY)


def _colors(pixels: npt.NDArray[np.uint8]) -> FloatArray:
    """Unit vectors float32 (b, 108) of pictures (b, side, side, 3)."""
    planes = np.moveaxis(pixels, -1, 1).astype(np.float32)
    colors = np.moveaxis(lab(np.moveaxis(_cells(planes, GRID), 1, -1)), -1, 1) / np.float32(100)
    colors[:, 0] = LIGHTNESS * (colors[:, 0] - 0.5)
    return _low_frequencies(colors, _COLOR_PARITY)


def _cells(planes: FloatArray, grid: int) -> FloatArray:
    """Means over the cells of a grid : float32 (..., grid, grid)."""
    *most, height, width = planes.shape
    blocks = planes.reshape(*most, grid, height // grid, grid, width // grid)
    # One axis at a time: several times faster than a mean over both.
    return np.asarray(blocks.mean(axis=-1).mean(axis=-2), dtype=np.float32)


def _low_frequencies(planes: FloatArray, parity: IntArray) -> FloatArray:
    """Unit vectors of the lowest frequencies of planes (b, c, GRID, GRID) whose sign a mirror keeps or flips."""
    basis = _basis()
    spectrum = basis @ planes @ basis.T
    odd = parity[:, None] * (-1) ** np.arange(FREQUENCIES) < 0
    spectrum *= np.where(odd, np.float32(UNMIRRORED), np.float32(1))[:, None, :]
    flat = spectrum.reshape(len(planes), -1)
    flat = np.copysign(np.abs(flat) ** np.float32(BURST), flat)
    length = np.sqrt((flat * flat).sum(axis=1, keepdims=True) + np.float32(BLANK**2))
    return np.asarray(flat / length, dtype=np.float32)


@cache
def _basis() -> FloatArray:
    """The orthonormal cosine transform (DCT-II) of a windowed row of cells : float32 (FREQUENCIES, GRID)."""
    center = (np.arange(GRID) + 0.5) / GRID
    basis = np.cos(np.pi * np.outer(np.arange(FREQUENCIES), center)) * np.sqrt(2 / GRID)
    basis[0] /= np.sqrt(2)
    return np.asarray(basis * np.sin(np.pi * center) ** CENTER, dtype=np.float32)
