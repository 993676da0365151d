"""Which pictures moved between two systems on one topic: two galleries side by side, from rank to rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import UnknownNameError
from ..hits import contact_sheet
from ..hits.contact_sheet import Section, Tile
from ..hits.markup import element
from ..plain_text import printable, shortened, table
from ..resources import Resources
from ..values.types import Hit, Input
from .comparison import Comparison
from .reasons import reasons
from .runs import Ranked

__all__ = ["Move", "Moved", "moved"]

WHY = 90  # characters of a reason in a terminal


@dataclass(frozen=True, slots=True)
class Move:
    """Where one picture stands in the two rankings.

    Parameters
    ----------
    id : str
        Of the input.
    rank, before : int or None
        From 1, of the system and of the baseline; None where it is not among what was ranked.
    grade : int or None
        How relevant it is; None if nobody judged it.
    why : str
        Which terms of the two queries give it other scores, or weigh otherwise; empty where that is not known.
    """

    id: str
    rank: int | None
    before: int | None
    grade: int | None
    why: str = ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Moved:
    """The first ranks of two systems on one topic.

    Parameters
    ----------
    topic : str
        Its id.
    system, baseline : str
        Their names.
    moves : sequence of Move
        What either shows first, in the system's order.
    top_k : int
        How many ranks of each are shown.
    resources : Resources or None
        Of the collection, for the pictures.
    """

    topic: str
    system: str
    baseline: str
    moves: Sequence[Move]
    top_k: int
    resources: Resources | None

    def __len__(self) -> int:
        return len(self.moves)

    def __repr__(self) -> str:
        lines = [
            (one.id, _rank(one.before), _rank(one.rank), _verdict(one.grade), shortened(one.why, WHY))
            for one in self.moves
        ]
        names = ("input", self.baseline, self.system, "judged", "why")
        return f"{printable(self._heading)}\n{table(tuple(map(printable, names)), lines, right=names[1:3])}"

    @property
    def _heading(self) -> str:
        return f"Topic {self.topic}: from {self.baseline} to {self.system}"

    def _repr_html_(self) -> str:
        return self.html()

    def html(self) -> str:
        """The two galleries as HTML that a notebook can keep."""
        before = sorted(
            (one for one in self.moves if one.before and one.before <= self.top_k),
            key=lambda one: one.before or 0,
        )
        after = [one for one in self.moves if one.rank and one.rank <= self.top_k]
        halves = [
            self._half(self.baseline, [(one.before or 0, one, f"now {_rank(one.rank)}") for one in before]),
            self._half(self.system, [(one.rank or 0, one, f"was {_rank(one.before)}") for one in after]),
        ]
        return element("div", element("div", self._heading, style="margin:0 0 8px"), *halves)

    def _half(self, name: str, shown: Sequence[tuple[int, Move, str]]) -> str:
        ids = [move.id for _, move, _ in shown]
        inputs, pictures = self._inputs(ids)
        tiles = [
            Tile(
                Hit(rank, float(move.grade or 0), input, None, move.id, None),
                pictures.get(move.id),
                caption=". ".join(filter(None, [f"{told}, {_verdict(move.grade)}", move.why])),
            )
            for (rank, move, told), input in zip(shown, inputs, strict=True)
        ]
        part = contact_sheet.fragment(Section(tiles, summary=name))
        return element("div", part, style="display:inline-block;vertical-align:top;width:48%;margin-right:1%")

    def _inputs(self, ids: Sequence[str]) -> tuple[Sequence[Input], Mapping[str, bytes]]:
        """The inputs of some ids and their thumbnails; without a collection no more than their names."""
        if self.resources is None or not ids:
            return [Input(id, id, "", 1, 1) for id in ids], {}
        store = self.resources.store
        return store.inputs.by_key(store.inputs.keys(ids)), self.resources.pictures(ids)


def moved(of: Comparison, system: str, baseline: str, *, top_k: int, topic: str | None) -> Moved:
    """Which pictures moved on a topic.

    Parameters
    ----------
    of : Comparison
        Which was ranked.
    system, baseline : str
        Their names.
    top_k : int
        How many of the first ranks of each are shown.
    topic : str or None
        Its id; the one on which the first measure differs most if it is None.

    Raises
    ------
    UnknownNameError
        There is no such system or topic.
    """
    measure = of.measures[0].name
    gain = of.of_topics(system, measure) - of.of_topics(baseline, measure)
    id = of.topics.ids[int(np.abs(gain).argmax())] if topic is None else topic
    if id not in of.topics.ids:
        raise UnknownNameError("topic", id, of.topics.ids)
    none = Ranked((), ())
    after, before = (of.runs[name].get(id, none) for name in (system, baseline))
    ranks, earlier = _ranks(after), _ranks(before)
    grades = of.judgments.get(id, {})
    shown = dict.fromkeys([*after.ids[:top_k], *before.ids[:top_k]])
    why = reasons(of, system, baseline, of.topics.ids.index(id), ranks, earlier) if shown else {}
    moves = [Move(one, ranks.get(one), earlier.get(one), grades.get(one), why.get(one, "")) for one in shown]
    return Moved(id, system, baseline, moves, top_k, of.resources)


def _ranks(ranked: Ranked) -> Mapping[str, int]:
    return {id: rank for rank, id in enumerate(ranked.ids, 1)}


def _rank(rank: int | None) -> str:
    return "–" if rank is None else str(rank)


def _verdict(grade: int | None) -> str:
    if grade is None:
        return "not judged"
    return f"relevant ({grade})" if grade > 1 else "relevant" if grade > 0 else "not relevant"
