"""COCO's JSON, written: what was read comes out as it was, what changed in the store comes out changed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from toolkit.plugins import Box, InputError

from .boxes import to_span
from .coco import box_of
from .labeled import Labeled, labeled
from .writing import file_name, replaced

if TYPE_CHECKING:
    from toolkit import Collection

__all__ = ["write_coco"]


def write_coco(photos: Collection, path: str | os.PathLike[str], *, source: str = "human") -> None:
    """Write a collection's boxes and what they show as COCO JSON.

    An input that came from COCO keeps its ids, segmentations, areas, crowds and licenses, as far as the box and its
    concept are still there. Where two files that were read gave one id to two things, the later gets a new one.
    COCO has no labels of whole images: those are left out.

    Parameters
    ----------
    photos : Collection
        What is written.
    path : str or Path
        The file; replaced when all is written.
    source : str
        Whose boxes, as `labeled` takes it.

    Raises
    ------
    InputError
        The file cannot be written, or what was kept of another was changed.
    """
    inputs = list(labeled(photos, source=source))
    try:
        found = _coco(inputs)
    except (KeyError, TypeError, ValueError) as error:
        said = f"{type(error).__name__}: {error}"
        raise InputError(str(path), f"metadata kept under 'coco' is damaged: {said:.100}") from error
    with replaced(path) as file:
        file.write_text(json.dumps(found, ensure_ascii=False), "utf-8")


class _Ids:
    """Ids that are each given once: the one asked for, or the next that nobody asks for."""

    def __init__(self, asked: Iterable[object]) -> None:
        self._last = max((id for id in asked if isinstance(id, int)), default=0)
        self._given: set[object] = set()

    def id(self, asked: object = None) -> object:
        if asked is None or asked in self._given:
            self._last += 1
            asked = self._last
        self._given.add(asked)
        return asked


def _coco(inputs: list[Labeled]) -> dict[str, Any]:
    kept = [_kept(one) for one in inputs]
    header: Mapping[str, Any] = next((of["header"] for of in kept if "header" in of), {})
    categories = _categories(kept, header, inputs)
    by_name = {str(category["name"]): category["id"] for category in categories}
    image_ids = _Ids(of["image"]["id"] for of in kept if "image" in of)
    ids = _Ids(old["id"] for of in kept for old in of.get("annotations", []))
    images = [_image(one, of, image_ids) for one, of in zip(inputs, kept, strict=True)]
    annotations = [
        {**annotation, "id": ids.id(annotation.get("id"))}
        for one, of, image in zip(inputs, kept, images, strict=True)
        for annotation in _annotations(one, of, image, by_name)
    ]
    return {**header, "categories": categories, "images": images, "annotations": annotations}


def _kept(one: Labeled) -> Mapping[str, Any]:
    kept: Any = one.input.metadata.get("coco")
    return kept if isinstance(kept, Mapping) else {}


def _categories(
    kept: list[Mapping[str, Any]], header: Mapping[str, Any], inputs: list[Labeled]
) -> list[dict[str, Any]]:
    """The categories of the file that was read, those of other files, then concepts that no file had."""
    read = [*header.get("categories", []), *(one for of in kept for one in of.get("categories", []))]
    said = sorted({concept for one in inputs for _, concept in one.regions})
    ids = _Ids(category["id"] for category in read)
    found: dict[str, dict[str, Any]] = {}
    for category in [*read, *({"name": name} for name in said)]:
        if category["name"] not in found:
            found[category["name"]] = {**category, "id": ids.id(category.get("id"))}
    return list(found.values())


def _image(one: Labeled, of: Mapping[str, Any], ids: _Ids) -> dict[str, Any]:
    if "image" in of:
        return {**of["image"], "id": ids.id(of["image"]["id"])}
    size = {"width": one.input.width, "height": one.input.height}
    return {"id": ids.id(), "file_name": file_name(one.input.uri, one.input.id), **size}


def _annotations(
    one: Labeled, of: Mapping[str, Any], image: Mapping[str, Any], by_name: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    names = {category["id"]: str(category["name"]) for category in of.get("categories", [])}
    there, left = set(one.regions), dict.fromkeys(one.regions)
    for old in of.get("annotations", []):
        box, name = box_of(old, image), names[old["category_id"]]
        if box is None or (box, name) in there:
            yield {**old, "image_id": image["id"], "category_id": by_name[name]}
        if box is not None:
            left.pop((box, name), None)
    for box, concept in left:
        yield _new(box, image, by_name[concept])


def _new(box: Box, image: Mapping[str, Any], category: object) -> dict[str, Any]:
    span = to_span(box, width=image["width"], height=image["height"])
    area = round(span[2] * span[3], 2)
    return {"image_id": image["id"], "category_id": category, "bbox": span, "area": area, "iscrowd": 0}
