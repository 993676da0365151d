"""How what stays of a table and what is new come to lie in one order, applied to its arrays one by one.

A changed element is one that goes and comes anew, so adding, changing and deleting are the same merge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ...snapshot import TextColumn
from ...values.positions import positions

__all__ = ["Indices", "Keys", "Merge", "followed", "marked", "word_moves"]

Indices = npt.NDArray[np.int32]
Keys = npt.NDArray[np.int64]
Number = TypeVar("Number", bound=np.generic)


def followed(indices: Indices, moves: Indices | None) -> Indices:
    """The new index (k,) of each old one; the very same array where none moved.

    Parameters
    ----------
    indices : int (k,)
        Old indices.
    moves : int (o,)
        The new index of each old one; -1 where it is gone. None where all stayed.

    Examples
    --------
    >>> followed(np.array([2, 0, 1]), np.array([0, -1, 1])).tolist()
    [1, 0, -1]
    """
    stays = moves is None or np.array_equal(moves, np.arange(len(moves)))
    return indices if stays or moves is None else moves[indices]


def word_moves(old: Sequence[str], new: Sequence[str]) -> Indices:
    """The index int32 (o,) of every old word among the new ones; -1 for those that are gone.

    Parameters
    ----------
    old, new : sequence of str
        Words, each at its index.
    """
    index = {word: position for position, word in enumerate(new)}
    return np.array([index.get(word, -1) for word in old], np.int32)


def marked(keys: Keys, some: Keys) -> npt.NDArray[np.bool_]:
    """Which keys are among some others; bool (k,).

    Parameters
    ----------
    keys : int64 (k,)
        Ascending.
    some : int64
        In any order.
    """
    found = positions(keys, some)
    marks = np.zeros(len(keys), bool)
    marks[found[found >= 0]] = True
    return marks


@dataclass(frozen=True, eq=False)
class Merge:
    """The new order of a table.

    Parameters
    ----------
    added : int
        How many elements are new.
    order : int64 (t,) or None
        Indices into the old elements followed by the new; None where all old ones stay and the new follow.
    """

    added: int
    order: npt.NDArray[np.int64] | None = None

    @classmethod
    def by_key(cls, old: Keys, new: Keys, *, gone: npt.NDArray[np.bool_]) -> Merge:
        """The order that makes the keys ascend.

        Parameters
        ----------
        old, new : int64 (o,), int64 (k,)
            The new keys ascend; no key is both new and old without being gone.
        gone : bool (o,)
            Which old elements leave.
        """
        if not gone.any() and _follows(old, new):
            return cls(len(new))
        stays = np.flatnonzero(~gone)
        taken = np.concatenate([stays, np.arange(len(old), len(old) + len(new))])
        keys = np.concatenate([old[stays], new])
        ascends = bool(
            (keys[1:] >= keys[:-1]).all()
        )  # as it mostly does: sorting takes far longer than looking
        return cls(len(new), taken if ascends else taken[np.argsort(keys, kind="stable")])

    @property
    def changes_nothing(self) -> bool:
        """Whether the arrays stay as they are."""
        return self.order is None and not self.added

    def numbers(self, old: npt.NDArray[Number], new: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """One array in the new order; the very same one where nothing changes.

        Parameters
        ----------
        old, new : array of one dtype
            The values before, and those to merge in.
        """
        if self.changes_nothing:
            return old
        joined = np.concatenate([old, new])
        return joined if self.order is None else joined[self.order]

    def texts(self, old: TextColumn, new: TextColumn) -> TextColumn:
        """One column of texts in the new order.

        Parameters
        ----------
        old, new : TextColumn
            The texts before, and those to merge in.
        """
        if self.changes_nothing:
            return old
        joined = TextColumn.joined([old, new])
        return joined if self.order is None else joined.take(self.order)


def _follows(old: Keys, new: Keys) -> bool:
    if not len(new):
        return True
    ascends = bool((old[1:] > old[:-1]).all())
    return ascends and (not len(old) or bool(old[-1] < new[0]))
