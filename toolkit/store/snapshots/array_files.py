"""Arrays as raw files in one directory, memory-mapped when they are looked at.

A file is written once and then only gets longer: what is mapped, here or in another process, never changes.
"""

from __future__ import annotations

import os
import secrets
import weakref
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from io import FileIO
from itertools import chain
from pathlib import Path

import numpy as np

from ...errors import StoreError
from ...values.types import FloatArray
from . import array_file
from .array_file import ArrayFile, BlockSums, checksum
from .behind import behind
from .layout import AnyArray

__all__ = ["ArrayFiles", "StoredArray"]

SUFFIX = ".array"
KINDS = {"<i8", "<i4", "<f8", "<f4", "|u1"}


class StoredArray:
    """An array in a file that was looked at when it was opened, and is mapped when it is asked for.

    It holds the file open, so that it can still be mapped after another process has replaced it.

    Parameters
    ----------
    file : ArrayFile
        What is known of it.
    stream : FileIO
        Open to read.
    mapped : callable
        Called with what was mapped.
    """

    def __init__(
        self, file: ArrayFile, stream: FileIO, mapped: Callable[[AnyArray, ArrayFile], None]
    ) -> None:
        self._file = file
        self._stream = stream
        self._mapped = mapped
        weakref.finalize(self, stream.close)

    def __call__(self) -> AnyArray:
        """The array, mapped."""
        array = _mapped(self._stream, self._file)
        self._mapped(array, self._file)
        return array


class ArrayFiles:
    """The array files of one directory; also where the matrices of its snapshots grow.

    Methods raise OSError where the directory cannot be read or written.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._files: dict[int, tuple[AnyArray, ArrayFile]] = {}  # by id of the mapped array
        self._disk = ThreadPoolExecutor(1, "snapshot-files")
        self._unsettled: list[Future[None]] = []

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

    def open(self, file: ArrayFile) -> StoredArray:
        """The array in a file, to be mapped when it is looked at.

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
        stream = FileIO(str(path))
        array = StoredArray(file, stream, self._note)
        if checksum(stream, file.size) != file.checksum:
            raise ValueError(f"{file.name} is damaged")
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
        found = []
        for file in files:
            if file.blocks:
                with FileIO(str(self._directory / file.name)) as stream:
                    if array_file.is_damaged(stream, file.blocks, stop):
                        found.append(file.name)
        return found

    def settle(self) -> None:
        """Wait until what was written is on the disk: samples would not show what a power cut took."""
        unsettled, self._unsettled = self._unsettled, []
        for one in unsettled:
            one.result()

    def forget_all_but(self, files: Iterable[ArrayFile]) -> None:
        """Delete every other array file; what is mapped or open stays readable."""
        names = {file.name for file in files}
        self._files = {key: pair for key, pair in list(self._files.items()) if pair[1].name in names}
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
        sums = BlockSums.of(self._longest(name))
        with path.open("ab") as stream:

            def write(piece: AnyArray) -> None:
                content = memoryview(np.ascontiguousarray(piece, kind).reshape(-1).view(np.uint8).data)
                stream.write(content)
                sums.add(content)

            behind(write, pieces)
            stream.flush()
            size = os.fstat(stream.fileno()).st_size
        file = ArrayFile(name, kind, shape, path.stat().st_mtime_ns, checksum=0)
        if size != file.size:
            raise StoreError(f"{file.size} bytes were announced and {size} came")
        is_large = size > array_file.WHOLE
        if is_large:
            self._unsettled.append(self._disk.submit(_settle, path))
        with FileIO(str(path)) as reading:
            array = _mapped(reading, file)
            file = replace(file, checksum=checksum(reading, size), blocks=sums.all if is_large else ())
        self._note(array, file)
        return array

    def _longest(self, name: str) -> ArrayFile | None:
        """What is known of a file, as long as it is by now."""
        known = [file for _, file in list(self._files.values()) if file.name == name]
        return max(known, key=lambda file: file.size, default=None)

    def _note(self, array: AnyArray, file: ArrayFile) -> None:
        self._files[id(array)] = array, file


def _settle(path: Path) -> None:
    with path.open("ab") as stream:
        os.fsync(stream.fileno())


def _mapped(stream: FileIO, file: ArrayFile) -> AnyArray:
    if not file.size:  # nothing cannot be mapped
        return np.empty(file.shape, file.kind)
    return np.asarray(np.memmap(stream, file.kind, mode="r", shape=file.shape))


def _new_name() -> str:
    return secrets.token_hex(8) + SUFFIX
