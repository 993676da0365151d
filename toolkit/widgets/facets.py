"""Facets beside the hits: words and bars with what the query finds; a click makes a filter of the query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import traitlets

from ..collection.collection import Collection
from ..errors import QueryError
from ..facets import Bars, Chosen, Facet, Value, joined, split
from ..facets import Facets as Counted
from ..hits.markup import element
from ..query import Query
from ..values.types import Json
from .message_widget import Answer, Request
from .query_view import Change, QueryView
from .static_view import STILL

__all__ = ["Facets"]

ROWS = 8  # of a facet of words at first
MORE = 4  # times as many, each time a person asks for more


class Facets(QueryView[Counted]):
    """What the hits of a query have in common, with "hits / total"; a click adds or excludes, a brush limits.

    Parameters
    ----------
    photos : Collection
        What is searched.
    query : Query, optional
        Whose hits are counted; by default the whole collection.
    names : sequence of str, optional
        Which facets, as of `Collection.facets`; by default all that say something.
    later : bool
        Whether nothing is counted until `show` or `follow` is called.

    Attributes
    ----------
    names : sequence of str or None
        Which facets are counted; none where empty, all that say something where None.
    hits, total : int
        How many inputs the query finds, and how many there are.
    folded : list of str
        The facets of which only the heading is shown.

    Examples
    --------
    >>> import toolkit
    >>> with toolkit.open() as photos:
    ...     panel = Facets(photos)
    ...     panel.choose("dataset", "summer")
    ...     panel.choose("dataset", "old", excluded=True)
    ...     panel.query, panel
    (where(dataset='summer') & ~where(dataset='old'), Facets(0 of 0 inputs))
    """

    scripts = ("facets.js",)
    asks = {  # noqa: RUF012  # read only; the base class says so
        "choose": "_choose",
        "limit": "_limit",
        "clear": "_clear",
        "more": "_more",
    }
    state_traits = ("folded",)

    facets: traitlets.List[Json] = traitlets.List().tag(sync=True)
    chips: traitlets.List[Json] = traitlets.List().tag(sync=True)
    hits = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(0).tag(sync=True)
    folded: traitlets.List[str] = traitlets.List().tag(sync=True)

    def __init__(
        self,
        photos: Collection,
        query: Query | None = None,
        *,
        names: Sequence[str] | None = None,
        later: bool = False,
    ) -> None:
        self.names = names
        self._rows: dict[str, int] = {}
        self._found = Counted({}, hits=0, total=0)
        super().__init__(photos, query, later=later)

    # ---- what is shown

    def _find(self, query: Query | None) -> Counted:
        found = self._photos.facets(query, names=self.names, most=ROWS)
        for name, most in self._rows.items():
            if name in found:
                again = self._photos.facets(query, names=[name], most=most)
                found = Counted({**found, name: again[name]}, hits=found.hits, total=found.total)
        return found

    def _draw(self, found: Counted) -> None:
        self._found = found
        with self.hold_sync():
            self.facets = [_drawn(one) for one in found.values()]
            self.chips = _chips(self.query, found)
            self.hits, self.total = found.hits, found.total

    # ---- choosing

    @property
    def chosen(self) -> dict[str, Chosen]:
        """What is chosen, by facet."""
        return split(self.query)[1]

    def choose(self, facet: str, value: Value, *, excluded: bool = False) -> None:
        """Ask for a value of a facet, or for all without it; one that is asked for so already is taken back.

        Parameters
        ----------
        facet : str
            Its name, as of `Collection.facets`.
        value : str, bool or number
            One of its values.
        excluded : bool
            Whether to ask for all that have not this value.
        """
        self.ask(_with(facet, lambda one: one.with_value(value, excluded=excluded))(self.query))

    def limit(self, facet: str, low: float | None = None, high: float | None = None) -> None:
        """Ask for what has a number between limits, both included; of times, seconds since 1970.

        Parameters
        ----------
        facet : str
            Its name.
        low, high : float, optional
            None for no limit.

        Raises
        ------
        QueryError
            The least is more than the greatest.
        """
        limits = _limits(low, high)
        self.ask(_with(facet, lambda _: limits)(self.query))

    def clear(self, facet: str | None = None) -> None:
        """Take back what is chosen of a facet, or of all."""
        self.ask(_without(facet)(self.query))

    # ---- answers to the page

    def _choose(self, asked: Request, _: Sequence[bytes]) -> Answer:
        value, excluded = cast(Value, asked["value"]), bool(asked.get("excluded"))
        self.change(_with(str(asked["facet"]), lambda one: one.with_value(value, excluded=excluded)))
        return {}, []

    def _limit(self, asked: Request, _: Sequence[bytes]) -> Answer:
        limits = _limits(cast("float | None", asked.get("low")), cast("float | None", asked.get("high")))
        self.change(_with(str(asked["facet"]), lambda _: limits))
        return {}, []

    def _clear(self, asked: Request, _: Sequence[bytes]) -> Answer:
        facet = cast("str | None", asked.get("facet"))
        if facet is None or "value" not in asked:
            self.change(_without(facet))
            return {}, []
        value = cast(Value, asked["value"])
        self.change(_with(facet, lambda one: one.with_value(value, excluded=value in one.without)))
        return {}, []

    def _more(self, asked: Request, _: Sequence[bytes]) -> Answer:
        facet = str(asked["facet"])
        self._rows[facet] = self._rows.get(facet, ROWS) * MORE
        self.follow(self._unchanged)  # and with it what was clicked and is still looked for
        return {}, []

    def static_html(self) -> str:
        """The counts as text; empty where nothing is counted yet."""
        if not self._found.total:
            return ""
        lines = (element("div", line) for line in repr(self._found).splitlines())
        return element("div", *lines, style=f"{STILL};white-space:pre-wrap")

    def __repr__(self) -> str:
        return f"Facets({self.hits:,} of {self.total:,} inputs)"


def _with(facet: str, changed: Callable[[Chosen], Chosen]) -> Change:
    """What changes a query in what is chosen of a facet."""

    def change(query: Query | None) -> Query | None:
        base, chosen = split(query)
        return joined(base, {**chosen, facet: changed(chosen.get(facet, Chosen()))})

    return change


def _without(facet: str | None) -> Change:
    """What takes out of a query what is chosen of a facet, or of all."""

    def change(query: Query | None) -> Query | None:
        base, chosen = split(query)
        return joined(base, {} if facet is None else {**chosen, facet: Chosen()})

    return change


def _limits(low: float | None, high: float | None) -> Chosen:
    if low is not None and high is not None and low > high:
        raise QueryError(f"{low:g} is more than {high:g}; give the least first")
    return Chosen() if low is None and high is None else Chosen(limits=(low, high))


def _drawn(facet: Facet | Bars) -> Json:
    """A facet as the page gets it."""
    if isinstance(facet, Facet):
        rows = [[row.value, row.title, row.hits, row.total, row.chosen] for row in facet.rows]
        return {"name": facet.name, "title": facet.title, "rows": rows, "more": facet.more}
    return {
        "name": facet.name,
        "title": facet.title,
        "edges": list(facet.edges),
        "hits": list(facet.hits),
        "total": list(facet.total),
        "chosen": list(facet.chosen) if facet.chosen else None,
        "time": facet.is_time,
        "cutoff": facet.cutoff,
    }


def _chips(query: Query | None, found: Counted) -> list[Json]:
    """What is chosen, each as a removable chip."""
    chips: list[Json] = []
    for name, one in split(query)[1].items():
        facet = found.get(name)
        titles = {row.value: row.title for row in facet.rows} if isinstance(facet, Facet) else {}
        title = facet.title if facet else name
        for value in (*one.only, *one.without):
            text = titles.get(value, str(value))
            chips.append(
                {"facet": name, "value": value, "text": text, "of": title, "not": value in one.without}
            )
        if one.limits:
            low, high = (_text(limit, facet) for limit in one.limits)
            chips.append({"facet": name, "text": f"{low} – {high}", "of": title, "not": False})
    return chips


def _text(limit: float | None, facet: object) -> str:
    if limit is None:
        return "…"
    return facet.text(limit) if isinstance(facet, Bars) else f"{limit:.4g}"
