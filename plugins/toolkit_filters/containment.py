"""Which JSON objects of a column contain another, as PostgreSQL's ``@>`` does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from toolkit.canonical import canonical
from toolkit.snapshot import TextColumn
from toolkit.types import Json

__all__ = ["containing", "contains"]


def contains(stored: Json, wanted: Json) -> bool:
    """Whether a stored JSON value contains another: a mapping every key, a list every element.

    Examples
    --------
    >>> contains({"tags": [1, 2, 3], "kind": "cat"}, {"tags": [2, 1]})
    True
    """
    if isinstance(wanted, Mapping):
        return isinstance(stored, Mapping) and all(
            key in stored and contains(stored[key], value) for key, value in wanted.items()
        )
    if isinstance(wanted, list | tuple):
        return isinstance(stored, list) and all(
            any(contains(one, value) for one in stored) for value in wanted
        )
    # True == 1 in Python, not in JSON.
    return stored == wanted and isinstance(stored, bool) == isinstance(wanted, bool)


def containing(column: TextColumn, wanted: Mapping[str, Json]) -> npt.NDArray[np.bool_]:
    """Bool (n,): which objects of a column contain the wanted one."""
    holds = np.zeros(len(column), bool)
    for index in _candidates(column, wanted):
        holds[index] = contains(json.loads(column[index]), wanted)
    return holds


def _candidates(column: TextColumn, wanted: Mapping[str, Json]) -> npt.NDArray[np.intp]:
    # Parsing a million objects takes seconds; finding one of their strings in the buffer runs at memory speed.
    needles = [canonical(text).encode() for text in _strings(wanted)]
    if not needles:
        return np.flatnonzero(np.diff(column.start))
    needle = re.compile(re.escape(max(needles, key=len)))
    found = np.fromiter((match.start() for match in needle.finditer(column.text.data)), np.int64)
    return np.unique(np.searchsorted(column.start, found, side="right") - 1)


def _strings(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)
