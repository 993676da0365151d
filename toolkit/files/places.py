"""Places of a content: every file and URL that it was seen at, and reading it from whichever still has it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError
from ..values.types import Input
from ..values.uris import is_url
from .contents import checked, read_bytes
from .originals import Originals
from .origins import is_original, path_of
from .remote import read_remote
from .stored_file import LARGEST

__all__ = ["PictureFile", "Stamp", "paths_of", "read_content", "stamp_of"]

Stamp = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds; both 0 for what is no file."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """The encoded file of an input, wherever it is. It needs no open collection, and can be pickled.

    Parameters
    ----------
    id : str
        The input's.
    uri : str
        Where it was read last.
    sha256 : str
        Its content.
    places : tuple of str
        The paths at which it may be, in the order in which they are tried; the collection's own copy is the last.
    """

    id: str
    uri: str
    sha256: str
    places: tuple[str, ...]

    @property
    def path(self) -> Path | None:
        """The file of the user's that it is read from now; None for bytes and URLs, and where no file is there.

        A file that was replaced by another picture counts as there: only `read` looks at what it holds.
        """
        paths = (Path(place) for place in self.places[:-1] if not is_url(place))
        return next((path for path in paths if path.is_file()), None)

    def read(self, *, max_bytes: int = LARGEST) -> bytes:
        """The encoded file, from the first place that has it.

        Parameters
        ----------
        max_bytes : int
            The largest file that is read.

        Raises
        ------
        InputError
            Every place is gone, or holds another picture now.
        """
        return read_content(self.places, self.sha256, uri=self.uri, max_bytes=max_bytes)


def stamp_of(uri: str) -> Stamp:
    """How a file looks now, so that a later look sees whether it changed."""
    path = path_of(uri)
    if "://" in path and is_url(path):
        return 0, 0
    try:
        status = os.stat(path)  # noqa: PTH116  (a Path would take as long as the look itself)
    except (OSError, ValueError):
        return 0, 0
    return status.st_size, status.st_mtime_ns


def paths_of(one: Input, uris: Iterable[str], originals: Originals) -> tuple[str, ...]:
    """The paths at which the file of an input may be read, in the order in which they are tried.

    Parameters
    ----------
    one : Input
        An input.
    uris : iterable of str
        Every place its content was seen at; its own is tried first.
    originals : Originals
        The collection's copies, of which one is tried last.
    """
    files = (path_of(uri) for uri in (one.uri, *uris) if not is_original(uri))
    return (*dict.fromkeys(files), originals.place(one.sha256))


def read_content(paths: Sequence[str], sha256: str, *, uri: str, max_bytes: int) -> bytes:
    """The bytes of a file with a content, from the first path that has it.

    Parameters
    ----------
    paths : sequence of str
        Where to look, at least one; the first one's error is the one that is raised.
    sha256 : str
        The content, as 64 hexadecimal digits.
    uri : str
        What to call it in an error.
    max_bytes : int
        The largest file that is read.

    Raises
    ------
    InputError
        No path has the content: the files are gone, or hold other pictures now.
    """
    reasons: list[str] = []
    for path in paths:
        try:
            read = read_remote if is_url(path) else read_bytes
            return checked(read(path, max_bytes=max_bytes), sha256, path)
        except InputError as error:
            reasons.append(error.reason)
    raise InputError(uri, reasons[0])
