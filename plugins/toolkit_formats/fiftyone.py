"""JSON as FiftyOne writes it: a list of samples, each with fields of labels.

What has a ``confidence`` was predicted: its source is a model called as the field.
Format: https://docs.voxel51.com/user_guide/export_datasets.html#fiftyonedataset
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from toolkit.plugins import Corners, Failure, InputError, Label, Record

from .boxes import around, from_span, numbers
from .importer import FormatImporter, Request, predicted_by
from .places import picture_finder, read_json
from .reading import PictureLabels

__all__ = ["FIFTYONE", "MODEL_FIELDS"]

_SAMPLES = re.compile(rb'"samples"\s*:\s*\[')
_FILES = re.compile(rb'"filepath"\s*:')
_LOOKED_AT = 2**20  # bytes
_OWN = frozenset(("filepath", "tags", "metadata"))
_LISTS = {"Detections": "detections", "Classifications": "classifications", "Polylines": "polylines"}
_SINGLE = frozenset(("Detection", "Classification", "Polyline"))
MODEL_FIELDS = "rank_toolkit_models"
"""A field of each sample that names the models behind other fields; what `write_fiftyone` writes is read back so."""


def _recognizes(path: Path) -> bool:
    file = path / "samples.json" if path.is_dir() else path
    if file.suffix.lower() != ".json" or not file.is_file():
        return False
    with file.open("rb") as opened:
        data = opened.read(_LOOKED_AT)
    return _SAMPLES.search(data) is not None and (
        _FILES.search(data) is not None or file.stat().st_size < 100
    )


def _read(asked: Request) -> Iterator[Record | Failure]:
    file = asked.path / "samples.json" if asked.path.is_dir() else asked.path
    found = read_json(file)
    if not isinstance(found, Mapping) or not isinstance(found.get("samples"), list):
        raise InputError(str(file), "not FiftyOne's: it has a list of samples")
    finder = picture_finder(asked.images, [file.parent])
    for number, sample in enumerate(found["samples"]):
        named = sample.get("filepath") if isinstance(sample, Mapping) else None
        if not isinstance(named, str) or not named:
            yield Failure(str(file), f"sample {number} has no filepath")
            continue
        try:
            is_there = Path(named).is_absolute() and asked.images is None and Path(named).is_file()
            origin = named if is_there else str(finder.find(named, of=file))
        except (InputError, OSError, ValueError):
            origin = named if Path(named).is_absolute() else ""
        if not origin:
            yield Failure(str(file), f"sample {number}: {named!r:.100} is not inside {file.parent}")
            continue
        yield from _labels(sample, file, number).finish(
            origin,
            metadata={key: value for key, value in sample.items() if _is_plain(key, value)},
            datasets=tuple(str(tag) for tag in sample.get("tags") or () if str(tag).strip()),
            label_file=f"fiftyone:{file}",
        )


def _is_plain(key: str, value: object) -> bool:
    is_label = isinstance(value, Mapping) and "_cls" in value
    return not (key in _OWN or key == MODEL_FIELDS or key.startswith("_") or is_label or value is None)


def _labels(sample: Mapping[str, Any], file: Path, number: int) -> PictureLabels:
    labels = PictureLabels(str(file))
    models = sample.get(MODEL_FIELDS)
    for name, value in sample.items():
        model = str((models if isinstance(models, Mapping) else {}).get(name) or predicted_by(name))
        for one in _of_field(value, labels):
            labels.take(f"sample {number}, {name}", _label, one, model)
    return labels


def _of_field(value: object, labels: PictureLabels) -> Iterator[Mapping[str, Any]]:
    """The labels of a field; those that have no box and are of no whole picture are left out."""
    kind = value.get("_cls") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(kind, str):
        return
    if kind in _LISTS:
        yield from value.get(_LISTS[kind]) or ()
    elif kind in _SINGLE:
        yield value
    elif kind in ("Keypoints", "Keypoint", "Segmentation", "Heatmap"):
        some = value.get("keypoints")
        labels.drop(f"{kind.lower()}, which have no box", len(some) if isinstance(some, list) else 1)


def _label(one: Mapping[str, Any], model: str) -> Label | None:
    name, confidence = one.get("label"), one.get("confidence")
    corners = _corners(one)
    if name is None and corners is None:
        return None
    value = 1.0 if confidence is None else numbers([confidence], 1)[0]
    concepts = {} if name is None else {str(name): value}
    return Label(concepts, corners, source="" if confidence is None else model)


def _corners(one: Mapping[str, Any]) -> Corners | None:
    if one.get("bounding_box") is not None:
        return from_span(*numbers(one["bounding_box"], 4))
    if one.get("points") is not None:
        return around(point for shape in one["points"] for point in shape)
    if one.get("_cls") in ("Detection", "Polyline"):
        raise ValueError(f"a {str(one['_cls']).lower()} without a box")
    return None


FIFTYONE = FormatImporter("fiftyone", _recognizes, _read)
