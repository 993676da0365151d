"""Counting: of every facet, what a query finds with each value, whatever else of that facet is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from ..errors import QueryError, UnknownNameError
from ..hits.cutoff import SuggestsCutoff, cutoff_without_labels
from ..query import Query
from ..resources import Resources
from ..search.input_scores import input_scores
from ..snapshot import Snapshot
from ..words.titles import titles
from .bars import Placed, placed, score_edges
from .chosen import Chosen, split
from .columns import Column, Numbers, Words, columns_of
from .filters import METADATA, SCORE, Range, Value
from .values import Bars, Facet, FacetRow

__all__ = ["FacetCounter", "Facets", "Scored", "count"]

MOST_ROWS: Final = 12

Mask: TypeAlias = npt.NDArray[np.bool_]
Values: TypeAlias = npt.NDArray[np.float64]
TITLES: Final = {
    "score": "Score",
    "concept": "Concepts",
    "label": "Labels",
    "source": "Sources",
    "dataset": "Datasets",
    "taken": "Taken",
    "added": "Added",
    "status": "Status",
}


@dataclass(frozen=True, eq=False)
class Scored:
    """What ranks of a query, scored at every input.

    Parameters
    ----------
    query : Query or None
        Without what is chosen of facets; None finds everything.
    snapshot : Snapshot
        What was ranked.
    scores : float64 (n,) or None
        NaN where an input is no hit; None without a query.
    """

    query: Query | None
    snapshot: Snapshot
    scores: Values | None

    @cached_property
    def hits(self) -> Mask:
        """Which inputs are hits, bool (n,); not to be written to."""
        if self.scores is None:
            return np.ones(len(self.snapshot.inputs), bool)
        return np.asarray(~np.isnan(self.scores))

    @cached_property
    def tells_apart(self) -> bool:
        """Whether hits differ in their scores; those of filters alone do not."""
        return self.scores is not None and bool(
            self.hits.any() and np.nanmin(self.scores) < np.nanmax(self.scores)
        )

    @cached_property
    def placed(self) -> Placed:
        """The scores, of which there is one at least, in bars."""
        scores = np.empty(0) if self.scores is None else self.scores
        return placed(scores, score_edges(scores[self.hits]))


class Facets(Mapping[str, "Facet | Bars"]):
    """The facets of a query by name; printed, a table of counts.

    Parameters
    ----------
    found : mapping of str to Facet or Bars
        In the order in which they are shown.
    hits, total : int
        How many inputs the query finds, and how many there are.
    """

    def __init__(self, found: Mapping[str, Facet | Bars], *, hits: int, total: int) -> None:
        self._found = dict(found)
        self.hits = hits
        self.total = total

    def __getitem__(self, name: str) -> Facet | Bars:
        if name not in self._found:
            raise UnknownNameError("facet", name, self._found)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return "\n".join([f"{self.hits:,} of {self.total:,} inputs", *map(str, self._found.values())])


class FacetCounter:
    """Counts the facets of one query after another; what ranks is scored once as long as it stays the same.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._last: Scored | None = None

    def facets(
        self,
        query: Query | None,
        *,
        names: Sequence[str] | None = None,
        most: int = MOST_ROWS,
        learned: SuggestsCutoff | None = None,
    ) -> Facets:
        """The facets of a query.

        Parameters
        ----------
        query : Query or None
            What is asked; None for everything.
        names : sequence of str, optional
            Which facets; by default all that say something.
        most : int
            How many values of a facet of words.
        learned : SuggestsCutoff, optional
            What suggests where scores may be cut; without it the scores alone do.

        Raises
        ------
        UnknownNameError
            There is no such facet, or a name in the query is unknown.
        """
        base, chosen = split(query)
        ranked = self._scored(base)
        return count(ranked, chosen, self._resources, names=names, most=most, learned=learned)

    def hits(self, query: Query | None) -> tuple[Snapshot, Mask]:
        """The snapshot of the newest revision, and which of its inputs a query finds, bool (n,)."""
        base, chosen = split(query)
        ranked = self._scored(base)
        columns = columns_of(ranked.snapshot)
        masks = [_mask(name, one, columns, ranked) for name, one in chosen.items() if one]
        return ranked.snapshot, np.logical_and.reduce([ranked.hits, *masks])

    def _scored(self, base: Query | None) -> Scored:
        snapshot = self._resources.counted(self._resources.snapshots.latest())
        last = self._last
        if last is None or last.snapshot is not snapshot or last.query != base:
            scores = None if base is None else input_scores(base, snapshot, self._resources)
            self._last = last = Scored(base, snapshot, scores)
        return last


