"""The collection's copies of bytes and URLs: moved to where a team reads them, and removed once nothing uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from ..errors import InputError, StoreError
from ..files.originals import Originals, add_all, location_of, originals_at, remove_all
from ..files.stored_file import StoredFile
from ..resources import ORIGINALS, Resources
from ..values.chunks import chunks
from .places import has_original, with_places

__all__ = [
    "copy_files",
    "move_originals",
    "original_contents",
    "prune_originals",
    "remove_unused",
    "unused_originals",
]

NO_FILE = "0" * 64  # a hash that no file has
AT_ONCE = 32  # files in memory at once
IN_ONE_TRANSACTION = 256  # files removed while nobody can add a picture


def move_originals(of: Resources, location: str | Path) -> int:
    """The number of pictures that were copied to another place for originals, which is stored with the collection.

    Parameters
    ----------
    of : Resources
        The open collection.
    location : str or Path
        A folder, or an address that fsspec opens.

    Raises
    ------
    QueryError
        The address holds a password.
    StoreError
        It cannot be written there; nothing is changed.
    MissingExtraError
        fsspec, or what it needs for that address, is not installed.
    """
    before, after = of.originals, originals_at(location_of(location))
    after.has(NO_FILE)  # a place that cannot be reached is refused, whether there is something to copy or not
    done: set[str] = set()
    count = 0 if of.store.readonly else _copied(before, after, of, done)
    # What was added meanwhile is copied while nobody can add more: the rest may take hours.
    with of.store.write() as batch:
        count += _copied(before, after, of, done)
        after.join(of.store.id)
        batch.properties.set(ORIGINALS, after.location)
    if before.location != after.location:
        with suppress(StoreError):  # else the files there, which are left anyway, stay for good
            before.leave(of.store.id)
    return count


def _copied(before: Originals, after: Originals, of: Resources, done: set[str]) -> int:
    """How many originals were copied that are not among those done, to which they are added."""
    contents = original_contents(of) - done
    there = {content for content in contents if before.has(content)}
    done |= contents
    copied, lost = copy_files(before, after, there, max_bytes=of.settings.max_bytes)
    if lost:
        raise lost[0]
    return copied


def original_contents(of: Resources) -> set[str]:
    """The contents that came as bytes or by URL, so that the collection has copies of them."""
    keys = of.store.inputs.keys(of.store.inputs.ids())  # and no snapshot, which is not taken while writing
    return {one.sha256 for one, seen in with_places(keys, of) if has_original(one, seen)}


def copy_files(
    before: Originals,
    after: Originals,
    contents: Iterable[str],
    *,
    max_bytes: int,
    done: Callable[[int], object] = lambda _: None,
) -> tuple[int, list[InputError]]:
    """How many files were copied that were not there, and why others cannot be read.

    Parameters
    ----------
    before, after : Originals
        Where they are, and where they go.
    contents : iterable of str
        SHA-256 of each.
    max_bytes : int
        The largest file that is read.
    done : callable
        Is given how many more files were looked at.

    Raises
    ------
    StoreError
        It cannot be written there; what was copied stays, and is not copied again.
    """
    count, lost = 0, list[InputError]()
    for some in chunks(sorted(contents), AT_ONCE):
        files: dict[str, bytes] = {}
        for content in some:
            if after.has(content):
                continue
            try:
                files[content] = before.read(content, max_bytes=max_bytes)
            except InputError as error:
                lost.append(error)
        add_all(after, files)
        count += len(files)
        done(len(some))
    return count, lost


def remove_unused(contents: Iterable[str], of: Resources) -> int:
    """How many of some copies were removed: those that no input has, of a collection that alone keeps its copies there.

    Parameters
    ----------
    contents : iterable of str
        SHA-256 of each.
    of : Resources
        The open collection.
    """
    contents = list(contents)
    if not contents or _others(of):
        return 0
    removed = 0
    for some in chunks(contents, IN_ONE_TRANSACTION):
        with of.store.write():  # while it lasts, no picture is added that has one of them
            unused = set(some) - of.store.inputs.keys_by_content(some).keys()
            remove_all(of.originals, unused)
        removed += len(unused)
    return removed


def unused_originals(of: Resources) -> list[StoredFile]:
    """The copies that no input has: of pictures that were deleted, or whose adding was interrupted.

    Parameters
    ----------
    of : Resources
        The open collection.

    Raises
    ------
    StoreError
        Other collections keep their copies at the same place, or it cannot be reached.
    """
    if others := _others(of):
        raise StoreError(
            f"{len(others):,} other collections keep their copies at {of.originals.location}, so that what is unused "
            "there cannot be told from here"
        )
    found: list[StoredFile] = []
    for some in chunks(of.originals.stored(), IN_ONE_TRANSACTION):
        used = of.store.inputs.keys_by_content({one.sha256 for one in some})
        found += [one for one in some if one.sha256 not in used]
    return found


def prune_originals(of: Resources) -> list[StoredFile]:
    """Remove the copies that no input has, and return what they were.

    Parameters
    ----------
    of : Resources
        The open collection.

    Raises
    ------
    StoreError
        Other collections keep their copies at the same place, or it cannot be reached.
    """
    unused = unused_originals(of)
    remove_unused((one.sha256 for one in unused), of)
    return unused


def _others(of: Resources) -> frozenset[str]:
    """The names of other collections that keep their copies at the same place: one may need what this does not."""
    return of.originals.users() - {of.store.id}
