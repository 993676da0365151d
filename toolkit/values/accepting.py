"""Which of several readers, each a stranger's perhaps, takes a thing."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from ..errors import PluginWarning

__all__ = ["first_that_accepts"]


class _Reader(Protocol):
    name: str

    @property
    def accepts(self) -> Callable[[Any], bool]: ...  # each kind of reader is asked of things of its own type


ReaderT = TypeVar("ReaderT", bound=_Reader)


def first_that_accepts(readers: Iterable[ReaderT], thing: object, *, word: str) -> ReaderT | None:
    """The first reader whose ``accepts(thing)`` is true, or None.

    One that fails when it is asked, or whose answer is neither true nor false (an array, where the thing was
    compared with ``==``), is a `PluginWarning` and does not take the thing: the others are asked all the same.

    Parameters
    ----------
    readers : iterable
        In the order in which they are asked; each has a name and a method ``accepts``.
    thing : object
        What is to be read.
    word : str
        What they are called in the warning, such as ``"importer"``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> words = SimpleNamespace(name="words", accepts=lambda thing: isinstance(thing, str))
    >>> first_that_accepts([words], "a", word="reader").name
    'words'
    >>> first_that_accepts([words], 1, word="reader")
    """
    for reader in readers:
        try:
            if reader.accepts(thing):
                return reader
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            message = f"{word} {reader.name!r} was passed over: accepts() answers True or False; got {told}"
            warnings.warn(message, PluginWarning, stacklevel=3)
    return None
