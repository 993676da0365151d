"""Runs: what a system ranked for each topic, ours or read from a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from ..errors import InputError, QueryError
from .tables import DOCUMENT, TOPIC, columns_of, frame, records, required, word

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["Ranked", "Run"]


@dataclass(frozen=True, slots=True)
class Ranked:
    """What was ranked for one topic, best first.

    Parameters
    ----------
    ids : tuple of str
        Of inputs, each once.
    scores : tuple of float
        Theirs, never rising.
    total : int
        How many hits there were in all.
    milliseconds : float
        How long ranking took; NaN if it is not known.
    """

    ids: tuple[str, ...]
    scores: tuple[float, ...]
    total: int = 0
    milliseconds: float = float("nan")

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Run(Mapping[str, Ranked]):
    """From a topic's id to what a system ranked for it.

    Parameters
    ----------
    rankings : mapping of str to Ranked
        A topic that is not there has no hits.
    name : str
        Of the system.

    Examples
    --------
    >>> run = Run.of([{"topic": "1", "input": "a", "score": 0.5}, {"topic": "1", "input": "b", "score": 0.9}])
    >>> run["1"].ids
    ('b', 'a')
    """

    rankings: Mapping[str, Ranked]
    name: str = "run"

    def __getitem__(self, topic: str) -> Ranked:
        return self.rankings[topic]

    def __iter__(self) -> Iterator[str]:
        return iter(self.rankings)

    def __len__(self) -> int:
        return len(self.rankings)

    def __repr__(self) -> str:
        return f"<Run {self.name}: {sum(map(len, self.rankings.values())):,} of {len(self):,} topics>"

    @classmethod
    def of(cls, table: DataFrame | Iterable[object], *, name: str = "run") -> Run:
        """A run from a DataFrame, or from mappings or named tuples such as those of ir-measures.

        Equal scores are ordered by id, the last first, as ``trec_eval`` does.

        Parameters
        ----------
        table : DataFrame or iterable
            A row an item: ``query_id`` or ``topic``, ``doc_id`` or ``input``, ``score``.
        name : str
            Of the system.

        Raises
        ------
        QueryError
            A column is missing, a score is no number, or an item is ranked twice for a topic.
        """
        scored: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        for row in records(table):
            topic = str(required(row, TOPIC, "a ranked item"))
            item = str(required(row, DOCUMENT, "a ranked item"))
            scored[topic].append((item, float(cast("float", required(row, ("score",), "a ranked item")))))
        return cls({topic: _sorted(topic, items) for topic, items in scored.items()}, name)

    @classmethod
    def read(cls, path: str | Path) -> Run:
        """A run from a TREC file: topic, Q0, id, rank, score, name; ordered by score as ``trec_eval`` does.

        Parameters
        ----------
        path : str or Path
            UTF-8 text, six columns parted by blanks.

        Raises
        ------
        InputError
            A line has other columns; with its number.
        QueryError
            An item is ranked twice for a topic.
        """
        scored: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        name = Path(path).stem
        for where, (topic, _, item, _, score, tag) in columns_of(path, 6, "a ranked item"):
            try:
                scored[topic].append((item, float(score)))
            except ValueError as error:
                raise InputError(where, f"a score is a number, not {score!r}") from error
            name = tag
        return cls({topic: _sorted(topic, items) for topic, items in scored.items()}, name)

    def write(self, path: str | Path) -> None:
        """Write a TREC run, its scores strictly falling: ``trec_eval`` would reorder equal ones by id.

        Raises
        ------
        QueryError
            An id has a blank, which the format has no form for; nothing is written.
        """
        tag = "_".join(self.name.split()) or "run"
        lines = [
            f"{word(topic)} Q0 {word(item)} {rank} {score:.9g} {tag}\n"
            for topic, ranked in self.rankings.items()
            for rank, (item, score) in enumerate(zip(ranked.ids, falling(ranked.scores), strict=True), 1)
        ]
        Path(path).write_text("".join(lines), encoding="utf-8")

    def frame(self) -> DataFrame:
        """A pandas DataFrame with the columns of ir-measures: query_id, doc_id, score; scores strictly falling.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        rows = [
            {"query_id": topic, "doc_id": item, "score": score}
            for topic, ranked in self.rankings.items()
            for item, score in zip(ranked.ids, falling(ranked.scores), strict=True)
        ]
        return frame(rows, ["query_id", "doc_id", "score"])


def falling(scores: Sequence[float]) -> list[float]:
    """The scores, those that do not fall moved below the one before by the least that a float32 can show.

    Examples
    --------
    >>> [round(score, 6) for score in falling([0.5, 0.5, 0.25])]
    [0.5, 0.5, 0.25]
    >>> falling([0.5, 0.5])[1] < 0.5
    True
    """
    moved: list[float] = []
    last, least = np.float32(np.inf), np.float32(-np.inf)
    for score in scores:
        last = min(np.float32(score), np.nextafter(last, least))
        moved.append(float(last))
    return moved


def _sorted(topic: str, items: Sequence[tuple[str, float]]) -> Ranked:
    if len({item for item, _ in items}) < len(items):
        raise QueryError(f"topic {topic!r} ranks an item twice")
    if any(np.isnan(score) for _, score in items):
        raise QueryError(f"topic {topic!r} has a score that is not a number")
    by_id = sorted(items, key=lambda one: one[0], reverse=True)
    best = sorted(by_id, key=lambda one: np.float32(one[1]), reverse=True)  # at the precision trec_eval has
    return Ranked(tuple(item for item, _ in best), tuple(score for _, score in best), len(best))
