"""Arrays as raw files in one directory, memory-mapped to read.

A file is written once and then only gets longer: what is mapped, here or in another process, never changes.
"""

from __future__ import annotations

import os
import secrets
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import StoreError
from ...values.types import FloatArray
from .layout import AnyArray

__all__ = ["ArrayFile", "ArrayFiles"]

SUFFIX = ".array"
KINDS = {"<i8", "<i4", "<f8", "<f4", "|u1"}
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


class ArrayFiles:
    """The array files of one directory; also where the matrices of its snapshots grow.

    Methods raise OSError where the directory cannot be read or written.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._files: dict[int, tuple[AnyArray, ArrayFile]] = {}  # by id of the mapped array

    def create(self, pieces: Iterable[FloatArray], *, shape: tuple[int, int]) -> FloatArray:
        """A matrix float32 (m, d) of some pieces.

        Parameters
        ----------
        pieces : iterable of float32 (b, d)
            The rows, in order.
        shape : (int, int)
            m and d.
        """
        return self._written(_new_name(), "<f4", pieces, shape)

    def extend(self, matrix: FloatArray, pieces: Iterable[FloatArray], *, rows: int) -> FloatArray:
        """A matrix float32 (m, d) of the rows of another and some pieces.

        Parameters
        ----------
        matrix : float32 (k, d)
            The rows before.
        pieces : iterable of float32 (b, d)
            The rows that follow, in order.
        rows : int
            m, how many rows there are in all.
        """
        shape = rows, matrix.shape[1]
        file = self.file_of(matrix)
        if file is None:
            return self.create(chain((matrix,), pieces), shape=shape)
        return self._written(file.name, file.kind, pieces, shape)

    def keep(self, array: AnyArray) -> AnyArray:
        """The same array in a file of its own, if it is not in one already."""
        if self.file_of(array) is not None:
            return array
        return self._written(_new_name(), array.dtype.newbyteorder("<").str, (array,), array.shape)

    def file_of(self, array: AnyArray) -> ArrayFile | None:
        """The file that an array from here is mapped from."""
        known, file = self._files.get(id(array), (None, None))
        return file if known is array else None

    def open(self, file: ArrayFile) -> AnyArray:
        """The array in a file.

        Raises
        ------
        ValueError
            If the file is not the one that was written.
        """
        path = self._directory / file.name
        if path.name != file.name or path.suffix != SUFFIX or file.kind not in KINDS:
            raise ValueError(f"{file.name!r} is not an array file")
        if not self.is_intact(file):
            raise ValueError(f"{file.name} is not as it was left")
        array = self._mapped(file)
        if _checksum(array) != file.checksum:
            raise ValueError(f"{file.name} is damaged")
        self._files[id(array)] = array, file
        return array

    def is_intact(self, file: ArrayFile) -> bool:
        """Whether its size and time are those that were left; cheap."""
        status = (self._directory / file.name).stat()
        return status.st_size == file.size and status.st_mtime_ns == file.mtime_ns

    def damaged(self, files: Iterable[ArrayFile], *, stop: Callable[[], bool] = lambda: False) -> list[str]:
        """The names of large files that do not hold what was written, every byte read.

        Parameters
        ----------
        files : iterable of ArrayFile
            Those to look at; a small one was read in full when it was opened.
        stop : callable
            Whether to stop looking, asked before each block.
        """
        return [file.name for file in files if self._is_damaged(file, stop)]

    def _is_damaged(self, file: ArrayFile, stop: Callable[[], bool]) -> bool:
        content = self._mapped(file).reshape(-1).view(np.uint8).data if file.blocks else b""
        for index, checksum in enumerate(file.blocks):
            if stop():
                return False
            if zlib.crc32(content[index * WHOLE : (index + 1) * WHOLE]) != checksum:
                return True
        return len(file.blocks) * WHOLE < len(content)

    def forget_all_but(self, files: Iterable[ArrayFile]) -> None:
        """Delete every other array file; what is mapped stays readable."""
        names = {file.name for file in files}
        self._files = {key: pair for key, pair in self._files.items() if pair[1].name in names}
        for path in self._directory.glob(f"*{SUFFIX}"):
            if path.name not in names:
                with suppress(
                    OSError
                ):  # Windows keeps a file that another process has mapped; the next one tries again
                    path.unlink()
                    for derived in self._directory.glob(f"{path.stem}.*"):  # codes made of it
                        derived.unlink()

    def _written(self, name: str, kind: str, pieces: Iterable[AnyArray], shape: tuple[int, ...]) -> AnyArray:
        path = self._directory / name
        with path.open("ab") as stream:
            for piece in pieces:
                stream.write(np.ascontiguousarray(piece, kind).data)
            stream.flush()
            status = os.fstat(stream.fileno())
            if status.st_size > WHOLE:  # samples would not show what a power cut took
                os.fsync(stream.fileno())
        file = ArrayFile(name, kind, shape, path.stat().st_mtime_ns, checksum=0)
        if status.st_size != file.size:
            raise StoreError(f"{file.size} bytes were announced and {status.st_size} came")
        array = self._mapped(file)
        before = self._known_blocks(name)
        blocks = _blocks(array, known=before) if file.size > WHOLE else ()
        self._files[id(array)] = array, replace(file, checksum=_checksum(array), blocks=blocks)
        return array

    def _known_blocks(self, name: str) -> Sequence[int]:
        """The checksums of the full blocks of a file that is getting longer: what is written never changes."""
        known = max((file for _, file in self._files.values() if file.name == name), key=_size, default=None)
        return () if known is None else known.blocks[: known.size // WHOLE]

    def _mapped(self, file: ArrayFile) -> AnyArray:
        if not file.size:  # nothing cannot be mapped
            return np.empty(file.shape, file.kind)
        return np.asarray(np.memmap(self._directory / file.name, file.kind, mode="r", shape=file.shape))


def _new_name() -> str:
    return secrets.token_hex(8) + SUFFIX


def _size(file: ArrayFile) -> int:
    return file.size


def _blocks(array: AnyArray, *, known: Sequence[int] = ()) -> tuple[int, ...]:
    """CRC 32 of each block of an array; those of the first ones may be known."""
    content = array.reshape(-1).view(np.uint8).data
    starts = range(len(known) * WHOLE, len(content), WHOLE)
    return (*known, *(zlib.crc32(content[start : start + WHOLE]) for start in starts))


def _checksum(array: AnyArray) -> int:
    content = array.reshape(-1).view(np.uint8).data
    if len(content) <= WHOLE:
        return zlib.crc32(content)
    checksum = 0
    for start in np.linspace(0, len(content) - PAGE, SAMPLES, dtype=np.int64):
        checksum = zlib.crc32(content[start : start + PAGE], checksum)
    return checksum
