"""Many strings in one buffer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .later import Later

__all__ = ["TextColumn", "encoded", "starts"]


def encoded(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Strings in UTF-8, one after the other: uint8 (bytes,), and how many bytes each has: int64 (k,).

    Parameters
    ----------
    texts : sequence of str
        The strings.
    """
    joined = "".join(texts)
    text = joined.encode()
    is_ascii = len(text) == len(joined)
    sizes = map(len, texts) if is_ascii else (len(one.encode()) for one in texts)
    return np.frombuffer(text, np.uint8), np.fromiter(sizes, np.int64, len(texts))


def starts(lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Where each of some pieces begins, and the last one ends: int64 (k + 1,).

    Parameters
    ----------
    lengths : int64 (k,)
        Of the pieces.
    """
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])


@dataclass(frozen=True, eq=False)
class TextColumn(Later):
    """Many strings in one buffer.

    Parameters
    ----------
    text : uint8 (bytes,)
        All strings, UTF-8, one after the other.
    start : int64 (n + 1,)
        Where each begins; an empty one stands for "none".
    """

    text: npt.NDArray[np.uint8]
    start: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start) - 1

    def __getitem__(self, index: int) -> str:
        return self.text[self.start[index] : self.start[index + 1]].tobytes().decode()

    @classmethod
    def of(cls, texts: Iterable[str]) -> TextColumn:
        """The strings as one column.

        Examples
        --------
        >>> TextColumn.of(["hut", "", "sea"])[2]
        'sea'
        """
        text, lengths = encoded(tuple(texts))
        return cls(text, starts(lengths))

    @classmethod
    def joined(cls, columns: Sequence[TextColumn]) -> TextColumn:
        """The strings of several columns, one column after the other."""
        text = np.concatenate([np.empty(0, np.uint8), *(column.text for column in columns)])
        lengths = [np.diff(column.start) for column in columns]
        return cls(text, starts(np.concatenate([np.empty(0, np.int64), *lengths])))

    def take(self, order: npt.NDArray[np.int64]) -> TextColumn:
        """The strings at these indices, in their order."""
        if not len(order):
            return TextColumn.of(())
        # Neighbors that stay neighbors are copied as one piece: nearly all of them, after a small change.
        breaks = np.flatnonzero(np.diff(order) != 1) + 1
        first, last = order[np.concatenate([[0], breaks])], order[np.concatenate([breaks - 1, [-1]])]
        pieces = [self.text[a:b] for a, b in zip(self.start[first], self.start[last + 1], strict=True)]
        return TextColumn(np.concatenate(pieces), starts(np.diff(self.start)[order]))
