"""Which objects of a column have a number within limits."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from toolkit.plugins import Json, QueryError, TextColumn

from .key_values import numbers_of

__all__ = ["numbers_within"]


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
        numbers = numbers_of(metadata, key)
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
