"""scikit-learn's handwritten digits as files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

__all__ = ["Digits", "digits", "write_digits"]

SIDE = 64


@dataclass(frozen=True, slots=True)
class Digits:
    """The digits of ``sklearn.datasets.load_digits``, or the first of them.

    Parameters
    ----------
    pictures : uint8 (n, 8, 8)
        Black on white.
    labels : int64 (n,)
        0 to 9.
    """

    pictures: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]


def digits(count: int) -> Digits:
    """The first so many digits, from the package; nothing is downloaded."""
    from sklearn.datasets import load_digits

    loaded = load_digits()
    ink = np.asarray(loaded.images) / 16  # 17 levels of ink
    return Digits((255 * (1 - ink)).astype(np.uint8)[:count], np.asarray(loaded.target)[:count])


def write_digits(of: Digits, folder: Path) -> list[Path]:
    """One PNG a digit, in order; files that are there are left alone.

    Parameters
    ----------
    of : Digits
        Pictures and their labels.
    folder : Path
        Made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"digit-{index:04}.png" for index in range(len(of.labels))]
    for path, picture in zip(paths, of.pictures, strict=True):
        if not path.exists():
            _enlarged(picture).save(path)
    return paths


def _enlarged(picture: npt.NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
