"""One importer a format: an origin is taken because it says its format, or because it is recognized."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.plugins import Failure, InputError, Orientation, Record

from .places import EXTENSIONS
from .reading import ERRORS, error_text

__all__ = ["FormatImporter", "Labels", "Request", "predicted_by"]


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels in a file or folder, as an origin for ``photos.add``.

    Parameters
    ----------
    format : str
        ``coco``, ``coco-results``, ``yolo``, ``voc``, ``cvat``, ``labelme``, ``label-studio``, ``via``,
        ``class-folders``, ``label-table`` or ``fiftyone``.
    path : str or Path
        The file or folder.
    images : str or Path or None
        The folder the pictures are in, where it is not beside the labels.
    orientation : {"auto", "stored", "upright"}
        Which picture boxes were drawn on, where a photo is stored otherwise than it is seen; `toolkit.plugins.Frame`
        says how it is found out.
    source : str
        Who says all of it: ``human:<user>`` or ``model:<name>@<version>``. By default the person of the settings, and
        for labels that have a score ``model:<name of the file>@imported``.
    ground_truth : str or Path or None
        For ``coco-results``, which has ids only: the COCO file that they are of, where it is not beside the results.

    Examples
    --------
    >>> Labels("coco", "instances.json", images="photos").format
    'coco'
    """

    format: str
    path: str | os.PathLike[str]
    images: str | os.PathLike[str] | None = None
    orientation: Orientation = "auto"
    source: str = ""
    ground_truth: str | os.PathLike[str] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What a format is asked to read.

    Parameters
    ----------
    path : Path
        The file or folder.
    images : Path or None
        The folder the pictures are in, if a person said so.
    orientation : {"auto", "stored", "upright"}
        Which picture boxes were drawn on, if a person said so.
    ground_truth : Path or None
        The file that ids of pictures and classes are of, if a person said so.
    """

    path: Path
    images: Path | None = None
    orientation: Orientation = "auto"
    ground_truth: Path | None = None


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
        Records and failures of what is asked for.
    """

    name: str
    recognizes: Callable[[Path], bool]
    read: Callable[[Request], Iterator[Record | Failure]]

    def accepts(self, origin: object) -> bool:
        """Whether the origin says this format, or is recognized."""
        if isinstance(origin, str | Labels) and self._named(origin) is not None:
            return True
        if not isinstance(origin, str | os.PathLike):
            return False
        try:
            path = Path(origin).expanduser()
            if path.suffix.lower() in EXTENSIONS and not path.is_dir():
                return False  # a picture, as most origins are
            return path.exists() and self.recognizes(path)
        except (InputError, OSError, ValueError, RuntimeError, TypeError):
            return False

    def records(self, origin: object) -> Iterator[Record | Failure]:
        """The records, in the order of the labels; a failure, with its file and row, for what cannot be read.

        Raises
        ------
        InputError
            The labels as a whole cannot be read, or are of another format.
        """
        given = self._named(origin)
        if given is None:
            given = Labels(self.name, origin if isinstance(origin, str | os.PathLike) else "")
        path = Path(given.path).expanduser().absolute()
        asked = Request(path, _absolute(given.images), given.orientation, _absolute(given.ground_truth))
        try:
            for one in self.read(asked):
                yield self._finished(one, given, path) if isinstance(one, Record) else one
        except ERRORS as error:
            if isinstance(error, InputError):
                raise
            raise InputError(str(path), f"not {self.name} as it should be: {error_text(error)}") from error

    def _finished(self, record: Record, given: Labels, path: Path) -> Record:
        labels = record.labels
        if given.orientation != "auto" or given.source:
            labels = tuple(
                replace(
                    label,
                    frame=replace(label.frame, orientation=given.orientation),
                    source=given.source or label.source,
                )
                for label in labels
            )
        label_file = record.label_file or f"{self.name}:{path}"
        return replace(record, labels=labels, label_file=label_file)

    def _named(self, origin: object) -> Labels | None:
        if isinstance(origin, Labels):
            return origin if origin.format == self.name else None
        if isinstance(origin, str) and origin.startswith(f"{self.name}:") and "://" not in origin:
            return Labels(self.name, origin.removeprefix(f"{self.name}:"))
        return None


def _absolute(path: str | os.PathLike[str] | None) -> Path | None:
    return None if path is None else Path(path).expanduser().absolute()


def predicted_by(name: str) -> str:
    """The source of labels that have a score: a model's, called as the file or the field they stand in.

    Examples
    --------
    >>> predicted_by("my results")
    'model:my-results@imported'
    """
    plain = "-".join(name.replace("@", " ").replace(":", " ").split())
    return f"model:{plain or 'unknown'}@imported"
