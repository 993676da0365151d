"""Facets as values: rows of words, and bars of numbers, each with what the query finds and what there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from .filters import Value

__all__ = ["Bars", "Facet", "FacetRow"]


@dataclass(frozen=True, slots=True)
class FacetRow:
    """One value of a facet.

    Parameters
    ----------
    value : str, bool or number
        As it is stored: of a concept the id.
    title : str
        For a person to read.
    hits : int
        How many inputs with it the query finds, whatever else of this facet is chosen.
    total : int
        How many inputs have it.
    chosen : bool or None
        True if the query asks for it, False if the query excludes it.
    """

    value: Value
    title: str
    hits: int
    total: int
    chosen: bool | None = None

    def __str__(self) -> str:
        sign = {None: " ", True: "+", False: "-"}[self.chosen]
        return f"{sign} {self.title}  {self.hits:,} / {self.total:,}"


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet of words.

    Parameters
    ----------
    name, title : str
        As in ``photos.facets()["dataset"]``, and for a person to read.
    rows : sequence of FacetRow
        Those with the most hits first.
    more : int
        How many values there are beyond these.
    """

    name: str
    title: str
    rows: Sequence[FacetRow]
    more: int = 0

    def __str__(self) -> str:
        rest = [f"  and {self.more:,} more"] if self.more else []
        return "\n".join([self.title, *map(str, self.rows), *rest])


@dataclass(frozen=True, slots=True)
class Bars:
    """A facet of numbers, as a histogram.

    Parameters
    ----------
    name, title : str
        As in ``photos.facets()["taken"]``, and for a person to read.
    edges : sequence of float, (b + 1,)
        Ascending; of times, seconds since 1970. The last bar has its upper edge too.
    hits, total : sequence of int, (b,)
        How many inputs of each bar the query finds, whatever else of this facet is chosen, and how many there are.
    chosen : (float or None, float or None) or None
        The limits that the query sets.
    is_time : bool
        Whether they are times.
    cutoff : float or None
        Of scores: where they may be cut, if the scores say so.
    """

    name: str
    title: str
    edges: Sequence[float]
    hits: Sequence[int]
    total: Sequence[int]
    chosen: tuple[float | None, float | None] | None = None
    is_time: bool = False
    cutoff: float | None = None

    def __str__(self) -> str:
        low, high = self.text(self.edges[0]), self.text(self.edges[-1])
        return f"{self.title}\n  {sum(self.hits):,} / {sum(self.total):,} from {low} to {high}"

    def text(self, number: float) -> str:
        """One of its numbers for a person to read."""
        return f"{datetime.fromtimestamp(number, UTC):%Y-%m-%d}" if self.is_time else f"{number:.4g}"