def count(
    ranked: Scored,
    chosen: Mapping[str, Chosen],
    resources: Resources,
    *,
    names: Sequence[str] | None = None,
    most: int = MOST_ROWS,
    learned: SuggestsCutoff | None = None,
) -> Facets:
    """The facets of what ranks and what is chosen.

    Parameters
    ----------
    ranked : Scored
        What ranks.
    chosen : mapping of str to Chosen
        By facet.
    resources : Resources
        Of the open collection.
    names : sequence of str, optional
        Which facets; by default all that say something.
    most : int
        How many values of a facet of words.
    learned : SuggestsCutoff, optional
        What suggests where scores may be cut.

    Raises
    ------
    UnknownNameError
        There is no such facet.
    """
    columns = columns_of(ranked.snapshot)
    masks = {name: _mask(name, one, columns, ranked) for name, one in chosen.items() if one}
    there = [*([SCORE] if ranked.tells_apart else ()), *columns]
    if unknown := [name for name in names or () if name not in there]:
        raise UnknownNameError("facet", unknown[0], there)
    found: dict[str, Facet | Bars] = {}
    for name in there if names is None else names:
        others = ranked.hits
        for other, mask in masks.items():
            others = others & mask if other != name else others
        picked = chosen.get(name, Chosen())
        column = columns.get(name)
        if isinstance(column, Words):
            found[name] = _words(name, column, others, picked, most, resources)
        elif isinstance(column, Numbers):
            found[name] = _bars(name, column.placed, others, picked, is_time=column.is_time)
        else:
            found[name] = _scores(ranked, others, picked, learned)
    everything = np.logical_and.reduce([ranked.hits, *masks.values()])
    return Facets(found, hits=int(np.count_nonzero(everything)), total=len(everything))


def _mask(name: str, chosen: Chosen, columns: Mapping[str, Column], ranked: Scored) -> Mask:
    """The inputs that have what is chosen of one facet, bool (n,)."""
    column = columns.get(name)
    inputs = len(ranked.snapshot.inputs)
    if name == SCORE:
        return np.ones(inputs, bool) if ranked.scores is None else _between(ranked.scores, chosen.limits)
    if isinstance(column, Numbers):
        return column.mask(chosen.limits or (None, None))
    if column is None:
        return np.full(inputs, not chosen.only and chosen.limits is None)
    held = column.mask(chosen.only, inputs) if chosen.only else np.ones(inputs, bool)
    return held & ~column.mask(chosen.without, inputs)


def _between(scores: Values, limits: Range | None) -> Mask:
    """As comparisons of a query have it: in float32, and no score is none."""
    held, rounded = ~np.isnan(scores), scores.astype(np.float32)
    low, high = limits or (None, None)
    if low is not None:
        held &= rounded >= np.float32(low)
    if high is not None:
        held &= rounded <= np.float32(high)
    return np.asarray(held)


def _words(name: str, column: Words, others: Mask, chosen: Chosen, most: int, resources: Resources) -> Facet:
    hits, total = column.count(others), column.total
    order = np.lexsort((np.arange(len(hits)), -total, -hits))[:most].tolist()
    picked = {*chosen.only, *chosen.without}
    order += [at for at, value in enumerate(column.values) if value in picked and at not in order]
    named = _titles(name, [column.values[at] for at in order], resources)
    rows = [
        FacetRow(
            value := column.values[at],
            named.get(str(value), str(value)),
            int(hits[at]),
            int(total[at]),
            True if value in chosen.only else False if value in chosen.without else None,
        )
        for at in order
        if total[at]
    ]
    return Facet(name, title_of(name), rows, int(np.count_nonzero(total)) - len(rows))


def _titles(name: str, values: Sequence[Value], resources: Resources) -> Mapping[str, str]:
    if name not in {"concept", "label"}:
        return {}
    return titles([str(one) for one in values], resources.store, resources.settings.language)


def title_of(name: str) -> str:
    """The name of a facet for a person to read."""
    return TITLES.get(name, name.removeprefix(METADATA))


def _bars(name: str, values: Placed, others: Mask, chosen: Chosen, *, is_time: bool = False) -> Bars:
    return Bars(
        name,
        title_of(name),
        values.edges.tolist(),
        values.count(others).tolist(),
        values.total.tolist(),
        chosen.limits,
        is_time,
    )


def _scores(ranked: Scored, others: Mask, chosen: Chosen, learned: SuggestsCutoff | None) -> Bars:
    scores = ranked.scores
    if scores is None:
        raise UnknownNameError("facet", SCORE, ())
    made = _bars(SCORE, ranked.placed, others, chosen)
    falling = np.sort(scores[others])[::-1]
    try:
        cutoff = (learned.suggest(falling) if learned else cutoff_without_labels(falling)).score
    except QueryError:
        return made
    return replace(made, cutoff=float(cutoff))
