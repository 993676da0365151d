"""What is known of a copy without reading it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["LARGEST", "StoredFile"]

LARGEST: Final = 2**30  # bytes of a picture's file


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A copy that a collection keeps.

    Parameters
    ----------
    sha256 : str
        Its content.
    place : str
        Its path, or its address.
    bytes : int
        How large it is.
    """

    sha256: str
    place: str
    bytes: int

    def __str__(self) -> str:
        return f"{self.place} ({self.bytes:,} bytes)"
