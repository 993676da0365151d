"""Photographs that installed packages bring, and what each shows: no network, and none of them is copied into ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image

from ..values.types import Box

__all__ = ["FACE", "Photograph", "bundled_photographs", "face_patches"]

# Of each package: the folder of its pictures, and what each file shows.
BUNDLED = {
    ("sklearn", "datasets/images"): {"china.jpg": "tower", "flower.jpg": "blossom"},
    ("skimage", "data"): {
        "astronaut.png": "astronaut",
        "brick.png": "bricks",
        "camera.png": "cameraman",
        "chelsea.png": "cat",
        "coffee.png": "coffee",
        "coins.png": "coins",
        "grass.png": "grass",
        "gravel.png": "gravel",
        "hubble_deep_field.jpg": "galaxies",
        "ihc.png": "tissue",
        "moon.png": "moon",
        "motorcycle_left.png": "motorcycle",
        "motorcycle_right.png": "motorcycle",
        "page.png": "page",
        "retina.jpg": "retina",
        "rocket.jpg": "rocket",
        "text.png": "handwriting",
    },
}
FACE = Box(0.02, 0.32, 0.32, 0.60)  # of the astronaut
PATCH = 100  # the side of a patch in pixels; they are 25 in the package
FACES = 100  # the first so many of the patches are faces, the others are not


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture and what it shows.

    Parameters
    ----------
    name : str
        Such as ``"chelsea"``.
    picture : PIL.Image.Image
        RGB.
    shows : str
        Such as ``"cat"``.
    """

    name: str
    picture: Image.Image
    shows: str


def bundled_photographs() -> list[Photograph]:
    """scikit-learn's two, and scikit-image's 17 if it is installed."""
    return [
        Photograph(Path(name).stem, _read(folder / name), shows)
        for (package, below), files in BUNDLED.items()
        if (folder := _folder(package, below)) is not None
        for name, shows in files.items()
        if (folder / name).is_file()
    ]


def face_patches() -> Sequence[Photograph]:
    """100 faces and 100 other patches from scikit-image's part of *Labeled Faces in the Wild*; none without it."""
    folder = _folder("skimage", "data")
    if folder is None or not (path := folder / "lfw_subset.npy").is_file():
        return ()
    patches = np.load(path, allow_pickle=False)  # float64 (200, 25, 25), in [0, 1]
    return [
        Photograph(
            f"patch-{number:03}",
            Image.fromarray((255 * patch).astype(np.uint8)).resize((PATCH, PATCH), Image.Resampling.BICUBIC),
            "face" if number < FACES else "no face",
        )
        for number, patch in enumerate(patches)
    ]


def _folder(package: str, below: str) -> Path | None:
    spec = find_spec(package)  # without importing it
    return (
        Path(spec.submodule_search_locations[0]) / below if spec and spec.submodule_search_locations else None
    )


def _read(path: Path) -> Image.Image:
    with Image.open(path) as opened:
        return opened.convert("RGB")
