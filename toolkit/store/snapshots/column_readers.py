"""Many rows of the store into arrays, past SQLAlchemy's rows and without holding them all as Python objects.

SQLAlchemy writes the statement, so it is portable, and the driver's own cursor reads it (70 times faster).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from ...snapshot import TextColumn
from ...snapshot.text_column import encoded, starts
from ..sql.bulk import Prepared

__all__ = ["NumberReader", "TextReader", "WordReader", "read"]

Number = TypeVar("Number", bound=np.generic)

# Rows turned into columns at a time. Of 16,384 it takes half as long again: neither they nor their iterators stay in
# the processor's cache, and the garbage collector looks at them several times.
BATCH = 512


class ColumnReader(Protocol):
    """Reads one column, a batch at a time."""

    def add(self, values: Sequence[Any]) -> None:
        """Take the next values."""
        ...


def read(
    connection: Connection,
    query: Prepared,
    *readers: ColumnReader,
    is_long: bool = False,
    **parameters: object,
) -> None:
    """Give every column of the answer to its reader.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    query : Prepared
        What to read.
    *readers : ColumnReader
        One for each column, in their order.
    is_long : bool
        Whether the answer may be long.
    **parameters : object
        Values of the parameters that the query names.
    """
    for rows in query.batches(connection, size=BATCH, is_long=is_long, **parameters):
        for reader, values in zip(readers, zip(*rows, strict=True), strict=True):
            reader.add(values)


class NumberReader(Generic[Number]):
    """Reads a column of numbers; null becomes NaN.

    Parameters
    ----------
    kind : numpy scalar type
        What they become, such as ``numpy.int64``.
    """

    def __init__(self, kind: type[Number]) -> None:
        self._parts: list[npt.NDArray[Number]] = [np.empty(0, kind)]

    def add(self, values: Sequence[Any]) -> None:
        """Take the next values."""
        kind = self._parts[0].dtype
        # As places and boxes mostly are: turning each null into a number takes ten times as long.
        if values[0] is None and values.count(None) == len(values):
            self._parts.append(np.full(len(values), np.nan, kind))
        else:
            self._parts.append(np.array(values, kind))

    def array(self) -> npt.NDArray[Number]:
        """All of them, (k,)."""
        return np.concatenate(self._parts)


class TextReader:
    """Reads a column of texts into one buffer; null becomes the empty text."""

    def __init__(self) -> None:
        self._texts = [np.empty(0, np.uint8)]
        self._lengths = [np.empty(0, np.int64)]

    def add(self, values: Sequence[Any]) -> None:
        """Take the next values."""
        if values[0] is None and values.count(None) == len(values):
            self._lengths.append(np.zeros(len(values), np.int64))
            return
        text, lengths = encoded([value or "" for value in values])
        self._texts.append(text)
        self._lengths.append(lengths)

    def column(self) -> TextColumn:
        """All of them."""
        return TextColumn(np.concatenate(self._texts), starts(np.concatenate(self._lengths)))


class WordReader:
    """Reads a column of texts of which few differ, as indices into those that do.

    Parameters
    ----------
    index : dict of str to int
        The index of each word met so far; new ones are added. Several columns can share one.
    """

    def __init__(self, index: dict[str, int]) -> None:
        self._index = index
        self._codes = [np.empty(0, np.int32)]

    def add(self, values: Sequence[Any]) -> None:
        """Take the next values."""
        words = dict.fromkeys(values)
        for word in words:
            self._index.setdefault(word, len(self._index))
        if len(words) == 1:
            self._codes.append(np.full(len(values), self._index[values[0]], np.int32))
        else:
            self._codes.append(np.fromiter(map(self._index.__getitem__, values), np.int32, len(values)))

    def codes(self) -> npt.NDArray[np.int32]:
        """Indices of the words, int32 (k,)."""
        return np.concatenate(self._codes)
