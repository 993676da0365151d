"""Bytes as text that JSON can hold: base64, read strictly."""

from __future__ import annotations

from base64 import b64decode, b64encode

__all__ = ["from_base64", "to_base64"]


def to_base64(data: bytes) -> str:
    """The text of some bytes.

    Examples
    --------
    >>> to_base64(b"abc")
    'YWJj'
    """
    return b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """The bytes of a text.

    Raises
    ------
    ValueError
        It holds another character, or ends too early; the error says which.

    Examples
    --------
    >>> from_base64("YWJj")
    b'abc'
    """
    return b64decode(text, validate=True)
