"""The whole of it: a query composed by hand, its hits, labels, and what is learned from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import numpy as np

from ..collection.collection import Collection
from ..hits import Hits
from ..query import Query, Term
from ..values.types import Box, Hit, Json, Level
from .gallery import EMPTY, Gallery
from .labeler import Labeler, ranking_change
from .places import Places
from .query_builder import QueryBuilder
from .region_picker import RegionPicker, like
from .rows import Row
from .widget_group import WidgetGroup

__all__ = ["Explorer"]

BROWSED: Final = 200  # pictures of a page where nothing is asked for


class Explorer(WidgetGroup):
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

    Attributes
    ----------
    builder, labeler, picker, places, gallery
        The parts, each a widget of its own. The map of places is shown where any input has a place, folded.
    """

    parts = ("builder", "places", "picker", "gallery", "labeler")
    scripts = ("group.js", "explorer.js")

    def __init__(
        self,
        photos: Collection,
        query: Query | str | None = None,
        *,
        limit: int = 48,
        level: Level = "input",
        user: str | None = None,
    ) -> None:
        self._photos = photos
        self.builder = QueryBuilder(photos, query, limit=limit, level=level)
        self.gallery = Gallery(photos=photos)
        self.labeler = Labeler(photos, self.gallery, user=user)
        self.picker = RegionPicker(photos)
        placed = bool(np.isfinite(photos.snapshot().inputs.latitude).any())
        self.places = Places(photos, EMPTY)
        super().__init__(
            builder=self.builder,
            labeler=self.labeler,
            picker=self.picker,
            places=self.places,
            gallery=self.gallery,
        )
        self.places.folded = True
        self.hidden = ["picker"] if placed else ["picker", "places"]
        self.builder.compact = self.builder.folded = True
        self._wire()
        if query is not None:
            self.search()
        else:
            self.browse()

    def _wire(self) -> None:
        self.builder.observe(self._show, "hits")
        self.gallery.on_act(self._act, verbs=("more", "less", "region"))
        self.picker.on_act(self._picked, verbs=("more", "less", "label", "close"))
        self.places.observe(self._unfolded, "folded")
        self.places.on_act(self._on_map, verbs=("only", "open"))
        self.labeler.after = self._refined

    @property
    def query(self) -> Query | None:
        """What the rows ask for; set it to draw the rows of a query."""
        return self.builder.query

    @query.setter
    def query(self, query: Query | str | None) -> None:
        self.builder.query = query

    @property
    def hits(self) -> Hits:
        """What is shown."""
        return self.gallery.hits

    def search(self) -> Hits:
        """The hits of the query, shown."""
        return self.builder.search()

    def browse(self) -> Hits:
        """The collection itself, in order of adding, shown without a query."""
        everything = self._photos.terms.where(status="success")
        hits = self._photos.search(everything, limit=max(BROWSED, self.builder.limit))
        self.gallery.show(hits)
        return hits

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
        """Add the area chosen on the map of places to the query, in the place of the one before, and search.

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
        return which if isinstance(which, Hit) else self.hits[self.gallery._index[self.gallery.key(which)]]

    def _show(self, change: Mapping[str, object]) -> None:
        hits = cast("Hits | None", change["new"])
        if hits is None:
            self.browse()
            return
        self.gallery.show(hits)
        self.places.show(hits)

    def _restore(self, name: str, value: Mapping[str, Json]) -> None:
        super()._restore(name, value)
        if name == "builder" and self.query is not None:
            self.search()  # marks and a selection are of hits

    def _like(self, verb: str, hit: Hit, box: Box | None) -> Hits:
        box = box or (hit.box if self.hits.level == "region" else None)
        self.builder.add(like(self._photos, hit.input.id, box), negated=verb == "less")
        return self.search()

    def _act(self, verb: str, hit: Hit, box: Box | None) -> None:
        if verb == "region":
            self.picker.show(hit, box=box)
            self.hide("picker", hidden=False)
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

    def __repr__(self) -> str:
        return f"Explorer({self.builder.text or 'no query yet'}; {self.gallery!r})"


def _is_area(query: Query) -> bool:
    """Whether it is a filter that the map wrote: of an area, and of nothing else."""
    return (
        isinstance(query, Term)
        and query.ranker == "where"
        and set(dict(query.options)) in ({"near"}, {"within"})
    )
