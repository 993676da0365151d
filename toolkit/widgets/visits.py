"""What an explorer showed before, as the pages of a browser: back, forward, kept for the next time, saved by name."""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from typing import Final, Protocol
from weakref import WeakSet

from ..collection.collection import Collection
from ..errors import ToolkitError
from ..values.types import Json
from .history import History
from .widget_group import CLOSED

__all__ = ["Visits"]

STATE: Final = "explorer"  # the fact that a saved query has where an explorer saved it


class HasState(Protocol):
    """What can be written and restored."""

    def to_dict(self) -> dict[str, Json]:
        """All of it as a JSON object."""

    def from_dict(self, value: Mapping[str, Json]) -> None:
        """Become what `to_dict` wrote."""


class Visits:
    """The states that an explorer was in, one for each query.

    Parameters
    ----------
    photos : Collection
        Where states are kept.
    shown : HasState
        The explorer.
    """

    def __init__(self, photos: Collection, shown: HasState) -> None:
        self._photos = photos
        self._shown = shown
        self._history = History()
        self._now: dict[str, Json] = {}
        _OPEN.add(self)

    @property
    def can_go(self) -> tuple[bool, bool]:
        """Whether there is something to go back to, and forward to."""
        return self._history.can_undo, self._history.can_redo

    def record(self) -> None:
        """Remember the state before, where another query is shown now."""
        now = self._shown.to_dict()
        if self._now and now["builder"] != self._now["builder"]:
            self._history.record(self._now)
        self._now = now

    def go(self, *, back: bool) -> None:
        """Show the state before, or the one that was left by going back; without one, nothing."""
        step = self._history.undo if back else self._history.redo
        now = self._shown.to_dict()
        there = {**step(now), CLOSED: now[CLOSED]}  # a panel stays where it is, whatever is shown in it
        with self._history.paused():
            self._shown.from_dict(there)
        self._now = self._shown.to_dict()

    def keep(self) -> None:
        """Store what is shown with the collection. Nothing is stored where that cannot be written any more."""
        try:
            if self._now:
                self._photos.queries.keep_last(self._shown.to_dict())
        except ToolkitError:  # closed before, or open for reading only: there is nothing to keep it in
            return

    def close(self) -> None:
        """Keep what is shown, and forget the rest."""
        self.keep()
        self._now = {}
        _OPEN.discard(self)

    def saved(self) -> list[str]:
        """The names of the saved queries."""
        return list(self._photos.queries)

    def save(self, name: str, query: object) -> None:
        """Save the query under a name, with all that is set beside it.

        Parameters
        ----------
        name : str
            In place of a query of that name.
        query : Query
            What is asked.
        """
        self._photos.queries.save({name: query}, facts={name: {STATE: self._shown.to_dict()}})  # type: ignore[dict-item]  # it checks

    def state_of(self, name: str) -> Mapping[str, Json] | None:
        """All that was set beside a saved query; None if only the query was saved."""
        state = self._photos.queries.facts().get(name, {}).get(STATE)
        return state if isinstance(state, Mapping) else None


_OPEN: Final[WeakSet[Visits]] = WeakSet()


@atexit.register
def _keep_all() -> None:
    """A kernel that is shut down keeps what was looked at."""
    for visits in list(_OPEN):
        visits.close()
