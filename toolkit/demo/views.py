"""Several pictures of each photograph, so that a ranking of a few photographs has something to rank."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
from PIL import Image

from ..values.types import Box
from .photographs import Photograph

__all__ = ["QUARTERS", "write_pictures", "write_sheets", "write_views"]

LONGEST = 512  # of a picture's sides, in pixels
SHARE = 0.7  # of each side of a photograph is on a view
STEPS = (0.0, 0.15, 0.3)  # where a view begins, as a share of the side
SIDE = 256  # of a quarter of a sheet
QUARTERS = tuple(Box(top, left, top + 0.5, left + 0.5) for top, left in product((0.0, 0.5), repeat=2))


def write_pictures(photographs: Sequence[Photograph], folder: Path) -> dict[Path, str]:
    """What each written picture shows: the photographs as they are.

    Parameters
    ----------
    photographs : sequence of Photograph
        What to write.
    folder : Path
        Made if it is not there; files that are there are left alone.
    """
    return {_save(one.picture, folder / f"{one.name}.jpg"): one.shows for one in photographs}


def write_views(photographs: Sequence[Photograph], folder: Path) -> dict[Path, str]:
    """What each written picture shows: every photograph as a whole, and nine parts of it that overlap.

    Parameters
    ----------
    photographs : sequence of Photograph
        What to write.
    folder : Path
        Made if it is not there; files that are there are left alone.
    """
    written = write_pictures(photographs, folder)
    for one in photographs:
        for number, (top, left) in enumerate(product(STEPS, repeat=2), 1):
            part = _part(one.picture, Box(top, left, top + SHARE, left + SHARE))
            written[_save(part, folder / f"{one.name}-{number}.jpg")] = one.shows
    return written


def write_sheets(photographs: Sequence[Photograph], folder: Path, *, count: int) -> dict[Path, Sequence[str]]:
    """What the four quarters of each written sheet show, from left to right and top to bottom.

    Parameters
    ----------
    photographs : sequence of Photograph
        What to lay out; the same photograph is on many sheets.
    folder : Path
        Made if it is not there; files that are there are left alone.
    count : int
        How many sheets.
    """
    random = np.random.default_rng(0)
    order = np.concatenate([random.permutation(len(photographs)) for _ in range(4 * count)])[: 4 * count]
    sheets: dict[Path, Sequence[str]] = {}
    for number, four in enumerate(order.reshape(count, 4).tolist()):
        chosen = [photographs[index] for index in four]
        sheet = Image.new("RGB", (2 * SIDE, 2 * SIDE))
        for box, one in zip(QUARTERS, chosen, strict=True):
            left, upper, *_ = box.pixels(width=2 * SIDE, height=2 * SIDE)
            sheet.paste(one.picture.resize((SIDE, SIDE)), (left, upper))
        sheets[_save(sheet, folder / f"sheet-{number:02}.jpg")] = [one.shows for one in chosen]
    return sheets


def _part(picture: Image.Image, box: Box) -> Image.Image:
    return picture.crop(box.pixels(width=picture.width, height=picture.height))


def _save(picture: Image.Image, path: Path) -> Path:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        smaller = picture.convert("RGB")
        smaller.thumbnail((LONGEST, LONGEST))
        smaller.save(path, quality=90)
    return path
