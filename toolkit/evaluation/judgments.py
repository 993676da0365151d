"""Judgments: which inputs are relevant to which topic, and how much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..errors import InputError, QueryError
from .tables import DOCUMENT, TOPIC, columns_of, frame, records, required, word

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["Judgments"]

GRADE = ("relevance", "rel", "grade", "label")


@dataclass(frozen=True, slots=True, eq=False)
class Judgments(Mapping[str, Mapping[str, int]]):
    """From a topic's id to the grade of each input that was judged for it.

    Parameters
    ----------
    grades : mapping of str to mapping of str to int
        0 or below is "not relevant", 1 and above relevant, more is better. What is not there was not judged, which
        measures count as not relevant and `Judged@k` shows.
    from_labels : bool
        Whether they are the labels of the collection, which a concept trained on them has seen.

    Examples
    --------
    >>> judgments = Judgments({"1": {"a": 2, "b": 0}})
    >>> judgments["1"]["a"], judgments
    (2, <Judgments: 2 of 1 topics, 1 relevant>)
    """

    grades: Mapping[str, Mapping[str, int]]
    from_labels: bool = False

    def __getitem__(self, topic: str) -> Mapping[str, int]:
        return self.grades[topic]

    def __iter__(self) -> Iterator[str]:
        return iter(self.grades)

    def __len__(self) -> int:
        return len(self.grades)

    def __repr__(self) -> str:
        grades = [grade for judged in self.grades.values() for grade in judged.values()]
        relevant = sum(grade > 0 for grade in grades)
        return f"<Judgments: {len(grades):,} of {len(self):,} topics, {relevant:,} relevant>"

    @classmethod
    def of(cls, table: DataFrame | Iterable[object]) -> Judgments:
        """Judgments from a DataFrame, or from mappings or named tuples such as those of ``ir_datasets``.

        Parameters
        ----------
        table : DataFrame or iterable
            A row a judgment: ``query_id`` or ``topic``, ``doc_id`` or ``input``, ``relevance``.

        Raises
        ------
        QueryError
            A column is missing, or a grade is no whole number.
        """
        grades: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for row in records(table):
            topic = str(required(row, TOPIC, "a judgment"))
            item = str(required(row, DOCUMENT, "a judgment"))
            grades[topic][item] = _grade(required(row, GRADE, "a judgment"))
        return cls(dict(grades))

    @classmethod
    def read(cls, path: str | Path) -> Judgments:
        """Judgments from a TREC qrels file: topic, iteration, id, grade.

        Parameters
        ----------
        path : str or Path
            UTF-8 text, four columns parted by blanks.

        Raises
        ------
        InputError
            A line has other columns; with its number.
        """
        grades: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for where, (topic, _, item, grade) in columns_of(path, 4, "a judgment"):
            try:
                grades[topic][item] = int(grade)
            except ValueError as error:
                raise InputError(where, f"a grade is a whole number, not {grade!r}") from error
        return cls(dict(grades))

    def write(self, path: str | Path) -> None:
        """Write a TREC qrels file.

        Raises
        ------
        QueryError
            An id has a blank, which the format has no form for; nothing is written.
        """
        lines = [
            f"{word(topic)} 0 {word(item)} {grade}\n"
            for topic, judged in self.grades.items()
            for item, grade in judged.items()
        ]
        Path(path).write_text("".join(lines), encoding="utf-8")

    def frame(self) -> DataFrame:
        """A pandas DataFrame with the columns of ir-measures: query_id, doc_id, relevance.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        rows = [
            {"query_id": topic, "doc_id": item, "relevance": grade}
            for topic, judged in self.grades.items()
            for item, grade in judged.items()
        ]
        return frame(rows, ["query_id", "doc_id", "relevance"])


def _grade(value: object) -> int:
    number = float(cast("float", value)) if not isinstance(value, str) else float("nan")
    if not number.is_integer():
        raise QueryError(f"a grade is a whole number, not {value!r}")
    return int(number)
