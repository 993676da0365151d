"""COCO's JSON, read so that writing it again loses nothing.

What the store has no place for (ids, segmentations, areas, crowds, licenses) travels in the metadata of each input
under ``coco``. What a box shows is in the store; who changes it there changes what is written.

Format: https://cocodataset.org/#format-data
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from toolkit.plugins import Box, Detection, InputError, Record

from .boxes import from_span
from .importer import FormatImporter
from .places import inside, read_json

__all__ = ["COCO", "box_of"]

_BEGINNING = re.compile(rb'\s*\{\s*"(info|licenses|images|annotations|categories)"')
_FOLDERS = ("images", "data", "val2017", "train2017", ".")


def _recognizes(path: Path) -> bool:
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    with path.open("rb") as file:
        return _BEGINNING.match(file.read(4096)) is not None


def _read(path: Path, images: Path | None) -> Iterator[Record]:
    found = read_json(path)
    if not isinstance(found, Mapping) or not {"images", "annotations", "categories"} <= found.keys():
        raise InputError(str(path), "not COCO: it has images, annotations and categories")
    categories = {category["id"]: category for category in found["categories"]}
    names = {id: str(category["name"]) for id, category in categories.items()}
    said = defaultdict(list)
    for annotation in found["annotations"]:
        said[annotation["image_id"]].append(annotation)
    _check(said, found, names, path)
    header: dict[str, Any] = {
        key: part for key, part in found.items() if key not in ("images", "annotations")
    }
    for image in found["images"]:
        source = inside(images or _folder(path, image), str(image["file_name"]), of=path)
        used = dict.fromkeys(annotation["category_id"] for annotation in said[image["id"]])
        kept = {
            "image": image,
            "annotations": said[image["id"]],
            "categories": [categories[id] for id in used],
        }
        if header and source.is_file():  # once, with the first picture that gets in
            kept["header"], header = header, {}
        regions = tuple(_regions(said[image["id"]], names, image))
        yield Record(str(source), metadata={"coco": kept}, regions=regions)


def _check(said: Mapping[Any, Any], found: Mapping[str, Any], names: Mapping[Any, str], path: Path) -> None:
    if strays := said.keys() - {image["id"] for image in found["images"]}:
        raise InputError(
            str(path), f"annotations of images that are not there: {sorted(strays, key=str)[:5]}"
        )
    if unknown := {one["category_id"] for some in said.values() for one in some} - names.keys():
        raise InputError(str(path), f"categories that are not there: {sorted(unknown, key=str)[:5]}")


def _folder(path: Path, image: Mapping[str, Any]) -> Path:
    name = str(image["file_name"])
    around = [base / folder for base in (path.parent, path.parent.parent) for folder in _FOLDERS]
    return next((folder for folder in around if (folder / name).is_file()), path.parent)


def _regions(
    annotations: list[Mapping[str, Any]], names: Mapping[Any, str], image: Mapping[str, Any]
) -> Iterator[Detection]:
    for annotation in annotations:
        box = box_of(annotation, image)
        if box is not None:
            yield Detection(box, {names[annotation["category_id"]]: 1.0})


def box_of(annotation: Mapping[str, Any], image: Mapping[str, Any]) -> Box | None:
    """The box of an annotation; None if it has none, or none that covers any of the picture."""
    span = annotation.get("bbox")
    if not span:
        return None
    left, top, wide, high = (float(number) for number in span)
    return from_span(left, top, wide, high, width=float(image["width"]), height=float(image["height"]))


COCO = FormatImporter("coco", _recognizes, _read)
