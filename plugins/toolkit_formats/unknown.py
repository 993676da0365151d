"""Labels that nothing reads: a file in no known format, and label files in a folder whose pictures are added."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from shlex import quote

from toolkit.plugins import (
    Advice,
    Failure,
    Record,
    Remedy,
)

from .importer import FormatImporter
from .yolo import is_label
from .yolo_lines import looks_like_lines

__all__ = ["UnknownLabels"]

_SUFFIXES = frozenset((".json", ".xml", ".txt", ".yaml", ".yml", ".ndjson", ".geojson"))
_LOOKED_INTO = (".json", ".xml", ".txt")
_DEEPEST = 3  # folders below
_MOST_ENTRIES, _MOST_FILES = 20_000, 60  # looked at, and looked into


class UnknownLabels:
    """A file that is no picture, by its name, and that no format recognizes.

    Parameters
    ----------
    formats : sequence of FormatImporter
        All there are.
    """

    name = "unknown-labels"

    def __init__(self, formats: Sequence[FormatImporter]) -> None:
        self._formats = formats

    def accepts(self, origin: object) -> bool:
        """Whether it is such a file."""
        path = _path(origin)
        try:
            is_file = path is not None and path.suffix.lower() in _SUFFIXES and path.is_file()
        except (OSError, ValueError):
            return False
        return is_file and not any(one.accepts(origin) for one in self._formats)

    def records(self, origin: object) -> Iterator[Record | Failure]:
        """The one failure, which lists the formats."""
        names = ", ".join(one.name for one in self._formats)
        reason = f"neither a picture nor labels in a known format, of which there are {names}"
        yield Failure(str(origin), f"{reason}; 'coco:{origin}' says which one it is")

    def unread(self, origin: object, *, by: str) -> str:
        """A sentence on label files in a folder that the importer of this name does not read; empty without any.

        Parameters
        ----------
        origin : object
            What is added.
        by : str
            The importer that reads it.
        """
        path = _path(origin)
        found: dict[str, Path] = {}
        try:
            for name, file in _found(path, self._formats) if path is not None and path.is_dir() else ():
                found.setdefault(name, file)
        except (OSError, ValueError):
            return ""
        found.pop(by, None)
        files = "; ".join(f"{file} ({name})" for name, file in found.items())
        first = next(iter(found), "")
        if not found:
            return ""
        named = f"{first}:{found[first]}"
        read = Remedy(f"photos.add({named!r})", f"toolkit add COLLECTION {quote(named)}")
        return Advice(f"labels that were not read: {files}; ", read, " reads them")


def _path(origin: object) -> Path | None:
    if not isinstance(origin, str | os.PathLike):
        return None
    try:
        return Path(origin).expanduser()
    except (OSError, ValueError, RuntimeError, TypeError):
        return None


def _found(folder: Path, formats: Sequence[FormatImporter]) -> Iterator[tuple[str, Path]]:
    """The formats of some label files below a folder, with one of each."""
    for file in islice(_label_files(folder), _MOST_FILES):
        if file.suffix.lower() == ".txt":
            if is_label(file) and looks_like_lines(file):
                yield "yolo", folder
        else:
            yield from ((one.name, file) for one in formats if one.recognizes(file))


def _label_files(folder: Path) -> Iterator[Path]:
    left = _MOST_ENTRIES
    for place, folders, names in os.walk(folder):
        depth = len(Path(place).relative_to(folder).parts)
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if depth < _DEEPEST else []
        left -= len(names)
        some = sorted(name for name in names if name.lower().endswith(_LOOKED_INTO))[: _MOST_FILES // 6]
        yield from (Path(place, name) for name in some)
        if left < 0:
            return
