"""The resident memory of adding pictures that are small as files and huge as pixels, several at once."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from .figure import Figure

__all__ = ["run"]

FILES = 20
SIDE = 9_950  # 99 megapixels
ADD = (
    "import resource, sys, toolkit\n"
    "with toolkit.open(workflow='none') as photos:\n"
    "    assert photos.add(sys.argv[1], progress=False).added == int(sys.argv[2])\n"
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
)


def run(rows: int) -> list[Figure]:
    """Figures; ``rows`` does not matter."""
    with tempfile.TemporaryDirectory() as name:
        for number in range(FILES):
            _made_up(Path(name), number)
        done = subprocess.run(
            [sys.executable, "-c", ADD, name, str(FILES)], check=True, capture_output=True, text=True
        )
    most = int(done.stdout) / 2**20  # of kilobytes, as Linux counts
    goal = f"{FILES} PNGs of {SIDE**2 / 1e6:.0f} megapixels"
    return [Figure(f"resident memory of adding {goal}", most, "GB", "1.5 GB", most / 1.5, "<= 1")]


def _made_up(folder: Path, number: int) -> None:
    """A picture of large squares: 1 MB as a file."""
    random = np.random.default_rng(number)
    squares = random.integers(0, 256, (50, 50, 3), np.uint8)
    side = SIDE // len(squares)
    pixels = squares.repeat(side, axis=0).repeat(side, axis=1)
    Image.fromarray(pixels).save(folder / f"{number}.png", compress_level=1)
