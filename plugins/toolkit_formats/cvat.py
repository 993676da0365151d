"""CVAT for images: one XML file of pictures with shapes and tags.

Format: https://docs.cvat.ai/docs/dataset_management/formats/format-cvat/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.plugins import Corners, Failure, Frame, InputError, Label, Record

from .boxes import around, frame_of, from_span, numbers, turned_span
from .importer import FormatImporter, Request, predicted_by
from .places import PictureFinder, picture_finder
from .reading import PictureLabels
from .xml_files import read_xml, root_name

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["CVAT"]

_FILE = "annotations.xml"


def _recognizes(path: Path) -> bool:
    file = path / _FILE if path.is_dir() else path
    return file.suffix.lower() == ".xml" and file.is_file() and root_name(file) == "annotations"


def _read(asked: Request) -> Iterator[Record | Failure]:
    file = asked.path / _FILE if asked.path.is_dir() else asked.path
    tree = read_xml(file)
    if tree.tag != "annotations":
        raise InputError(str(file), f"not CVAT's: <{tree.tag}> where <annotations> was expected")
    if tracks := tree.findall("track"):
        shapes = sum(len(track) for track in tracks)
        yield Failure(
            str(file), "tracks of a video are not pictures; export as 'CVAT for images'", labels=shapes
        )
    finder = picture_finder(asked.images, [file.parent, file.parent.parent])
    for number, image in enumerate(tree.iter("image")):
        yield from _records(image, number, finder, file)


def _records(image: Element, number: int, finder: PictureFinder, file: Path) -> Iterator[Record | Failure]:
    try:
        picture = finder.find(image.get("name") or "", of=file)
    except InputError as error:
        yield Failure(str(file), f"image {number}: {error.reason}", labels=len(image))
        return
    labels = PictureLabels(str(file))
    frame = frame_of(image.get("width"), image.get("height"))
    for shape in image:
        if shape.tag in ("points", "skeleton"):
            labels.drop(f"{shape.tag}, which have no box")
        elif shape.tag in _SHAPES:
            where = f"{image.get('name')}, {shape.tag} {shape.get('label')!r:.40}"
            labels.take(where, _label, shape, frame)
    subset = image.get("subset")
    yield from labels.finish(str(picture), datasets=(subset,) if subset else (), label_file=f"cvat:{file}")


def _label(shape: Element, frame: Frame) -> Label:
    name = (shape.get("label") or "").strip()
    if not name:
        raise ValueError("no label")
    corners = _SHAPES[shape.tag](shape.attrib)
    # Since 2023 CVAT says who drew a shape: 'auto' is a model whose work a person did not touch.
    source = predicted_by("cvat auto") if shape.get("source") == "auto" else ""
    return Label({name: 1.0}, corners, frame, source)


def _box(given: Mapping[str, str]) -> Corners:
    left, top, right, bottom = numbers([given[side] for side in ("xtl", "ytl", "xbr", "ybr")], 4)
    degrees = float(given.get("rotation", 0))
    if not degrees:
        return left, top, right, bottom
    middle = (left + right) / 2, (top + bottom) / 2
    return turned_span((left, top, right, bottom), degrees, about=middle)


def _points(given: Mapping[str, str]) -> Corners:
    return around(numbers(point, 2) for point in given["points"].split(";"))


def _ellipse(given: Mapping[str, str]) -> Corners:
    column, row, wide, high = numbers([given[part] for part in ("cx", "cy", "rx", "ry")], 4)
    corners = column - wide, row - high, column + wide, row + high
    return turned_span(corners, float(given.get("rotation", 0)), about=(column, row))


def _cuboid(given: Mapping[str, str]) -> Corners:
    columns = [key for key in given if key.startswith("x")]
    return around(numbers([given[key], given[f"y{key[1:]}"]], 2) for key in columns)


def _mask(given: Mapping[str, str]) -> Corners:
    return from_span(*numbers([given[side] for side in ("left", "top", "width", "height")], 4))


def _tag(_: Mapping[str, str]) -> None:
    return None


_SHAPES: Mapping[str, Callable[[Mapping[str, str]], Corners | None]] = {
    "box": _box,
    "polygon": _points,
    "polyline": _points,
    "ellipse": _ellipse,
    "cuboid": _cuboid,
    "mask": _mask,
    "tag": _tag,
}

CVAT = FormatImporter("cvat", _recognizes, _read)
