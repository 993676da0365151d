"""Where the pictures of a collection are: which files are missing, and saying that a folder moved."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from ..errors import InputError, UnknownNameError
from ..files.origins import is_original, is_url, path_of, uri_of
from ..files.patterns import is_pattern, pattern
from ..files.places import paths_of, read_content, stamp_of
from ..remedies import Advice
from ..resources import Resources
from ..store import SeenFile
from ..values.types import Input

__all__ = ["MissingFile", "inputs_below", "missing_files", "relocate"]

CHUNK = 1024  # inputs looked at at once


@dataclass(frozen=True, slots=True)
class MissingFile:
    """An input whose picture cannot be read at any place.

    Parameters
    ----------
    id : str
        The input's.
    uri : str
        Where it was read last.
    reason : str
        Why it cannot be read there.
    """

    id: str
    uri: str
    reason: str

    def __str__(self) -> str:
        return f"{self.uri}: {self.reason} (input {self.id})"


def missing_files(of: Resources) -> list[MissingFile]:
    """The inputs whose content is at no place any more, in order of creation.

    A file that looks as it did is not read; one that looks otherwise is.

    Parameters
    ----------
    of : Resources
        The open collection.
    """
    return [
        MissingFile(one.id, one.uri, reason)
        for one, seen in _inputs_and_places(of)
        if (reason := _reason(one, seen, of)) is not None
    ]


def relocate(of: Resources, old: str | Path, new: str | Path) -> int:
    """The number of places that are below another folder now; the files themselves are not touched.

    Parameters
    ----------
    of : Resources
        The open collection.
    old, new : str or Path
        A folder, a file or the beginning of a URL, as it was, and as it is.

    Raises
    ------
    InputError
        No place is below the old one, or none of the files is below the new one; nothing is changed.
    """
    before, after = uri_of(os.fspath(old)), uri_of(os.fspath(new))
    uris = of.store.files.uris()
    renamed = {uri: new_uri for uri in uris if (new_uri := _below(uri, before, after)) is not None}
    if not renamed:
        raise InputError(before, f"no picture of this collection is below it; {_where(uris)}")
    if not is_url(after) and not any(Path(path_of(uri)).exists() for uri in renamed.values()):
        raise InputError(after, f"none of the {len(renamed):,} pictures is there; nothing was changed")
    with of.store.write() as batch:
        batch.files.rename(renamed)
    return len(renamed)


def inputs_below(of: Resources, path: str | Path) -> list[str]:
    """The ids of the inputs with a picture in a folder, or at a path that matches a pattern, in order of creation.

    Parameters
    ----------
    of : Resources
        The open collection.
    path : str or Path
        A folder, or a pattern with ``*``, ``?``, ``[...]`` or ``**``; a picture's own path is one, too.

    Raises
    ------
    UnknownNameError
        There is none.
    """
    wanted = uri_of(os.fspath(path))
    whole = pattern(path_of(wanted)) if is_pattern(wanted) else None
    found = [
        one.id
        for one, places in _inputs_and_places(of)
        if any(_is_there(uri, wanted, whole) for uri in {one.uri, *(place.uri for place in places)})
    ]
    if not found:
        hint = Advice("No picture is there; ", _where(of.store.files.uris()), ".")
        raise UnknownNameError("folder, pattern or picture", os.fspath(path), hint=hint)
    return found


def _is_there(uri: str, wanted: str, whole: re.Pattern[str] | None) -> bool:
    return _below(uri, wanted, "") is not None if whole is None else bool(whole.fullmatch(path_of(uri)))


def _inputs_and_places(of: Resources) -> Iterator[tuple[Input, Sequence[SeenFile]]]:
    keys = of.snapshots.latest().inputs.key.tolist()
    for start in range(0, len(keys), CHUNK):
        with of.store.read():
            inputs = of.store.inputs.by_key(keys[start : start + CHUNK])
            places: Mapping[str, Sequence[SeenFile]] = of.store.files.places({one.sha256 for one in inputs})
        for one in inputs:
            yield one, places.get(one.sha256, ())


def _reason(one: Input, places: Sequence[SeenFile], of: Resources) -> str | None:
    """Why the file of an input cannot be read; None if it can."""
    if any(_looks_the_same(place, of) for place in places):
        return None
    paths = paths_of(one, (place.uri for place in places), of.originals)
    try:
        read_content(paths, one.sha256, uri=one.uri, max_bytes=of.settings.max_bytes)
    except InputError as error:
        return error.reason
    return None


def _looks_the_same(place: SeenFile, of: Resources) -> bool:
    if is_original(place.uri):
        return place.sha256 is not None and of.originals.path(place.sha256).exists()
    return stamp_of(place.uri) == (place.size, place.modified_ns)


def _below(uri: str, before: str, after: str) -> str | None:
    """A URI with one beginning in place of another; None if it does not begin so."""
    if is_original(uri) or is_original(before):
        rest = uri.removeprefix(before)
        starts = uri.startswith(before) and (not rest or rest[0] in "/?#" or before.endswith("/"))
        return after + rest if starts else None
    path, folder = PurePath(path_of(uri)), PurePath(path_of(before))
    if not path.is_relative_to(folder):
        return None
    return uri_of(str(PurePath(path_of(after)) / path.relative_to(folder)))


def _where(uris: Iterable[str]) -> str:
    """Where pictures are, in words."""
    folders = {str(PurePath(path_of(uri)).parent) for uri in uris if not is_original(uri)}
    try:
        return f"they are below {os.path.commonpath(folders)}"
    except ValueError:  # none at all, or on several drives
        return "it has none that are files" if not folders else f"one is in {min(folders)}"
