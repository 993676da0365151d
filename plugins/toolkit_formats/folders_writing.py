"""Labels as folders: YOLO, Pascal VOC, a folder a class."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree  # only written here

from toolkit.plugins import Box, Input

from .labeled import Labeled, labeled
from .writing import file_name, new_folder

if TYPE_CHECKING:
    from toolkit import Collection

__all__ = ["write_class_folders", "write_voc", "write_yolo"]


def write_yolo(photos: Collection, path: str | os.PathLike[str], *, source: str = "human") -> None:
    """Write boxes as a new folder ``labels`` of YOLO lines with ``classes.txt``; pictures stay where they are.

    Raises
    ------
    InputError
        The folder is there already, or cannot be written.
    """
    inputs = list(labeled(photos, source=source))
    classes = sorted({concept for one in inputs for _, concept in one.regions})
    with new_folder(path) as folder:
        (folder / "classes.txt").write_text("".join(f"{name}\n" for name in classes), "utf-8")
        (folder / "labels").mkdir()
        for one, stem in zip(inputs, _stems(inputs), strict=True):
            lines = [_yolo_line(box, classes.index(concept)) for box, concept in one.regions]
            (folder / "labels" / f"{stem}.txt").write_text("".join(lines), "utf-8")


def _yolo_line(box: Box, index: int) -> str:
    middle, center = (box.top_row + box.bottom_row) / 2, (box.left_col + box.right_col) / 2
    wide, high = box.right_col - box.left_col, box.bottom_row - box.top_row
    return f"{index} {center:.8f} {middle:.8f} {wide:.8f} {high:.8f}\n"


def write_voc(photos: Collection, path: str | os.PathLike[str], *, source: str = "human") -> None:
    """Write boxes as a new folder with a Pascal VOC file a picture in ``Annotations``; pictures stay where they are.

    Raises
    ------
    InputError
        The folder is there already, or cannot be written.
    """
    inputs = list(labeled(photos, source=source))
    with new_folder(path) as folder:
        (folder / "Annotations").mkdir()
        for one, stem in zip(inputs, _stems(inputs), strict=True):
            ElementTree.ElementTree(_voc(one)).write(folder / "Annotations" / f"{stem}.xml", "utf-8")


def _voc(one: Labeled) -> ElementTree.Element:
    root = ElementTree.Element("annotation")
    ElementTree.SubElement(root, "filename").text = _name(one.input)
    _fill(ElementTree.SubElement(root, "size"), width=one.input.width, height=one.input.height, depth=3)
    for box, concept in one.regions:
        thing = ElementTree.SubElement(root, "object")
        ElementTree.SubElement(thing, "name").text = concept
        left, top, right, bottom = box.pixels(width=one.input.width, height=one.input.height)
        # The first pixel is 1, and the last one belongs to the box.
        _fill(ElementTree.SubElement(thing, "bndbox"), xmin=left + 1, ymin=top + 1, xmax=right, ymax=bottom)
    return root


def _fill(element: ElementTree.Element, **numbers: int) -> None:
    for name, number in numbers.items():
        ElementTree.SubElement(element, name).text = str(number)


def write_class_folders(photos: Collection, path: str | os.PathLike[str], *, source: str = "human") -> None:
    """Copy the pictures into a new folder with a folder a class; a picture of two classes is in both.

    Pictures that are not files, and those without a label, are left out.

    Raises
    ------
    InputError
        The folder is there already, or cannot be written.
    """
    inputs = list(labeled(photos, source=source))
    with new_folder(path) as folder:
        for one, stem in zip(inputs, _stems(inputs), strict=True):
            picture = Path(one.input.uri)
            for concept in one.concepts if picture.is_file() else ():
                into = folder / _safe(concept)
                into.mkdir(exist_ok=True)
                shutil.copyfile(picture, into / f"{stem}{picture.suffix}")


def _name(one: Input) -> str:
    return file_name(one.uri, one.id)


def _stems(inputs: Sequence[Labeled]) -> list[str]:
    """A file's own name without extension, with the id after it where two pictures are called the same."""
    stems = [Path(_name(one.input)).stem for one in inputs]
    often = Counter(stem.casefold() for stem in stems)
    return [
        stem if often[stem.casefold()] == 1 else f"{stem}-{_safe(one.input.id)}"
        for one, stem in zip(inputs, stems, strict=True)
    ]


def _safe(name: str) -> str:
    """The name as that of a folder: concepts are called what people like."""
    plain = "".join("_" if letter in '/\\:*?"<>|' or not letter.isprintable() else letter for letter in name)
    return plain.strip(". ")[:200] or "_"
