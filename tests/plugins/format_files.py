"""Label files for the tests of formats, and what is read from them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

from toolkit.plugins import Failure, Record

WIDE, HIGH = 80, 60
BOX = (0.1, 0.1, 0.6, 0.6)  # left, top, right, bottom of 8, 6, 48, 36 in pixels


def picture(path: Path, *, seed: int = 0, size: tuple[int, int] = (WIDE, HIGH), **how: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(0, 255, (6, 8, 3), dtype=np.uint8)
    Image.fromarray(noise).resize(size).save(path, **how)
    return path


def text(path: Path, words: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(words.encode(encoding))
    return path


def as_json(path: Path, found: object, encoding: str = "utf-8") -> Path:
    return text(path, json.dumps(found), encoding)


def labels(photos, source: str = "human") -> dict[str, list]:
    """By file name, what a source says: concepts with the corners of their boxes, None for the whole picture."""
    found = {}
    for one, said in photos.annotations.by_input(source=source):
        pairs = []
        for annotation in said:
            box = annotation.box
            corners = box and tuple(
                round(side, 3) for side in (box.left_col, box.top_row, box.right_col, box.bottom_row)
            )
            pairs += [(concept, corners) for concept, value in annotation.concepts.items() if value >= 0.5]
        found[Path(one.uri).name] = sorted(pairs, key=str)
    return found


def read(importer, origin) -> tuple[list[Record], list[Failure]]:
    """The records and the failures of an importer."""
    found = list(importer.records(origin))
    return [one for one in found if isinstance(one, Record)], [
        one for one in found if isinstance(one, Failure)
    ]


def reasons(failures: list[Failure]) -> str:
    return "\n".join(f"{one.uri}: {one.reason}" for one in failures)
