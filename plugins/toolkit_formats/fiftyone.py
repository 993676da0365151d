"""JSON as FiftyOne writes it: a list of samples, each with fields of labels.

What has a ``confidence`` was predicted and is left out: what is added are a person's labels.
Format: https://docs.voxel51.com/user_guide/export_datasets.html#fiftyonedataset
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from toolkit.plugins import Detection, InputError, Record

from .boxes import from_span
from .importer import FormatImporter
from .places import inside, read_json

__all__ = ["FIFTYONE"]

_BEGINNING = re.compile(rb'\s*\{\s*"samples"\s*:\s*\[')
_OWN = frozenset(("filepath", "tags", "metadata"))


def _recognizes(path: Path) -> bool:
    file = path / "samples.json" if path.is_dir() else path
    if file.suffix.lower() != ".json" or not file.is_file():
        return False
    with file.open("rb") as opened:
        return _BEGINNING.match(opened.read(4096)) is not None


def _read(path: Path, images: Path | None) -> Iterator[Record]:
    file = path / "samples.json" if path.is_dir() else path
    found = read_json(file)
    if not isinstance(found, Mapping) or not isinstance(found.get("samples"), list):
        raise InputError(str(file), "not FiftyOne's: it has a list of samples")
    for sample in found["samples"]:
        yield _record(sample, images or file.parent, file)


def _record(sample: Mapping[str, Any], folder: Path, file: Path) -> Record:
    named = str(sample["filepath"])
    source = named if Path(named).is_absolute() else str(inside(folder, named, of=file))
    labels = list(_labels(sample))
    plain = {
        key: value
        for key, value in sample.items()
        if key not in _OWN
        and not key.startswith("_")
        and not (isinstance(value, Mapping) and "_cls" in value)
    }
    return Record(
        source,
        metadata=plain,
        datasets=tuple(map(str, sample.get("tags") or ())),
        concepts={one["label"]: 1.0 for one in labels if "bounding_box" not in one},
        regions=tuple(_regions(labels)),
    )


def _labels(sample: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for value in sample.values():
        kind = value.get("_cls") if isinstance(value, Mapping) else None
        if kind in ("Detections", "Classifications"):
            some = value[str(kind).lower()]
        else:
            some = [value] if kind in ("Detection", "Classification") else []
        yield from (one for one in some if one.get("confidence") is None)


def _regions(labels: list[Mapping[str, Any]]) -> Iterator[Detection]:
    for one in labels:
        if "bounding_box" in one:
            left, top, wide, high = (float(number) for number in one["bounding_box"])
            box = from_span(left, top, wide, high, width=1, height=1)
            if box is not None:
                yield Detection(box, {str(one["label"]): 1.0})


FIFTYONE = FormatImporter("fiftyone", _recognizes, _read)
