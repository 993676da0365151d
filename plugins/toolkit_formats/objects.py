"""Boxes of one picture in one cell, as the hub's detection sets have them: a column each, or a list of objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from toolkit.plugins import Frame, Label

from .boxes import from_span, numbers
from .reading import PictureLabels

__all__ = ["CATEGORIES", "is_missing", "listed", "take_objects"]

CATEGORIES = ("category", "categories", "category_id", "label", "labels", "class", "classes", "name", "id")
_BOXES = ("bbox", "bboxes", "box", "boxes")


def take_objects(
    labels: PictureLabels,
    objects: Any,  # noqa: ANN401
    frame: Frame,
    name_of: Callable[[object], str | None],
    *,
    where: str,
) -> None:
    """Take the boxes of a picture; left, top, width and height each.

    Parameters
    ----------
    labels : PictureLabels
        Takes them.
    objects : mapping of lists, or list of mappings
        With ``bbox`` and one of `CATEGORIES`.
    frame : Frame
        What the boxes are measured in.
    name_of : callable
        The name of a category; None for no label.
    where : str
        The row, for failures.
    """
    for one in _rows(objects):
        category = next((one[key] for key in CATEGORIES if key in one), None)
        labels.take(where, _label, one, category, frame, name_of)


def _label(
    one: Mapping[str, Any], category: object, frame: Frame, name_of: Callable[[object], str | None]
) -> Label | None:
    span = next((one[key] for key in _BOXES if key in one), None)
    if span is None:
        raise ValueError(f"an object without a box: none of {', '.join(_BOXES)}")
    name = None if is_missing(category) else name_of(category)
    return Label({} if name is None else {name: 1.0}, from_span(*numbers(span, 4)), frame)


def _rows(objects: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401
    """Its objects: of a list of them; or of columns, of which only those that are lists as long as the boxes count."""
    if not isinstance(objects, Mapping):
        yield from objects or ()
        return
    boxes = next((listed(objects[key]) for key in _BOXES if objects.get(key) is not None), [])
    columns = {key: listed(column) for key, column in objects.items() if column is not None}
    fitting = {key: column for key, column in columns.items() if len(column) == len(boxes)}
    for index in range(len(boxes)):
        yield {key: column[index] for key, column in fitting.items()}


def listed(value: Any) -> Sequence[Any]:  # noqa: ANN401
    """A list, tuple or array as a list; anything else as a list of one."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return list(value) if isinstance(value, list | tuple) else [value]


def is_missing(value: object) -> bool:
    """Whether a value is none: None, NaN, what pandas has for it, blank text, and -1 for a class."""
    if isinstance(value, str):
        return not value.strip()
    if type(value).__name__ in ("NAType", "NaTType"):  # pandas', without importing it
        return True
    return value is None or value == -1 or value != value  # noqa: PLR0124  (NaN)
