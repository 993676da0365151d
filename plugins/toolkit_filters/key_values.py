"""What the objects of a column have at one key, found in the text of all of them at once, and once for a column."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from toolkit.plugins import Json, TextColumn, canonical_json

__all__ = ["MOMENT", "moments_of", "numbers_of"]

NUMBER: Final = rb"(-?[0-9][0-9.eE+-]*)"
TEXT: Final = rb'"([^"]*)"'
MOMENT: Final = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d)?)?)?)?)?")
SECONDS: Final = len("2024-05-01T12:00:00")

Found = npt.NDArray[np.generic]

_made: WeakKeyDictionary[TextColumn, dict[str, Found]] = WeakKeyDictionary()
_lock = Lock()


def numbers_of(column: TextColumn, key: str) -> npt.NDArray[np.float64]:
    """The number of a key in each object, float64 (n,); NaN where there is none.

    Parameters
    ----------
    column : TextColumn
        JSON objects, as text (n,).
    key : str
        At the top of an object.
    """

    def made() -> Found:
        found = np.full(len(column), np.nan)
        return _filled(found, column, key, NUMBER, float, _number)

    return np.asarray(_once(column, f"number {key}", made), np.float64)


def moments_of(column: TextColumn, key: str) -> npt.NDArray[np.bytes_]:
    """The time of a key in each object, to the second and without its zone, S19 (n,); empty where there is none.

    Parameters
    ----------
    column : TextColumn
        JSON objects, as text (n,).
    key : str
        At the top of an object.
    """

    def made() -> Found:
        found = np.zeros(len(column), f"S{SECONDS}")
        return _filled(found, column, key, TEXT, lambda text: _moment(text.decode(errors="replace")), _moment)

    return np.asarray(_once(column, f"moment {key}", made), np.bytes_)


def _once(column: TextColumn, name: str, make: Callable[[], Found]) -> Found:
    with _lock:
        known = _made.setdefault(column, {})
        if name not in known:
            known[name] = make()
        return known[name]


def _filled(
    found: Found,
    column: TextColumn,
    key: str,
    pattern: bytes,
    read: Callable[[bytes], object],
    of: Callable[[Json], object],
) -> Found:
    """The values, `read` from the text where an object is flat, and `of` what JSON says where it is not."""
    # Parsing a hundred thousand objects takes longer than a person waits; the text is searched as a whole.
    needle = re.escape(canonical_json(key).encode(errors="surrogatepass")) + b":" + pattern
    matches = [(match.start(), match[1]) for match in re.finditer(needle, column.text.data)]
    if not matches:
        return found
    rows = np.searchsorted(column.start, [start for start, _ in matches], side="right") - 1
    found[rows] = np.array([read(text) for _, text in matches], found.dtype)
    # Where an object holds another, or a text has a brace, the key may be one of those inside.
    braces = np.flatnonzero(column.text == ord("{"))
    nested = np.bincount(np.searchsorted(column.start, braces, side="right") - 1, minlength=len(found)) > 1
    for row in np.unique(rows[nested[rows]]).tolist():
        found[row] = np.array(of(json.loads(column[row]).get(key)), found.dtype)
    return found


def _number(value: Json) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and isinstance(value, int | float) else np.nan


def _moment(value: Json) -> bytes:
    text = value.replace(" ", "T")[:SECONDS] if isinstance(value, str) else ""
    return text.encode() if MOMENT.fullmatch(text) else b""
