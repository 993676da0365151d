"""The values of a term's options: JSON values and bytes, unchangeable and hashable."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ..errors import QueryError
from ..values.base64_text import from_base64, to_base64
from ..values.types import Json
from .slots import Slot

__all__ = ["FrozenMapping", "Value", "freeze", "literal", "thaw", "thawed_back"]

Value: TypeAlias = "bool | int | float | str | bytes | tuple[Value, ...] | FrozenMapping | Slot | None"

DEEPEST = 16
LARGEST_INTEGER = 2**63
SLOT = "topic"  # the key of a slot in JSON


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FrozenMapping(Mapping[str, "Value"]):
    """A mapping that cannot change: keeps its order, equals a dict with the same items, prints as one.

    Parameters
    ----------
    pairs : tuple of (str, Value)
        Its items; each key once.
    """

    pairs: tuple[tuple[str, Value], ...]

    def __getitem__(self, key: str) -> Value:
        for name, value in self.pairs:
            if name == key:
                return value
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __hash__(self) -> int:
        return hash(frozenset(self.pairs))  # as equality, blind to the order

    def __repr__(self) -> str:
        return repr(dict(self.pairs))


def freeze(value: object, *, where: str = "a value", depth: int = 0) -> Value:
    """The same value, unchangeable and hashable.

    Lists and arrays become tuples, mappings `FrozenMapping`, NumPy's scalars Python's, and
    ``{"base64": "..."}`` the bytes it stands for.

    Parameters
    ----------
    value : object
        Anything JSON can hold, bytes, or a NumPy array or scalar.
    where : str
        What it is, for the message of an error.
    depth : int
        How deep it lies in another value.

    Raises
    ------
    QueryError
        NaN, an infinity, an integer beyond 64 bits, nesting beyond 16 levels, or a type JSON has no form for.

    Examples
    --------
    >>> freeze({"dog": 1, "cat": [0.5, None]})
    {'dog': 1, 'cat': (0.5, None)}
    """
    if depth > DEEPEST:
        raise QueryError(f"{where} is nested more than {DEEPEST} levels deep")
    match value:
        case list() | tuple() | np.ndarray():
            items = value.tolist() if isinstance(value, np.ndarray) else value
            if not isinstance(items, list | tuple):  # an array without dimensions
                return freeze(items, where=where, depth=depth + 1)
            return tuple(freeze(item, where=f"{where}[{i}]", depth=depth + 1) for i, item in enumerate(items))
        case Mapping():
            return _freeze_mapping(value, where, depth)
        case _:
            return _freeze_scalar(value, where)


def _freeze_mapping(value: Mapping[object, object], where: str, depth: int) -> Value:
    match dict(value):
        case {"base64": str(text), **rest} if not rest:
            return _decoded(text, where)
    pairs = []
    for name, item in value.items():
        if not isinstance(name, str):
            raise QueryError(f"{where} has the key {name!r}; keys are text")
        pairs.append((str(name), freeze(item, where=f"{where}[{name!r}]", depth=depth + 1)))
    return FrozenMapping(tuple(pairs))


def _decoded(text: str, where: str) -> bytes:
    try:
        return from_base64(text)
    except ValueError as error:
        raise QueryError(f"{where} is not base64: {error}") from None


def _freeze_scalar(value: object, where: str) -> Value:
    match value:
        case Slot():
            return value
        case None | bool() | np.bool_():
            return None if value is None else bool(value)
        case str():
            return str.__str__(value)  # of an enumeration, its value
        case bytes() | bytearray() | memoryview():
            return bytes(value)
        case int() | np.integer():
            return _freeze_integer(int(value), where)
        case float() | np.floating():
            return _freeze_float(float(value), where)
        case _:
            kind = type(value).__name__
            raise QueryError(f"{where} is of type {kind}; use text, numbers, bytes, lists or mappings")


def _freeze_integer(value: int, where: str) -> int:
    if not -LARGEST_INTEGER <= value < LARGEST_INTEGER:
        raise QueryError(f"{where} is an integer beyond 64 bits")
    return value


def _freeze_float(value: float, where: str) -> float:
    if not math.isfinite(value):
        raise QueryError(f"{where} is {value!r}; numbers are finite")
    return value


def thaw(value: Value) -> Json:
    """The same value as plain JSON: lists, dicts, bytes as ``{"base64": "..."}``, slots as ``{"topic": "name"}``.

    A mapping that would be read as a slot is written inside another, ``{"topic": {"value": ...}}``; `thawed_back`
    reads both.

    Examples
    --------
    >>> thaw((b"abc", 1.5))
    [{'base64': 'YWJj'}, 1.5]
    """
    match value:
        case bytes():
            return {"base64": to_base64(value)}
        case Slot(name):
            return {SLOT: name}
        case tuple():
            return [thaw(item) for item in value]
        case FrozenMapping():
            plain: Json = {name: thaw(item) for name, item in value.pairs}
            return {SLOT: {"value": plain}} if _looks_like_a_slot(value) else plain
        case _:
            return value


def _looks_like_a_slot(value: Mapping[str, object]) -> bool:
    match dict(value):
        case {"topic": str(), **rest} | {"topic": {"value": _}, **rest}:
            return not rest
    return False


def thawed_back(value: object) -> object:
    """What `thaw` wrote, with the slots in it made slots again; `freeze` takes it.

    Raises
    ------
    QueryError
        A slot's name is none.

    Examples
    --------
    >>> thawed_back([{"topic": "photo"}, {"topic": {"value": {"topic": "trees"}}}])
    [topic.photo, {'topic': 'trees'}]
    """
    match value:
        case {"topic": str(name), **rest} if not rest:
            return Slot(name)
        case {"topic": {"value": plain}, **rest} if not rest and isinstance(plain, Mapping):
            return {name: thawed_back(item) for name, item in plain.items()}
        case Mapping():
            return {name: thawed_back(item) for name, item in value.items()}
        case list() | tuple():
            return [thawed_back(item) for item in value]
        case _:
            return value


def literal(value: Value, *, limit: int | None = None) -> str:
    r"""The value as Python reads it back; if it is longer than `limit` characters, shortened for the eye.

    Parameters
    ----------
    value : Value
        A frozen JSON value, or bytes.
    limit : int, optional
        Characters of a string, bytes or a list beyond which it is shortened; by default nothing is.

    Examples
    --------
    >>> literal((0.25, 0.5)), literal(b"\x89PNG" * 1000, limit=40), literal("a" * 100, limit=8)
    ('(0.25, 0.5)', '<4,000 bytes>', "'aaaaaaa…'")
    """
    match value:
        case bytes() if limit is not None and 4 * len(value) > limit:
            return f"<{len(value):,} bytes>"
        case str() if limit is not None and len(value) > limit:
            return repr(value[: limit - 1] + "…")
        case tuple():
            items = ((None, item) for item in value)  # of a long vector few are written
            return f"({_listed(items, len(value), limit)}{',' if len(value) == 1 else ''})"
        case FrozenMapping():
            return f"{{{_listed(value.pairs, len(value.pairs), limit)}}}"
        case _:
            return repr(value)


def _listed(pairs: Iterable[tuple[str | None, Value]], count: int, limit: int | None) -> str:
    texts: list[str] = []
    length = 0
    for name, value in pairs:
        if limit is not None and length > limit:
            texts.append(f"… {count - len(texts)} more")
            break
        prefix = "" if name is None else f"{literal(name, limit=limit)}: "
        texts.append(prefix + literal(value, limit=limit))
        length += len(texts[-1]) + 2
    return ", ".join(texts)
