"""Labels in a table: CSV, TSV, JSON lines, Parquet, or a pandas DataFrame with a column of labels.

A row is a picture, or one box on it; rows of one picture are put together. `docs/labels.md` lists the columns.
"""

from __future__ import annotations

import ast
import json
import math
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.plugins import Corners, Failure, Frame, GeoPoint, InputError, Json, Label, Record

from .boxes import frame_of, from_span, numbers
from .importer import FormatImporter, Request, predicted_by
from .objects import is_missing, listed, take_objects
from .places import PictureFinder, is_picture
from .reading import ERRORS, PictureLabels, error_text
from .table_files import SUFFIXES, Row, read_table

__all__ = ["LABELS", "PICTURES", "SIDES", "TABLE", "FrameImporter", "label_of_row", "read_rows"]

PICTURES = (
    *(
        "path",
        "file",
        "filename",
        "file_name",
        "filepath",
        "file_path",
        "image",
        "image_path",
        "image_name",
        "img",
    ),
    *("img_path", "imageid", "image_id", "uri", "url"),
)
_SEVERAL = ("labels", "classes", "categories", "concepts", "tags")
LABELS = ("label", "class", "category", "concept", "class_name", "labelname", *_SEVERAL)
SIDES = ("top_row", "left_col", "bottom_row", "right_col")
_CORNERS = (("xmin", "ymin", "xmax", "ymax"), ("x1", "y1", "x2", "y2"), ("left", "top", "right", "bottom"))
_SPANS = (("x", "y", "w", "h"), ("bbox_x", "bbox_y", "bbox_width", "bbox_height"))
_SIZES = (("width", "height"), ("image_width", "image_height"), ("img_width", "img_height"))
_SCORES = ("score", "confidence")
_DATASETS = ("dataset", "split", "subset")
_OWN = frozenset(
    (*PICTURES, *LABELS, *SIDES, *_SCORES, *_DATASETS, "id", "value", "source", "lat", "lon", "bbox", "objects",
     *(name for names in (*_CORNERS, *_SPANS, *_SIZES) for name in names))
)  # fmt: skip


@dataclass(slots=True)
class _Picture:
    first: Row
    labels: PictureLabels
    ids: set[str] = field(default_factory=set)


