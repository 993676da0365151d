"""A folder a class: ``photos/dog/1.jpg``, or below parts of a set: ``photos/train/dog/1.jpg``.

Never recognized by itself, for any folder might be one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from toolkit.plugins import Failure, Label, Record

from .importer import FormatImporter, Request
from .places import SPLITS, pictures_in

__all__ = ["CLASS_FOLDERS"]


def _recognizes(_: Path) -> bool:
    return False


def _read(asked: Request) -> Iterator[Record | Failure]:
    folder = asked.images or asked.path
    pictures = pictures_in(folder)
    folders = [picture.relative_to(folder).parts[:-1] for picture in pictures]
    depth = _depth(folders)
    for picture, parts in zip(pictures, folders, strict=True):
        below = parts[depth:]
        if below:
            datasets = parts[depth - 1 : depth] if depth else ()
            yield Record(str(picture), datasets=datasets, labels=(Label({below[0]: 1.0}),))
        else:
            yield Record(str(picture))
            yield Failure(str(picture), "it lies in no class, and is added without one")


def _depth(folders: Sequence[Sequence[str]]) -> int:
    """How many folders lie above the classes: parts of a set are no classes, where all folders are such parts.

    A folder that holds nothing but such parts is none either.
    """
    first = {parts[0] for parts in folders if parts}
    if first and all(name.casefold() in SPLITS for name in first) and _has_classes(folders):
        return 1
    if len(first) == 1:
        below = [parts[1:] for parts in folders]
        second = {parts[0] for parts in below if parts}
        if second and all(name.casefold() in SPLITS for name in second) and _has_classes(below):
            return 2
    return 0


def _has_classes(folders: Sequence[Sequence[str]]) -> bool:
    """Whether there are folders below the parts."""
    return any(len(parts) > 1 for parts in folders)


CLASS_FOLDERS = FormatImporter("class-folders", _recognizes, _read)
