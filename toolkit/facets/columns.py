"""What every input of a snapshot has, facet by facet: columns that counting reads, made once for a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from ..snapshot import Snapshot
from .column import Column, Numbers, Words, words_of
from .metadata import TAKEN, metadata_columns

__all__ = ["Column", "Numbers", "Words", "columns_of"]

YES: Final = 0.5  # a value from here on is one that counts, as in `label`

_made: WeakKeyDictionary[Snapshot, Mapping[str, Column]] = WeakKeyDictionary()
_lock = Lock()


def columns_of(snapshot: Snapshot) -> Mapping[str, Column]:
    """The columns of a snapshot by the name of the facet, in the order in which they are shown."""
    with _lock:
        if snapshot not in _made:
            _made[snapshot] = _columns(snapshot)
        return _made[snapshot]


def _columns(snapshot: Snapshot) -> dict[str, Column]:
    metadata = dict(metadata_columns(snapshot.inputs.metadata))
    taken = metadata.pop(TAKEN, None)
    found: dict[str, Column] = {
        "concept": _said(snapshot, human=False),
        "label": _said(snapshot, human=True),
        "source": _sources(snapshot),
        "dataset": _datasets(snapshot),
        **({"taken": taken} if taken else {}),
        "added": Numbers(np.asarray(snapshot.inputs.created_at, np.float64), is_time=True),
        "status": Words(
            tuple(snapshot.statuses),
            np.arange(len(snapshot.inputs)),
            snapshot.inputs.status.astype(np.int64),
        ),
    }
    found |= metadata
    return {name: column for name, column in found.items() if _says_something(name, column)}


def _says_something(name: str, column: Column) -> bool:
    """Whether it tells inputs apart, or could."""
    if isinstance(column, Words):
        return len(column.values) > 1 if name == "status" else bool(len(column.inputs))
    there = column.values[np.isfinite(column.values)]
    # What was added within an hour was added at once.
    return bool(len(there)) and there.max() - there.min() > (3600 if column.is_time else 0)


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
    return words_of(values, inputs, of.astype(np.int64), len(snapshot.inputs))


def _sources(snapshot: Snapshot) -> Words:
    inputs = snapshot.rows.input[snapshot.annotations.row].astype(np.int64)
    names = tuple(str(one) for one in snapshot.sources)
    return words_of(names, inputs, snapshot.annotations.source.astype(np.int64), len(snapshot.inputs))


def _datasets(snapshot: Snapshot) -> Words:
    inputs = [one.astype(np.int64) for one in snapshot.datasets.values()]
    of = np.repeat(np.arange(len(inputs)), [len(one) for one in inputs])
    return Words(tuple(snapshot.datasets), np.concatenate([np.empty(0, np.int64), *inputs]), of)