def _recognizes(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and path.is_file()


def _read(asked: Request) -> Iterator[Record | Failure]:
    yield from read_rows(read_table(asked.path), asked.images or asked.path.parent, of=asked.path)


def read_rows(rows: Iterable[Row | None], folder: Path, *, of: Path) -> Iterator[Record | Failure]:
    """A record per picture, in the order in which they come first; a failure, with its number from 1, for a bad row.

    Parameters
    ----------
    rows : iterable of mapping or None
        By the names of columns; None is a row that could not be read.
    folder : Path
        What relative paths start from.
    of : Path
        The table, for failures.

    Raises
    ------
    InputError
        No column names pictures, as where the header is missing.
    """
    finder = PictureFinder([folder])
    pictures: dict[str, _Picture] = {}
    for number, given in enumerate(rows, 1):
        if given is None:
            yield Failure(str(of), f"row {number} is not one: more cells than columns, or not JSON", labels=1)
            continue
        row = {str(key).strip().casefold(): value for key, value in given.items() if not _is_blank(value)}
        if number == 1:
            _check_header(given, of)
        try:
            origin = _origin(row, finder, of)
        except ERRORS as error:
            yield Failure(str(of), f"row {number}: {error_text(error)}", labels=1)
            continue
        picture = pictures.setdefault(origin, _Picture(row, PictureLabels(str(of))))
        if "id" in row:
            picture.ids.add(str(row["id"]))
        _take(picture.labels, row, f"row {number}", of)
    for origin, one in pictures.items():
        yield from _records(origin, one, of)


def _check_header(row: Row, of: Path) -> None:
    columns = [str(column).strip() for column in row]
    if any(column.casefold() in PICTURES for column in columns):
        return
    missing = "; the header is missing" if any(is_picture(Path(column)) for column in columns) else ""
    named = ", ".join(PICTURES)
    raise InputError(
        str(of), f"no column of pictures among {', '.join(columns):.200}{missing}: name one of {named}"
    )


def _origin(row: Row, finder: PictureFinder, of: Path) -> str:
    named = next((row[key] for key in PICTURES if key in row), "")
    if isinstance(named, Mapping):  # as the hub's tables have it
        named = named.get("path") or ""
    if not isinstance(named, str) or not named.strip():
        raise InputError(str(of), f"no picture: none of the columns {', '.join(PICTURES)}")
    if "://" in named or Path(named).is_absolute():
        return named
    return str(finder.find(named, of=of))


def _take(labels: PictureLabels, row: Row, where: str, of: Path) -> None:
    if "objects" in row:
        frame = _frame(row)
        objects = _parsed(row["objects"])
        take_objects(labels, objects, frame, str, where=where)
    labels.take(where, lambda: _label(row, of))


def _label(row: Row, of: Path) -> Label | None:
    return _label_with(row, _values(row), of.stem)


def label_of_row(row: Row, names: Sequence[str]) -> Label | None:
    """The label in a row whose concepts are known, with the box, the value and the source in other columns.

    Parameters
    ----------
    row : mapping
        A row of a table, by the names of its columns.
    names : sequence of str
        The concepts that it has.
    """
    plain = {str(key).casefold(): value for key, value in row.items() if not _is_blank(value)}
    return _label_with(plain, dict.fromkeys(names, _value(plain)), "dataset")


def _label_with(row: Row, values: dict[str, float], name: str) -> Label | None:
    box = _box(row)
    if not values and box is None:
        return None
    is_scored = any(key in row for key in _SCORES)
    source = str(row.get("source") or "")
    if not source.startswith(("human:", "model:")):
        source = predicted_by(name) if is_scored else ""
    corners, frame = box or (None, Frame())
    return Label(values, corners, frame, source)


def _values(row: Row) -> dict[str, float]:
    """What a row says, by concept; cells may hold lists, and mappings of names to values."""
    column = next((key for key in LABELS if key in row), None)
    if column is None:
        return {}
    given = _parsed(row[column])
    if isinstance(given, Mapping):
        return {str(name): float(value) for name, value in given.items() if not is_missing(value)}
    if column in _SEVERAL and isinstance(given, str):
        given = re.split(r"[;|,]", given)
    names = [_text(name) for name in listed(given) if not is_missing(name)]
    return dict.fromkeys(names, _value(row))


def _value(row: Row) -> float:
    return numbers([next((row[key] for key in ("value", *_SCORES) if key in row), 1.0)], 1)[0]


def _text(name: object) -> str:
    if (
        isinstance(name, float) and name.is_integer()
    ):  # what pandas makes of whole numbers beside missing ones
        return str(int(name))
    if isinstance(name, Mapping | list | tuple):
        raise ValueError(f"a label is a name, a list of names, or names with values, not {name!r:.60}")  # noqa: TRY004
    return str(name).strip()


def _parsed(cell: Any) -> Any:  # noqa: ANN401
    """A cell; text that is written as a list or mapping, in JSON or in Python, as that."""
    if not isinstance(cell, str) or not re.fullmatch(r"\s*(\[.*\]|\{.*\})\s*", cell, re.DOTALL):
        return cell
    try:
        return json.loads(cell)
    except ValueError:
        pass
    try:
        return ast.literal_eval(cell.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return cell


def _box(row: Row) -> tuple[Corners, Frame] | None:
    if all(key in row for key in SIDES):
        top, left, bottom, right = numbers([row[key] for key in SIDES], 4)
        if not (0 <= top < bottom <= 1 and 0 <= left < right <= 1):
            raise ValueError(
                f"{', '.join(SIDES)} are fractions from 0 to 1, top above bottom and left of right"
            )
        return (left, top, right, bottom), Frame(orientation="upright")
    for names in _CORNERS:
        if all(key in row for key in names):
            corners = numbers([row[key] for key in names], 4)
            return _measured((corners[0], corners[1], corners[2], corners[3]), row)
    for names in _SPANS:
        if all(key in row for key in names):
            return _measured(from_span(*numbers([row[key] for key in names], 4)), row)
    if "bbox" in row:
        return _measured(from_span(*numbers(_parsed(row["bbox"]), 4)), row)
    return None


def _measured(corners: Corners, row: Row) -> tuple[Corners, Frame]:
    """Corners with what they are measured in: fractions, if none is above 1 and they are not whole."""
    if max(corners) <= 1 and not (_frame(row).width and all(side.is_integer() for side in corners)):
        return corners, Frame()
    return corners, _frame(row)


def _frame(row: Row) -> Frame:
    found = next((names for names in _SIZES if all(key in row for key in names)), None)
    return frame_of(*(row[key] for key in found)) if found else Frame(0.0, 0.0)


def _records(origin: str, one: _Picture, of: Path) -> Iterator[Record | Failure]:
    row = one.first
    try:
        has_place = {"lat", "lon"} <= row.keys()
        geo = GeoPoint(*numbers([row["lat"], row["lon"]], 2)) if has_place else None
    except ERRORS as error:
        yield Failure(str(of), f"{origin}: {error_text(error)}")
        geo = None
    yield from one.labels.finish(
        origin,
        id=next(iter(one.ids)) if len(one.ids) == 1 else None,
        metadata={key: _json(value) for key, value in row.items() if key not in _OWN},
        geo=geo,
        datasets=tuple(str(row[key]) for key in _DATASETS if key in row),
    )


def _is_blank(value: object) -> bool:
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or value == "" or type(value).__name__ in ("NAType", "NaTType")  # pandas'


def _json(value: Any) -> Json:  # noqa: ANN401  (whatever a table holds)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_json(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


class FrameImporter:
    """A pandas DataFrame with a column of labels; its relative paths start in the current folder."""

    name = "label-frame"

    def accepts(self, origin: object) -> bool:
        """Whether it is a DataFrame with a column of pictures and one of labels; pandas is not imported for it."""
        pandas = sys.modules.get("pandas")
        if pandas is None or not isinstance(origin, pandas.DataFrame):
            return False
        columns = {str(column).strip().casefold() for column in origin.columns}
        return bool(columns & set(PICTURES)) and bool(columns & {*LABELS, "objects"})

    def records(self, origin: object) -> Iterator[Record | Failure]:
        """A record per picture, in the order in which they come first; a failure for each row that is bad."""
        rows = getattr(origin, "to_dict")("records")  # noqa: B009  (a frame, as `accepts` saw)
        yield from read_rows(rows, Path.cwd(), of=Path("<table>"))


TABLE = FormatImporter("label-table", _recognizes, _read)
