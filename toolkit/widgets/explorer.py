"""The whole of it: a query composed by hand, its hits, labels, and what is learned from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

import numpy as np

from ..collection.collection import Collection
from ..hits import Hits
from ..query import Query, Term
from ..values.types import Box, Hit, Json, Level
from .chips import rows_text
from .facets import Facets
from .gallery import EMPTY, Gallery
from .labeler import Labeler, ranking_change
from .map import Map
from .message_widget import Answer, Request, parts_of_a_group
from .places import Places
from .query_builder import QueryBuilder
from .region_offer import RegionOffer
from .region_picker import RegionPicker, like
from .remembering_group import RememberingGroup
from .rows import Row, row_of, rows_of
from .side_by_side import SideBySide

__all__ = ["Explorer"]

BROWSED: Final = 200  # pictures of a page where nothing is asked for


class Explorer(RememberingGroup):
    """A query builder, a labeler, a region picker and a gallery that work on one another.

    Parameters
    ----------
    photos : Collection
        What is explored.
    query : Query or str, optional
        What to start with; it is searched at once.
    limit : int
        How many hits a page has.
    level : {"input", "region"}
        What a hit is.
    user : str, optional
        Who labels; ``Settings.user`` by default.
    state : mapping, optional
        What `to_dict` of an explorer wrote; ``explorer(state=photos.queries.last())`` goes on where one stopped.

    Attributes
    ----------
    builder, facets, gallery, map, places, labeler, picker, beside, offer
        The parts, each a widget of its own. The map of the pictures is shown when it is asked for, that of places where
        any input has a place, folded; the picture to draw on, and two hits or rankings side by side, while they are
        asked for; the offer to classify regions where a concept is asked for and they have none.
    """

    parts = ("builder", "facets", "map", "places", "picker", "gallery", "labeler")
    panels = ("builder", "facets", "map")
    scripts = ("group.js", "explorer.js")
    asks = {**RememberingGroup.asks, "compare": "_compare"}  # noqa: RUF012  # read only; the base class says so

    @parts_of_a_group()
    def __init__(
        self,
        photos: Collection,
        query: Query | str | None = None,
        *,
        limit: int = 48,
        level: Level = "input",
        user: str | None = None,
        state: Mapping[str, Json] | None = None,
    ) -> None:
        self._remember_in(photos)
        self._bounds: object = None  # what the hits were searched with
        self.builder = QueryBuilder(photos, query, limit=limit, level=level)
        self.gallery = Gallery(photos=photos)
        self.labeler = Labeler(photos, self.gallery, user=user)
        self.picker = RegionPicker(photos)
        placed = bool(np.isfinite(photos.snapshot().inputs.latitude).any())
        self.places = Places(photos, EMPTY)
        self.facets = Facets(photos, later=True)
        self.map = Map(photos, later=True)
        self.beside = SideBySide(photos)
        self.offer = RegionOffer(photos)
        super().__init__(
            builder=self.builder,
            labeler=self.labeler,
            offer=self.offer,
            picker=self.picker,
            gallery=self.gallery,
            facets=self.facets,
            places=self.places,
            map=self.map,
            beside=self.beside,
        )
        self.places.folded = True
        self.hidden = ["picker", "beside", "map", *([] if placed else ["places"])]
        self.builder.compact = self.builder.folded = True
        self._wire()
        self.saved = self._visits.saved()
        if state is not None:
            self.from_dict(state)
        elif query is not None:
            self.search()
        else:
            self.browse()
            self.last = self._last_query()

    def _wire(self) -> None:
        self.builder.observe(self._show, "hits")
        self.builder.observe(self._age, ["text", "hits", "limit", "level", "minimum"])
        self.gallery.on_act(self._act, verbs=("near", "more", "less", "region", "compare"))
        self.picker.on_act(self._picked, verbs=("more", "less", "label", "close"))
        self.places.observe(self._unfolded, "folded")
        self.places.on_act(self._on_map, verbs=("only", "open"))
        for view in (self.facets, self.map):
            view.on_query(self._narrowed)
        self.observe(self._uncovered, "hidden")
        self.labeler.after = self._refined
        self.labeler.observe(lambda _: self.facets.follow(self.query), "revision")  # others have written
        self.map.on_open(self.gallery.enlarge)
        self.offer.after = self._classified
        self.beside.on_close = lambda: self.hide("beside")
        self.gallery.observe(lambda _: self.refresh_output(), ["version", "marks"])

    @property
    def hits(self) -> Hits:
        """What is shown."""
        return self.gallery.hits

    def search(self) -> Hits:
        """The hits of the query, shown."""
        return self.builder.search()

    def browse(self) -> Hits:
        """The collection itself, in order of adding, shown without a query."""
        self.builder.drop()  # a search that still runs
        everything = self._photos.terms.where(status="success")
        hits = self._photos.search(everything, limit=max(BROWSED, self.builder.limit))
        self.gallery.show(hits)
        self.offer.look(None)
        self._follow()
        self._record()
        return hits

    def nearest(self, which: int | str | Hit, *, box: Box | None = None) -> Hits:
        """Search for what is most like a hit, or like a box on it, and for nothing else.

        Parameters
        ----------
        which : int, str or Hit
            A hit: its place among those shown, its key, or itself.
        box : Box, optional
            The part of its picture that counts; by default what the hit is about.
        """
        return self._like("near", self._hit(which), box)

    def compare(self, first: int | str | Hit, second: int | str | Hit) -> None:
        """Show two hits side by side, zoomed together.

        Parameters
        ----------
        first, second : int, str or Hit
            Hits: their places among those shown, their keys, or themselves.
        """
        self.beside.show_hits(*(self.gallery._named(self._hit(one)) for one in (first, second)))
        self.hide("beside", hidden=False)

    def compare_with(self, name: str) -> None:
        """Show the hits of a saved query beside those that are shown, and how far each picture moved.

        Parameters
        ----------
        name : str
            Of the saved query.

        Raises
        ------
        UnknownNameError
            No query has that name.
        """
        other = self._photos.search(self._photos.queries[name], limit=self.builder.limit)
        shown = rows_text(self.builder.rows, self._photos)
        self.beside.show_rankings(other, self.hits, names=(name, shown or "the collection"))
        self.hide("beside", hidden=False)

    def more_like(self, which: int | str | Hit, *, box: Box | None = None) -> Hits:
        """Add a rank for what is like a hit, or like a box on it, and search.

        Parameters
        ----------
        which : int, str or Hit
            A hit: its place among those shown, its key, or itself.
        box : Box, optional
            The part of its picture that counts; by default what the hit is about.
        """
        return self._like("more", self._hit(which), box)

    def less_like(self, which: int | str | Hit, *, box: Box | None = None) -> Hits:
        """Add a rank against what is like a hit, or like a box on it, and search.

        Parameters
        ----------
        which : int, str or Hit
            A hit: its place among those shown, its key, or itself.
        box : Box, optional
            The part of its picture that counts; by default what the hit is about.
        """
        return self._like("less", self._hit(which), box)

    def only_here(self) -> Hits:
        """Add the area chosen on the map to the query, in the place of the one before, and search.

        Raises
        ------
        QueryError
            No area is chosen.
        """
        rows = [row for row in self.builder.rows if not _is_area(row.query)]
        self.builder.set_rows([*rows, Row(self.places.query)])
        return self.search()

    def refine(self, concept: str | None = None) -> str:
        """Learn a concept from the labels, add it to the query, search; returns what changed, in a sentence.

        Raises
        ------
        QueryError
            There is no concept yet, or fewer than two hits are marked as showing it.
        """
        if concept is not None:
            self.labeler.concept = concept
        return self.labeler.refine()

    def _hit(self, which: int | str | Hit) -> Hit:
        return which if isinstance(which, Hit) else self.gallery._hit(which)

    def _narrowed(self, query: Query | None) -> None:
        """Ask for what was chosen of a facet or drawn on the map; rows that are off stay."""
        off = [row for row in self.builder.rows if not row.on]
        if query is None:
            self.builder.set_rows(off)
            if self.builder.hits is None:
                self.browse()
            self.builder.hits = None
            return
        join, rows = rows_of(query)
        self.builder.set_rows([*rows, *off], join=join if len(rows) > 1 else None)
        self.search()

    def _follow(self) -> None:
        """Let the facets and the map, if it is shown, be about what the gallery shows."""
        self.facets.follow(self.query)
        if "map" not in self.hidden:
            self.map.follow(self.query)

    def _uncovered(self, change: Mapping[str, object]) -> None:
        if "map" in cast("Sequence[str]", change["old"]) and "map" not in self.hidden:
            self.map.follow(self.query)  # only now: to lay out a collection takes a while

    def _show(self, change: Mapping[str, object]) -> None:
        hits = cast("Hits | None", change["new"])
        if hits is None:
            self.browse()
            return
        self._follow()
        self.gallery.show(hits)
        self.offer.look(hits)
        self.places.show(hits)
        self.last = ""
        self._record()

    def _classified(self) -> None:
        if self.query is not None:
            self.builder.search_later()

    def _age(self, change: Mapping[str, object]) -> None:
        """Have hits look old that are those of a query before."""
        builder = self.builder
        bounds = (builder.limit, builder.level, builder.minimum)
        if change["name"] == "hits":
            self._bounds = bounds
        is_old = builder.hits is not None and (
            builder.hits.expression != builder.query or bounds != self._bounds
        )
        self.gallery.stale = is_old

    def _restore(self, name: str, value: Mapping[str, Json]) -> None:
        super()._restore(name, value)
        if name == "builder":  # marks and a selection are of hits
            self.browse() if self.query is None else self.search()

    def _like(self, verb: str, hit: Hit, box: Box | None) -> Hits:
        box = box or (hit.box if self.hits.level == "region" else None)
        term = like(self._photos, hit.input.id, box)
        if verb == "near":
            self.builder.set_rows((row_of(term),))
        else:
            self.builder.add(term, negated=verb == "less")
        return self.search()

    def _act(self, verb: str, hit: Hit, box: Box | None) -> None:
        if verb == "region":
            self.picker.show(hit, box=box)
            self.hide("picker", hidden=False)
        elif verb == "compare":
            self.compare(*self.gallery.selected[:2])
        else:
            self._like(verb, hit, box)

    def _unfolded(self, change: Mapping[str, object]) -> None:
        if not change["new"] and self.builder.hits is None:
            self.places.show(None)  # only now: of a large collection it takes a moment

    def _on_map(self, verb: str, hit: Hit | None) -> None:
        if verb == "only":
            self.only_here()
        elif hit is not None:
            self.gallery.enlarge(hit)

    def _picked(self, verb: str, term: Query) -> None:
        if verb in {"more", "less"}:
            self.builder.add(term, negated=verb == "less")
            self.search()
        elif verb == "label":
            self.labeler.label(self.picker.input, box=Box(*self.picker.box) if self.picker.box else None)
            self.picker.set_status(str(self.labeler.status["text"]))
        else:
            self.hide("picker")

    def _refined(self, concept: str) -> str:
        before = self.builder.hits
        term = self._photos.terms.concept(concept)
        query = self.builder.query
        added = query is None or term not in query.terms()
        if added:
            self.builder.add(term)
        change = ranking_change(before, self.search())
        return f"Added to the query: {change}" if added else change

    def _compare(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.compare_with(str(asked["name"]))
        return {}, []

    def __repr__(self) -> str:
        return f"Explorer({self.builder.text or 'no query yet'}; {self.gallery!r})"


def _is_area(query: Query) -> bool:
    """Whether it is a filter that the map wrote: of an area, and of nothing else."""
    return (
        isinstance(query, Term)
        and query.ranker == "where"
        and set(dict(query.options)) in ({"near"}, {"within"})
    )
