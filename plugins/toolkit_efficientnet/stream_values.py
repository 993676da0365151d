"""The plain values at the head of a PyTorch file, read without running it.

A pickle is a program: unpickling calls whatever it names. Here its instructions are read one at a time and only those
are obeyed that build numbers, texts, tuples, tables, and the two things a file of weights is made of; nothing that
the file names is ever looked up or called.

References
----------
The Python documentation, pickletools: tools for pickle developers (what each instruction means).
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pickletools import genops
from typing import NamedTuple, TypeAlias

__all__ = ["Storage", "View", "next_value"]

TABLE, TENSOR = "collections OrderedDict", "torch._utils _rebuild_tensor_v2"
DTYPES = {
    "torch FloatStorage": "<f4",
    "torch DoubleStorage": "<f8",
    "torch HalfStorage": "<f2",
    "torch LongStorage": "<i8",
    "torch IntStorage": "<i4",
}
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
_LITERALS = frozenset({"BININT", "BININT1", "BININT2", "LONG1", "BINUNICODE"})
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class _Name(NamedTuple):
    """What the file names: never looked up, only compared."""

    text: str


class Storage(NamedTuple):
    """A run of numbers that comes later in the file.

    Parameters
    ----------
    key : str
        What the file calls it.
    dtype : str
        As NumPy writes it: ``"<f4"``.
    length : int
        How many numbers.
    """

    key: str
    dtype: str
    length: int


class View(NamedTuple):
    """A tensor: what part of a storage it is, in numbers and not yet checked.

    Parameters
    ----------
    storage : Storage
        Of which.
    offset : int
        Where it begins.
    shape, strides : tuple of int
        Its sizes, and how far apart neighbors are along each axis.
    """

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def next_value(stream: BytesIO) -> object:
    """The value that the pickle at a stream's place makes; the stream is left behind it.

    Raises
    ------
    ValueError
        An instruction that builds anything else, or a program that does not work out.
    """
    machine = _Machine()
    for instruction, argument, _ in genops(stream):
        if instruction.name == "STOP":
            return machine.pop()
        machine.obey(instruction.name, argument)
    raise ValueError("it ends in the middle of a value")


_Stack: TypeAlias = list[object]


class _Machine:
    """The stack that instructions work on."""

    def __init__(self) -> None:
        self._stack: _Stack = []
        self._outer: list[_Stack] = []
        self._remembered: dict[int, object] = {}
        self._verbs: dict[str, Callable[[], None]] = {
            "MARK": self._mark,
            "TUPLE": lambda: self._push(tuple(self._since_mark())),
            "EMPTY_LIST": lambda: self._push([]),
            "EMPTY_DICT": lambda: self._push({}),
            "APPENDS": self._append,
            "SETITEM": lambda: self._set([self.pop(), self.pop()][::-1]),
            "SETITEMS": lambda: self._set(self._since_mark()),
            "BINPERSID": lambda: self._push(_storage(self.pop())),
            "REDUCE": self._reduce,
            "BUILD": self._ignore_attributes,
        }

    def obey(self, name: str, argument: object) -> None:
        """Carry out one instruction.

        Raises
        ------
        ValueError
            It is none that weights need.
        """
        if name in self._verbs:
            self._verbs[name]()
        elif name in _CONSTANTS:
            self._push(_CONSTANTS[name])
        elif name in _LITERALS:
            self._push(argument)
        elif name in _TUPLES:
            items = [self.pop() for _ in range(_TUPLES[name])]
            self._push(tuple(items[::-1]))
        elif name in ("BINPUT", "LONG_BINPUT") and isinstance(argument, int):
            self._remembered[argument] = self._stack[-1]
        elif name in ("BINGET", "LONG_BINGET") and isinstance(argument, int):
            self._push(self._remembered[argument])
        elif name == "GLOBAL":
            self._push(_named(str(argument)))
        elif name != "PROTO":
            raise ValueError(f"it holds the instruction {name}, which no weights need")

    def pop(self) -> object:
        """The value on top, taken off."""
        return self._stack.pop()

    def _push(self, value: object) -> None:
        self._stack.append(value)

    def _mark(self) -> None:
        self._outer.append(self._stack)
        self._stack = []

    def _since_mark(self) -> _Stack:
        items, self._stack = self._stack, self._outer.pop()
        return items

    def _append(self) -> None:
        items = self._since_mark()
        if not isinstance(into := self._stack[-1], list):
            raise TypeError("it appends to what is no list")
        into.extend(items)

    def _set(self, items: _Stack) -> None:
        if not isinstance(table := self._stack[-1], dict) or not all(
            isinstance(key, str) for key in items[::2]
        ):
            raise TypeError("it sets an item of what is no table, or under what is no text")
        table.update(zip(items[::2], items[1::2], strict=True))

    def _reduce(self) -> None:
        arguments, what = self.pop(), self.pop()
        match what, arguments:
            case _Name(text), () if text == TABLE:
                self._push({})
            case _Name(text), _ if text == TENSOR:
                self._push(_view(arguments))
            case _:
                raise ValueError("it calls what is neither a table nor a tensor")

    def _ignore_attributes(self) -> None:
        self.pop()  # notes on versions that PyTorch attaches to the table
        if not isinstance(self._stack[-1], dict):
            raise TypeError("it sets attributes of what is no table")


def _named(text: str) -> _Name:
    if text not in (TABLE, TENSOR, *DTYPES):
        raise ValueError(f"it names {text!r:.80}, which no weights need")
    return _Name(text)


def _storage(given: object) -> Storage:
    match given:
        case ("storage", _Name(text), str(key), str(), int(length), None) if text in DTYPES and length >= 0:
            return Storage(key, DTYPES[text], length)
    raise ValueError("it refers to what is no storage of numbers")


def _view(given: object) -> View:
    match given:
        case (Storage() as storage, int(offset), tuple(shape), tuple(strides), *_):
            if all(type(one) is int for one in (offset, *shape, *strides)):
                return View(storage, offset, shape, strides)
    raise ValueError("it makes a tensor of what describes none")
