"""Rows of files: CSV and TSV with whatever parts their cells, JSON lines, Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from toolkit.plugins import InputError, MissingExtraError, unguarded

from .places import read_text

__all__ = ["SUFFIXES", "Row", "read_table"]

Row = Mapping[str, Any]


def read_table(path: Path) -> Iterator[Row | None]:
    """The rows of a file by the names of its columns, in small letters; None for a row that is none.

    Raises
    ------
    InputError
        The file is no table.
    MissingExtraError
        Parquet needs pyarrow.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(str(path), f"a table is one of {', '.join(SUFFIXES)}")
    return reader(path)


def _csv(path: Path) -> Iterator[Row | None]:
    text = read_text(path)
    head = text.lstrip().split("\n", 1)[0]
    separators = "\t,;" if path.suffix.lower() == ".tsv" else ",;\t|"
    separator = max(separators, key=head.count)
    try:  # not splitlines: a cell may hold a line's end
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=separator):
            if None in row and any(row[None] or ()):  # more cells than columns
                yield None
            else:
                yield {name: unguarded(cell) for name, cell in row.items()}
    except csv.Error as error:
        raise InputError(str(path), f"not a table that can be read: {error}") from error


def _lines(path: Path) -> Iterator[Row | None]:
    for line in read_text(path).split("\n"):  # not splitlines: JSON may hold U+2028
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            row = None
        yield row if isinstance(row, Mapping) else None


def _parquet(path: Path) -> Iterator[Row | None]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise MissingExtraError("reading Parquet", "pyarrow", "formats") from None
    try:
        rows: list[Row] = parquet.read_table(path).to_pylist()
    except (ArrowException, OSError) as error:
        raise InputError(str(path), f"not Parquet: {error!s:.100}") from error
    return iter(rows)


_READERS: Mapping[str, Callable[[Path], Iterator[Row | None]]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".jsonl": _lines,
    ".parquet": _parquet,
}
SUFFIXES = tuple(_READERS)
