"""A query composed by hand: rows of ranks, each with a weight, a contrary, and controls of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import traitlets

from ..collection.collection import Collection
from ..errors import QueryError
from ..grammar import to_text
from ..hits import Hits
from ..hits.markup import element
from ..query import Query
from ..search import CONVENTION
from ..values.types import Json, Level
from .code import python_code
from .controls import controls
from .joins import fusing
from .message_widget import Answer, Request
from .pictures import preview
from .plain_words import read_words
from .query_rows import QueryRows
from .rows import Join, row_from_dict, row_of
from .static_view import STILL
from .suggestions import complete

__all__ = ["QueryBuilder"]


class QueryBuilder(QueryRows):
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

    pictured: traitlets.List[str] = traitlets.List().tag(sync=True)
    compact = traitlets.Bool(False).tag(sync=True)
    folded = traitlets.Bool(False).tag(sync=True)
    kinds: traitlets.List[Json] = traitlets.List().tag(sync=True)
    fusing: traitlets.Dict[str, Json] = traitlets.Dict().tag(sync=True)
    languages: traitlets.List[str] = traitlets.List().tag(sync=True)
    sources: traitlets.List[str] = traitlets.List().tag(sync=True)
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
        super().__init__(photos, limit=limit, level=level)
        self.refresh()
        if query is not None:
            self.start_with(query)

    def refresh(self) -> None:
        """Look again at which rankers, languages and sources there are."""
        registry = self._photos.registry
        with self.hold_sync():  # one message
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

    # ---- searching and copying

    def search(self) -> Hits:
        """The hits of the query, which `hits` holds too.

        Raises
        ------
        QueryError
            No row is filled in, or what `Collection.search` raises.
        """
        hits = self._found()
        self.drop()  # an earlier search that still runs
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
        shown = f"{len(hits):,} of {hits.total_text} hits" if hits.total else "No hits"
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

    # ---- answers to the page

    def search_later(self) -> None:
        """Search in the background, in place of a search that is not done yet; `hits` changes when it is."""
        self.run(self._found, lambda hits: self._show(cast(Hits, hits)))

    def _search(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.run(self._found, lambda hits: self._show(cast(Hits, hits)))
        return {}, []

    def _clear(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.drop()
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
        return element("div", "Query: ", element("code", self.shown or "none yet"), style=STILL)

    def __repr__(self) -> str:
        return f"QueryBuilder({self.text})"
