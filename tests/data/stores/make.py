"""Make a store that `tests/test_old_stores.py` opens, with the code of its time.

Run it at the last commit before the next migration is appended (step 1: a8f4852, step 2: f1d5772), from the root of a
checkout of that commit: ``PYTHONPATH=.:plugins python make.py photos.db`` makes a file, to be packed with ``gzip -9n``;
``python make.py postgresql://...`` fills an empty database of a server, to be dumped with ``pg_dump --inserts
--no-owner --no-privileges``, without the lines that begin with a backslash, and packed likewise.

The pictures are made in ``/photos``, the folder that the stores name; a second argument names another.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

import toolkit as tk
from toolkit.terms import concept, input, label, where

FOLDER = Path(sys.argv[2] if len(sys.argv) > 2 else "/photos")


def pictures() -> list[Path]:
    FOLDER.mkdir(exist_ok=True)
    rng = np.random.default_rng(0)
    paths = []
    for n in range(8):
        color = (230, 40, 30) if n < 4 else (30, 60, 220)
        pixels = np.array(color, np.uint8) + rng.integers(0, 20, (24, 32, 3), dtype=np.uint8)
        paths.append(FOLDER / f"{'red' if n < 4 else 'blue'}-{n % 4}.png")
        Image.fromarray(pixels).save(paths[-1])
    return paths


with tk.open(sys.argv[1]) as photos:
    for path in pictures():
        photos.add(path)
    ids = list(photos)
    photos.annotate(ids[:3], concept="warm")
    photos.annotate(ids[5:], concept="warm", value=0)
    corner = tk.Box(0.0, 0.0, 0.5, 0.5)
    photos.add_region(ids[0], box=corner)
    photos.annotate(ids[0], concept="corner", box=corner)
    photos.train("warm")
    photos.queries["warm, not blue"] = concept("warm") & ~input(ids[7])
    photos.queries["warm"] = concept("warm")
    photos.queries["labeled red"] = label("warm") & where({"place": "sea"})
    if hasattr(photos, "datasets"):  # not in the time of step 1, nor could metadata be changed
        photos.inputs.update(ids[0], metadata={"place": "sea"})
        photos.datasets.add("reds", ids[:4])
    photos.concepts.add("sea", names={"en": ["sea"], "de": ["Meer"], "ja": ["海"]})
    for name, query in photos.queries.items():
        print(name, [(hit.input.id, round(hit.score, 4)) for hit in photos.search(query)])
