"""Rows of a table from whatever holds them, and back: DataFrames, mappings, named tuples, files of columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..errors import InputError, QueryError
from ..values.frames import data_frame

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["DOCUMENT", "TOPIC", "columns_of", "frame", "records", "required", "word"]

# What the field calls a topic and an item, in the order of trust.
TOPIC = ("query_id", "topic", "qid", "q_id")
DOCUMENT = ("doc_id", "input", "docno", "document", "id")


def records(table: DataFrame | Iterable[object]) -> Iterator[Mapping[str, object]]:
    """The rows of a DataFrame, or of an iterable of mappings or named tuples, as mappings.

    Parameters
    ----------
    table : DataFrame or iterable
        Each row names its columns.

    Raises
    ------
    QueryError
        A row does not.
    """
    if hasattr(table, "to_dict") and hasattr(table, "columns"):
        yield from cast("DataFrame", table).to_dict("records")
        return
    for row in table:
        if isinstance(row, Mapping):
            yield row
        elif hasattr(row, "_asdict"):
            yield row._asdict()
        else:
            raise QueryError(f"a row is a mapping or a named tuple, not {row!r:.80}")


def required(row: Mapping[str, object], names: Sequence[str], what: str) -> object:
    """The value of the first of some columns that a row has.

    Parameters
    ----------
    row : mapping
        Of a table.
    names : sequence of str
        What the column may be called.
    what : str
        What the row is, for the message.

    Raises
    ------
    QueryError
        It has none of them.
    """
    for name in names:
        if row.get(name) is not None:
            return row[name]
    raise QueryError(f"{what} has one of {', '.join(names)}; there are {', '.join(map(str, row)) or 'none'}")


def columns_of(path: str | Path, count: int, what: str) -> Iterator[tuple[str, list[str]]]:
    """The columns of every line of a file, parted by blanks, with where it stands.

    Parameters
    ----------
    path : str or Path
        UTF-8 text.
    count : int
        How many columns a line has.
    what : str
        What a line is, for the message.

    Raises
    ------
    InputError
        A line has another number of columns.
    """
    with Path(path).open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            where, parts = f"{path}, line {number}", line.split()
            if parts and len(parts) != count:
                raise InputError(where, f"{what} has {count} columns, not {len(parts)}")
            if parts:
                yield where, parts


def word(text: str) -> str:
    """The text; refused if it cannot be one column of a file whose columns are parted by blanks.

    Raises
    ------
    QueryError
        It is empty, or has a blank.
    """
    if text.split() != [text]:
        raise QueryError(f"{text!r} cannot stand in a TREC file, whose columns are parted by blanks")
    return text


def frame(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> DataFrame:
    """A pandas DataFrame.

    Parameters
    ----------
    rows : sequence of mapping
        From column to value.
    columns : sequence of str
        In order.

    Raises
    ------
    MissingExtraError
        If pandas is not installed.
    """
    return data_frame(map(dict, rows), columns, asked="frame()")
