"""Which objects of a column have a number within limits."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from toolkit.plugins import Json, QueryError, TextColumn, canonical_json

__all__ = ["numbers_within"]

NUMBER = rb"(-?[0-9][0-9.eE+-]*)"


def numbers_within(metadata: TextColumn, wanted: Json) -> npt.NDArray[np.bool_]:
    """Bool (n,): whether every key named has a number within its limits, both included.

    Parameters
    ----------
    metadata : TextColumn
        JSON objects, as text (n,).
    wanted : mapping of str to list of two
        The least and the greatest number by key; null for no limit.

    Raises
    ------
    QueryError
        It is no such mapping, or a range that ends before it begins.
    """
    if not isinstance(wanted, Mapping) or not wanted:
        raise QueryError(f"where(between=...) is an object such as {{'iso': [100, 400]}}, not {wanted!r}")
    holds = np.ones(len(metadata), bool)
    for key, pair in wanted.items():
        low, high = _limits(key, pair)
        numbers = _numbers(metadata, key)
        holds &= (numbers >= low) & (numbers <= high)
    return holds


def _limits(key: str, pair: Json) -> tuple[float, float]:
    limits = list(pair) if isinstance(pair, list | tuple) else []
    if len(limits) != 2 or not all(one is None or _is_number(one) for one in limits):
        raise QueryError(f"where(between=...): {key!r} is between two numbers, or null, not {pair!r}")
    low = -math.inf if limits[0] is None else float(limits[0])
    high = math.inf if limits[1] is None else float(limits[1])
    if not low <= high:
        raise QueryError(f"where(between=...): {low:g} is more than {high:g}; give the least number first")
    return low, high


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numbers(metadata: TextColumn, key: str) -> npt.NDArray[np.float64]:
    """The number of a key in each object, float64 (n,); NaN where there is none."""
    found = np.full(len(metadata), np.nan)
    # Parsing a hundred thousand objects takes longer than a person waits; the text is searched as a whole.
    needle = re.escape(canonical_json(key).encode(errors="surrogatepass")) + b":" + NUMBER
    matches = [(match.start(), match[1]) for match in re.finditer(needle, metadata.text.data)]
    if not matches:
        return found
    rows = np.searchsorted(metadata.start, [start for start, _ in matches], side="right") - 1
    found[rows] = [float(text) for _, text in matches]
    # Where an object holds another, or a text has a brace, the key may be one of those inside.
    braces = np.flatnonzero(metadata.text == ord("{"))
    nested = np.bincount(np.searchsorted(metadata.start, braces, side="right") - 1, minlength=len(found)) > 1
    for row in np.unique(rows[nested[rows]]).tolist():
        value = json.loads(metadata[row]).get(key)
        found[row] = float(value) if _is_number(value) else np.nan
    return found
