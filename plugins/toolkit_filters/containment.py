"""Which JSON objects of a column contain another, as PostgreSQL's ``@>`` does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from toolkit.plugins import Json, TextColumn, canonical_json

__all__ = ["containing", "contains"]


def contains(stored: Json, wanted: Json) -> bool:
    """Whether a stored JSON value contains another: a mapping every key, a list every element.

    Parameters
    ----------
    stored : JSON value
        What is looked into.
    wanted : JSON value
        What should be in it.

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
    """Bool (n,): which objects of a column contain the wanted one; the empty one is in all.

    Parameters
    ----------
    column : TextColumn
        JSON objects, as text (n,).
    wanted : mapping
        What should be in them.
    """
    if not wanted:
        return np.ones(len(column), bool)
    holds = np.zeros(len(column), bool)
    for index in _candidates(column, max(_needles(wanted), key=len)):
        holds[index] = contains(json.loads(column[index]), wanted)
    return holds


def _candidates(column: TextColumn, needle: str) -> npt.NDArray[np.intp]:
    # Parsing a million objects takes seconds; finding a piece of their text in the buffer runs at memory speed.
    found = re.finditer(re.escape(needle.encode(errors="surrogatepass")), column.text.data)
    starts = np.fromiter((match.start() for match in found), np.int64)
    return np.unique(np.searchsorted(column.start, starts, side="right") - 1)


def _needles(wanted: Json) -> Iterator[str]:
    """Pieces of text that any object which contains this one has in it; the column is written by `canonical`."""
    if isinstance(wanted, Mapping):
        for key, value in wanted.items():
            # A number may be written in another way: 1 as 1.0.
            encoded = (
                ""
                if isinstance(value, Mapping | list | tuple) or _is_number(value)
                else canonical_json(value)
            )
            yield f"{canonical_json(key)}:{encoded}"
            yield from _needles(value)
    elif isinstance(wanted, list | tuple):
        for value in wanted:
            yield from _needles(value)
    elif isinstance(wanted, str):
        yield canonical_json(wanted)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
