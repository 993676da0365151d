"""COCO's results: a list of what a model found, by the ids of the pictures and the categories of another file.

Format: https://cocodataset.org/#format-results
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.plugins import Failure, InputError, Record, Source

from .coco import coco_files, labels_of, pictures_and_categories, place_of, plain_id, strays
from .coco_writing import coco_of
from .importer import FormatImporter, Request
from .labeled import Some, StoredLabel
from .places import picture_finder, read_json
from .writing import Exported, replaced

if TYPE_CHECKING:
    from toolkit import Collection

__all__ = ["COCO_RESULTS", "write_coco_results"]

_BEGINS = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*\[\s*\{")
_KEYS = [re.compile(rb'"%s"\s*:' % key) for key in (b"image_id", b"category_id", b"score")]
_WRITTEN = ("image_id", "category_id", "bbox", "segmentation", "keypoints")
_LOOKED_AT = 2**16  # bytes: a polygon may stand before the score


def _recognizes(path: Path) -> bool:
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    return _BEGINS.match(head) is not None and all(key.search(head) for key in _KEYS)


def _read(asked: Request) -> Iterator[Record | Failure]:
    found = read_json(asked.path)
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise InputError(str(asked.path), "not COCO results: they are a list of objects")
    truth = asked.ground_truth or _ground_truth(asked.path)
    pictures, categories = pictures_and_categories(read_json(truth), truth)
    of_picture: defaultdict[object, list[Mapping[str, Any]]] = defaultdict(list)
    for one in found:
        of_picture[plain_id(one.get("image_id"))].append(one)
    yield from strays(of_picture, pictures, asked.path)
    finder = picture_finder(asked.images, [truth.parent, truth.parent.parent])
    for id, results in of_picture.items():
        if id not in pictures:
            continue
        try:
            origin = place_of(pictures[id], finder, truth)
        except InputError as error:
            yield Failure(str(asked.path), error.reason, labels=len(results))
            continue
        labels = labels_of(results, categories, pictures[id], asked.path, orientation=asked.orientation)
        yield from labels.finish(origin)


def _ground_truth(path: Path) -> Path:
    """The only COCO file around the results.

    Raises
    ------
    InputError
        There is none, or there are several.
    """
    there = [one for folder in (path.parent, path.parent.parent) for one in coco_files(folder)]
    if len(there) == 1:
        return there[0]
    which = f"which of {', '.join(one.name for one in there[:5])}" if there else "no COCO file is beside it"
    raise InputError(
        str(path),
        f"results hold ids only, {which}: "
        f"give the file they are of, Labels('coco-results', {path.name!r}, ground_truth='instances.json')",
    )


COCO_RESULTS = FormatImporter("coco-results", _recognizes, _read)


def write_coco_results(
    photos: Collection,
    path: str | os.PathLike[str],
    *,
    source: str | None = "model",
    of: Some = None,
    detections: float | None = 0.0,
) -> Exported:
    """Write what models find as a list of COCO results; says what was written.

    An average precision counts the uncertain boxes too, so all that are stored are written.

    The ids are those of the COCO file that was read, or that `write_coco` writes of the same inputs.

    Parameters
    ----------
    photos : Collection
        What is written.
    path : str or Path
        The file; replaced when all is written.
    source : str or None
        Whose boxes, as `labeled` takes it; those of people have a score of 1.
    of : Hits, Query, str, sequence of str or None
        Which inputs, as `labeled` takes it.
    detections : float, optional
        The least confidence of a detection; None for `Settings.detections`.

    Raises
    ------
    InputError
        The file cannot be written, or what was kept of another was changed.
    """
    written = coco_of(photos, path, source=None, of=of, detections=detections)
    pairs = zip(written.content["annotations"], written.labels, strict=True)
    results = [_result(one, label) for one, label in pairs if label is not None and _is_from(label, source)]
    with replaced(path) as file:
        file.write_text(json.dumps(results, ensure_ascii=False), "utf-8")
    whole = [label for one in written.inputs for label in one.labels if label.box is None]
    left = sum(_is_from(label, source) for label in whole)
    left_out = (f"{left:,} labels of whole pictures, which results have no place for",) if left else ()
    return Exported(str(path), len({one["image_id"] for one in results}), len(results), "", left_out)


def _is_from(label: StoredLabel, source: str | None) -> bool:
    return source is None or Source(label.source).is_from(source)


def _result(annotation: Mapping[str, Any], label: StoredLabel) -> dict[str, Any]:
    kept = {key: annotation[key] for key in _WRITTEN if annotation.get(key) not in (None, [])}
    return {**kept, "score": label.value}
