"""Labels as folders: YOLO, Pascal VOC, a folder a class."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from xml.etree import ElementTree  # only written here

from toolkit.plugins import InputError

from .labeled import Labeled, Some, StoredLabel, labeled
from .writing import Exported, PictureNames, file_path, new_folder, picture_names

if TYPE_CHECKING:
    from toolkit import Collection

__all__ = ["write_class_folders", "write_voc", "write_yolo"]


def write_yolo(
    photos: Collection,
    path: str | os.PathLike[str],
    *,
    source: str | None = "human",
    of: Some = None,
    detections: float | None = None,
    copy_images: bool = False,
) -> Exported:
    """Write boxes as a new folder of YOLO lines with ``classes.txt`` and ``data.yaml``; says what was written.

    Label files lie under ``labels`` in folders as the pictures do. What a model says ends in its confidence.

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
    copy_images : bool
        Whether to copy the pictures to ``images``, so that the folder is ready to train on. Otherwise they stay where
        they are.

    Raises
    ------
    InputError
        The folder is there already, or cannot be written.
    """
    inputs = list(labeled(photos, source=source, of=of, detections=detections))
    classes = sorted({concept for one in inputs for _, concept in one.regions})
    if unwritable := [name for name in classes if "\n" in name or "\r" in name]:
        raise InputError(str(path), f"a class is a line of classes.txt, and {unwritable[0]!r:.60} is several")
    names = picture_names([one.input for one in inputs])
    ids = {name: index for index, name in enumerate(classes)}
    with new_folder(path) as folder:
        (folder / "classes.txt").write_text("".join(f"{name}\n" for name in classes), "utf-8")
        (folder / "labels").mkdir()
        for one, stem in zip(inputs, names.stems(), strict=True):
            lines = [_yolo_line(label, ids[label.concept]) for label in one.labels if label.box is not None]
            _write(folder / "labels" / f"{stem}.txt", "".join(lines))
        absent = _copy(inputs, names, folder / "images") if copy_images else 0
        if copy_images:
            (folder / "data.yaml").write_text(_data_yaml(classes), "utf-8")
    return _exported(path, inputs, "" if copy_images else names.root, absent)


def _yolo_line(label: StoredLabel, index: int) -> str:
    box = label.box
    assert box is not None
    middle, center = (box.top_row + box.bottom_row) / 2, (box.left_col + box.right_col) / 2
    wide, high = box.right_col - box.left_col, box.bottom_row - box.top_row
    confidence = f" {label.value:.6g}" if label.is_model else ""
    return f"{index} {center:.10g} {middle:.10g} {wide:.10g} {high:.10g}{confidence}\n"


def _data_yaml(classes: Sequence[str]) -> str:
    import json  # a JSON text is a YAML text, whatever is in it

    names = "".join(
        f"  {index}: {json.dumps(name, ensure_ascii=False)}\n" for index, name in enumerate(classes)
    )
    return f"path: .\ntrain: images\nval: images\nnc: {len(classes)}\nnames:\n{names}"


def write_voc(
    photos: Collection,
    path: str | os.PathLike[str],
    *,
    source: str | None = "human",
    of: Some = None,
    detections: float | None = None,
) -> Exported:
    """Write boxes as a new folder with a Pascal VOC file a picture in ``Annotations``; says what was written.

    Pictures stay where they are. Corners are whole pixels, as the format has them. What a model says has a
    ``confidence``, which the format does not know and readers pass over.

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
    names = picture_names([one.input for one in inputs])
    with new_folder(path) as folder:
        (folder / "Annotations").mkdir()
        for one, name, stem in zip(inputs, names.names, names.stems(), strict=True):
            file = folder / "Annotations" / f"{stem}.xml"
            _write(file, ElementTree.tostring(_voc(one, PurePosixPath(name)), "unicode"))
    return _exported(path, inputs, names.root)


