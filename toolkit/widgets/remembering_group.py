"""A group of widgets that remembers what it showed: back and forward, saved by name, kept for the next time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import cast

import traitlets

from ..collection.collection import Collection
from ..errors import QueryError, ToolkitError
from ..query import Query
from ..values.types import Json
from .chips import rows_text
from .message_widget import Answer, Request
from .query_builder import QueryBuilder
from .rows import row_from_dict
from .visits import Visits
from .widget_group import WidgetGroup

__all__ = ["RememberingGroup"]


class RememberingGroup(WidgetGroup):
    """Widgets around a query builder, of which each query is a visit that one can go back to.

    Attributes
    ----------
    builder : QueryBuilder
        What asks.
    can_go : list of bool
        Whether there is something to go back to, and forward to.
    saved : list of str
        The names of the saved queries.
    last : str
        The query that was shown the last time, in words, until something is asked for; empty without one.
    """

    asks = {"go": "_go", "save": "_save", "load": "_load", "resume": "_resume"}  # noqa: RUF012  # read only

    builder: QueryBuilder
    can_go: traitlets.List[bool] = traitlets.List([False, False]).tag(sync=True)
    saved: traitlets.List[str] = traitlets.List().tag(sync=True)
    last = traitlets.Unicode("").tag(sync=True)

    def _remember_in(self, photos: Collection) -> None:
        """Called before the widgets are made: a group that cannot be made is closed all the same."""
        self._photos = photos
        self._visits = Visits(photos, self)

    @property
    def query(self) -> Query | None:
        """What the rows ask for; set it to draw the rows of a query."""
        return self.builder.query

    @query.setter
    def query(self, query: Query | str | None) -> None:
        self.builder.query = query

    def back(self) -> None:
        """Show what was shown before this query; without one, nothing."""
        self._visits.go(back=True)
        self._can_go()

    def forward(self) -> None:
        """Show again what was left by `back`; without it, nothing."""
        self._visits.go(back=False)
        self._can_go()

    def save(self, name: str) -> None:
        """Save the query under a name in ``photos.queries``, with all that is set beside it.

        Parameters
        ----------
        name : str
            In place of a query of that name.

        Raises
        ------
        QueryError
            There is no query, or no name.
        """
        if self.query is None or not name.strip():
            raise QueryError("nothing to save yet: ask for something, and give it a name")
        self._visits.save(name.strip(), self.query)
        self.saved = self._visits.saved()

    def load(self, name: str) -> None:
        """Show a saved query, with all that was set beside it.

        Parameters
        ----------
        name : str
            Of the saved query.

        Raises
        ------
        UnknownNameError
            No query has that name.
        """
        state = self._visits.state_of(name)
        if state is not None:
            self.from_dict(state)
        else:
            self.query = self._photos.queries[name]
            self.builder.search()

    def _record(self) -> None:
        self._visits.record()
        self._can_go()

    def _can_go(self) -> None:
        self.can_go = list(self._visits.can_go)

    def _last_query(self) -> str:
        """The query that was shown last, in words; empty where none is kept."""
        with suppress(ToolkitError, KeyError, TypeError):
            builder = cast("Mapping[str, Json]", self._photos.queries.last()["builder"])
            rows = [row_from_dict(row) for row in cast("Sequence[Json]", builder["rows"])]
            return rows_text(rows, self._photos)
        return ""

    # ---- answers to the page

    def _go(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.back() if asked.get("back") else self.forward()
        return {}, []

    def _save(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.save(str(asked["name"]))
        self.builder.set_status(f"Saved as {asked['name']!r}.")
        return {}, []

    def _load(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.load(str(asked["name"]))
        return {}, []

    def _resume(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.from_dict(self._photos.queries.last())
        return {}, []

    def close(self) -> None:
        """Keep what is shown for the next time, and close it and everything in it."""
        self._visits.close()
        super().close()
