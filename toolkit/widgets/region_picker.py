"""A picture on which to draw a region, or choose one that is there, and search by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

import traitlets

from ..collection.collection import Collection
from ..errors import QueryError
from ..hits import Hits
from ..hits.captions import box_text, display_name
from ..hits.markup import element
from ..images import data_url
from ..query import Query
from ..values.types import Box, Hit, Input, Json, Level
from .message_widget import Answer, MessageWidget, Request
from .pictures import large_picture

__all__ = ["RegionPicker", "like"]

Picked: TypeAlias = Callable[[str, "Query"], None]


class RegionPicker(MessageWidget):
    """One picture and one box on it.

    Parameters
    ----------
    photos : Collection
        Whose picture.
    input : str, Input or Hit
        Which picture; a hit's region is chosen already. Empty for none yet.

    Attributes
    ----------
    input : str
        The input's id.
    box : list of float
        Top row, left column, bottom row, right column as fractions; empty for the whole picture.
    hits : Hits or None
        What `search` found last.
    """

    scripts = ("region_picker.js",)
    asks = {"picture": "_picture", "act": "_act"}  # noqa: RUF012  # read only; the base class says so
    slow = frozenset({"picture"})
    state_traits = ("input", "box")

    input = traitlets.Unicode("").tag(sync=True)
    caption = traitlets.Unicode("").tag(sync=True)
    width = traitlets.Int(1).tag(sync=True)
    height = traitlets.Int(1).tag(sync=True)
    box: traitlets.List[float] = traitlets.List().tag(sync=True)
    regions: traitlets.List[Json] = traitlets.List().tag(sync=True)
    can: traitlets.List[str] = traitlets.List(["search"]).tag(sync=True)
    hits = traitlets.Any(None, allow_none=True)

    def __init__(self, photos: Collection, input: str | Input | Hit = "") -> None:
        super().__init__()
        self._photos = photos
        self._acts: list[Picked] = []
        if input != "":
            self.show(input)

    def show(self, input: str | Input | Hit, *, box: Box | None = None) -> None:
        """Show another picture.

        Parameters
        ----------
        input : str, Input or Hit
            What to show; a hit brings its box.
        box : Box, optional
            The region that is chosen at first.

        Raises
        ------
        UnknownNameError
            No input has the id.
        """
        if isinstance(input, Hit):
            box = box or input.box
            input = input.input
        one = self._photos[input] if isinstance(input, str) else input
        with self.hold_sync():
            self.input, self.caption = one.id, display_name(one)
            self.width, self.height = one.width, one.height
            self.regions = self._regions_of(one.id)
            self.box = list(box) if box else []

    def from_dict(self, value: Mapping[str, Json]) -> None:
        """Become what `to_dict` wrote: the picture and the box on it."""
        if value.get("input"):
            self.show(str(value["input"]))
        super().from_dict(value)

    def _regions_of(self, id: str) -> list[Json]:
        return [{"id": region, "box": list(box)} for region, box in self._photos.regions.of(id).items()]

    @traitlets.validate("box")
    def _a_box(self, proposal: traitlets.Bunch) -> list[float]:
        sides = proposal["value"]
        if not all(isinstance(side, int | float) for side in sides) or len(sides) not in {0, 4}:
            raise QueryError(f"a box is [top_row, left_col, bottom_row, right_col], not {str(sides)[:80]}")
        return list(Box(*sides)) if sides else []

    def pick(self, box: Box | Sequence[float] | None) -> None:
        """Choose a box, or with None the whole picture.

        Raises
        ------
        QueryError
            It is no box inside the picture.
        """
        self.box = list(box) if box else []

    @property
    def query(self) -> Query:
        """The term that ranks by what is chosen: a stored region, a box on the picture, or the picture."""
        return like(self._photos, self.input, Box(*self.box) if self.box else None)

    def search(self, *, limit: int = 20, level: Level = "input") -> Hits:
        """The hits most like what is chosen; `hits` holds them too.

        Parameters
        ----------
        limit : int
            How many hits.
        level : {"input", "region"}
            One hit for each input, or one for each region.
        """
        self.drop()
        self.hits = self._photos.search(self.query, limit=limit, level=level)
        return self.hits

    def on_act(self, act: Picked, *, verbs: Sequence[str] = ("more", "less")) -> None:
        """Call something when a person asks for more or less like the region.

        Parameters
        ----------
        act : callable
            Called with the verb and the term.
        verbs : sequence of str
            What the page offers: ``"more"``, ``"less"``, ``"label"``, ``"search"`` and ``"close"``.
        """
        self._acts.append(act)
        self.can = list(verbs)

    def _picture(self, asked: Request, _: Sequence[bytes]) -> Answer:
        encoded, note = large_picture(self._photos, self.input, otherwise=self._photos.thumbnail(self.input))
        return {"input": self.input, "note": note}, [encoded]

    def _act(self, asked: Request, _: Sequence[bytes]) -> Answer:
        verb, query = str(asked["verb"]), self.query
        for act in self._acts:
            act(verb, query)
        if not self._acts:
            self.run(lambda: self._photos.search(query), lambda hits: self._found(cast(Hits, hits)))
        return {}, []

    def _found(self, hits: Hits) -> None:
        self.hits = hits
        self.set_status(f"{hits.total_text} hits: picker.hits")

    def static_html(self) -> str:
        """The picture with the box."""
        if not self.input:
            return element("div", "No picture yet.")
        picture = element("img", src=data_url(self._photos.thumbnail(self.input)), alt=self.caption)
        shown = [element("div", style=_over(Box(*self.box)))] if self.box else []
        return element("div", picture, *shown, style="position:relative;display:inline-block;line-height:0")

    def __repr__(self) -> str:
        where = f", {box_text(Box(*self.box))}" if self.box else ""
        return f"RegionPicker({self.input!r}{where})"


def like(photos: Collection, input: str, box: Box | None, *, region: str = "") -> Query:
    """The term for "like this": the input as a whole, one of its stored regions, or a box on its picture.

    Parameters
    ----------
    photos : Collection
        Where the regions are.
    input : str
        Its id.
    box : Box or None
        The part of its picture; None for the whole.
    region : str
        The id of the region, if it is known to be stored.
    """
    if box is None:
        return photos.terms.input(input)
    if not region:
        region = next((id for id, there in photos.regions.of(input).items() if there == box), "")
    if region:
        return photos.terms.region(region)
    return photos.terms.image({"input": input}, box=list(box))


def _over(box: Box) -> str:
    sides = (box.top_row, box.left_col, 1 - box.bottom_row, 1 - box.right_col)
    names = ("top", "left", "bottom", "right")
    where = ";".join(f"{name}:{100 * side:.2f}%" for name, side in zip(names, sides, strict=True))
    return f"position:absolute;{where};border:2px solid #ffd60a;outline:1px solid #1a1a1a"
