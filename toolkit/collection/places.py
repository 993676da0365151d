"""Where the pictures of a collection are: which files are missing, and saying that a folder moved."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from ..errors import InputError, UnknownNameError
from ..files.kept import keep_picture as kept_file
from ..files.originals import LocalOriginals, Originals
from ..files.origins import in_object_store, is_file, is_original, is_url, path_of, uri_of
from ..files.patterns import is_pattern, pattern
from ..files.places import PictureFile, paths_of, read_content, stamp_of
from ..files.remote import has_remote
from ..remedies import Advice
from ..resources import Resources
from ..store import SeenFile
from ..values.types import Input

__all__ = [
    "MissingFile",
    "has_original",
    "inputs_below",
    "keep_picture",
    "missing_files",
    "picture_files",
    "relocate",
    "with_places",
]

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
    originals = of.originals
    return [
        MissingFile(one.id, one.uri, reason)
        for one, seen in _inputs_and_places(of)
        if (reason := _reason(one, seen, originals, of.settings.max_bytes)) is not None
    ]


def picture_files(of: Resources, ids: Sequence[str] | None) -> Iterator[PictureFile]:
    """Where the files of some inputs may be read, in the order given; of all in order of creation by default.

    Parameters
    ----------
    of : Resources
        The open collection.
    ids : sequence of str or None
        Ids of inputs.

    Raises
    ------
    UnknownNameError
        No input has one of the ids.
    """
    keys = of.snapshots.latest().inputs.key.tolist() if ids is None else of.store.inputs.keys(ids)
    for start in range(0, len(keys), CHUNK):
        with of.store.read():
            files = of.files(of.store.inputs.by_key(keys[start : start + CHUNK]))
        yield from files


def keep_picture(of: Resources, encoded: bytes, *, name: str = "") -> str | bytes:
    """The path of a picture to search by, beside the collection; itself where nothing can be written there.

    Parameters
    ----------
    of : Resources
        The open collection.
    encoded : bytes
        An image file.
    name : str
        What it was called.
    """
    originals = of.originals
    if of.store.readonly or not isinstance(originals, LocalOriginals):
        return encoded
    try:
        return str(kept_file(originals, encoded, name=name))
    except OSError:
        return encoded


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
    return with_places(of.snapshots.latest().inputs.key.tolist(), of)


def with_places(keys: Sequence[int], of: Resources) -> Iterator[tuple[Input, Sequence[SeenFile]]]:
    """Some inputs by key, each with every place that its content was seen at.

    Parameters
    ----------
    keys : sequence of int
        Of the inputs.
    of : Resources
        The open collection.
    """
    for start in range(0, len(keys), CHUNK):
        with of.store.read():
            inputs = of.store.inputs.by_key(keys[start : start + CHUNK])
            places: Mapping[str, Sequence[SeenFile]] = of.store.files.places({one.sha256 for one in inputs})
        for one in inputs:
            yield one, places.get(one.sha256, ())


def has_original(one: Input, places: Iterable[SeenFile]) -> bool:
    """Whether the collection has a copy of an input.

    Parameters
    ----------
    one : Input
        An input.
    places : iterable of SeenFile
        Every place that its content was seen at.
    """
    return is_original(one.uri) or any(is_original(place.uri) for place in places)


def _reason(one: Input, places: Sequence[SeenFile], originals: Originals, max_bytes: int) -> str | None:
    """Why the file of an input cannot be read; None if it can."""
    if any(_looks_the_same(place, originals) for place in places):
        return None
    paths = paths_of(one, (place.uri for place in places), originals)
    try:
        read_content(paths, one.sha256, uri=one.uri, max_bytes=max_bytes)
    except InputError as error:
        return error.reason
    return None


def _looks_the_same(place: SeenFile, originals: Originals) -> bool:
    if is_original(place.uri):
        return place.sha256 is not None and originals.has(place.sha256)
    if in_object_store(place.uri):
        return has_remote(place.uri)
    return stamp_of(place.uri) == (place.size, place.modified_ns)


def _below(uri: str, before: str, after: str) -> str | None:
    """A URI with one beginning in place of another; None if it does not begin so."""
    if not (is_file(uri) and is_file(before)):
        rest = uri.removeprefix(before)
        starts = uri.startswith(before) and (not rest or rest[0] in "/?#" or before.endswith("/"))
        return after + rest if starts else None
    path, folder = PurePath(path_of(uri)), PurePath(path_of(before))
    if not path.is_relative_to(folder):
        return None
    return uri_of(str(PurePath(path_of(after)) / path.relative_to(folder)))


def _where(uris: Iterable[str]) -> str:
    """Where pictures are, in words."""
    folders = {str(PurePath(path_of(uri)).parent) for uri in uris if is_file(uri)}
    try:
        return f"they are below {os.path.commonpath(folders)}"
    except ValueError:  # none at all, or on several drives
        return "it has none that are files" if not folders else f"one is in {min(folders)}"
