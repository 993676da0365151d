"""What every input of a snapshot has, facet by facet: columns that counting reads, made once for a snapshot."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from threading import Lock
from typing import Final, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from ..snapshot import Snapshot
from ..values.types import Json
from .bars import Placed, edges_of, placed
from .filters import LISTED, METADATA, Range, Value

__all__ = ["Column", "Numbers", "Words", "columns_of"]

YES: Final = 0.5  # a value from here on is one that counts, as in `label`
MOST_VALUES: Final = 1000  # of a key of the metadata; more is a text or a name, not a kind

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

_made: WeakKeyDictionary[Snapshot, Mapping[str, Column]] = WeakKeyDictionary()
_lock = Lock()


def columns_of(snapshot: Snapshot) -> Mapping[str, Column]:
    """The columns of a snapshot by the name of the facet, in the order in which they are shown."""
    with _lock:
        if snapshot not in _made:
            _made[snapshot] = _columns(snapshot)
        return _made[snapshot]


def _columns(snapshot: Snapshot) -> dict[str, Column]:
    metadata = _metadata(snapshot)
    taken = metadata.pop(f"{METADATA}taken_at", None)
    found: dict[str, Column] = {
        "concept": _said(snapshot, human=False),
        "label": _said(snapshot, human=True),
        "source": _sources(snapshot),
        "dataset": _datasets(snapshot),
        "taken": Numbers(_times(taken, len(snapshot.inputs)), is_time=True),
        "added": Numbers(np.asarray(snapshot.inputs.created_at, np.float64), is_time=True),
        "status": Words(
            tuple(snapshot.statuses),
            np.arange(len(snapshot.inputs)),
            snapshot.inputs.status.astype(np.int64),
        ),
    }
    found |= {
        key: column for key, pairs in metadata.items() if (column := _column(pairs, len(snapshot.inputs)))
    }
    return {name: column for name, column in found.items() if _says_something(name, column)}


def _says_something(name: str, column: Column) -> bool:
    """Whether it tells inputs apart, or could."""
    if isinstance(column, Words):
        return len(column.values) > 1 if name == "status" else bool(len(column.inputs))
    there = column.values[np.isfinite(column.values)]
    # What was added within an hour was added at once.
    return bool(len(there)) and there.max() - there.min() > (3600 if column.is_time else 0)


def _pairs(values: tuple[Value, ...], inputs: Index, of: Index, count: int) -> Words:
    """Each pair once."""
    keys = np.unique(of * max(count, 1) + inputs)
    return Words(values, keys % max(count, 1), keys // max(count, 1))


def _said(snapshot: Snapshot, *, human: bool) -> Words:
    """The concepts of inputs that a person, or a model, says to be there."""
    columns, rows = snapshot.columns, snapshot.rows
    people = np.array([one.is_human for one in snapshot.sources], bool)
    wanted = people[columns.source] == human if len(people) else np.zeros(0, bool)
    group = np.repeat(np.arange(len(columns.concept)), np.diff(columns.start))
    counted = (
        np.flatnonzero((columns.values >= YES) & wanted[group]) if len(wanted) else np.empty(0, np.int64)
    )
    inputs = rows.input[columns.rows[counted]].astype(np.int64)
    used, of = np.unique(columns.concept[group[counted]] if len(counted) else counted, return_inverse=True)
    values = tuple(snapshot.concepts[one] for one in used.tolist())
    return _pairs(values, inputs, of.astype(np.int64), len(snapshot.inputs))


def _sources(snapshot: Snapshot) -> Words:
    inputs = snapshot.rows.input[snapshot.annotations.row].astype(np.int64)
    names = tuple(str(one) for one in snapshot.sources)
    return _pairs(names, inputs, snapshot.annotations.source.astype(np.int64), len(snapshot.inputs))


def _datasets(snapshot: Snapshot) -> Words:
    inputs = [one.astype(np.int64) for one in snapshot.datasets.values()]
    of = np.repeat(np.arange(len(inputs)), [len(one) for one in inputs])
    return Words(tuple(snapshot.datasets), np.concatenate([np.empty(0, np.int64), *inputs]), of)


Pairs: TypeAlias = "tuple[list[int], list[Json]]"


def _metadata(snapshot: Snapshot) -> dict[str, Pairs]:
    """The plain values of every key, with the inputs that have them."""
    found: dict[str, Pairs] = {}
    column = snapshot.inputs.metadata
    for at in np.flatnonzero(np.diff(column.start) > len("{}")).tolist():
        for key, value in json.loads(column[at]).items():
            is_list = isinstance(value, list)
            for one in value if is_list else (value,):
                if isinstance(one, str | bool | int | float):
                    name = f"{METADATA}{key}{LISTED if is_list else ''}"
                    inputs, values = found.setdefault(name, ([], []))
                    inputs.append(at)
                    values.append(one)
    return found


def _column(pairs: Pairs, count: int) -> Column | None:
    """Numbers if all are, each of another input; words if they are few; else None."""
    inputs, values = pairs
    is_number = all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)
    if is_number and len(set(inputs)) == len(inputs):
        numbers = np.full(count, np.nan)
        numbers[inputs] = np.array([float(one) for one in values if isinstance(one, int | float)])
        return Numbers(np.where(np.isfinite(numbers), numbers, np.nan))
    # True and 1 are equal in Python, and not in JSON.
    index: dict[tuple[bool, Value], int] = {}
    words = [one for one in values if isinstance(one, str | bool | int | float)]
    of = [index.setdefault((isinstance(one, bool), one), len(index)) for one in words]
    if len(index) > MOST_VALUES:
        return None
    names = tuple(value for _, value in index)
    return _pairs(names, np.array(inputs, np.int64), np.array(of, np.int64), count)


def _times(pairs: Pairs | None, count: int) -> npt.NDArray[np.float64]:
    times = np.full(count, np.nan)
    for at, value in zip(*pairs, strict=True) if pairs else ():
        times[at] = _seconds(value)
    return times


def _seconds(taken: Json) -> float:
    """As the camera's clock had it, without its zone: what `where(taken=...)` compares."""
    try:
        return datetime.fromisoformat(str(taken)[:19]).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return math.nan
