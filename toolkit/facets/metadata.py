"""The plain values of the metadata, key by key; read again only where the metadata of a collection has changed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Final, TypeAlias
from weakref import ref

import numpy as np
import numpy.typing as npt

from ..snapshot.text_column import TextColumn
from ..values.types import Json
from .column import Column, Numbers, words_of
from .filters import LISTED, METADATA, Value

__all__ = ["TAKEN", "metadata_columns"]

TAKEN: Final = f"{METADATA}taken_at"  # when a picture was taken: what `where(taken=...)` reads
MOST_VALUES: Final = 1000  # of a key of the metadata; more is a text or a name, not a kind
AT_ONCE: Final = (
    500  # objects that are read together: many times as quick, and other threads wait for no more
)
PLAIN: Final = (str, bool, int, float)
START: Final = datetime(1970, 1, 1)  # as a camera's clock has it, without a zone

Bytes: TypeAlias = npt.NDArray[np.uint8]
Pairs: TypeAlias = "tuple[list[int], list[Value]]"

_read: dict[int, tuple[ref[Bytes], Mapping[str, Column]]] = {}  # by the id of the text that was read
_lock = Lock()


def metadata_columns(metadata: TextColumn) -> Mapping[str, Column]:
    """A column for each key that has one, by ``"metadata.key"``; ``"metadata.key[]"`` of what is listed.

    Snapshots that differ in labels alone have the same text, of which the columns are made once.
    """
    text = metadata.text
    with _lock:
        known = _read.get(id(text))
        if known is None or known[0]() is not text:
            known = _read[id(text)] = ref(text, partial(_forget, id(text))), _columns(metadata)
        return known[1]


def _forget(at: int, _gone: ref[Bytes]) -> None:
    _read.pop(at, None)


def _columns(metadata: TextColumn) -> dict[str, Column]:
    found = {name: _column(name, pairs, len(metadata)) for name, pairs in _values(metadata).items()}
    return {name: column for name, column in found.items() if column}


def _values(metadata: TextColumn) -> dict[str, Pairs]:
    """The plain values of every key, with the inputs that have them."""
    single: dict[str, Pairs] = {}
    listed: dict[str, Pairs] = {}
    for at, one in _objects(metadata):
        for key, value in one.items():
            if isinstance(value, PLAIN):
                pairs = single.get(key) or single.setdefault(key, ([], []))
                pairs[0].append(at)
                pairs[1].append(value)
            elif isinstance(value, list):
                pairs = listed.setdefault(key, ([], []))
                plain = [each for each in value if isinstance(each, PLAIN)]
                pairs[0].extend([at] * len(plain))
                pairs[1].extend(plain)
    found = {f"{METADATA}{key}": pairs for key, pairs in single.items()}
    return found | {f"{METADATA}{key}{LISTED}": pairs for key, pairs in listed.items() if pairs[0]}


def _objects(metadata: TextColumn) -> Iterator[tuple[int, dict[str, Json]]]:
    """Those that are not empty, each with its place."""
    places = np.flatnonzero(np.diff(metadata.start) > len("{}"))
    starts, ends = metadata.start[places].tolist(), metadata.start[places + 1].tolist()
    text = metadata.text
    for first in range(0, len(places), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        pieces = [text[a:b].tobytes() for a, b in zip(starts[part], ends[part], strict=True)]
        yield from zip(places[part].tolist(), json.loads(b"[" + b",".join(pieces) + b"]"), strict=True)


def _column(name: str, pairs: Pairs, count: int) -> Column | None:
    """Times or numbers if all are, each of another input; words if they are few; else None."""
    inputs, values = pairs
    kinds = set(map(type, values))
    if name == TAKEN:
        return Numbers(_placed(inputs, [_seconds(one) for one in values], count), is_time=True)
    if kinds <= {int, float} and len(set(inputs)) == len(inputs):
        numbers = _placed(inputs, values, count)
        return Numbers(np.where(np.isfinite(numbers), numbers, np.nan))
    # True and 1 are equal in Python, and not in JSON.
    index: dict[tuple[bool, Value], int] = {}
    of = [index.setdefault((one is True or one is False, one), len(index)) for one in values]
    if len(index) > MOST_VALUES:
        return None
    names = tuple(value for _, value in index)
    return words_of(names, np.array(inputs, np.int64), np.array(of, np.int64), count)


def _placed(inputs: list[int], values: list[Value] | list[float], count: int) -> npt.NDArray[np.float64]:
    numbers = np.full(count, np.nan)
    numbers[inputs] = np.array([float(one) for one in values])
    return numbers


def _seconds(taken: Value) -> float:
    """As the camera's clock had it, without its zone: what `where(taken=...)` compares."""
    try:
        time = datetime.fromisoformat(str(taken)[:19])
    except ValueError:
        return math.nan
    return (time.replace(tzinfo=None) - START).total_seconds()
