"""The eleven basic color words, and the one of each pixel."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt

from toolkit.plugins import FloatArray

from .color import lab

__all__ = ["COLOR_NAMES", "color_shares"]

# Typical colors of each word, light to dark; a pixel takes the word of the one nearest to it in L*a*b*. Words
# whose range is large need several. The words are those that languages have in common: B. Berlin, P. Kay,
# Basic Color Terms, 1969. The colors were placed by hand on color charts and then checked by eye on photographs.
_TYPICAL: Mapping[str, str] = {
    "black": "000000 14110f 10131a 1c1c1c",
    "white": "ffffff f2f2f2 f5f0e8 eaf0f5",
    "gray": "c8c8c8 a0a0a0 808080 606060 404040 8a857d 7d858a b8b4ac acb4b8 55514c",
    "red": "ff0000 d01020 a00a14 e63a3a b33a3a 700008",
    "orange": "ff8000 ffa030 e06a10 ff6a20 f0a860",
    "yellow": "ffff00 ffe040 e8c820 fff59a c8b428 d8d070",
    "green": "00ff00 008000 3cb043 80c060 205020 6b8e23 2e8b57 a8e0a0 3a4a2a 00c878 708860",
    "blue": "0000ff 000080 0000c0 2030e0 101870 3040b0 20208a 1050c0 4090e0 "
    "87b8e8 102050 00a0d0 5a7aa8 00d8ff b8dcf4 2a3f5f 208090",
    "purple": "800080 7030a0 a060d0 501060 c8a0e0 8a5a90 9000ff",
    "pink": "ffc0cb ff69b4 ff00ff e080a0 ff1493 f0b0a8 d890a0",
    "brown": "8b4513 a0622d 5c3a1e c09060 7a5a3a 3a2414 a07850 604830 8a3820",
}
COLOR_NAMES = tuple(_TYPICAL)
_LEVELS = 32  # of each of red, green and blue


def color_shares(rgb: npt.NDArray[np.uint8]) -> FloatArray:
    """The share of each picture that has each of `COLOR_NAMES` : float32 (b, 11), rows sum to 1.

    Parameters
    ----------
    rgb : uint8 (b, h, w, 3)
        The pictures.
    """
    red, green, blue = np.moveaxis(rgb.reshape(len(rgb), -1, 3) // (256 // _LEVELS), -1, 0).astype(np.intp)
    words = _words()[red, green, blue]
    return np.stack(
        [(words == word).mean(axis=1) for word in range(len(COLOR_NAMES))], axis=1, dtype=np.float32
    )


@cache
def _words() -> npt.NDArray[np.uint8]:
    """The index of the word for each level of red, green and blue : uint8 (32, 32, 32)."""
    typical = [(word, code) for word, codes in enumerate(_TYPICAL.values()) for code in codes.split()]
    anchors = lab(np.array([list(bytes.fromhex(code)) for _, code in typical], dtype=np.uint8))
    levels = (np.arange(_LEVELS) * 255 / (_LEVELS - 1)).astype(np.float32)
    colors = lab(np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1)).reshape(-1, 3)
    # |x - a|^2 without |x|^2, which is the same for every anchor.
    distance = (anchors * anchors).sum(axis=1) - 2 * colors @ anchors.T
    word_of = np.array([word for word, _ in typical], dtype=np.uint8)
    return np.asarray(word_of[distance.argmin(axis=1)].reshape(_LEVELS, _LEVELS, _LEVELS))
