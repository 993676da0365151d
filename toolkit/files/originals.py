"""Files of inputs that came as bytes or by URL, stored by their content beside the store or where a team reads them."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from ..errors import QueryError, StoreError
from ..values.uris import absolute, is_url
from .contents import CONTENT, checked, read_bytes
from .remote_originals import USERS, RemoteOriginals
from .stored_file import LARGEST, StoredFile

__all__ = ["LocalOriginals", "Originals", "add_all", "location_of", "originals_at", "remove_all"]

AT_ONCE = 16  # requests to an object store: each waits longer for its answer than it takes to make
T = TypeVar("T")


class Originals(Protocol):
    """The collection's copies of encoded images, each named by its sha256."""

    @property
    def location(self) -> str:
        """Where they are: a folder, or an address that fsspec opens."""
        ...

    def place(self, sha256: str) -> str:
        """Where the file with this hash is, or would be."""
        ...

    def has(self, sha256: str) -> bool:
        """Whether the file with this hash is there."""
        ...

    def read(self, sha256: str, *, max_bytes: int = LARGEST) -> bytes:
        """The file with this hash.

        Parameters
        ----------
        sha256 : str
            The SHA-256 of its bytes, in hexadecimal.
        max_bytes : int
            The largest file that is read.
        """
        ...

    def add(self, encoded: bytes, sha256: str) -> None:
        """Write a file, unless one with the same content is there; all of it or nothing.

        Parameters
        ----------
        encoded : bytes
            The bytes of an image file.
        sha256 : str
            The SHA-256 of these bytes, in hexadecimal.
        """
        ...

    def remove(self, sha256: str) -> None:
        """Remove a file, if it is there."""
        ...

    def stored(self) -> Iterator[StoredFile]:
        """Every file that is there."""
        ...

    def users(self) -> frozenset[str]:
        """The names of the collections that keep their copies here; none of a folder that one has for itself."""
        ...

    def join(self, collection: str) -> None:
        """Note that a collection keeps its copies here."""
        ...

    def leave(self, collection: str) -> None:
        """Note that a collection does not keep its copies here any more."""
        ...

    def close(self) -> None:
        """Let go of what is held; closing twice is allowed."""
        ...


def location_of(given: str | os.PathLike[str]) -> str:
    """A place for originals, as it is stored with a collection: an absolute folder, or an address.

    Raises
    ------
    QueryError
        An address with a password in it, which everybody who opens the collection would read, or one of several.

    Examples
    --------
    >>> location_of("s3://bucket/originals/"), location_of("/mnt/team/../photos")
    ('s3://bucket/originals', '/mnt/photos')
    """
    text = os.fspath(given)
    if "::" in text and "://" in text:
        raise QueryError(f"the originals are at one address, not at {text!r:.100}")
    if not is_url(text):
        return str(absolute(text))
    user, has_user, _ = text.partition("://")[2].partition("/")[0].rpartition("@")
    if has_user and ":" in user:
        raise QueryError("everybody who opens the collection reads this address: leave out the password")
    return text.rstrip("/")


def originals_at(location: str | None) -> Originals:
    """The originals at a place; None keeps them in a temporary folder."""
    if location is not None and is_url(location):
        return RemoteOriginals(location)
    return LocalOriginals(None if location is None else Path(location))


def add_all(originals: Originals, files: Mapping[str, bytes]) -> None:
    """Write files that are not there, several at a time where each is a request.

    Parameters
    ----------
    originals : Originals
        Where.
    files : mapping of str to bytes
        Encoded images, by their SHA-256.

    Raises
    ------
    StoreError
        One cannot be written; others may have been.
    """
    _each(originals, lambda sha256: originals.add(files[sha256], sha256), files)


def remove_all(originals: Originals, contents: Iterable[str]) -> None:
    """Remove files, several at a time where each is a request.

    Parameters
    ----------
    originals : Originals
        Where.
    contents : iterable of str
        SHA-256 of each.

    Raises
    ------
    StoreError
        One cannot be removed; others may have been.
    """
    _each(originals, originals.remove, contents)


