"""One importer a format: a source is taken because it says its format, or because it is recognized."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from toolkit.plugins import InputError, Record

__all__ = ["FormatImporter", "Labels"]


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels in a file or folder, as a source of ``photos.add``.

    Parameters
    ----------
    format : str
        ``coco``, ``yolo``, ``voc``, ``class-folders``, ``label-table`` or ``fiftyone``.
    path : str or Path
        The file or folder.
    images : str or Path or None
        The folder the pictures are in, where it is not beside the labels.

    Examples
    --------
    >>> Labels("coco", "instances.json", images="photos").format
    'coco'
    """

    format: str
    path: str | os.PathLike[str]
    images: str | os.PathLike[str] | None = None


@dataclass(slots=True)
class FormatImporter:
    """Reads one format: from `Labels`, from ``"name:path"``, or from a path that is recognized.

    Parameters
    ----------
    name : str
        Of the format.
    recognizes : callable
        Whether a path that exists is of the format beyond doubt; cheap.
    read : callable
        Records of a path and the folder of its pictures, if one was given.
    """

    name: str
    recognizes: Callable[[Path], bool]
    read: Callable[[Path, Path | None], Iterator[Record]]

    def accepts(self, source: object) -> bool:
        """Whether the source says this format, or is recognized."""
        if self._named(source) is not None:
            return True
        if not isinstance(source, str | os.PathLike):
            return False
        try:
            path = Path(source).expanduser()
            return path.exists() and self.recognizes(path)
        except (OSError, ValueError, RuntimeError, TypeError):
            return False

    def records(self, source: object) -> Iterator[Record]:
        """The records, in the order of the labels.

        A value that cannot be read as it should be is refused with the file that holds it.

        Raises
        ------
        InputError
            The labels cannot be read, name pictures elsewhere, or are of another format.
        """
        given = self._named(source)
        if given is None:
            given = Labels(self.name, source if isinstance(source, str | os.PathLike) else "")
        path = Path(given.path).expanduser().absolute()
        images = None if given.images is None else Path(given.images).expanduser().absolute()
        try:
            yield from self.read(path, images)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            if isinstance(error, InputError):
                raise
            said = f"{type(error).__name__}: {error}"
            raise InputError(str(path), f"not {self.name} as it should be: {said:.150}") from error

    def _named(self, source: object) -> Labels | None:
        if isinstance(source, Labels):
            return source if source.format == self.name else None
        if isinstance(source, str) and source.startswith(f"{self.name}:") and "://" not in source:
            return Labels(self.name, source.removeprefix(f"{self.name}:"))
        return None
