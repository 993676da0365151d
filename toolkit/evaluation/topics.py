"""Topics: what an experiment asks about, one after the other, and the group that each comes from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast, overload

from ..errors import InputError, QueryError
from ..values.types import Json
from .tables import records, required

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["Topic", "Topics"]

ID = ("query_id", "topic", "id", "qid")


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that is asked about.

    Parameters
    ----------
    id : str
        Names it in judgments and runs.
    values : mapping of str to Json
        What fills the slots of a query: ``topic.input`` takes ``values["input"]``.
    group : str
        What it comes from, such as a concept. Topics of one group are not independent, so groups are what
        statistics count; empty, the topic is a group of its own.
    exclude : tuple of str
        Ids that are left out of its rankings, such as the picture it asks with.
    """

    id: str
    values: Mapping[str, Json] = field(default_factory=dict)
    group: str = ""
    exclude: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.id or not isinstance(self.id, str):
            raise QueryError(f"a topic's id is text, not {self.id!r}")
        object.__setattr__(self, "group", self.group or self.id)
        object.__setattr__(self, "exclude", tuple(self.exclude))

    def to_dict(self) -> dict[str, Json]:
        """A JSON object that `Topics.read` reads back."""
        return {
            "id": self.id,
            "group": self.group,
            "exclude": list(self.exclude),
            "values": dict(self.values),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Topics(Sequence[Topic]):
    """Some topics, each id once.

    Parameters
    ----------
    topics : sequence of Topic
        In the order in which tables show them.

    Raises
    ------
    QueryError
        There are none, or two have one id.

    Examples
    --------
    >>> topics = Topics.of([{"id": "1", "photo": "a.jpg", "group": "dogs"}, {"id": "2", "photo": "b.jpg"}])
    >>> topics[0].values, topics.groups
    ({'photo': 'a.jpg'}, ('dogs', '2'))
    """

    topics: Sequence[Topic]

    def __post_init__(self) -> None:
        object.__setattr__(self, "topics", tuple(self.topics))
        ids = [one.id for one in self.topics]
        if not ids:
            raise QueryError("an experiment needs topics; got none")
        if twice := {id for id in ids if ids.count(id) > 1} if len(set(ids)) < len(ids) else set():
            raise QueryError(f"each topic has an id of its own; {min(twice)!r} is given twice")

    @overload
    def __getitem__(self, index: int) -> Topic: ...
    @overload
    def __getitem__(self, index: slice) -> Topics: ...
    def __getitem__(self, index: int | slice) -> Topic | Topics:
        return Topics(self.topics[index]) if isinstance(index, slice) else self.topics[index]

    def __len__(self) -> int:
        return len(self.topics)

    def __iter__(self) -> Iterator[Topic]:
        return iter(self.topics)

    def __repr__(self) -> str:
        return f"<Topics: {len(self):,} in {len(set(self.groups)):,} groups, with {', '.join(self.columns)}>"

    @property
    def ids(self) -> tuple[str, ...]:
        """Their ids, in order."""
        return tuple(one.id for one in self.topics)

    @property
    def groups(self) -> tuple[str, ...]:
        """The group of each, in order."""
        return tuple(one.group for one in self.topics)

    @property
    def columns(self) -> tuple[str, ...]:
        """The slots that any of them fills."""
        return tuple(dict.fromkeys(name for one in self.topics for name in one.values))

    @classmethod
    def of(cls, table: DataFrame | Iterable[object]) -> Topics:
        """Topics from a DataFrame, or from mappings or named tuples such as those of ``ir_datasets``.

        ``query_id``, ``topic`` or ``id`` is the id and ``group`` the group; each other column fills the slot of its
        name.

        Parameters
        ----------
        table : DataFrame or iterable
            A row a topic.

        Raises
        ------
        QueryError
            A row has no id.
        """
        return cls([_topic(row) for row in records(table)])

    def frame(self) -> DataFrame:
        """A pandas DataFrame with a row for each topic; `Topics.of` reads it.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        from .tables import frame

        rows = [{"topic": one.id, "group": one.group, **one.values} for one in self.topics]
        return frame(rows, ["topic", "group", *self.columns])

    @classmethod
    def read(cls, path: str | Path) -> Topics:
        """Topics from a file: JSON lines as `write` makes them, or an id, a tab and a text a line (``topic.text``).

        Parameters
        ----------
        path : str or Path
            UTF-8 text.

        Raises
        ------
        InputError
            A line is neither; with its number.
        """
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        read = (_line(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip())
        return cls(list(read))

    def write(self, path: str | Path) -> None:
        """Write them as JSON lines."""
        text = "".join(json.dumps(one.to_dict(), ensure_ascii=False) + "\n" for one in self.topics)
        Path(path).write_text(text, encoding="utf-8")


def _topic(row: Mapping[str, object]) -> Topic:
    id = str(required(row, ID, "a topic"))
    values = {name: value for name, value in row.items() if name not in {*ID, "group", "exclude"}}
    exclude = cast("Iterable[str]", row.get("exclude") or ())
    return Topic(id, cast("dict[str, Json]", values), str(row.get("group") or ""), tuple(exclude))


def _line(line: str, where: str) -> Topic:
    if not line.startswith("{"):
        id, tab, text = line.partition("\t")
        if not tab:
            raise InputError(where, "a topic is JSON, or an id, a tab and a text")
        return Topic(id.strip(), {"text": text.strip()})
    try:
        read = json.loads(line)
        return Topic(
            read["id"], read.get("values", {}), read.get("group", ""), tuple(read.get("exclude", ()))
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(where, f"no topic as JSON: {error}") from error
