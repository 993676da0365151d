"""Pascal VOC: an XML file a picture, corners in pixels counted from 1.

Format: http://host.robots.ox.ac.uk/pascal/VOC/voc2012/htmldoc/devkit_doc.html
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree  # `_tree` refuses what makes XML dangerous

from toolkit.plugins import Detection, InputError, Record

from .boxes import from_corners
from .importer import FormatImporter
from .places import inside, read_text

__all__ = ["VOC"]


def _recognizes(path: Path) -> bool:
    return (path / "Annotations").is_dir() and (path / "JPEGImages").is_dir()


def _read(path: Path, images: Path | None) -> Iterator[Record]:
    labels = path / "Annotations" if (path / "Annotations").is_dir() else path
    beside = [labels.parent / "JPEGImages", labels.parent / "images", labels]
    folder = images or next(place for place in beside if place.is_dir())
    files = sorted(labels.glob("*.xml"))
    if not files:
        raise InputError(str(labels), "no .xml files there")
    for file in files:
        yield _record(file, folder)


def _record(file: Path, folder: Path) -> Record:
    tree = _tree(file)
    try:
        regions = tuple(_regions(tree))
    except ValueError as error:
        raise InputError(str(file), f"a number is not one: {error}") from error
    return Record(str(inside(folder, _text(tree, "filename"), of=file)), regions=regions)


def _regions(tree: ElementTree.Element) -> Iterator[Detection]:
    width, height = (float(_text(tree, f"size/{side}")) for side in ("width", "height"))
    for thing in tree.iter("object"):
        left, top, right, bottom = (
            float(_text(thing, f"bndbox/{side}")) for side in ("xmin", "ymin", "xmax", "ymax")
        )
        # The first pixel is 1, and the last one belongs to the box.
        box = from_corners(left - 1, top - 1, right, bottom, width=width, height=height)
        if box is not None:
            yield Detection(box, {_text(thing, "name"): 1.0})


def _tree(file: Path) -> ElementTree.Element:
    text = read_text(file)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:  # entities that expand, or that read other files
        raise InputError(str(file), "XML with a document type is not read")
    try:
        return ElementTree.fromstring(text)  # noqa: S314  # no document type, so no entities
    except ElementTree.ParseError as error:
        raise InputError(str(file), f"not XML: {error}") from error


def _text(tree: ElementTree.Element, path: str) -> str:
    found = (tree.findtext(path) or "").strip()
    if not found:
        raise ValueError(f"no {path}")
    return found


VOC = FormatImporter("voc", _recognizes, _read)
