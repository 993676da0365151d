"""A ``datasets.Dataset`` of Hugging Face: its pictures, and its class labels or boxes as a person's labels.

Boxes are read from a column ``objects`` with ``bbox`` (left, top, width, height in pixels) and ``category``, as the
hub's detection sets have it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from toolkit.plugins import Detection, InputError, Record, decode, read_bytes

from .boxes import from_span

__all__ = ["HubImporter"]

LARGEST = 100 * 2**20  # bytes of a picture whose size in pixels is asked for

_PLAIN = (bool, int, float, str)


class HubImporter:
    """Datasets of the ``datasets`` library, if it is installed."""

    name = "hugging-face"

    def accepts(self, source: object) -> bool:
        """Whether it is a Dataset; the library is not imported to find out."""
        datasets = sys.modules.get("datasets")
        return datasets is not None and isinstance(source, datasets.Dataset)

    def records(self, source: object) -> Iterator[Record]:
        """A record per row, lazily; pictures are taken as they are encoded.

        Raises
        ------
        InputError
            No column holds pictures.
        """
        dataset: Any = source
        features = dict(dataset.features)
        pictures = [name for name, feature in features.items() if type(feature).__name__ == "Image"]
        if not pictures:
            raise InputError("<dataset>", f"none of the columns {', '.join(features)} holds pictures")
        column = pictures[0]
        for row in dataset.cast_column(column, type(features[column])(decode=False)):
            yield _record(row, features, column)


def _record(row: Mapping[str, Any], features: Mapping[str, Any], column: str) -> Record:
    picture = row[column]
    source = picture["bytes"] or str(picture["path"])
    labels = {
        name: _named(feature, row[name])
        for name, feature in features.items()
        if type(feature).__name__ == "ClassLabel" and row[name] is not None
    }
    rest = {
        key: value
        for key, value in row.items()
        if key not in (column, "objects", *labels) and isinstance(value, _PLAIN)
    }
    return Record(
        source,
        metadata=rest,
        concepts=dict.fromkeys(labels.values(), 1.0),
        regions=tuple(_regions(row.get("objects"), features.get("objects"), source)),
    )


def _regions(objects: Any, feature: Any, source: str | bytes) -> Iterator[Detection]:  # noqa: ANN401
    """Boxes of a row; the columns of its ``objects``, or a list of them, according to how the set was made."""
    if not objects:
        return
    rows = _rows(objects)
    encoded = source if isinstance(source, bytes) else read_bytes(source, max_bytes=LARGEST)
    picture = decode(encoded, uri="<dataset>", working_size=64, max_pixels=200_000_000)
    for one in rows:
        left, top, wide, high = (float(number) for number in one["bbox"])
        box = from_span(left, top, wide, high, width=picture.width, height=picture.height)
        if box is not None:
            yield Detection(box, {_named(_category(feature), one["category"]): 1.0})


def _rows(objects: Any) -> Sequence[Mapping[str, Any]]:  # noqa: ANN401
    if isinstance(objects, Mapping):
        columns = {key: objects[key] for key in ("bbox", "category")}
        return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return list(objects)


def _category(feature: Any) -> Any:  # noqa: ANN401
    """The ClassLabel of the boxes, wherever lists and dictionaries are nested around it."""
    while not isinstance(feature, Mapping) and getattr(feature, "feature", None) is not None:
        feature = feature.feature
    found = feature.get("category") if isinstance(feature, Mapping) else feature
    return getattr(found, "feature", found)


def _named(feature: Any, value: Any) -> str:  # noqa: ANN401
    return str(feature.int2str(value)) if hasattr(feature, "int2str") else str(value)
