"""Hits to look at: any number of them, for only what is seen is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias, cast

import traitlets

from ..collection.collection import Collection
from ..errors import QueryError
from ..hits import Hits
from ..hits.contact_picture import png
from ..hits.cutoff import SuggestsCutoff
from ..values.types import Box, Hit, Json
from .arrangement import ORDERS, Arrangement, arranged
from .cells import cell, details, nothing, ratios, terms
from .chips import named, term_words
from .histogram import histogram
from .labels import key_of
from .marked_hits import MarkedHits
from .message_widget import Answer, Request
from .pictures import large_picture, smaller
from .readable import readable
from .saved_page import saved_page
from .suggestions import complete

__all__ = ["Act", "Gallery"]

Act: TypeAlias = Callable[[str, Hit, "Box | None"], None]

MOST_AT_ONCE: Final = 200  # cells that one message may ask for
MOST_IN_A_PICTURE: Final = 48
STILL: Final = 144  # long side of a picture that a saved notebook keeps, in pixels
EMPTY: Final = Hits([], query="", total=0, milliseconds=0.0)


class Gallery(MarkedHits):
    """A grid of hits with boxes, score bars, marks and a selection.

    Parameters
    ----------
    hits : Hits
        What to show.
    photos : Collection, optional
        Where pictures are opened large from.

    Attributes
    ----------
    selected : list of str
        The keys of the hits that are selected: ids of inputs, or of regions where a hit is a region.
    marks : dict of str to float
        1 for relevant, 0 for not, by key.
    pending : dict of str to float
        Marks that wait for the name of a concept, by key.
    theirs : dict of str to list of str
        What others have labeled, by key: ``["✓ ada"]``.
    stale : bool
        Whether the query has changed since these were found.
    opened : str
        The key of the hit that is open large; empty if none is.
    boxes : bool
        Whether boxes are drawn.
    least : float
        The least score of a box that is drawn.
    size : {"s", "m", "l"}
        How large the pictures are.
    order : {"best", "newest", "oldest", "name", "largest"}
        How the hits of the page are sorted; best first is their rank.
    grouped : bool
        Whether near-duplicates, and the parts of one picture, stand behind the best of them.

    Examples
    --------
    >>> Gallery(EMPTY)
    Gallery(no hits)
    """

    scripts = ("histogram.js", "justified.js", "zoom.js", "gallery.js", "large_view.js")
    asks = {  # noqa: RUF012  # read only; the base class says so
        "want": "_want",
        "open": "_open",
        "mark": "_mark",
        "name": "_name",
        "suggest": "_suggest",
        "act": "_act",
        "undo": "_undo",
        "page": "_page",
        "scores": "_scores",
        "best": "_best",
        "unfold": "_unfold",
        "keys": "_keys",
        "compare": "_compare",
        "save": "_save",
    }
    slow = frozenset({"open", "save"})
    looks = frozenset({"want", "scores", "suggest", "keys"})
    state_traits = ("size", "boxes", "least", "order", "grouped", "marks", "selected", "opened")

    version = traitlets.Int(0).tag(sync=True)
    count = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(0).tag(sync=True)
    counted = traitlets.Bool(True).tag(sync=True)
    page_number = traitlets.Int(1).tag(sync=True)
    pages = traitlets.Int(1).tag(sync=True)
    terms: traitlets.List[Json] = traitlets.List().tag(sync=True)
    nothing = traitlets.Unicode("").tag(sync=True)  # what is shown where there are no hits
    can: traitlets.List[str] = traitlets.List(["mark"]).tag(sync=True)
    stale = traitlets.Bool(False).tag(sync=True)
    boxes = traitlets.Bool(True).tag(sync=True)
    least = traitlets.Float(0.0, min=0.0, max=1.0).tag(sync=True)
    size = traitlets.Enum(["s", "m", "l"], "m").tag(sync=True)
    order = traitlets.Enum(list(ORDERS), "best").tag(sync=True)
    grouped = traitlets.Bool(False).tag(sync=True)
    ratios: traitlets.List[float] = traitlets.List().tag(sync=True)

    def __init__(self, hits: Hits = EMPTY, *, photos: Collection | None = None) -> None:
        super().__init__(hits)
        self._photos = photos
        self._acts: list[Act] = []
        self._unfolded: set[str] = set()
        self.learned: SuggestsCutoff | None = None
        """What suggests the cut-off that is drawn over the scores; without it the scores alone do."""
        self.observe(lambda _: self._arrange(self.page_number), ["order", "grouped"])
        self.show(hits)

    # ---- what is shown

    @property
    def hits(self) -> Hits:
        """What is shown."""
        return self._hits

    @hits.setter
    def hits(self, hits: Hits) -> None:
        self.show(hits)

    def show(self, hits: Hits) -> None:
        """Show other hits from their first page; marks of hits that stay are kept."""
        self._size = max(len(hits), 1)
        self._unfolded = set()
        self._turn(hits, 1)

    def _turn(self, hits: Hits, number: int) -> None:
        self.drop()  # a page of other hits that is still looked for
        self._ranked = hits
        self._words = term_words(hits.expression, self._photos)
        self._arrange(number)

    def _arrange(self, number: int) -> None:
        """Put the hits of the page in the order that is asked for, groups folded."""
        self._arranged: Arrangement = arranged(
            self._ranked, order=self.order, grouped=self.grouped, unfolded=self._unfolded
        )
        self._before, self._hits = self._hits, self._arranged.hits
        hits = self._hits
        self._index = {key_of(hit, hits.level): at for at, hit in enumerate(hits)}
        with self.hold_sync():
            self.version += 1
            self.count, self.total, self.counted = len(hits), hits.total, hits.counted
            self.page_number = number
            self.pages = -(-hits.total // self._size) if hits.more else 1
            self.terms = terms([self._named(hit) for hit in hits[:1]])
            self.ratios = ratios(hits)
            self.nothing = "" if len(hits) else nothing(self._photos)
            self.selected = [key for key in self.selected if key in self._index]
            self.opened = self.opened if self.opened in self._index else ""

    def page(self, number: int) -> Hits:
        """Show another page of the ranking; returns its hits.

        Raises
        ------
        QueryError
            There is no such page.
        """
        hits = self._hits.page(number, size=self._size)
        self._turn(hits, number)
        return hits

    # ---- acting on a hit

    def on_act(self, act: Act, *, verbs: Sequence[str] = ("more", "less")) -> None:
        """Call something when a person asks for more or less like a hit or a box on it.

        Parameters
        ----------
        act : callable
            Called with the verb, the hit, and the box or None.
        verbs : sequence of str
            What the page offers: ``"more"``, ``"less"``, ``"near"``, ``"region"`` and ``"compare"``.
        """
        self._acts.append(act)
        self.can = list(dict.fromkeys([*self.can, *verbs]))

    def act(self, verb: str, which: int | str | Hit, *, box: Box | None = None) -> None:
        """Do as if a person had clicked.

        Parameters
        ----------
        verb : str
            What the button does, such as ``"more"``.
        which : int, str or Hit
            A hit: its place among those shown, its key, or itself.
        box : Box, optional
            A part of its picture.
        """
        hit = self._hit(which)
        for act in self._acts:
            act(verb, hit, box)

    # ---- answers to the page

    def _want(self, asked: Request, _: Sequence[bytes]) -> Answer:
        first, last = _range(asked, len(self._hits))
        shown = self._hits[first:last]
        there = set(cast("list[str]", asked.get("without", [])))
        lacking = [id for id in dict.fromkeys(hit.input.id for hit in shown) if id not in there]
        pictures = self._hits.pictures(lacking) if lacking else {}
        sent = [pictures[id] for id in lacking if id in pictures]
        return {
            "version": self.version,
            "first": first,
            "cells": [self._cell(at) for at in range(first, last)],
            "names": [id for id in lacking if id in pictures],
            "missing": [id for id in lacking if id not in pictures],
            "sizes": [len(one) for one in sent],
        }, [b"".join(sent)]

    def _open(self, asked: Request, _: Sequence[bytes]) -> Answer:
        key = str(asked.get("key"))
        hit, at = self._hit(key), self._index.get(key)
        small = self._hits.pictures([hit.input.id]).get(hit.input.id) if at is not None else None
        encoded, note = large_picture(self._photos, hit.input.id, otherwise=small)
        return {
            "cell": cell(self._named(hit), self._hits.level) if at is None else self._cell(at),
            "at": at,
            "note": note,
            **details(self._named(hit), self._titles(hit)),
        }, [encoded]

    def _cell(self, at: int) -> dict[str, Json]:
        hit = self._hits[at]
        return {**cell(self._named(hit), self._hits.level), **self._arranged.place(at)}

    def _hit(self, which: int | str | Hit) -> Hit:
        """A hit that is shown, or folded, or was when it was clicked; else a picture of the collection, of no rank."""
        which = key_of(which, self._hits.level) if isinstance(which, Hit) else which
        if not isinstance(which, str) or which in self._index:
            return self._hits[self._index[self.key(which)]]
        known = (*self._ranked, *self._before)
        found = next((one for one in known if which in (key_of(one, self._hits.level), one.input.id)), None)
        if found is None and self._photos is not None and which in self._photos:
            found = Hit(0, 0.0, self._photos[which], None, which, None)
        return self._hits[self._index[self.key(which)]] if found is None else found

    def _named(self, hit: Hit) -> Hit:
        return named(hit, self._words)

    def _still(self) -> Hits:
        """What is shown, with names and small pictures: for a file."""
        query = self._hits.expression
        text = (
            readable(query, self._photos).text()
            if query is not None and self._photos is not None
            else self._hits.query
        )
        shown = [self._named(hit) for hit in self._hits]
        return replace(self._hits, hits=shown, query=text, pictures=self._small)

    def _keys(self, asked: Request, _: Sequence[bytes]) -> Answer:
        return {"keys": list(self._index)}, []

    def _compare(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.act("compare", self.selected[0])
        return {}, []

    def _unfold(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self._unfolded ^= {self.key(str(asked["key"]))}
        self._arrange(self.page_number)
        return {}, []

    def _titles(self, hit: Hit) -> Mapping[str, str]:
        """The names of what the hit's annotation says; none without the collection."""
        if self._photos is None or hit.annotation is None:
            return {}
        return self._photos.concepts.titles(hit.annotation.concepts)

    def _mark(self, asked: Request, _: Sequence[bytes]) -> Answer:
        concept = str(asked.get("concept") or "")
        self.mark(cast("list[str]", asked["keys"]), cast("float | None", asked["value"]), concept=concept)
        return {}, []

    def _name(self, asked: Request, _: Sequence[bytes]) -> Answer:
        if self.namer is not None:
            self.namer(str(asked["concept"]))
        return {}, []

    def _suggest(self, asked: Request, _: Sequence[bytes]) -> Answer:
        return {"found": complete(self._photos, str(asked["prefix"])) if self._photos else []}, []

    def _act(self, asked: Request, _: Sequence[bytes]) -> Answer:
        sides = cast("list[float] | None", asked.get("box"))
        self.act(str(asked["verb"]), str(asked["key"]), box=Box(*sides) if sides else None)
        return {}, []

    def _undo(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.undo()
        return {}, []

    def _page(self, asked: Request, _: Sequence[bytes]) -> Answer:
        hits, number = self._hits, int(cast("int", asked["number"]))
        if asked.get("version", self.version) != self.version:
            return {}, []  # a page of hits that are not shown any more
        self.run(
            lambda: hits.page(number, size=self._size),
            lambda page: self._turn(cast(Hits, page), number),
        )
        return {}, []

    def _scores(self, asked: Request, _: Sequence[bytes]) -> Answer:
        return histogram(self._hits, self.learned), []

    def _best(self, asked: Request, _: Sequence[bytes]) -> Answer:
        hits, count = self._hits, max(int(cast("int", asked["count"])), 1)
        self.run(lambda: hits.page(1, size=count), lambda page: self.show(cast(Hits, page)))
        return {}, []

    def save(self, path: str | Path) -> None:
        """Write the first thousand hits to one HTML file below 5 MB that opens without a network or a kernel.

        It has facets of what their annotations say, and each picture large.

        Parameters
        ----------
        path : str or Path
            The file; one that is there is replaced.

        Raises
        ------
        QueryError
            The gallery has no collection to read annotations from.
        """
        Path(path).write_text(self._saved(), encoding="utf-8")

    def _saved(self) -> str:
        if self._photos is None:
            raise QueryError(
                "these hits have no collection: use photos.widgets.gallery(hits), or hits.html(path)"
            )
        return saved_page(self._photos, self._ranked, marks=self.marks)

    def _save(self, asked: Request, _: Sequence[bytes]) -> Answer:
        return {}, [self._saved().encode()]

    def static_html(self) -> str:
        """A contact sheet of the first hits."""
        return str(self._still()._repr_mimebundle_()["text/html"])

    def _small(self, ids: Sequence[str]) -> dict[str, bytes]:
        """Pictures for a notebook that is saved, which is to stay below 300 kB."""
        return {id: smaller(one, STILL) for id, one in self._hits.pictures(ids).items()}

    def picture(self) -> bytes:
        """The first hits as a PNG, with their boxes, scores and marks."""
        words = {None: "", True: "relevant", False: "not relevant"}
        marks = (self.marks.get(key) for key in self._index)
        captions = [words[None if value is None else value >= 0.5] for value in marks]
        section = self._hits.section(captions=captions, limit=MOST_IN_A_PICTURE)
        return png(section) if self._hits else b""

    def __repr__(self) -> str:
        hits = f"{self.count:,} hits" if self.count else "no hits"
        marked = [f"{len(one)} {word}" for word, one in self._marked().items() if one]
        return f"Gallery({', '.join([hits, *marked])})"

    def _marked(self) -> dict[str, Sequence[object]]:
        return {
            "relevant": [1 for value in self.marks.values() if value >= 0.5],
            "not relevant": [1 for value in self.marks.values() if value < 0.5],
            "selected": self.selected,
        }


def _range(asked: Request, count: int) -> tuple[int, int]:
    first, last = int(cast("int", asked["first"])), int(cast("int", asked["last"]))
    first = min(max(first, 0), count)
    return first, min(max(last, first), first + MOST_AT_ONCE, count)
