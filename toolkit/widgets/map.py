"""The pictures as points on a plane: those that are alike together, or placed by two words; a lasso is a filter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias, cast

import numpy as np
import numpy.typing as npt
import traitlets

from ..collection.collection import Collection
from ..errors import QueryError
from ..facets import Facet
from ..facets.columns import Words, columns_of
from ..facets.count import title_of
from ..hits.captions import display_name
from ..hits.markup import element
from ..learned.layout import Layout
from ..query import AllOf, Query, Term, freeze
from ..snapshot import Snapshot
from ..values.types import FloatArray, Json
from .gallery import Gallery
from .message_widget import Answer, Request
from .query_view import QueryView
from .static_view import STILL
from .suggestions import complete

__all__ = ["Map"]

Opened: TypeAlias = "Callable[[str], object]"

COLORS: Final = 8  # values that have a color of their own; the others share gray
UNPLACED: Final = -1e9  # of an input that has no place: JavaScript draws nothing there
MOST_PICTURES: Final = 200  # that one message may ask for
UNSTORED: Final = "This collection can only be read: the layout is made anew the next time it is opened."
DIGITS: Final = 4  # of a corner of a lasso


class Map(QueryView[npt.NDArray[np.bool_]]):
    """The pictures as points on a plane; hits are bright and the rest gray, and a lasso limits the query.

    Parameters
    ----------
    photos : Collection
        What is shown; laid out by `Collection.project` before, unless there are axes.
    query : Query, optional
        Whose hits are bright; by default all.
    projection : str
        What laid them out.
    space : str, optional
        Whose vectors; the default space.
    axes : sequence of str
        Two words in any language, which place the pictures instead.
    later : bool
        Whether nothing is drawn until `show` or `follow` is called.

    Attributes
    ----------
    axes : list of str
        Two words, or none; set it to place the pictures by other words.
    color : str
        The facet of words that colors them, as of `Collection.facets`; empty for none.
    off : list
        The places in the legend of what is hidden.
    pictures : bool
        Whether thumbnails are shown where there is room.
    hits, total : int
        How many of the pictures the query finds, and how many there are.

    Examples
    --------
    >>> import numpy as np
    >>> import toolkit
    >>> with toolkit.open(workflow="pixels") as photos:
    ...     _ = photos.add([np.full((32, 32, 3), shade, np.uint8) for shade in range(0, 250, 25)], progress=False)
    ...     plane = photos.widgets.map(axes=["dark", "bright"])
    ...     plane.lasso([[0.5, -1], [2, -1], [2, 2], [0.5, 2]])
    ...     plane.hits < plane.total, plane.query.ranker
    (True, 'lasso')
    """

    scripts = ("combobox.js", "points.js", "map.js")
    asks = {  # noqa: RUF012  # read only; the base class says so
        "points": "_points",
        "flags": "_flags",
        "lasso": "_lasso",
        "pictures": "_pictures",
        "point": "_point",
        "axes": "_axes",
        "open": "_open",
        "suggest": "_suggest",
    }
    slow = frozenset({"pictures", "point"})
    looks = frozenset({"points", "flags", "pictures", "point", "suggest"})
    state_traits = ("axes", "color", "off", "pictures")

    version = traitlets.Int(0).tag(sync=True)  # of the points
    marked = traitlets.Int(0).tag(sync=True)  # of what is bright, and of the colors
    axes: traitlets.List[str] = traitlets.List().tag(sync=True)
    color = traitlets.Unicode("").tag(sync=True)
    colors: traitlets.List[Json] = traitlets.List().tag(sync=True)
    legend: traitlets.List[Json] = traitlets.List().tag(sync=True)
    off: traitlets.List[int] = traitlets.List().tag(sync=True)
    pictures = traitlets.Bool(False).tag(sync=True)
    hits = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(0).tag(sync=True)
    drawn: traitlets.List[Json] = traitlets.List().tag(
        sync=True
    )  # the lassos of the query that are of this view

    def __init__(
        self,
        photos: Collection,
        query: Query | None = None,
        *,
        projection: str = "tsne",
        space: str | None = None,
        axes: Sequence[str] = (),
        later: bool = False,
    ) -> None:
        self._projection, self._space = projection, space
        self._placed: tuple[object, ...] = ()
        self._points_of, self._fit = np.empty((0, 2), np.float32), ""
        self._bright, self._codes = np.zeros(0, bool), np.zeros(0, np.uint8)
        self._titles: list[str] = []
        self._opened: list[Opened] = []
        super().__init__(photos, query, later=True)
        if axes:
            self.axes = list(axes)
        if not later:
            self.show(query)
        self.observe(self._replaced, "axes")
        self.observe(self._recolored, "color")

    # ---- what is shown

    def _find(self, query: Query | None) -> npt.NDArray[np.bool_]:
        """Which pictures the query finds, of those that are placed."""
        bright = self._photos.matches(query)
        self._place()
        while len(bright) != len(self._snapshot.inputs):  # something was added meanwhile
            bright = self._photos.matches(query)
            self._place()
        return bright

    def _draw(self, found: npt.NDArray[np.bool_]) -> None:
        self._bright = found
        self._count()

    def _place(self) -> None:
        """Where everything lies, if that is not known for this revision and these axes."""
        is_current = False
        while not is_current:
            snapshot, axes = self._photos.snapshot(), tuple(self.axes)
            if self._placed == (snapshot, axes):
                return
            points, fit = self._places(snapshot, axes)
            with self.together.turn:  # a layout takes a while: other axes may have been asked for meanwhile
                is_current = tuple(self.axes) == axes
                if is_current:
                    self._snapshot, self._points_of, self._fit = snapshot, points, fit
                    self._placed = snapshot, axes
                    self._color_all()
                    self.version += 1

    def _places(self, snapshot: Snapshot, axes: Sequence[str]) -> tuple[FloatArray, str]:
        """Places float32 (n, 2) of all inputs, and what tells this layout from others; empty of axes."""
        if axes:
            return self._photos.axes(*axes), ""
        layout = self._layout()
        return layout.of(snapshot.inputs), layout.fit

    def _layout(self) -> Layout:
        """The stored layout; made, or completed with what was added since, where it is not whole."""
        try:
            layout = self._photos.project(
                self._projection, space=self._space, progress=False, report=self._report
            )
        except Exception:
            self.set_status("")
            raise
        self.set_status("" if layout.is_stored else UNSTORED)
        return layout

    def _report(self, share: float) -> None:
        self.set_status(f"Laying out the pictures by {self._projection}: {share:.0%}")

    def _count(self) -> None:
        if len(self._bright) != len(self._codes):  # something was added, and laid out, meanwhile
            self._bright = self._find(self.query)
        bright = self._bright
        codes = self._codes
        hits, total = np.bincount(codes[bright], minlength=256), np.bincount(codes, minlength=256)
        with self.hold_sync():
            self.hits, self.total = int(np.count_nonzero(bright)), len(bright)
            self.legend = [
                [title, int(hits[code]), int(total[code])] for code, title in enumerate(self._titles)
            ]
            self.drawn = [_corners(one) for one in self._lassos()]
            self.marked += 1

    # ---- colors

    def _color_all(self) -> None:
        """A code for every picture: its place in the legend, the last of which is all others."""
        snapshot = self._snapshot
        columns = columns_of(snapshot)
        self.colors = [[name, title_of(name)] for name, one in columns.items() if isinstance(one, Words)]
        column = columns.get(self.color)
        self._titles = []
        self._codes = np.zeros(len(snapshot.inputs), np.uint8)
        if not isinstance(column, Words):
            return
        facet = self._photos.facets(names=[self.color], most=COLORS)[self.color]
        rows = facet.rows if isinstance(facet, Facet) else ()
        self._titles = [*(row.title for row in rows), "others"]
        self._codes[:] = len(rows)
        for code, row in sorted(
            enumerate(rows), key=lambda one: -one[1].total
        ):  # the rarest of several colors it
            self._codes[column.mask([row.value], len(snapshot.inputs))] = code

    def _recolored(self, _: object) -> None:
        with self.errors_in_status():
            self.off = []
            if self._placed:  # else it is colored once it is drawn
                self._color_all()
                self._count()

    def _replaced(self, change: dict[str, object]) -> None:
        if len(self.axes) not in {0, 2}:
            raise QueryError(f"axes are two words, or none, not {self.axes!r}")
        try:
            self._place()
        except Exception:
            self.unobserve(self._replaced, "axes")
            self.axes = cast("list[str]", change["old"])
            self.observe(self._replaced, "axes")
            raise
        self._count()

    # ---- the lasso

    def lasso(self, polygon: Sequence[Sequence[float]]) -> None:
        """Limit the query to what lies inside a line, in the place of a lasso before on the same map.

        Parameters
        ----------
        polygon : sequence of (float, float)
            Three corners or more, as the points lie: on axes how much is shown, else between 0 and 1.
        """
        self.ask(self._with_lasso(polygon))

    def clear(self) -> None:
        """Take the lassos of this view out of the query."""
        self.ask(self._without())

    def _with_lasso(self, polygon: Sequence[Sequence[float]]) -> Query:
        options: dict[str, Json] = {"axes": list(self.axes)} if self.axes else {"fit": self._fit}
        if not self.axes:
            options |= {} if self._projection == "tsne" else {"projection": self._projection}
            options |= {} if self._space is None else {"space": self._space}
        corners = [[round(float(number), DIGITS) for number in corner] for corner in polygon]
        frozen = tuple((name, freeze(value)) for name, value in options.items())
        term = Term("lasso", freeze(corners), frozen)
        left = self._without()
        return term if left is None else AllOf((left, term))

    def _lassos(self) -> list[Term]:
        """The lassos that the query asks for and that were drawn on this view."""
        parts = self._query.parts if isinstance(self._query, AllOf) else (self._query,)
        return [
            one for one in parts if isinstance(one, Term) and one.ranker == "lasso" and self._is_here(one)
        ]

    def _is_here(self, lasso: Term) -> bool:
        options = dict(lasso.options)
        if self.axes:
            return options.get("axes") == tuple(self.axes)
        return "axes" not in options and options.get("fit") in {None, self._fit}

    def _without(self) -> Query | None:
        here = self._lassos()
        parts = self._query.parts if isinstance(self._query, AllOf) else (self._query,)
        left = [one for one in parts if one is not None and one not in here]
        return None if not left else left[0] if len(left) == 1 else AllOf(tuple(left))

    # ---- opening a picture

    def on_open(self, opened: Opened) -> None:
        """Call something with the id of a picture whenever a person clicks its point."""
        self._opened.append(opened)

    def link(self, *others: Gallery | QueryView[Any], limit: int = 48) -> None:
        """Let other widgets show what is asked here, and this and the others what is asked in one of them.

        Parameters
        ----------
        others : Gallery or QueryView
            A gallery shows the hits, and opens the picture of a point that is clicked.
        limit : int
            How many hits a gallery has on a page.
        """
        super().link(*others, limit=limit)
        for other in others:
            if isinstance(other, Gallery):
                self.on_open(other.enlarge)

    # ---- answers to the page

    def _points(self, asked: Request, _: Sequence[bytes]) -> Answer:
        places = np.nan_to_num(self._points_of, nan=UNPLACED).astype(np.float32)
        return {"version": self.version}, [places.tobytes()]

    def _flags(self, asked: Request, _: Sequence[bytes]) -> Answer:
        return {"marked": self.marked}, [
            np.packbits(self._bright, bitorder="little").tobytes(),
            self._codes.tobytes(),
        ]

    def _lasso(self, asked: Request, _: Sequence[bytes]) -> Answer:
        polygon = cast("Sequence[Sequence[float]]", asked.get("polygon") or ())
        self.ask(self._with_lasso(polygon) if polygon else self._without())
        return {}, []

    def _ids(self, asked: Request) -> list[str]:
        places = [int(one) for one in cast("Sequence[int]", asked["at"])][:MOST_PICTURES]
        there = [one for one in places if 0 <= one < len(self._snapshot.inputs)]
        return self._photos.ids_at(there, self._snapshot)

    def _pictures(self, asked: Request, _: Sequence[bytes]) -> Answer:
        sent = [self._photos.thumbnail(id) for id in self._ids(asked)]
        return {"sizes": [len(one) for one in sent]}, [b"".join(sent)]

    def _point(self, asked: Request, _: Sequence[bytes]) -> Answer:
        ids = self._ids(asked)
        if not ids:  # deleted meanwhile
            return {"id": "", "name": ""}, [b""]
        return {"id": ids[0], "name": display_name(self._photos[ids[0]])}, [self._photos.thumbnail(ids[0])]

    def _open(self, asked: Request, _: Sequence[bytes]) -> Answer:
        is_here = asked.get("version") == self.version  # else the point was one of another drawing
        for id in self._ids(asked) if is_here else ():
            for opened in self._opened:
                opened(id)
        return {}, []

    def _suggest(self, asked: Request, _: Sequence[bytes]) -> Answer:
        return {"found": complete(self._photos, str(asked.get("prefix", "")))}, []

    def _axes(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.axes = [str(one).strip() for one in cast("Sequence[str]", asked["words"]) if str(one).strip()]
        return {}, []

    def static_html(self) -> str:
        """How many there are, as text."""
        return element("div", f"Map: {self._status_text()}", style=STILL)

    def _status_text(self) -> str:
        by = " × ".join(self.axes) if self.axes else self._projection
        return f"{self.hits:,} of {self.total:,} pictures by {by}"

    def __repr__(self) -> str:
        return f"Map({self._status_text()})"


def _corners(lasso: Term) -> Json:
    return [
        [float(number) for number in corner] for corner in cast("Sequence[Sequence[float]]", lasso.subject)
    ]
