"""Labels as folders: YOLO, or a folder a class."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.plugins import InputError

from .labeled import Labeled, Some, StoredLabel, labeled
from .writing import Exported, PictureNames, copied, exported, new_folder, picture_names, write_text

if TYPE_CHECKING:
    from toolkit import Collection

__all__ = ["write_class_folders", "write_yolo"]


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
    names = picture_names(inputs)
    ids = {name: index for index, name in enumerate(classes)}
    with new_folder(path) as folder:
        (folder / "classes.txt").write_text("".join(f"{name}\n" for name in classes), "utf-8")
        (folder / "labels").mkdir()
        for one, stem in zip(inputs, names.stems(), strict=True):
            lines = [_yolo_line(label, ids[label.concept]) for label in one.labels if label.box is not None]
            write_text(folder / "labels" / f"{stem}.txt", "".join(lines))
        absent = _copy(inputs, names, folder / "images") if copy_images else 0
        if copy_images:
            (folder / "data.yaml").write_text(_data_yaml(classes), "utf-8")
    return exported(path, inputs, "" if copy_images else names.root, absent=absent)


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


def write_class_folders(
    photos: Collection, path: str | os.PathLike[str], *, source: str | None = "human", of: Some = None
) -> Exported:
    """Copy the pictures into a new folder with a folder a class; a picture of two classes is in both.

    Pictures that are missing, and those without a label, are left out; says how many.

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
    names = picture_names(inputs)
    folders: dict[str, str] = {}
    written, labels = 0, 0
    with new_folder(path) as folder:
        for one, name in zip(inputs, names.names, strict=True):
            copies = 0
            for concept in one.concepts:
                target = folder / _folder_name(concept, folders) / name.replace("/", "-")
                target = target if not target.exists() else target.with_name(f"{one.input.id}-{target.name}")
                copies += copied(one, target)
            written, labels = written + bool(copies), labels + copies
    left = len(inputs) - written
    left_out = (f"{left:,} inputs without a label of the whole picture, or missing",) if left else ()
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


def _copy(inputs: Sequence[Labeled], names: PictureNames, folder: Path) -> int:
    """How many pictures could not be copied, because they are nowhere any more."""
    return sum(not copied(one, folder / name) for one, name in zip(inputs, names.names, strict=True))
