"""Labels as Pascal VOC, an XML file a picture."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree  # only written here

from toolkit.plugins import Box, plain_name

from .coco import image_frame
from .labeled import Labeled, Some, StoredLabel, labeled
from .reading import ERRORS
from .voc import USUAL_FACTS, corners_of
from .writing import Exported, exported, new_folder, orientation_of, picture_names, write_text

if TYPE_CHECKING:
    from toolkit import Collection

__all__ = ["write_voc"]

_TAG = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


class _Pixels(NamedTuple):
    """A box in whole pixels."""

    xmin: int
    ymin: int
    xmax: int
    ymax: int


def write_voc(
    photos: Collection,
    path: str | os.PathLike[str],
    *,
    source: str | None = "human",
    of: Some = None,
    detections: float | None = None,
) -> Exported:
    """Write boxes as a new folder with a Pascal VOC file a picture in ``Annotations``; says what was written.

    Pictures stay where they are. Corners are whole pixels of the upright picture, as ``orientation`` says. An object
    that was read from Pascal VOC is as ``difficult`` and ``truncated`` as it was. What a model says has a
    ``confidence``. Other readers pass over what the format does not know.

    Parameters
    ----------
    photos : Collection
        What is written.
    path : str or Path
        The folder, which is new.
    source : str or None
        Whose boxes, as `labeled` takes it.
    of : Hits, Query, str, sequence of str or None
        Which inputs, as `labeled` takes it.
    detections : float, optional
        The least confidence of a detection; `Settings.detections`, 0.3, by default.

    Raises
    ------
    InputError
        The folder is there already, or cannot be written.
    """
    inputs = list(labeled(photos, source=source, of=of, detections=detections))
    names = picture_names(inputs)
    with new_folder(path) as folder:
        (folder / "Annotations").mkdir()
        for one, name, stem in zip(inputs, names.names, names.stems(), strict=True):
            file = folder / "Annotations" / f"{stem}.xml"
            write_text(file, ElementTree.tostring(_voc(one, PurePosixPath(name)), "unicode"))
    return exported(path, inputs, names.root)


def _voc(one: Labeled, name: PurePosixPath) -> ElementTree.Element:
    root = ElementTree.Element("annotation")
    ElementTree.SubElement(root, "folder").text = _xml_text(str(name.parent))
    ElementTree.SubElement(root, "filename").text = _xml_text(name.name)
    _fill(ElementTree.SubElement(root, "size"), width=one.input.width, height=one.input.height, depth=3)
    ElementTree.SubElement(root, "orientation").text = "upright"
    facts = dict(_facts(one))
    for label in one.labels:
        if label.box is not None:
            thing = ElementTree.SubElement(root, "object")
            corners = _pixels(label.box, one)
            _describe(thing, label, facts.get((corners, label.concept), {}))
            _fill(ElementTree.SubElement(thing, "bndbox"), **corners._asdict())
    return root


def _describe(thing: ElementTree.Element, label: StoredLabel, facts: Mapping[str, str]) -> None:
    said = {"confidence": f"{label.value:.6g}", "source": label.source} if label.is_model else {}
    for tag, text in {"name": label.concept, **USUAL_FACTS, **facts, **said}.items():
        ElementTree.SubElement(thing, tag).text = _xml_text(text)


def _pixels(box: Box, one: Labeled) -> _Pixels:
    """The box in whole pixels: the first is 1, and the last one belongs to it."""
    columns = [round(side * one.input.width) for side in (box.left_col, box.right_col)]
    rows = [round(side * one.input.height) for side in (box.top_row, box.bottom_row)]
    left, top = min(columns[0], one.input.width - 1), min(rows[0], one.input.height - 1)
    return _Pixels(left + 1, top + 1, max(columns[1], left + 1), max(rows[1], top + 1))


def _facts(one: Labeled) -> Iterator[tuple[tuple[_Pixels, str], Mapping[str, str]]]:
    """What was read of objects beside their names and boxes, by box and concept; what cannot be read is left out."""
    kept: Any = one.input.metadata.get("voc")
    if not isinstance(kept, Mapping) or not isinstance(kept.get("objects"), list | tuple):
        return
    size = {"width": one.input.width, "height": one.input.height}
    try:
        frame = image_frame(kept["image"])
        orientation = orientation_of(one) if frame.lies(**size) else 1
        if orientation is None:  # the file is gone, and with it the way the boxes lie
            return
        for thing in kept["objects"]:
            box = frame.box(corners_of(thing["bndbox"]), **size, orientation=orientation)
            if box is not None:
                facts = {str(tag): str(text) for tag, text in thing["facts"].items() if _TAG.fullmatch(tag)}
                yield (_pixels(box, one), plain_name(thing["name"])), facts
    except ERRORS:  # metadata that somebody changed
        return


def _xml_text(text: str) -> str:
    """The text without the control characters that XML has no way to write."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")


def _fill(element: ElementTree.Element, **numbers: int) -> None:
    for name, number in numbers.items():
        ElementTree.SubElement(element, name).text = str(number)
