"""The codes of the spaces of a collection: in files beside the matrices where those are files, else in memory."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt

from ..snapshot import Space
from ..values.types import FloatArray
from .codes import Codes, are_available, encoded
from .mapped import file_of, let_go

__all__ = ["SpaceCodes"]

WORTHWHILE: Final = 10_000  # vectors; fewer are compared as they are in a millisecond
READ: Final = 8192  # vectors read at a time to be encoded: 16 MiB of 512 numbers
CHECKED: Final = 64  # vectors whose codes are made again, to see that a file is the one that was written

log = logging.getLogger(__name__)

Shape = tuple[int, ...]


class SpaceCodes:
    """The codes of every space that is searched; made when first asked for, and appended to as a space grows.

    Parameters
    ----------
    least : int
        How many vectors a space has at least to be worth it.
    """

    def __init__(self, least: int = WORTHWHILE) -> None:
        self.least = least
        self._known: dict[str, tuple[FloatArray, Codes]] = {}
        self._lock = Lock()

    def fit(self, space: Space) -> bool:
        """Whether a space has enough vectors, and the compiled loop is installed."""
        return len(space.vectors) >= self.least and are_available()

    def of(self, space: Space) -> Codes | None:
        """The codes of a space's vectors; None where they are not worth it, or nothing reads them quickly.

        Whoever has codes looks at few of the vectors, so those that were looked at before are let go of.
        """
        if not self.fit(space):
            return None
        let_go(space.vectors)
        with self._lock:
            vectors, codes = self._known.get(space.name, (None, None))
            if codes is None or vectors is not space.vectors:
                codes = self._made(space)
                self._known[space.name] = space.vectors, codes
            return codes

    def _made(self, space: Space) -> Codes:
        file = file_of(space.vectors)
        try:
            if file is not None:
                return _in_files(space.vectors, file)
        except OSError as error:
            log.debug("codes stay in memory: %r", error)
        codes = _allocated(space.vectors.shape, lambda kind, shape, of: np.empty(shape, kind))
        encoded(space.vectors, codes.codes, codes.scales, codes.errors)
        return codes


def _in_files(vectors: FloatArray, file: Path) -> Codes:
    """A matrix only gets longer, and so do the files of its codes: what is there is taken, what lacks is appended."""
    m, d = vectors.shape
    lengths = [_length(_path(file, of), width) for of, width in (("codes", d), ("scales", 4), ("errors", 4))]
    there = _written(_path(file, "scales"), min(*lengths, m))

    def mapped(kind: npt.DTypeLike, shape: Shape, of: str) -> npt.NDArray[np.generic]:
        path = _path(file, of)
        path.touch()
        with path.open("r+b") as stream:
            stream.truncate(max(path.stat().st_size, int(np.prod(shape)) * np.dtype(kind).itemsize))
        return np.memmap(path, kind, mode="r+", shape=shape)

    codes = _allocated(vectors.shape, mapped)
    if there and not _are_of(codes, vectors, there):
        there = 0
    _encode_file(file, codes, there)
    return codes


def _encode_file(file: Path, codes: Codes, start: int) -> None:
    """Encode the vectors of a file from one on; it is read, for what is mapped would stay in memory: all of it."""
    m, d = codes.codes.shape
    for first in range(start, m, READ):
        some = slice(first, min(first + READ, m))
        block = np.fromfile(file, "<f4", (some.stop - first) * d, offset=first * d * 4).reshape(-1, d)
        encoded(block, codes.codes[some], codes.scales[some], codes.errors[some])


def _path(file: Path, of: str) -> Path:
    return file.with_suffix(f".{of}")


def _length(path: Path, width: int) -> int:
    return path.stat().st_size // width if path.exists() else 0


def _written(scales: Path, there: int) -> int:
    """How many vectors were encoded before whoever did it was stopped: the scale of one of unit length is not 0."""
    if not there:
        return 0
    missing = np.flatnonzero(np.memmap(scales, np.float32, mode="r", shape=(there,)) == 0)
    return int(missing[0]) if len(missing) else there


def _allocated(shape: Shape, array: Callable[[npt.DTypeLike, Shape, str], npt.NDArray[np.generic]]) -> Codes:
    m, _ = shape
    return Codes(
        np.asarray(array(np.int8, shape, "codes")),
        np.asarray(array(np.float32, (m,), "scales")),
        np.asarray(array(np.float32, (m,), "errors")),
    )


def _are_of(codes: Codes, vectors: FloatArray, there: int) -> bool:
    """Whether the codes of some of the vectors are what they would be made now."""
    some = np.unique(np.linspace(0, there - 1, CHECKED, dtype=np.int64))
    again = Codes(
        np.empty((len(some), vectors.shape[1]), np.int8),
        np.empty(len(some), np.float32),
        np.empty(len(some), np.float32),
    )
    encoded(vectors[some], again.codes, again.scales, again.errors)
    return (
        np.array_equal(codes.codes[some], again.codes)
        and np.array_equal(codes.scales[some], again.scales, equal_nan=True)
        and np.allclose(codes.errors[some], again.errors, equal_nan=True, rtol=1e-5)
    )
