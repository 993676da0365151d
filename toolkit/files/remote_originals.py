"""Originals in an object store, or wherever else fsspec reaches, so that everybody of a team reads them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

from .contents import CONTENT, checked
from .remote import has_remote, in_words, opened, read_remote
from .stored_file import LARGEST, StoredFile

__all__ = ["RemoteOriginals"]

USERS = "collections"  # the folder of the names of those that keep their copies here
# Where a file is there as a whole once it is written, or not at all; elsewhere it is renamed when it is complete.
WHOLE = frozenset(("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss"))


class RemoteOriginals:
    """A folder of encoded images at an address that fsspec opens, each named by its sha256.

    Parameters
    ----------
    location : str
        Such as ``"s3://bucket/originals"``. Who may read it is up to the environment, as fsspec has it: an address
        holds no password.

    Examples
    --------
    >>> RemoteOriginals("s3://bucket/originals/").place("ab" * 32)[:31]
    's3://bucket/originals/ab/ababab'
    """

    def __init__(self, location: str) -> None:
        self.location = location.rstrip("/")

    def place(self, sha256: str) -> str:
        """The address of the file with this hash, whether it is there or not."""
        return f"{self.location}/{sha256[:2]}/{sha256}"

    def has(self, sha256: str) -> bool:
        """Whether the file with this hash is there.

        Raises
        ------
        StoreError
            The place cannot be reached.
        """
        return has_remote(self.place(sha256))

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
            It is not there, cannot be reached now, or holds something else.
        """
        place = self.place(sha256)
        return checked(read_remote(place, max_bytes=max_bytes), sha256, place)

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
            It cannot be written.
        """
        if not self.has(sha256):
            self._write(self.place(sha256), encoded)

    def remove(self, sha256: str) -> None:
        """Remove a file, if it is there.

        Raises
        ------
        StoreError
            It cannot be removed.
        """
        self._remove(self.place(sha256))

    def stored(self) -> Iterator[StoredFile]:
        """Every file that is there, by its content.

        Raises
        ------
        StoreError
            The place cannot be reached.
        """
        for name, size in self._below(self.location):
            if CONTENT.fullmatch(name):
                yield StoredFile(name, self.place(name), size)

    def users(self) -> frozenset[str]:
        """The names of the collections that keep their copies here.

        Raises
        ------
        StoreError
            The place cannot be reached.
        """
        return frozenset(name for name, _ in self._below(f"{self.location}/{USERS}"))

    def join(self, collection: str) -> None:
        """Note that a collection keeps its copies here.

        Raises
        ------
        StoreError
            It cannot be written.
        """
        self._write(f"{self.location}/{USERS}/{collection}", b"")

    def leave(self, collection: str) -> None:
        """Note that a collection does not keep its copies here any more.

        Raises
        ------
        StoreError
            It cannot be written.
        """
        self._remove(f"{self.location}/{USERS}/{collection}")

    def close(self) -> None:
        """Do nothing: what fsspec opened is its own to close."""

    def _write(self, place: str, encoded: bytes) -> None:
        system, path = opened(place)
        with in_words("store a picture at", place):
            if place.partition("://")[0] in WHOLE:
                system.pipe_file(path, encoded)
                return
            partial = f"{path}.{uuid4().hex}.unfinished"
            system.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            system.pipe_file(partial, encoded)
            system.mv(partial, path)

    def _remove(self, place: str) -> None:
        system, path = opened(place)
        with in_words("remove", place), suppress(FileNotFoundError):
            system.rm_file(path)

    def _below(self, place: str) -> list[tuple[str, int]]:
        """The last part of the name of each file below a place, and its size."""
        system, path = opened(place)
        found: dict[str, dict[str, Any]] = {}
        with in_words("reach", place), suppress(FileNotFoundError):
            system.invalidate_cache()
            found = system.find(path, detail=True)
        return [(name.rsplit("/", 1)[-1], int(about.get("size") or 0)) for name, about in found.items()]
