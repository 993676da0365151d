"""What every input has of one facet: a column of words or of numbers, that counting reads."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .bars import Placed, edges_of, placed
from .filters import Range, Value

__all__ = ["Column", "Index", "Mask", "Numbers", "Words", "words_of"]

Mask: TypeAlias = npt.NDArray[np.bool_]
Index: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Words:
    """A facet of words: which inputs have which values; an input may have several.

    Parameters
    ----------
    values : tuple of str, bool or number
        The w different ones.
    inputs, of : int64 (e,)
        Pairs of an input and the value it has, each pair once.
    """

    values: tuple[Value, ...]
    inputs: Index
    of: Index

    @cached_property
    def total(self) -> Index:
        """How many inputs have each value, int64 (w,)."""
        return np.bincount(self.of, minlength=len(self.values)).astype(np.int64)

    def count(self, among: Mask) -> Index:
        """How many of some inputs, bool (n,), have each value, int64 (w,)."""
        return np.bincount(self.of[among[self.inputs]], minlength=len(self.values)).astype(np.int64)

    def mask(self, values: Collection[Value], inputs: int) -> Mask:
        """Which of n inputs have any of some values, bool (n,).

        Parameters
        ----------
        values : collection of str, bool or number
            The values.
        inputs : int
            n.
        """
        held = np.zeros(inputs, bool)
        wanted = {(isinstance(one, bool), one) for one in values}
        places = [at for at, one in enumerate(self.values) if (isinstance(one, bool), one) in wanted]
        held[self.inputs[np.isin(self.of, places)]] = True
        return held


@dataclass(frozen=True, eq=False)
class Numbers:
    """A facet of numbers, or of times in seconds since 1970.

    Parameters
    ----------
    values : float64 (n,)
        NaN where an input has none.
    is_time : bool
        Whether they are times.
    """

    values: npt.NDArray[np.float64]
    is_time: bool = False

    @cached_property
    def placed(self) -> Placed:
        """The numbers in bars as wide as a person would make them."""
        there = self.values[np.isfinite(self.values)]
        return placed(self.values, edges_of(there, is_time=self.is_time))

    def mask(self, limits: Range) -> Mask:
        """Which inputs have a number between limits, both included, bool (n,)."""
        low, high = limits
        held = np.isfinite(self.values)
        held &= self.values >= (-math.inf if low is None else low)
        return np.asarray(held & (self.values <= (math.inf if high is None else high)))


Column: TypeAlias = "Words | Numbers"


def words_of(values: tuple[Value, ...], inputs: Index, of: Index, count: int) -> Words:
    """A column of words of pairs, each of which may come more than once.

    Parameters
    ----------
    values : tuple of str, bool or number
        The w different ones.
    inputs, of : int64 (e,)
        Pairs of an input and the value it has.
    count : int
        How many inputs there are.

    Examples
    --------
    >>> words_of(("hut",), np.array([4, 2, 4]), np.array([0, 0, 0]), 5).inputs
    array([2, 4])
    """
    keys = np.sort(of * max(count, 1) + inputs)  # np.unique hashes them, which takes ten times as long
    keys = keys[np.concatenate([np.ones(min(len(keys), 1), bool), keys[1:] != keys[:-1]])]
    return Words(values, keys % max(count, 1), keys // max(count, 1))
