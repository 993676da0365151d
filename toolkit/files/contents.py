"""Files as bytes: reading them without waiting, and naming them by content."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from typing import Final

from ..errors import InputError

__all__ = ["CONTENT", "checked", "read_bytes", "sha256_of"]

CONTENT: Final = re.compile(r"[0-9a-f]{64}")
"""What the name of a content looks like."""


def read_bytes(path: str | os.PathLike[str], *, max_bytes: int) -> bytes:
    """Content of a regular file; a link to one counts.

    Parameters
    ----------
    path : str or path-like
        A file.
    max_bytes : int
        The largest file that is read, in bytes.

    Raises
    ------
    InputError
        Missing, not readable, larger than `max_bytes`, or a folder, a pipe or a device: those are never
        waited for.
    """
    uri = os.fspath(path)
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise InputError(uri, "not a regular file")
            if status.st_size > max_bytes:
                raise InputError(uri, f"{status.st_size} bytes, over the limit of {max_bytes}")
            return file.read(status.st_size)
    except OSError as error:
        raise InputError(uri, (error.strerror or str(error)).lower()) from error
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(uri, "not a file name") from error  # holds a NUL or half a surrogate pair


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # else opening a pipe waits for its writer


def sha256_of(encoded: bytes) -> str:
    """SHA-256 of an encoded file, 64 hexadecimal digits.

    Examples
    --------
    >>> sha256_of(b"")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(encoded).hexdigest()


def checked(encoded: bytes, sha256: str, uri: str) -> bytes:
    """The same bytes, if they are of the content that is named.

    Parameters
    ----------
    encoded : bytes
        What was read.
    sha256 : str
        The content, as 64 hexadecimal digits.
    uri : str
        What to call it in an error.

    Raises
    ------
    InputError
        They are not.
    """
    if sha256_of(encoded) != sha256:
        raise InputError(uri, "the file has changed since it was added")
    return encoded
