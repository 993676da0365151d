"""Many things, some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

__all__ = ["chunks"]

Item = TypeVar("Item")


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of a size; the last may be shorter.

    Parameters
    ----------
    items : iterable of Item
        Anything that can be iterated.
    size : int
        How many items a list has.
    """
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