def _voc(one: Labeled, name: PurePosixPath) -> ElementTree.Element:
    root = ElementTree.Element("annotation")
    ElementTree.SubElement(root, "folder").text = str(name.parent)
    ElementTree.SubElement(root, "filename").text = _xml_text(name.name)
    _fill(ElementTree.SubElement(root, "size"), width=one.input.width, height=one.input.height, depth=3)
    for label in one.labels:
        if label.box is None:
            continue
        thing = ElementTree.SubElement(root, "object")
        ElementTree.SubElement(thing, "name").text = _xml_text(label.concept)
        if label.is_model:
            ElementTree.SubElement(thing, "confidence").text = f"{label.value:.6g}"
            ElementTree.SubElement(thing, "source").text = _xml_text(label.source)
        columns = [round(side * one.input.width) for side in (label.box.left_col, label.box.right_col)]
        rows = [round(side * one.input.height) for side in (label.box.top_row, label.box.bottom_row)]
        left, top = min(columns[0], one.input.width - 1), min(rows[0], one.input.height - 1)
        right, bottom = max(columns[1], left + 1), max(rows[1], top + 1)
        # The first pixel is 1, and the last one belongs to the box.
        _fill(ElementTree.SubElement(thing, "bndbox"), xmin=left + 1, ymin=top + 1, xmax=right, ymax=bottom)
    return root


def _xml_text(text: str) -> str:
    """The text without the control characters that XML has no way to write."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")


def _fill(element: ElementTree.Element, **numbers: int) -> None:
    for name, number in numbers.items():
        ElementTree.SubElement(element, name).text = str(number)


def write_class_folders(
    photos: Collection, path: str | os.PathLike[str], *, source: str | None = "human", of: Some = None
) -> Exported:
    """Copy the pictures into a new folder with a folder a class; a picture of two classes is in both.

    Pictures that are not files, and those without a label, are left out; says how many.

    Parameters
    ----------
    photos : Collection
        What is written.
    path : str or Path
        The folder, which is new.
    source : str or None
        Whose labels, as `labeled` takes it.
    of : Hits, Query, str, sequence of str or None
        Which inputs, as `labeled` takes it.

    Raises
    ------
    InputError
        The folder is there already, or cannot be written.
    """
    inputs = list(labeled(photos, source=source, of=of))
    names = picture_names([one.input for one in inputs])
    folders: dict[str, str] = {}
    written, labels = 0, 0
    with new_folder(path) as folder:
        for one, name in zip(inputs, names.names, strict=True):
            picture = file_path(one.input)
            concepts = one.concepts if picture is not None and picture.is_file() else ()
            for concept in concepts:
                target = folder / _folder_name(concept, folders) / name.replace("/", "-")
                target = target if not target.exists() else target.with_name(f"{one.input.id}-{target.name}")
                target.parent.mkdir(exist_ok=True)
                assert picture is not None
                shutil.copyfile(picture, target)
            written, labels = written + bool(concepts), labels + len(concepts)
    left = len(inputs) - written
    left_out = (f"{left:,} inputs without a label of the whole picture, or without a file",) if left else ()
    return Exported(str(path), written, labels, "", left_out)


def _folder_name(concept: str, folders: dict[str, str]) -> str:
    """A folder of its own for each concept, whatever concepts are called."""
    if concept not in folders:
        name = _safe(concept)
        while name.casefold() in {other.casefold() for other in folders.values()}:
            name += "_"
        folders[concept] = name
    return folders[concept]


def _safe(name: str) -> str:
    """The name as that of a folder: concepts are called what people like."""
    plain = "".join("_" if letter in '/\\:*?"<>|' or not letter.isprintable() else letter for letter in name)
    return plain.strip(". ")[:80] or "_"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _copy(inputs: Sequence[Labeled], names: PictureNames, folder: Path) -> int:
    """How many pictures could not be copied, because they are no files."""
    absent = 0
    for one, name in zip(inputs, names.names, strict=True):
        picture = file_path(one.input)
        if picture is None or not picture.is_file():
            absent += 1
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture, folder / name)
    return absent


def _exported(
    path: str | os.PathLike[str], inputs: Sequence[Labeled], root: str, absent: int = 0
) -> Exported:
    whole = sum(len(one.concepts) for one in inputs)
    left_out = [f"{whole:,} labels of whole pictures, which the format has no place for"] if whole else []
    left_out += [f"{absent:,} pictures that are no files"] if absent else []
    labels = sum(len(one.regions) for one in inputs)
    return Exported(str(path), len(inputs), labels, root, tuple(left_out))
