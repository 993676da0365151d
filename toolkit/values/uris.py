"""Paths and URLs as text that a store keeps."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["absolute", "in_object_store", "is_url", "uri_of_text"]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
# Of what else fsspec opens, some reach any machine of a network: too much for a label file to ask for.
_OBJECT_STORES = frozenset(("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "memory"))


def is_url(origin: str) -> bool:
    """Whether an origin is a URL rather than a path."""
    return _URL.match(origin) is not None


def in_object_store(origin: str) -> bool:
    """Whether an origin is the address of an object store, which whoever has its keys reads.

    Examples
    --------
    >>> in_object_store("s3://bucket/a.jpg"), in_object_store("https://example.org/a.jpg"), in_object_store("a.jpg")
    (True, False, False)
    """
    return origin.partition("://")[0].casefold() in _OBJECT_STORES and is_url(origin)


def uri_of_text(origin: str) -> str:
    """The URI of a path or URL in a store: an absolute path, or the URL.

    A store keeps text, and a file's name need not be: a path that is not Unicode becomes a ``file://`` URL.
    """
    text = origin if is_url(origin) else str(absolute(origin))
    if "\0" in text:  # which no file's name has, and PostgreSQL does not keep
        text = text.replace("\0", "\\x00")
    if text.isascii() or _is_text(text):
        return text
    try:
        return Path(text).as_uri()
    except (UnicodeEncodeError, ValueError):  # a URL, or half of a surrogate pair: nothing that can be opened
        return text.encode(errors="backslashreplace").decode()


def absolute(path: str) -> Path:
    """A path as it is from anywhere, with the user's home and two dots in their meaning."""
    try:
        full = Path(path).expanduser().absolute()
    except RuntimeError:  # a file may be called ~x where there is no user x
        full = Path(path).absolute()
    try:
        return full.resolve() if ".." in full.parts else full
    except (OSError, RuntimeError, ValueError):  # a loop of links, a NUL: reading it says so
        return full


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
