"""Rows of ranks that make a query, as a widget keeps them: changed one by one, and each change can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import traitlets

from ..collection.collection import Collection
from ..errors import QueryError
from ..grammar import parse
from ..plugins.fusions import bind_fusion
from ..query import Query, from_dict
from ..values.types import Json
from .chips import chip_text
from .history import History
from .message_widget import MessageWidget
from .pictures import UploadedPictures
from .readable import readable
from .row_problems import colors, is_blank, problem_of
from .rows import Join, Row, query_of_rows, row_from_dict, row_of, rows_of

__all__ = ["QueryRows"]


class QueryRows(MessageWidget):
    """A query as rows, and what a page shows of them.

    Parameters
    ----------
    photos : Collection
        What is searched.
    **traits : object
        What else a subclass starts with.

    Attributes
    ----------
    state : dict
        ``{"join": ..., "rows": [...]}``: all that undo takes back. `query` and `rows` are easier to use.
    text : str
        The query as one would type it; always there, empty without a query.
    shown : str
        The same as a person reads it: names in the place of ids and of addresses.
    labels, chips : list of str
        Each row as a person reads it, and as a chip says it.
    colors : list of int
        The color of each row, as of the scores of its term.
    problems : list of str
        What is wrong with each row; empty where nothing is.
    can_undo, can_redo : bool
        Whether there is a change to take back, and one to make again.
    """

    state: traitlets.Dict[str, Json] = traitlets.Dict().tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True)
    shown = traitlets.Unicode("").tag(sync=True)
    labels: traitlets.List[str] = traitlets.List().tag(sync=True)
    colors: traitlets.List[int] = traitlets.List().tag(sync=True)
    chips: traitlets.List[str] = traitlets.List().tag(sync=True)
    problems: traitlets.List[str] = traitlets.List().tag(sync=True)
    can_undo = traitlets.Bool(False).tag(sync=True)
    can_redo = traitlets.Bool(False).tag(sync=True)

    def __init__(self, photos: Collection, **traits: object) -> None:
        super().__init__(state={"join": "all", "rows": []}, **traits)
        self._photos = photos
        self._pictures = UploadedPictures()
        self._history = History()
        self.observe(self._changed, "state")

    def start_with(self, query: Query | str) -> None:
        """Draw the rows of a query, with nothing before it to go back to."""
        self.query = query
        self._history = History()
        self._record_change()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows, those that are off included."""
        rows = cast("Sequence[Json]", self.state["rows"])
        return tuple(row_from_dict(self._pictures.restore(row)) for row in rows)

    @property
    def join(self) -> Join:
        """How rows are joined.

        ``"all"`` is ``&``, ``"any"`` is ``|``, ``"sum"`` is ``+``, ``{"then": 100}`` is ``>>``, and
        ``{"fuse": {"method": "rrf"}}`` is ``fuse([...], method="rrf")``.
        """
        return cast(Join, self.state["join"])

    @join.setter
    def join(self, join: Join) -> None:
        self.set_rows(self.rows, join=join)

    def set_rows(self, rows: Sequence[Row], *, join: Join | None = None) -> None:
        """Replace all rows, in one step that can be undone.

        Parameters
        ----------
        rows : sequence of Row
            From top to bottom.
        join : str or mapping, optional
            What joins them, as of `join`; by default what does now.

        Raises
        ------
        QueryError
            A join there is not.
        """
        join = join or self.join
        query_of_rows(rows, join)
        self.state = {"join": join, "rows": [self._pictures.shorten(row.to_dict()) for row in rows]}

    @property
    def query(self) -> Query | None:
        """What the rows ask for; None if no row that is on is filled in. Set it to draw the rows of a query."""
        return query_of_rows(
            [row for row in self.rows if not is_blank(row, self._photos.registry)], self.join
        )

    @query.setter
    def query(self, query: Query | str | Mapping[str, Json] | None) -> None:
        if query is None:
            self.set_rows(())
            return
        join, rows = rows_of(self._read(query))
        self.set_rows(rows, join=join if len(rows) > 1 else None)

    def _read(self, query: Query | str | Mapping[str, Json]) -> Query:
        if isinstance(query, Query):
            return query
        if isinstance(query, str):
            rankers = {name: one.parameters for name, one in self._photos.registry.rankers.items()}
            return parse(
                query, rankers=rankers, check_fusion=lambda one: bind_fusion(one, self._photos.registry)
            )
        return from_dict(query)

    def add(self, query: Query | str, *, weight: float | None = None, negated: bool = False) -> None:
        """Add a row.

        Parameters
        ----------
        query : Query or str
            A term, or any other query; one that is a contrary or weighted keeps that.
        weight : float, optional
            What it counts.
        negated : bool
            Whether to ask for its contrary.
        """
        read = self._read(query)
        self.set_rows((*self.rows, row_of(read if weight is None else read * weight, negated=negated)))

    def remove(self, index: int) -> None:
        """Take a row away."""
        rows = self.rows
        self.set_rows([row for at, row in enumerate(rows) if at != self._at(index)])

    def move(self, index: int, to: int) -> None:
        """Move a row to another place.

        Parameters
        ----------
        index : int
            Which row, from 0.
        to : int
            Its new place.
        """
        rows = list(self.rows)
        row = rows.pop(self._at(index))
        rows.insert(to, row)
        self.set_rows(rows)

    def change(self, index: int, row: Row) -> None:
        """Put another row in the place of one: ``builder.change(0, replace(builder.rows[0], on=False))``.

        Parameters
        ----------
        index : int
            Which row, from 0.
        row : Row
            The new one.
        """
        rows = list(self.rows)
        rows[self._at(index)] = row
        self.set_rows(rows)

    def _at(self, index: int) -> int:
        count = len(cast("Sequence[Json]", self.state["rows"]))
        if not -count <= index < count:
            raise QueryError(f"no row {index}: there are {count}, counted from 0")
        return index % count

    def undo(self) -> None:
        """Take back the last change of the rows; without one, nothing."""
        with self._history.paused():
            self.state = dict(self._history.undo(self.state))
        self._record_change()

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        with self._history.paused():
            self.state = dict(self._history.redo(self.state))
        self._record_change()

    def _changed(self, change: Mapping[str, object]) -> None:
        self._history.record(cast("Mapping[str, Json]", change["old"]))
        self._record_change()
        with self.errors_in_status():
            query, rows = self.query, self.rows
            with self.hold_sync():
                self.text = "" if query is None else query.text()
                self.shown = "" if query is None else self._readable(query)
                self.colors = colors(query, rows, self._photos.registry)
                self.labels = [self._readable(row.query) for row in rows]
                self.chips = [chip_text(row.query, self._photos, self._pictures.file_of) for row in rows]
                self.problems = [problem_of(row, self._photos.registry) for row in rows]

    def _readable(self, query: Query) -> str:
        return readable(query, self._photos, self._pictures.file_of).text()

    def _record_change(self) -> None:
        self.can_undo, self.can_redo = self._history.can_undo, self._history.can_redo
