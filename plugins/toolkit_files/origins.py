"""The origin of a record, from every form in which a picture may be given."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
from PIL import Image

from toolkit.plugins import InputError, encode_png, from_array, upright

__all__ = ["absolute", "expand_user", "is_path", "looks_like_url", "origin_of"]


def origin_of(value: object) -> str | bytes:
    """An absolute path or a URL as text, or an encoded file as bytes. Whether a path exists is not checked.

    Raises
    ------
    InputError
        The value is no picture.
    """
    if isinstance(value, str) and looks_like_url(value):
        return value
    if isinstance(value, str | os.PathLike):
        return str(absolute(value))
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if isinstance(value, Image.Image):
        return encode_png(upright(value))
    if isinstance(value, np.ndarray):
        return encode_png(from_array(value))
    kind = type(value).__name__
    raise InputError(f"<{kind}>", "not a picture; give a path, a URL, bytes, a PIL image or an array")


def looks_like_url(origin: object) -> bool:
    """Whether it is a string that begins with a scheme and ``://``."""
    return isinstance(origin, str) and re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", origin) is not None


def is_path(origin: object) -> bool:
    """Whether it is a string or a path, and no URL."""
    return isinstance(origin, str | os.PathLike) and not looks_like_url(origin)


def absolute(path: str | os.PathLike[str]) -> Path:
    """The path from the root, ``~`` expanded; links keep the names they were given by.

    Raises
    ------
    InputError
        It is empty or no file name at all.
    """
    if not os.fspath(path):
        raise InputError("''", "an empty path; '.' is the current folder")
    try:
        full = expand_user(path).absolute()
        return full.resolve() if ".." in full.parts else full
    except (OSError, RuntimeError, TypeError, ValueError) as error:  # a NUL, bytes, a loop of links
        raise InputError(str(path), f"not a file name: {error}") from error


def expand_user(path: str | os.PathLike[str]) -> Path:
    """The path with ``~`` replaced by a user's home, if there is such a user."""
    try:
        return Path(path).expanduser()
    except RuntimeError:  # a file may be called ~x where there is no user x
        return Path(path)
