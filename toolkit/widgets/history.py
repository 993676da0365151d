"""Undo and redo: states one came from, and states one went back from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ..values.types import Json

__all__ = ["History"]

State = Mapping[str, Json]
LONGEST = 100


class History:
    """The states before the present one, and those after it that were undone."""

    def __init__(self) -> None:
        self._before: list[State] = []
        self._after: list[State] = []
        self._is_paused = False

    @property
    def can_undo(self) -> bool:
        """Whether there is a state before."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return bool(self._after)

    def record(self, old: State) -> None:
        """Remember a state that was just left."""
        if not self._is_paused:
            self._before = [*self._before[-LONGEST + 1 :], old]
            self._after = []

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Remember nothing meanwhile: the change is one of history itself."""
        self._is_paused = True
        try:
            yield
        finally:
            self._is_paused = False

    def undo(self, now: State) -> State:
        """The state before; `now` if there is none."""
        if not self._before:
            return now
        self._after.append(now)
        return self._before.pop()

    def redo(self, now: State) -> State:
        """The state that was undone last; `now` if there is none."""
        if not self._after:
            return now
        self._before.append(now)
        return self._after.pop()
