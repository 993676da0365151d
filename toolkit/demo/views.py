"""Several pictures of each photograph, so that a few photographs give a ranking something to rank."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
from PIL import Image

from ..values.types import Box
from .photographs import Photograph

__all__ = ["QUARTERS", "views", "write_pictures", "write_sheets"]

LONGEST = 512  # of a written picture's sides, in pixels
SHARE = 0.7  # of each side of a photograph is on a view
STARTS = (0.0, 0.15, 0.3)  # of a view, as a share of the side
SIDE = 256  # of a quarter of a sheet
QUARTERS = tuple(Box(top, left, top + 0.5, left + 0.5) for top, left in product((0.0, 0.5), repeat=2))


def views(photographs: Sequence[Photograph]) -> list[Photograph]:
    """Every photograph as a whole, and nine parts of it that overlap."""
    return [
        view
        for one in photographs
        for view in (
            one,
            *(
                Photograph(f"{one.name}-{number}", _part(one.picture, top, left), one.shows)
                for number, (top, left) in enumerate(product(STARTS, repeat=2), 1)
            ),
        )
    ]


def write_pictures(pictures: Sequence[Photograph], folder: Path) -> dict[Path, str]:
    """What each written JPEG shows.

    Parameters
    ----------
    pictures : sequence of Photograph
        What to write.
    folder : Path
        Made if it is not there; files that are there are left alone.
    """
    return {_written(one.picture, folder / f"{one.name}.jpg"): one.shows for one in pictures}


def write_sheets(pictures: Sequence[Photograph], folder: Path, *, count: int) -> dict[Path, Sequence[str]]:
    """What the four quarters of each written sheet show, from left to right and top to bottom.

    Parameters
    ----------
    pictures : sequence of Photograph
        What to lay out; a picture is on no more sheets than it must be.
    folder : Path
        Made if it is not there; files that are there are left alone.
    count : int
        How many sheets.
    """
    random = np.random.default_rng(0)
    order = np.concatenate([random.permutation(len(pictures)) for _ in range(-(-4 * count // len(pictures)))])
    sheets: dict[Path, Sequence[str]] = {}
    for number, four in enumerate(order[: 4 * count].reshape(count, 4).tolist()):
        sheet = Image.new("RGB", (2 * SIDE, 2 * SIDE))
        for box, index in zip(QUARTERS, four, strict=True):
            left, upper, *_ = box.pixels(width=2 * SIDE, height=2 * SIDE)
            sheet.paste(pictures[index].picture.resize((SIDE, SIDE)), (left, upper))
        written = _written(sheet, folder / f"sheet-{number:02}.jpg")
        sheets[written] = [pictures[index].shows for index in four]
    return sheets


def _part(picture: Image.Image, top: float, left: float) -> Image.Image:
    box = Box(top, left, top + SHARE, left + SHARE)
    return picture.crop(box.pixels(width=picture.width, height=picture.height))


def _written(picture: Image.Image, path: Path) -> Path:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        smaller = picture.convert("RGB")
        smaller.thumbnail((LONGEST, LONGEST))
        smaller.save(path, quality=90)
    return path
