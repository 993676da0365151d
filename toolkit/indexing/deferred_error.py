"""An error of an iterator, deferred until the items before it are done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

__all__ = ["DeferredError"]

T = TypeVar("T")


class DeferredError(Generic[T]):
    """Items that end at an error, which is raised later.

    What is read in lists would be lost with the error, and joblib waits for ever if its input raises.

    Parameters
    ----------
    items : iterable
        What may raise.
    """

    def __init__(self, items: Iterable[T]) -> None:
        self._items = items
        self._error: Exception | None = None

    def __iter__(self) -> Iterator[T]:
        try:
            yield from self._items
        except Exception as error:
            self._error = error

    def raise_error(self) -> None:
        """Raise what was held.

        Raises
        ------
        Exception
            The error that ended the items, if there was one.
        """
        if self._error:
            raise self._error
