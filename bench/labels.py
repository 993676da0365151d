"""Importing COCO labels of pictures that are there, beside ``json.load`` and the store's own bulk write of the same."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

import toolkit
from toolkit.store import AnnotationStore, NewAnnotation
from toolkit.values.source import Source
from toolkit.values.types import Box

from .figure import Figure

__all__ = ["run"]

MOST = 118_000  # annotations
PER_PICTURE = 7.3  # as in COCO's train2017
CLASSES = 80
WIDTH, HEIGHT = 640, 480


def run(rows: int) -> list[Figure]:
    count = min(rows, MOST)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = _made_up(folder, count)
        with toolkit.open(folder / "before.db", workflow="none") as photos:
            photos.add(folder / "images", progress=False)
        bare, imported = [], []
        for attempt in range(3):
            stores = [folder / f"{kind}-{attempt}.db" for kind in ("bare", "imported")]
            for store in stores:
                shutil.copyfile(folder / "before.db", store)
            bare.append(_seconds(lambda store=stores[0]: _bare(path, store)))
            imported.append(_seconds(lambda store=stores[1]: _import(path, store, count)))
        again = _seconds(lambda: _import_again(path, folder / "imported-2.db"))
    against = "json.load and the store's bulk write"
    ratio = min(imported) / min(bare)
    return [
        Figure(f"{against}, {count:,} annotations", min(bare), "s"),
        Figure(f"photos.add of COCO, {count:,} annotations", min(imported), "s", against, ratio, "<= 3"),
        Figure("the same again, nothing changed", again, "s", against, again / min(bare)),
    ]


def _made_up(folder: Path, count: int) -> Path:
    """A COCO file with polygons, as COCO has them, and a small picture for each of its images."""
    random = np.random.default_rng(0)
    pictures = max(int(count / PER_PICTURE), 1)
    (folder / "images").mkdir()
    for index in range(pictures):
        pixels = random.integers(0, 256, (8, 8, 3), np.uint8)
        Image.fromarray(pixels).save(folder / "images" / f"{index:06}.bmp")
    sides = random.integers(1, 200, (count, 4))
    points = random.integers(0, 480, (count, 24)) + 0.25
    annotations = [
        {
            "id": index,
            "image_id": index % pictures,
            "category_id": index % CLASSES,
            "bbox": [float(side) for side in sides[index]],
            "area": float(sides[index, 2] * sides[index, 3]),
            "iscrowd": 0,
            "segmentation": [points[index].tolist()],
        }
        for index in range(count)
    ]
    images = [
        {"id": index, "file_name": f"{index:06}.bmp", "width": WIDTH, "height": HEIGHT}
        for index in range(pictures)
    ]
    categories = [{"id": index, "name": f"class {index}"} for index in range(CLASSES)]
    path = folder / "instances.json"
    path.write_text(json.dumps({"images": images, "annotations": annotations, "categories": categories}))
    return path


def _bare(path: Path, store: Path) -> None:
    with path.open(encoding="utf-8") as file:
        found = json.load(file)
    names = {one["id"]: one["name"] for one in found["categories"]}
    with AnnotationStore.open(store) as opened:
        keys = dict(
            zip((one["id"] for one in found["images"]), opened.inputs.keys(opened.inputs.ids()), strict=True)
        )
        boxes: dict[int, list[Box]] = {}
        said: list[tuple[int, Box, str]] = []
        for one in found["annotations"]:
            left, top, wide, high = one["bbox"]
            box = Box(top / HEIGHT, left / WIDTH, (top + high) / HEIGHT, (left + wide) / WIDTH)
            key = keys[one["image_id"]]
            boxes.setdefault(key, []).append(box)
            said.append((key, box, names[one["category_id"]]))
        with opened.write() as writer:
            rows = writer.regions.add_many(boxes)
            new = [NewAnnotation(rows[key, box], concepts={name: 1.0}) for key, box, name in said]
            writer.annotations.add_many(new, source=Source.human("me"))


def _import(path: Path, store: Path, count: int) -> None:
    with toolkit.open(store) as photos:
        report = photos.add(path, progress=False)
    if report.labels.read != count:
        raise AssertionError(str(report))


def _import_again(path: Path, store: Path) -> None:
    with toolkit.open(store) as photos:
        report = photos.add(path, progress=False)
    if report.labels.written or report.updated:
        raise AssertionError(str(report))


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
