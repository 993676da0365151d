"""What is known of a file of numbers, and how it is told from another one."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import FileIO
from math import prod
from typing import Any

import numpy as np

__all__ = ["ArrayFile", "BlockSums", "checksum", "is_damaged"]

WHOLE = 4 * 2**20  # bytes; the checksum of anything larger is of samples, or opening would read gigabytes
PAGE = 4_096
SAMPLES = 64


@dataclass(frozen=True, slots=True)
class ArrayFile:
    """What is known of a file, to tell whether it is still the one that was written.

    Parameters
    ----------
    name : str
        In the directory.
    kind : str
        dtype, little-endian, as NumPy spells it.
    shape : tuple of int
    mtime_ns : int
        When it was last written to.
    checksum : int
        CRC 32 of the whole file, or of pages spread over a large one.
    blocks : tuple of int
        CRC 32 of every block of 4 MiB of a large file: for `ArrayFiles.damaged`, which reads all of it.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    mtime_ns: int
    checksum: int
    blocks: tuple[int, ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> ArrayFile:
        """What ``dataclasses.asdict`` made, and JSON brought back."""
        return cls(**{**values, "shape": tuple(values["shape"]), "blocks": tuple(values.get("blocks", ()))})

    @property
    def size(self) -> int:
        """In bytes."""
        return prod(self.shape) * np.dtype(self.kind).itemsize


@dataclass
class BlockSums:
    """The checksums of the blocks of a file, as it is written.

    Parameters
    ----------
    full : list of int
        CRC 32 of each full block so far.
    size : int
        How many bytes the block that is not full has.
    last : int
        CRC 32 of those.
    """

    full: list[int] = field(default_factory=list)
    size: int = 0
    last: int = 0

    @classmethod
    def of(cls, file: ArrayFile | None) -> BlockSums:
        """Those of a file that is getting longer: what is written never changes."""
        if file is None:
            return cls()
        size = file.size % WHOLE
        blocks = file.blocks or ((file.checksum,) if file.size else ())
        return cls(list(blocks[: file.size // WHOLE]), size, blocks[-1] if size else 0)

    def add(self, content: memoryview) -> None:
        """Take the next bytes."""
        while len(content):
            part, content = content[: WHOLE - self.size], content[WHOLE - self.size :]
            self.last, self.size = zlib.crc32(part, self.last), self.size + len(part)
            if self.size == WHOLE:
                self.full.append(self.last)
                self.last = self.size = 0

    @property
    def all(self) -> tuple[int, ...]:
        """CRC 32 of every block, the last one too."""
        return (*self.full, self.last) if self.size else tuple(self.full)


def checksum(stream: FileIO, size: int) -> int:
    """CRC 32 of a whole file, or of pages spread over a large one.

    Parameters
    ----------
    stream : FileIO
        Open to read. It is read and not mapped, so nothing of it stays in the memory of the process.
    size : int
        In bytes.
    """
    if size <= WHOLE:
        return zlib.crc32(_read(stream, 0, size))
    found = 0
    for start in np.linspace(0, size - PAGE, SAMPLES, dtype=np.int64):
        found = zlib.crc32(_read(stream, int(start), PAGE), found)
    return found


def is_damaged(stream: FileIO, blocks: Sequence[int], stop: Callable[[], bool]) -> bool:
    """Whether a file does not hold the blocks that were written; every byte is read.

    Parameters
    ----------
    stream : FileIO
        Open to read.
    blocks : sequence of int
        The checksum of each.
    stop : callable
        Whether to stop looking, asked before each block.
    """
    for index, written in enumerate(blocks):
        if stop():
            return False
        if zlib.crc32(_read(stream, index * WHOLE, WHOLE)) != written:
            return True
    return False


def _read(stream: FileIO, start: int, size: int) -> bytes:
    """Up to so many bytes from a place; one call of the system may give fewer."""
    stream.seek(start)
    parts = []
    while size and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
