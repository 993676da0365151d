"""Scikit-learn's digits as files, alone and four to a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..values.types import Box

__all__ = ["QUARTERS", "Digits", "digits", "write_digits", "write_sheets"]

SIDE = 64
SHEETS = 60
QUARTERS = tuple(Box(top, left, top + 0.5, left + 0.5) for top in (0.0, 0.5) for left in (0.0, 0.5))


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


def write_sheets(of: Digits, folder: Path) -> list[tuple[Path, tuple[int, ...]]]:
    """PNGs of four digits each, with the digits from left to right and top to bottom.

    Parameters
    ----------
    of : Digits
        Pictures and their labels.
    folder : Path
        Made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    order = np.random.default_rng(0).permutation(len(of.labels))
    sheets = []
    for number in range(min(SHEETS, len(order) // 4)):
        four = order[4 * number : 4 * number + 4]
        path = folder / f"sheet-{number:02}.png"
        if not path.exists():
            _sheet([of.pictures[index] for index in four]).save(path)
        sheets.append((path, tuple(int(of.labels[index]) for index in four)))
    return sheets


def _enlarged(picture: npt.NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def _sheet(pictures: list[npt.NDArray[np.uint8]]) -> Image.Image:
    sheet = Image.new("L", (2 * SIDE, 2 * SIDE))
    for position, picture in enumerate(pictures):
        sheet.paste(_enlarged(picture), (position % 2 * SIDE, position // 2 * SIDE))
    return sheet
