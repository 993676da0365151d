"""The inputs, the rows and the annotations of a snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..values.types import FloatArray, IntArray
from .later import Later
from .text_column import TextColumn, starts

__all__ = ["AnnotationArrays", "InputArrays", "RowArrays"]

Times = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class InputArrays(Later):
    """The inputs, in order of creation.

    Parameters
    ----------
    key : int64 (n,)
        Ascending.
    created_at, modified_at : float64 (n,)
        Seconds since 1970, UTC.
    latitude, longitude : float32 (n,)
        Degrees; NaN where there is no place.
    status : int32 (n,)
        Index into `Snapshot.statuses`.
    metadata : TextColumn of n
        JSON objects, keys sorted, no blanks.
    """

    key: npt.NDArray[np.int64]
    created_at: Times
    modified_at: Times
    latitude: FloatArray
    longitude: FloatArray
    status: npt.NDArray[np.int32]
    metadata: TextColumn

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, eq=False)
class RowArrays(Later):
    """The rows: every input as a whole, and every region, in order of creation.

    Parameters
    ----------
    key : int64 (r,)
        Ascending.
    input : int32 (r,)
        The input each belongs to, an index in [0, n).
    box : float32 (r, 4)
        top_row, left_col, bottom_row, right_col; NaN for an input as a whole.
    """

    key: npt.NDArray[np.int64]
    input: npt.NDArray[np.int32]
    box: FloatArray

    def __len__(self) -> int:
        return len(self.key)

    @cached_property
    def are_inputs(self) -> bool:
        """Whether row i is input i as a whole, as it is where no input has a region."""
        return bool(np.array_equal(self.input, np.arange(len(self.input), dtype=np.int32)))

    @cached_property
    def whole(self) -> npt.NDArray[np.bool_]:
        """Bool (r,): which rows are an input as a whole."""
        return np.isnan(self.box[:, 0])

    @cached_property
    def whole_of_input(self) -> npt.NDArray[np.int32]:
        """int32 (n,): the row of each input as a whole."""
        rows = np.flatnonzero(self.whole).astype(np.int32)
        of_input = np.empty(len(rows), np.int32)
        of_input[self.input[rows]] = rows
        return of_input

    def of_inputs(self, inputs: IntArray) -> tuple[npt.NDArray[np.int32], RowArrays]:
        """The rows of some inputs, ascending: int32 (q,), and their arrays with inputs counted from 0 in that order.

        Parameters
        ----------
        inputs : int (p,)
            Ascending, each once.
        """
        if self.are_inputs:
            rows, of = inputs.astype(np.int32), np.arange(len(inputs), dtype=np.int32)
        else:
            first, last = self._start[inputs], self._start[inputs + 1]
            pieces = [self._grouped[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
            rows = np.sort(np.concatenate([np.empty(0, np.int32), *pieces]))
            of = np.searchsorted(inputs, self.input[rows]).astype(np.int32)
        others = {"key": lambda: self.key[rows], "box": lambda: self.box[rows]}
        return rows, RowArrays.later(others, input=of)

    @cached_property
    def _grouped(self) -> npt.NDArray[np.int32]:
        """int32 (r,): all rows, those of an input together and ascending."""
        return np.argsort(self.input, kind="stable").astype(np.int32)

    @cached_property
    def _start(self) -> npt.NDArray[np.int64]:
        """int64 (n + 1,): where the rows of each input begin in `_grouped`."""
        return starts(np.bincount(self.input))


@dataclass(frozen=True, eq=False)
class AnnotationArrays(Later):
    """The annotations of rows, without their concepts: those are in `ConceptColumns`.

    Parameters
    ----------
    key : int64 (a,)
        Ascending.
    row : int32 (a,)
        The row each is about.
    source : int32 (a,)
        Index into `Snapshot.sources`.
    status : int32 (a,)
        Index into `Snapshot.statuses`.
    created_at, modified_at : float64 (a,)
        Seconds since 1970, UTC.
    info : TextColumn of a
        JSON objects, keys sorted, no blanks.
    """

    key: npt.NDArray[np.int64]
    row: npt.NDArray[np.int32]
    source: npt.NDArray[np.int32]
    status: npt.NDArray[np.int32]
    created_at: Times
    modified_at: Times
    info: TextColumn

    def __len__(self) -> int:
        return len(self.key)
