"""What the files of a cached snapshot hold, written so that any damage to it shows."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .array_file import ArrayFile

__all__ = ["Header"]

FORMAT = 1


@dataclass(frozen=True)
class Header:
    """Which snapshot of which store lies in which files.

    Parameters
    ----------
    store_id : str
        Of the store.
    words : mapping
        All of the snapshot that is no array, from `layout.words_of`.
    files : mapping of str to ArrayFile
        By the name of the array.
    """

    store_id: str
    words: Mapping[str, Any]
    files: Mapping[str, ArrayFile]

    def encoded(self) -> bytes:
        """As it is written: JSON with a checksum."""
        content = {"format": FORMAT, **asdict(self)}
        return json.dumps({"checksum": _checksum(content), "content": content}, indent=1).encode()

    @classmethod
    def decoded(cls, encoded: bytes) -> Header:
        """The header that was encoded.

        Raises
        ------
        ValueError
            If it is damaged or of another format; text of another kind raises other exceptions.
        """
        written = json.loads(encoded)
        content = written["content"]
        if written["checksum"] != _checksum(content):
            raise ValueError("the header is damaged")
        if content["format"] != FORMAT:
            raise ValueError(f"the header is of format {content['format']}, not {FORMAT}")
        return cls(
            store_id=content["store_id"],
            words=content["words"],
            files={name: ArrayFile.of(file) for name, file in content["files"].items()},
        )


def _checksum(content: Mapping[str, Any]) -> int:
    return zlib.crc32(json.dumps(content, sort_keys=True).encode())
