"""A folder a class: ``photos/dog/1.jpg``. Never recognized by itself, for any folder might be one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from toolkit.plugins import InputError, Record

from .importer import FormatImporter
from .places import pictures_in

__all__ = ["CLASS_FOLDERS"]


def _recognizes(_: Path) -> bool:
    return False


def _read(path: Path, images: Path | None) -> Iterator[Record]:
    folder = images or path
    for picture in pictures_in(folder):
        above = picture.relative_to(folder).parts[:-1]
        if not above:
            raise InputError(str(picture), f"it lies in no class: pictures are in folders of {folder}")
        yield Record(str(picture), concepts={above[0]: 1.0})


CLASS_FOLDERS = FormatImporter("class-folders", _recognizes, _read)
