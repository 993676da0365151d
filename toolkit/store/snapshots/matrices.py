"""Matrices that grow: where the vectors of a snapshot lie, and how the next snapshot gets longer ones.

Nothing that a snapshot can see is ever written to, only what lies beyond its own last row.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Protocol
from weakref import WeakValueDictionary

import numpy as np

from ...errors import StoreError
from ...values.types import FloatArray

__all__ = ["Matrices", "MemoryMatrices"]

SPARE = 0.5  # of the rows in use; the system gives no memory for pages that nobody has written to


class Matrices(Protocol):
    """A place for matrices."""

    def create(self, pieces: Iterable[FloatArray], *, shape: tuple[int, int]) -> FloatArray:
        """A matrix float32 (m, d) of the pieces (b, d), which have m rows in all."""
        ...

    def extend(self, matrix: FloatArray, pieces: Iterable[FloatArray], *, rows: int) -> FloatArray:
        """The matrix float32 (m, d) followed by the pieces (b, d), (rows, d) in all."""
        ...


class MemoryMatrices:
    """Matrices in memory, with spare rows so that extending one copies nothing."""

    def __init__(self) -> None:
        # The longest view of each buffer, by its id: beyond its end nobody looks.
        self._longest: WeakValueDictionary[int, FloatArray] = WeakValueDictionary()

    def create(self, pieces: Iterable[FloatArray], *, shape: tuple[int, int]) -> FloatArray:
        """A matrix float32 (m, d) of the pieces (b, d), which have m rows in all."""
        rows, dimension = shape
        buffer = np.empty((int(rows * (1 + SPARE)), dimension), np.float32)
        return self._filled(buffer, 0, pieces, rows)

    def extend(self, matrix: FloatArray, pieces: Iterable[FloatArray], *, rows: int) -> FloatArray:
        """The matrix float32 (m, d) followed by the pieces (b, d), (rows, d) in all."""
        buffer = matrix.base
        is_longest = self._longest.get(id(matrix)) is matrix
        if not is_longest or buffer is None or rows > len(buffer):
            return self.create(chain((matrix,), pieces), shape=(rows, matrix.shape[1]))
        longer = self._filled(buffer, len(matrix), pieces, rows)
        del self._longest[id(matrix)]
        return longer

    def _filled(self, buffer: FloatArray, start: int, pieces: Iterable[FloatArray], rows: int) -> FloatArray:
        for piece in pieces:
            buffer[start : start + len(piece)] = piece
            start += len(piece)
        if start != rows:
            raise StoreError(f"{rows} vectors were announced and {start} came; read inside one transaction")
        view = buffer[:rows]
        self._longest[id(view)] = view
        return view
