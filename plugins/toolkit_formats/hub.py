"""Data sets of Hugging Face: their pictures, and class labels or boxes as a person's labels.

Boxes are read from a column ``objects`` with ``bbox`` (left, top, width, height in pixels) and a category, as the
hub's detection sets have it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from toolkit.plugins import Failure, InputError, Json, Record

from .boxes import frame_of
from .objects import CATEGORIES, is_missing, listed, take_objects
from .reading import ERRORS, PictureLabels, error_text
from .tables import LABELS, label_of_row

__all__ = ["HubImporter"]

_KINDS = ("Dataset", "IterableDataset", "DatasetDict", "IterableDatasetDict")
_UNNAMED = "<dataset>"


class HubImporter:
    """Data sets of the ``datasets`` library, streams among them, if it is installed."""

    name = "hugging-face"

    def accepts(self, origin: object) -> bool:
        """Whether it is a data set, a stream or a dictionary of parts; the library is not imported to find out."""
        datasets = sys.modules.get("datasets")
        kinds = tuple(kind for name in _KINDS if isinstance(kind := getattr(datasets, name, None), type))
        return isinstance(origin, kinds)

    def records(self, origin: object) -> Iterator[Record | Failure]:
        """A record per row, lazily, and a failure for each that cannot be read; pictures are taken as encoded.

        Raises
        ------
        InputError
            No column holds pictures.
        """
        if not isinstance(origin, Mapping):
            yield from _of_part(origin, _UNNAMED)
            return
        for name, part in origin.items():
            for one in _of_part(part, f"<dataset {name}>"):
                yield replace(one, datasets=(str(name),)) if isinstance(one, Record) else one


def _of_part(dataset: Any, name: str) -> Iterator[Record | Failure]:  # noqa: ANN401
    features, dataset = _features(dataset)
    pictures = [column for column, feature in features.items() if type(feature).__name__ == "Image"]
    if not pictures:
        raise InputError(
            name, f"none of the columns {', '.join(features) or '(none are named)'} holds pictures"
        )
    column = pictures[0]
    for number, row in enumerate(dataset.cast_column(column, type(features[column])(decode=False))):
        try:
            origin = _origin(row[column])
        except ERRORS as error:
            yield Failure(f"{name} row {number}", error_text(error))
            continue
        labels = _labels(row, features, name, f"row {number}")
        rest = {key: _json(value) for key, value in row.items() if key in _plain(row, features)}
        yield from labels.finish(origin, metadata=rest)


def _features(dataset: Any) -> tuple[dict[str, Any], Any]:  # noqa: ANN401
    """The columns of a data set; of a stream that does not know them, as its first row has them."""
    if dataset.features is None and hasattr(dataset, "_resolve_features"):
        dataset = dataset._resolve_features()
    return dict(dataset.features or {}), dataset


def _origin(picture: object) -> str | bytes:
    if isinstance(picture, Mapping) and (found := picture.get("bytes") or picture.get("path")):
        return bytes(found) if isinstance(found, bytes | bytearray) else str(found)
    raise ValueError("no picture")


def _label_columns(features: Mapping[str, Any]) -> list[str]:
    """The columns that say what a picture shows: of classes; where there are none, of the usual names."""
    classes = [name for name, feature in features.items() if _class(feature) is not None]
    if classes or "objects" in features:
        return classes
    return [name for name in features if name.casefold() in LABELS]


def _labels(row: Mapping[str, Any], features: Mapping[str, Any], name: str, where: str) -> PictureLabels:
    labels = PictureLabels(name)
    values = [(column, value) for column in _label_columns(features) for value in listed(row.get(column))]
    there = [(_class(features[column]), value) for column, value in values if not is_missing(value)]
    labels.take(where, lambda: label_of_row(row, [_name(named, value) for named, value in there]))
    if row.get("objects"):
        category = _category(features.get("objects"))
        frame = frame_of(row.get("width"), row.get("height"))
        take_objects(labels, row["objects"], frame, lambda value: _name(category, value), where=where)
    return labels


def _class(feature: Any) -> Any:  # noqa: ANN401
    """The ClassLabel of a column, or of the lists in it; None if it is of another kind."""
    while feature is not None and type(feature).__name__ in ("Sequence", "List", "LargeList"):
        feature = feature.feature
    if isinstance(feature, list) and feature:
        feature = feature[0]
    return feature if hasattr(feature, "int2str") else None


def _category(feature: Any) -> Any:  # noqa: ANN401
    """The ClassLabel of the boxes, wherever lists and dictionaries are nested around it."""
    while feature is not None and not isinstance(feature, Mapping):
        feature = feature[0] if isinstance(feature, list) and feature else getattr(feature, "feature", None)
    found = next((feature[key] for key in CATEGORIES if key in feature), None) if feature else None
    return _class(found)


def _name(feature: Any, value: Any) -> str:  # noqa: ANN401
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(feature.int2str(value)) if feature is not None and isinstance(value, int) else str(value)


def _plain(row: Mapping[str, Any], features: Mapping[str, Any]) -> set[str]:
    labels = set(_label_columns(features))
    return {
        key for key, value in row.items() if key not in labels and isinstance(value, bool | int | float | str)
    }


def _json(value: float | str) -> Json:
    return None if isinstance(value, float) and not math.isfinite(value) else value
