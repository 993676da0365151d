"""A query composed by hand: rows of ranks, each with a weight, a contrary, and controls of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import traitlets

from ..collection.collection import Collection
from ..errors import QueryError
from ..grammar import parse, to_text
from ..hits import Hits
from ..hits.markup import element
from ..plugins.fusions import bind_fusion
from ..query import Query, from_dict
from ..search import CONVENTION
from ..values.types import Json, Level
from .chips import chip_text
from .code import python_code
from .controls import controls
from .history import History
from .joins import fusing
from .message_widget import Answer, MessageWidget, Request
from .pictures import UploadedPictures, preview
from .plain_words import read_words
from .readable import readable
from .row_problems import colors, is_blank, problem_of
from .rows import Join, Row, query_of_rows, row_from_dict, row_of, rows_of
from .suggestions import complete

__all__ = ["QueryBuilder"]


class QueryBuilder(MessageWidget):
    """Rows of ranks that make a query.

    Parameters
    ----------
    photos : Collection
        What is searched.
    query : Query or str, optional
        What to start with.
    limit : int
        How many hits a page has.
    level : {"input", "region"}
        What a hit is.

    Attributes
    ----------
    state : dict
        ``{"join": ..., "rows": [...]}``: all that undo takes back. `query` and `rows` are easier to use.
    text : str
        The query as one would type it; always there, empty without a query.
    shown : str
        The same as a person reads it: names in the place of ids and of addresses.
    problems : list of str
        What is wrong with each row; empty where nothing is.
    hits : Hits or None
        What was found last; ``builder.observe(show, "hits")``.
    compact : bool
        Whether rows fold to chips in the box after a search, and a search follows an edit by itself.
    folded : bool
        Whether only the box is shown.

    Examples
    --------
    >>> import toolkit
    >>> from toolkit.terms import concept
    >>> with toolkit.open() as photos:
    ...     builder = QueryBuilder(photos, concept("dark") & ~concept("red"))
    ...     builder.move(1, 0)
    ...     builder.query, builder
    (~concept('red') & concept('dark'), QueryBuilder(~concept('red') & concept('dark')))
    """

    scripts = ("combobox.js", "controls.js", "box.js", "query_builder.js")
    asks = {  # noqa: RUF012  # read only; the base class says so
        "search": "_search",
        "say": "_say",
        "clear": "_clear",
        "suggest": "_suggest",
        "undo": "_undo",
        "redo": "_redo",
        "copy": "_copy",
        "upload": "_upload",
        "preview": "_preview",
        "paste": "_paste",
    }
    slow = frozenset({"preview"})
    state_traits = ("join", "rows", "limit", "level", "minimum")

    state: traitlets.Dict[str, Json] = traitlets.Dict().tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True)
    shown = traitlets.Unicode("").tag(sync=True)
    labels: traitlets.List[str] = traitlets.List().tag(sync=True)
    colors: traitlets.List[int] = traitlets.List().tag(sync=True)
    chips: traitlets.List[str] = traitlets.List().tag(sync=True)
    pictured: traitlets.List[str] = traitlets.List().tag(sync=True)
    compact = traitlets.Bool(False).tag(sync=True)
    folded = traitlets.Bool(False).tag(sync=True)
    problems: traitlets.List[str] = traitlets.List().tag(sync=True)
    kinds: traitlets.List[Json] = traitlets.List().tag(sync=True)
    fusing: traitlets.Dict[str, Json] = traitlets.Dict().tag(sync=True)
    languages: traitlets.List[str] = traitlets.List().tag(sync=True)
    sources: traitlets.List[str] = traitlets.List().tag(sync=True)
    can_undo = traitlets.Bool(False).tag(sync=True)
    can_redo = traitlets.Bool(False).tag(sync=True)
    limit = traitlets.Int(48, min=1).tag(sync=True)
    level = traitlets.Enum(["input", "region"], "input").tag(sync=True)
    minimum = traitlets.Float(0.0, min=0.0, max=1.0).tag(sync=True)
    hits = traitlets.Any(None, allow_none=True)

    def __init__(
        self,
        photos: Collection,
        query: Query | str | None = None,
        *,
        limit: int = 48,
        level: Level = "input",
    ) -> None:
        super().__init__(limit=limit, level=level, state={"join": "all", "rows": []})
        self._photos = photos
        self._pictures = UploadedPictures()
        self._history = History()
        self.refresh()
        self.observe(self._changed, "state")
        if query is not None:
            self.query = query
            self._history = History()
        self._record_change()

    def refresh(self) -> None:
        """Look again at which rankers, languages and sources there are."""
        registry = self._photos.registry
        self.kinds = controls(registry.rankers)
        self.pictured = [
            *(
                name
                for name, one in registry.rankers.items()
                if one.parameters and one.parameters[0].kind == "image"
            ),
            "input",
        ]
        self.fusing = fusing(registry.fusions, registry.norms)
        self.languages = self._photos.concepts.languages()
        self.sources = ["human", "model", *self._photos.snapshot().sources]

    # ---- rows and query

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

    def say(self, text: str) -> None:
        """Add what plain words ask for: ``dog -cat``, ``a red car``, a URL or a path of a picture.

        Parameters
        ----------
        text : str
            As it is typed in the box.

        Raises
        ------
        QueryError
            It cannot be read.
        """
        self.set_rows((*self.rows, *(row_of(one) for one in read_words(text, self._photos, self._read))))

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

    # ---- searching and copying

    def search(self) -> Hits:
        """The hits of the query, which `hits` holds too.

        Raises
        ------
        QueryError
            No row is filled in, or what `Collection.search` raises.
        """
        hits = self._found()
        self._show(hits)
        return hits

    def _found(self) -> Hits:
        query = self.query
        if query is None:
            raise QueryError("nothing to search for yet: add a rank and fill it in")
        level = cast(Level, self.level)
        return self._photos.search(query, limit=self.limit, level=level, minimum=self.minimum)

    def _show(self, hits: Hits) -> None:
        self.hits = hits
        shown = f"{len(hits):,} of {hits.total:,} hits" if hits.total else "No hits"
        self.set_status(f"{shown} in {hits.milliseconds:,.0f} ms.")

    def code(self, form: str = "python") -> str:
        """The query as text to paste: ``"python"``, ``"json"``, or ``"text"``, the command line's own language.

        Raises
        ------
        QueryError
            There is no query, or no such form.
        """
        query = self.query
        if query is None:
            raise QueryError("no query to copy yet: add a rank and fill it in")
        forms = {
            "python": python_code,
            "json": lambda query: json.dumps(query.to_dict(), ensure_ascii=False),
            "text": to_text,
        }
        if form not in forms:
            raise QueryError(f"no form {form!r}; there are: {', '.join(forms)}")
        return forms[form](query)

    def to_dict(self) -> dict[str, Json]:
        """The whole builder as a JSON object, pictures included; `from_dict` reads it back."""
        return {
            "join": self.join,
            "rows": [row.to_dict() for row in self.rows],
            "limit": self.limit,
            "level": self.level,
            "minimum": self.minimum,
            "scores": CONVENTION,
        }

    def from_dict(self, value: Mapping[str, Json]) -> None:
        """Become what `to_dict` wrote; of earlier scores, comparisons are converted, and a least score is left out.

        Raises
        ------
        QueryError
            It is not what `to_dict` writes.
        """
        known = {*self.state_traits, "scores"}
        if set(value) - known or not isinstance(value.get("rows"), list | tuple):
            raise QueryError(f"a query builder has {', '.join(self.state_traits)}; not {sorted(value)}")
        rows = [row_from_dict(row) for row in cast("Sequence[Json]", value["rows"])]
        is_current = value.get("scores") == CONVENTION
        if not is_current:
            rows = [replace(row, query=self._photos.queries.converted(row.query)) for row in rows]
        self.set_rows(rows, join=cast(Join, value.get("join", "all")))
        for name in {"limit", "level", "minimum"} & set(value):
            setattr(self, name, value[name])
        if not is_current and self.minimum > 0:
            self.set_status(
                f"The least score {self.minimum:g} was one of earlier scores, and is left out: choose it again."
            )
            self.minimum = 0.0

    # ---- what follows from a change

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

    # ---- answers to the page

    def search_later(self) -> None:
        """Search in the background, in place of a search that is not done yet; `hits` changes when it is."""
        self.run(self._found, lambda hits: self._show(cast(Hits, hits)))

    def _search(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.run(self._found, lambda hits: self._show(cast(Hits, hits)))
        return {}, []

    def _clear(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.background.cancel()
        self.busy = False
        self.hits = None
        self.set_status("")
        return {}, []

    def _say(self, asked: Request, _: Sequence[bytes]) -> Answer:
        text = str(asked["text"])
        if asked.get("concept"):
            language = str(asked.get("language") or "") or None
            self.add(self._photos.terms.concept(text, **({"language": language} if language else {})))
        else:
            self.say(text)
        self._search(asked, [])
        return {}, []

    def _suggest(self, asked: Request, _: Sequence[bytes]) -> Answer:
        language = str(asked.get("language") or "") or None
        return {"found": complete(self._photos, str(asked.get("prefix", "")), language=language)}, []

    def _undo(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.undo()
        return {}, []

    def _redo(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.redo()
        return {}, []

    def _copy(self, asked: Request, _: Sequence[bytes]) -> Answer:
        return {"text": self.code(str(asked.get("form")))}, []

    def _paste(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.query = str(asked.get("text", ""))
        return {}, []

    def _upload(self, asked: Request, buffers: Sequence[bytes]) -> Answer:
        encoded, name = b"".join(buffers), str(asked.get("name") or "")
        short = self._pictures.add(encoded, max_pixels=self._photos.settings.max_pixels, file=name)
        kept = self._photos.keep_picture(encoded, name=name)
        return {"subject": kept if isinstance(kept, str) else {"$picture": short}}, []

    def _preview(self, asked: Request, _: Sequence[bytes]) -> Answer:
        box = cast("Sequence[float] | None", asked.get("box"))
        return {}, [preview(self._photos, self._pictures.restore(asked["source"]), box=box)]

    def static_html(self) -> str:
        """The query as text."""
        return element("div", "Query: ", element("code", self.shown or "none yet"), style="margin:4px 0")

    def __repr__(self) -> str:
        return f"QueryBuilder({self.text})"
