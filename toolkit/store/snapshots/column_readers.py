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
        self._parts.append(np.array(values, self._parts[0].dtype))

    def array(self) -> npt.NDArray[Number]:
        """All of them, (k,)."""
        return np.concatenate(self._parts)


class TextReader:
    """Reads a column of texts into one buffer; null becomes the empty text."""

    def __init__(self) -> None:
        self._parts: list[TextColumn] = []

    def add(self, values: Sequence[Any]) -> None:
        """Take the next values."""
        self._parts.append(TextColumn.of([value or "" for value in values]))

    def column(self) -> TextColumn:
        """All of them."""
        return TextColumn.joined(self._parts)


class WordReader:
    """Reads a column of texts of which few differ, as indices into those that do.

    Parameters
    ----------
    index : dict of str to int
        The index of each word met so far; new ones are added. Several columns can share one.
    """

    def __init__(self, index: dict[str, int]) -> None:
        self._index = index
        self._codes: NumberReader[np.int32] = NumberReader(np.int32)

    def add(self, values: Sequence[Any]) -> None:
        """Take the next values."""
        for word in dict.fromkeys(values):
            self._index.setdefault(word, len(self._index))
        self._codes.add([self._index[word] for word in values])

    def codes(self) -> npt.NDArray[np.int32]:
        """Indices of the words, int32 (k,)."""
        return self._codes.array()
