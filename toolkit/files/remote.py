"""Originals in an object store, or wherever else fsspec reaches, so that everybody of a team reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ..errors import InputError, MissingExtraError, StoreError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

__all__ = ["RemoteOriginals", "read_remote"]


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
        system, path = _opened(self.place(sha256))
        try:
            return bool(system.exists(path))
        except Exception as error:  # of whatever library opens the address
            raise StoreError(f"cannot reach {self.location}: {_text(error)}") from error

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
        place = self.place(sha256)
        system, path = _opened(place)
        partial = f"{path}.{uuid4().hex}.unfinished"
        try:
            if system.exists(path):
                return
            system.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            system.pipe_file(partial, encoded)
            system.mv(partial, path)
        except Exception as error:  # of whatever library opens the address
            raise StoreError(f"cannot store a picture at {place}: {_text(error)}") from error

    def remove(self, sha256: str) -> None:
        """Remove a file, if it is there.

        Raises
        ------
        StoreError
            It cannot be removed.
        """
        system, path = _opened(self.place(sha256))
        try:
            system.rm_file(path)
        except FileNotFoundError:
            return
        except Exception as error:  # of whatever library opens the address
            raise StoreError(f"cannot remove {self.place(sha256)}: {_text(error)}") from error

    def close(self) -> None:
        """Do nothing: what fsspec opened is its own to close."""


def read_remote(place: str, *, max_bytes: int) -> bytes:
    """The bytes of a file at an address that fsspec opens.

    Parameters
    ----------
    place : str
        An address.
    max_bytes : int
        The largest file that is read, in bytes.

    Raises
    ------
    InputError
        It is not there, too large, or cannot be reached.
    """
    try:
        system, path = _opened(place)
        size = int(system.size(path) or 0)
        if size > max_bytes:
            raise InputError(place, f"{size} bytes, over the limit of {max_bytes}")
        return bytes(system.cat_file(path))
    except InputError:
        raise
    except FileNotFoundError as error:
        raise InputError(place, "no such file or directory") from error
    except Exception as error:  # of whatever library opens the address
        raise InputError(place, _text(error)) from error


def _opened(place: str) -> tuple[AbstractFileSystem, str]:
    """The file system of an address, and the path in it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise MissingExtraError(f"opening {place}", "fsspec", "remote") from error
    try:
        found: tuple[Any, str] = url_to_fs(place)
    except (ImportError, ValueError, OSError) as error:
        raise StoreError(f"cannot open {place}: {_text(error)}") from error
    return found


def _text(error: Exception) -> str:
    return f"{error!s:.200}" or type(error).__name__
