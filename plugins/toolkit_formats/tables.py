"""Labels in a table: CSV, TSV, JSON lines, Parquet, or a pandas DataFrame with a column of labels.

A row is a picture, or one box on it; rows of one picture are put together. `docs/plugins/formats.md` lists the columns.
"""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.plugins import Box, Detection, GeoPoint, InputError, Json, MissingExtraError, Record

from .boxes import from_corners
from .importer import FormatImporter
from .places import inside, read_text

__all__ = ["LABELS", "TABLE", "FrameImporter", "read_rows"]

PICTURES = ("path", "file", "filename", "file_name", "image", "uri", "url")
LABELS = ("label", "class", "category", "concept")
SIDES = ("top_row", "left_col", "bottom_row", "right_col")
CORNERS = ("xmin", "ymin", "xmax", "ymax")
_DATASETS = ("dataset", "split")
_SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet")
_OWN = frozenset(
    (*PICTURES, *LABELS, *SIDES, *CORNERS, *_DATASETS, "id", "value", "lat", "lon", "width", "height")
)

Row = Mapping[str, Any]


def _recognizes(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES and path.is_file()


def _read(path: Path, images: Path | None) -> Iterator[Record]:
    reader = {".csv": _csv, ".tsv": _csv, ".jsonl": _lines, ".parquet": _parquet}.get(path.suffix.lower())
    if reader is None:
        raise InputError(str(path), f"a table is one of {', '.join(_SUFFIXES)}")
    yield from read_rows(reader(path), images or path.parent, of=path)


def _csv(path: Path) -> Iterator[Row]:
    text = io.StringIO(read_text(path), newline="")  # not splitlines: a cell may hold a line's end
    try:
        yield from csv.DictReader(text, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    except csv.Error as error:
        raise InputError(str(path), f"not a table that can be read: {error}") from error


def _lines(path: Path) -> Iterator[Row]:
    for number, line in enumerate(read_text(path).split("\n"), 1):  # not splitlines: JSON may hold U+2028
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(str(path), f"line {number} is not JSON") from error
        yield row


def _parquet(path: Path) -> Iterator[Row]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise MissingExtraError("reading Parquet", "pyarrow", "formats") from None
    try:
        rows: list[Row] = parquet.read_table(path).to_pylist()
    except (ArrowException, OSError) as error:
        raise InputError(str(path), f"not Parquet: {error!s:.100}") from error
    return iter(rows)


@dataclass(slots=True)
class _Picture:
    first: Row
    concepts: dict[str, float] = field(default_factory=dict)
    regions: list[Detection] = field(default_factory=list)


def read_rows(rows: Iterable[Row], folder: Path, *, of: Path) -> Iterator[Record]:
    """A record per picture, in the order in which they come first.

    Raises
    ------
    InputError
        A row without a picture, or a value that cannot be; with its number from 1.
    """
    pictures: dict[str, _Picture] = {}
    for number, given in enumerate(rows, 1):
        row = {str(key).strip(): value for key, value in given.items() if not _missing(value)}
        try:
            source = _source(row, folder, of)
            _add(pictures.setdefault(source, _Picture(row)), row)
        except (TypeError, ValueError) as error:  # InputError and QueryError among them
            reason = error.reason if isinstance(error, InputError) else str(error)
            raise InputError(str(of), f"row {number}: {reason}") from error
    for source, one in pictures.items():
        yield _record(source, one)


def _source(row: Row, folder: Path, of: Path) -> str:
    named = next((str(row[key]) for key in PICTURES if key in row), "")
    if not named:
        raise InputError(str(of), f"no picture: none of the columns {', '.join(PICTURES)}")
    if "://" in named or Path(named).is_absolute():
        return named
    return str(inside(folder, named, of=of))


def _add(picture: _Picture, row: Row) -> None:
    label = next((str(row[key]) for key in LABELS if key in row), None)
    said = {} if label is None else {label: float(row.get("value", 1))}
    box = _box(row)
    if box is None:
        picture.concepts |= said
    else:
        picture.regions.append(Detection(box, said))


def _box(row: Row) -> Box | None:
    if all(key in row for key in SIDES):
        top, left, bottom, right = (float(row[key]) for key in SIDES)
        return Box(top, left, bottom, right)
    if all(key in row for key in CORNERS):
        left, top, right, bottom = (float(row[key]) for key in CORNERS)
        width, height = (float(row.get(side, 1)) for side in ("width", "height"))
        if max(left, top, right, bottom) > 1 and width == height == 1:
            raise ValueError("corners in pixels need the columns width and height")
        return from_corners(left, top, right, bottom, width=width, height=height)
    return None


def _record(source: str, one: _Picture) -> Record:
    row = one.first
    geo = GeoPoint(float(row["lat"]), float(row["lon"])) if {"lat", "lon"} <= row.keys() else None
    return Record(
        source,
        id=str(row["id"]) if "id" in row else None,
        metadata={key: _json(value) for key, value in row.items() if key not in _OWN},
        geo=geo,
        datasets=tuple(str(row[key]) for key in _DATASETS if key in row),
        concepts=one.concepts,
        regions=tuple(one.regions),
    )


def _missing(value: object) -> bool:
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or value == "" or type(value).__name__ in ("NAType", "NaTType")  # pandas'


def _json(value: Any) -> Json:  # noqa: ANN401  (whatever a table holds)
    return value if isinstance(value, bool | int | float | str | list | dict) else str(value)


class FrameImporter:
    """A pandas DataFrame with a column of labels; its relative paths start in the current folder."""

    name = "label-frame"

    def accepts(self, source: object) -> bool:
        """Whether it is a DataFrame with a column of pictures and one of labels; pandas is not imported for it."""
        pandas = sys.modules.get("pandas")
        if pandas is None or not isinstance(source, pandas.DataFrame):
            return False
        columns = {str(column) for column in source.columns}
        return bool(columns & set(PICTURES)) and bool(columns & set(LABELS))

    def records(self, source: object) -> Iterator[Record]:
        """A record per picture, in the order in which they come first."""
        rows = getattr(source, "to_dict")("records")  # noqa: B009  (a frame, as `accepts` saw)
        yield from read_rows(rows, Path.cwd(), of=Path("<table>"))


TABLE = FormatImporter("label-table", _recognizes, _read)
