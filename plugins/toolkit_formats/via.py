"""VGG Image Annotator: a JSON file of pictures with regions, a project that holds such, or its table.

Format: https://www.robots.ox.ac.uk/~vgg/software/via/
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from toolkit.plugins import Corners, Failure, Frame, InputError, Label, Record

from .boxes import around, from_span, numbers
from .importer import FormatImporter, Request
from .places import PictureFinder, picture_finder, read_json, read_text
from .reading import PictureLabels

__all__ = ["VIA"]

_KEYS = [re.compile(rb'"%s"\s*:' % key) for key in (b"filename", b"regions", b"file_attributes")]
_LOOKED_AT = 2**20  # bytes
_COLUMNS = ("filename", "file_attributes", "region_shape_attributes", "region_attributes")


def _recognizes(path: Path) -> bool:
    if path.suffix.lower() == ".csv" and path.is_file():
        with path.open("rb") as file:
            head = file.readline(_LOOKED_AT)
        return all(column.encode() in head for column in _COLUMNS)
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    with path.open("rb") as file:
        data = file.read(_LOOKED_AT)
    return all(key.search(data) for key in _KEYS)


def _read(asked: Request) -> Iterator[Record | Failure]:
    is_table = asked.path.suffix.lower() == ".csv"
    found = _of_table(asked.path) if is_table else read_json(asked.path)
    pictures = found.get("_via_img_metadata", found) if isinstance(found, Mapping) else None
    if not isinstance(pictures, Mapping):
        raise InputError(str(asked.path), "not of the VGG Image Annotator: it has pictures with regions")
    finder = picture_finder(asked.images, [asked.path.parent, asked.path.parent.parent])
    for key, one in pictures.items():
        if isinstance(one, Mapping) and "filename" in one:
            yield from _records(one, key, finder, asked.path)


def _of_table(path: Path) -> dict[str, dict[str, Any]]:
    """The pictures of a table, which has a row a region, as the JSON has them."""
    pictures: dict[str, dict[str, Any]] = {}
    for row in csv.DictReader(io.StringIO(read_text(path), newline="")):
        name = row.get("filename") or ""
        whole = {"filename": name, "file_attributes": _cell(row, "file_attributes"), "regions": []}
        shape = _cell(row, "region_shape_attributes")
        if shape != {}:
            region = {"shape_attributes": shape, "region_attributes": _cell(row, "region_attributes")}
            pictures.setdefault(name, whole)["regions"].append(region)
        else:
            pictures.setdefault(name, whole)
    return pictures


def _cell(row: Mapping[str, Any], column: str) -> Any:  # noqa: ANN401  (JSON of any shape)
    """What the JSON in a cell says; text that is none stays, so that reading the region says so."""
    try:
        return json.loads(row.get(column) or "{}")
    except (ValueError, RecursionError):
        return row.get(column)


def _records(
    one: Mapping[str, Any], key: str, finder: PictureFinder, file: Path
) -> Iterator[Record | Failure]:
    regions = one.get("regions") or []
    regions = list(regions.values()) if isinstance(regions, Mapping) else regions
    try:
        origin = finder.find(str(one["filename"]), of=file)
    except InputError as error:
        yield Failure(str(file), f"{key:.60}: {error.reason}", labels=len(regions))
        return
    labels = PictureLabels(str(file))
    for number, region in enumerate(regions):
        shape = region.get("shape_attributes") if isinstance(region, Mapping) else None
        if isinstance(shape, Mapping) and shape.get("name") == "point":
            labels.drop("points, which have no box")
        else:
            labels.take(f"{one['filename']}, region {number}", _label, region)
    whole = _names(one.get("file_attributes") or {})
    if whole:
        labels.take("", lambda: Label(dict.fromkeys(whole, 1.0)))
    yield from labels.finish(str(origin), label_file=f"via:{file}")


def _label(region: Mapping[str, Any]) -> Label:
    names = _names(region.get("region_attributes") or {})
    return Label(dict.fromkeys(names, 1.0), _corners(region["shape_attributes"]), Frame(0.0, 0.0))


def _names(attributes: object) -> list[str]:
    """What is said in fields of any name: a text, or the options that are ticked."""
    names = []
    for value in attributes.values() if isinstance(attributes, Mapping) else ():
        if isinstance(value, Mapping):
            names += [str(option) for option, is_set in value.items() if is_set is True or is_set == "true"]
        elif isinstance(value, str) and value.strip():
            names.append(value)
    return names


def _corners(shape: Mapping[str, Any]) -> Corners:
    if "all_points_x" in shape:
        return around(zip(shape["all_points_x"], shape["all_points_y"], strict=True))
    if "cx" in shape:
        column, row = numbers([shape["cx"], shape["cy"]], 2)
        wide, high = numbers([shape.get("rx", shape.get("r")), shape.get("ry", shape.get("r"))], 2)
        return column - wide, row - high, column + wide, row + high
    return from_span(*numbers([shape[key] for key in ("x", "y", "width", "height")], 4))


VIA = FormatImporter("via", _recognizes, _read)
