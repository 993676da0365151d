"""Files that hold labels, by their names, but in no format that is read: said with the formats that are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from toolkit.plugins import Failure, Record

from .importer import FormatImporter

__all__ = ["UnknownLabels"]

_SUFFIXES = frozenset((".json", ".xml", ".txt", ".yaml", ".yml", ".ndjson", ".geojson"))


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
        if not isinstance(origin, str | os.PathLike):
            return False
        try:
            path = Path(origin).expanduser()
            is_file = path.suffix.lower() in _SUFFIXES and path.is_file()
        except (OSError, ValueError, RuntimeError, TypeError):
            return False
        return is_file and not any(one.accepts(origin) for one in self._formats)

    def records(self, origin: object) -> Iterator[Record | Failure]:
        """The one failure, which lists the formats."""
        names = ", ".join(one.name for one in self._formats)
        yield Failure(
            str(origin),
            f"neither a picture nor labels in a known format; there are {names}: 'coco:{origin}' says which",
        )
