"""Files of inputs that came as bytes or by URL, stored by their content beside the store or where a team reads them."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Protocol

from ..errors import QueryError, StoreError
from ..values.uris import absolute, is_url
from .remote import RemoteOriginals

__all__ = ["LocalOriginals", "Originals", "location_of", "originals_at"]


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
        if self._directory is None:
            raise StoreError("this collection is closed; open it again with toolkit.open(...)")
        return self._directory / sha256[:2] / sha256

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

    def close(self) -> None:
        """Remove the temporary folder, if there is one; closing twice is allowed."""
        self._directory = None
        if self._remove:
            self._remove()


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