def _each(originals: Originals, do: Callable[[str], None], contents: Iterable[str]) -> None:
    some = list(contents)
    if isinstance(originals, LocalOriginals) or len(some) < 2:
        for content in some:
            do(content)
    else:
        with ThreadPoolExecutor(min(AT_ONCE, len(some))) as pool:
            for _ in pool.map(do, some):
                pass


class LocalOriginals:
    """A folder of encoded images, each named by its sha256.

    Parameters
    ----------
    directory : Path or None
        Where; made at the first write. None keeps them in a temporary folder, which goes with `close`, or without
        a word when nothing refers to this any more.
    """

    def __init__(self, directory: Path | None) -> None:
        self._remove: weakref.finalize[..., LocalOriginals] | None = None
        if directory is None:
            directory = Path(tempfile.mkdtemp(prefix="toolkit-"))
            self._remove = weakref.finalize(self, shutil.rmtree, directory, ignore_errors=True)
        self._directory: Path | None = directory
        self.location = str(directory)

    def place(self, sha256: str) -> str:
        """The path of the file with this hash, as text.

        Raises
        ------
        StoreError
            After closing.
        """
        return str(self.path(sha256))

    def has(self, sha256: str) -> bool:
        """Whether the file with this hash is there."""
        return self.path(sha256).exists()

    def path(self, sha256: str) -> Path:
        """Where the file with this hash is, or would be.

        Raises
        ------
        StoreError
            After closing.
        """
        return self._folder() / sha256[:2] / sha256

    def read(self, sha256: str, *, max_bytes: int = LARGEST) -> bytes:
        """The file with this hash.

        Parameters
        ----------
        sha256 : str
            The SHA-256 of its bytes, in hexadecimal.
        max_bytes : int
            The largest file that is read.

        Raises
        ------
        InputError
            It is not there, cannot be read, or holds something else.
        """
        path = self.place(sha256)
        return checked(read_bytes(path, max_bytes=max_bytes), sha256, path)

    def add(self, encoded: bytes, sha256: str) -> None:
        """Write a file, unless one with the same content is there; all of it or nothing.

        Parameters
        ----------
        encoded : bytes
            The bytes of an image file.
        sha256 : str
            The SHA-256 of these bytes, in hexadecimal.

        Raises
        ------
        StoreError
            It cannot be written: no space left, no permission.
        """
        path = self.path(sha256)
        if path.exists():
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, encoded)
        except OSError as error:
            raise StoreError(f"cannot store a picture at {path}: {error.strerror}") from error

    def remove(self, sha256: str) -> None:
        """Remove a file, if it is there."""
        self.path(sha256).unlink(missing_ok=True)

    def stored(self) -> Iterator[StoredFile]:
        """Every file that is there, by its content."""
        for path in sorted(self._folder().glob("??/*")):
            if CONTENT.fullmatch(path.name) and path.is_file():
                yield StoredFile(path.name, str(path), path.stat().st_size)

    def users(self) -> frozenset[str]:
        """The names of the collections that keep their copies here; none of a folder that one has for itself."""
        folder = self._folder() / USERS
        return frozenset(path.name for path in folder.iterdir()) if folder.is_dir() else frozenset()

    def join(self, collection: str) -> None:
        """Note that a collection keeps its copies here.

        Raises
        ------
        StoreError
            It cannot be written.
        """
        path = self._folder() / USERS / collection
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        except OSError as error:
            raise StoreError(f"cannot store a picture at {self.location}: {error.strerror}") from error

    def leave(self, collection: str) -> None:
        """Note that a collection does not keep its copies here any more."""
        (self._folder() / USERS / collection).unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the temporary folder, if there is one; closing twice is allowed."""
        self._directory = None
        if self._remove:
            self._remove()

    def _folder(self) -> Path:
        if self._directory is None:
            raise StoreError("this collection is closed; open it again with toolkit.open(...)")
        return self._directory


def _write(path: Path, encoded: bytes) -> None:
    """Write to a temporary name first, so that no reader ever sees half a file."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix="unfinished-", delete=False) as partial:
        try:
            partial.write(encoded)
            partial.flush()
            Path(partial.name).replace(path)
        except BaseException:
            Path(partial.name).unlink(missing_ok=True)
            raise
