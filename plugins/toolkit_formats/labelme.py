"""labelme: a JSON file a picture, with shapes; AnyLabeling and X-AnyLabeling write the same.

Format: https://github.com/wkentaro/labelme (labelme/_label_file.py)
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from toolkit.plugins import Corners, Failure, Frame, InputError, Label, Record

from .boxes import around, frame_of, numbers
from .importer import FormatImporter, Request, predicted_by
from .places import PictureFinder, files_in, is_picture, picture_finder, read_json, splits_of
from .reading import PictureLabels

__all__ = ["LABELME"]

_SHAPES, _MORE = re.compile(rb'"shapes"\s*:\s*\['), re.compile(rb'"(imagePath|shape_type)"\s*:')
_LOOKED_AT = 2**20  # bytes
_MOST_LOOKED_AT = 20  # files of a folder


def _recognizes(path: Path) -> bool:
    if path.is_file():
        return _is_labelme(path)
    files = sorted(path.glob("*.json")) or sorted(path.glob("*/*.json"))
    return any(_is_labelme(file) for file in files[:_MOST_LOOKED_AT])


def _is_labelme(path: Path) -> bool:
    if path.suffix.lower() != ".json":
        return False
    with path.open("rb") as file:
        data = file.read(_LOOKED_AT).lstrip(b"\xef\xbb\xbf \t\r\n")
    return data.startswith(b"{") and _SHAPES.search(data) is not None and _MORE.search(data) is not None


def _read(asked: Request) -> Iterator[Record | Failure]:
    path = asked.path
    if not path.is_dir():
        yield from _records(
            path, picture_finder(asked.images, [path.parent, path.parent.parent]), path.parent
        )
        return
    files = [file for file in files_in(path, ".json") if _is_labelme(file)]
    if not files:
        raise InputError(str(path), "no .json files of labelme there")
    seen: set[str] = set()
    for file in files:
        finder = picture_finder(asked.images, [file.parent, file.parent.parent])
        for one in _records(file, finder, path):
            if isinstance(one, Record):
                seen.add(str(one.origin))
            yield one
    for picture in files_in(asked.images or path):
        if is_picture(picture) and str(picture) not in seen:
            yield Record(str(picture), label_file=f"labelme:{path}")


def _records(file: Path, finder: PictureFinder, folder: Path) -> Iterator[Record | Failure]:
    try:
        found = read_json(file)
        if not isinstance(found, Mapping) or not isinstance(found.get("shapes"), list):
            raise InputError(str(file), "not labelme's: it has a list of shapes")
        origin = _origin(found, file, finder)
    except InputError as error:
        yield Failure(str(file), error.reason)
        return
    labels = PictureLabels(str(file))
    frame = frame_of(found.get("imageWidth"), found.get("imageHeight"))
    for number, shape in enumerate(found["shapes"]):
        if isinstance(shape, Mapping) and shape.get("shape_type") == "point":
            labels.drop("points, which have no box")
        else:
            labels.take(f"shape {number}", _label, shape, frame, file)
    flags = found.get("flags")
    for flag, is_set in flags.items() if isinstance(flags, Mapping) else ():
        if is_set is True:
            labels.take(f"flag {flag!r:.40}", Label, {str(flag): 1.0})
    yield from labels.finish(
        origin, datasets=splits_of(file.relative_to(folder).parts[:-1]), label_file=f"labelme:{file}"
    )


def _origin(found: Mapping[str, Any], file: Path, finder: PictureFinder) -> str | bytes:
    """The picture beside the label file, else the one inside it."""
    named = found.get("imagePath")
    name = str(named).replace("\\", "/").rsplit("/", 1)[-1] if named else ""
    path = finder.find(name or file.stem, of=file)
    if path.is_file():
        return str(path)
    inside = found.get("imageData")
    if not isinstance(inside, str) or not inside:
        return str(path)
    try:
        return base64.b64decode(inside, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(str(file), "its imageData is not base64") from error


def _label(shape: Mapping[str, Any], frame: Frame, file: Path) -> Label:
    name = shape.get("label")
    if not isinstance(name, str) or not name.strip():
        raise ValueError("no label")
    score = shape.get("score")  # of X-AnyLabeling's models; null for what a person drew
    value = 1.0 if score is None else numbers([score], 1)[0]
    source = "" if score is None else predicted_by(file.parent.name)
    return Label({name: value}, _corners(str(shape.get("shape_type")), shape["points"]), frame, source)


def _corners(kind: str, points: Sequence[Sequence[float]]) -> Corners:
    if kind != "circle":
        return around(points)
    (column, row), (x, y) = (numbers(point, 2) for point in points)  # the middle, and a point on the rim
    radius = math.hypot(x - column, y - row)
    return column - radius, row - radius, column + radius, row + radius


LABELME = FormatImporter("labelme", _recognizes, _read)
