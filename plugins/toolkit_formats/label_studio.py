"""Label Studio's JSON, and its JSON-MIN: tasks with what people and models said of them.

Format: https://labelstud.io/guide/export
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from toolkit.plugins import Corners, Failure, Frame, InputError, Label, Record

from .boxes import around, frame_of, from_span, numbers, turned_span
from .importer import FormatImporter, Request, predicted_by
from .places import PictureFinder, is_picture, picture_finder, read_json
from .reading import PictureLabels

__all__ = ["LABEL_STUDIO"]

_LOOKED_AT = 2**20  # bytes
_TASKS = re.compile(rb"\s*(?:\xef\xbb\xbf)?[\[{]")
_SAID = re.compile(rb'"(annotations|completions|predictions)"\s*:\s*\[')
_DATA = re.compile(rb'"data"\s*:\s*\{')
_MINIMAL = re.compile(rb'"(annotation_id|annotator|lead_time)"\s*:')
_SHAPE = re.compile(
    rb'"(rectanglelabels|polygonlabels|ellipselabels|brushlabels|keypointlabels|choices|choice)"\s*:'
)
_UPLOAD = re.compile(r"[0-9a-f]{8}-")  # put before the name of what was uploaded
_PERCENT = Frame(100.0, 100.0)  # of the picture as it is shown

Found = Mapping[str, Any]


def _recognizes(path: Path) -> bool:
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    with path.open("rb") as file:
        data = file.read(_LOOKED_AT)
    full = _DATA.search(data) and _SAID.search(data)
    return bool(_TASKS.match(data) and (full or (_MINIMAL.search(data) and _SHAPE.search(data))))


def _read(asked: Request) -> Iterator[Record | Failure]:
    found = read_json(asked.path)
    tasks = found if isinstance(found, list) else [found]
    finder = picture_finder(asked.images, [asked.path.parent, asked.path.parent.parent])
    for number, task in enumerate(tasks):
        if not isinstance(task, Mapping):
            yield Failure(str(asked.path), f"task {number} is no object")
            continue
        try:
            origin = _picture(task.get("data", task), finder, asked.path)
        except InputError as error:
            yield Failure(str(asked.path), f"task {task.get('id', number)}: {error.reason}")
            continue
        labels = _labels(task, asked.path, f"task {task.get('id', number)}")
        yield from labels.finish(origin, label_file=f"label-studio:{asked.path}")


def _picture(data: Found, finder: PictureFinder, file: Path) -> str:
    """The picture of a task: what the field holds that is called as pictures are."""
    texts = {key: value for key, value in data.items() if isinstance(value, str)}
    likely = [key for key, text in texts.items() if is_picture(Path(urlsplit(text).path or text))]
    usual = [key for key in ("image", "img", "photo", "picture", "url") if key in texts]
    named = next((texts[key] for key in (*likely, *usual)), None)
    if named is None:
        raise InputError(str(file), "no field of the task is a picture")
    if named.startswith("data:"):
        raise InputError(str(file), "a picture inside the task is not read")
    parts = urlsplit(named)
    asked = parse_qs(parts.query).get("d", [""])[0]  # of local files: /data/local-files/?d=folder/a.png
    name = unquote(asked or (parts.path if parts.scheme or named.startswith("/") else named)).lstrip("/")
    plain = name.rsplit("/", 1)[-1]
    for one in (name, plain, _UPLOAD.sub("", plain, count=1)):
        path = finder.find(one, of=file)
        if path.is_file():
            return str(path)
    if parts.scheme in ("http", "https"):
        return named
    return str(finder.find(_UPLOAD.sub("", plain, count=1), of=file))


def _labels(task: Found, file: Path, where: str) -> PictureLabels:
    labels = PictureLabels(str(file))
    if "data" not in task:
        _take(labels, _minimal_results(task), "", where)
        return labels
    for annotation in [*(task.get("annotations") or ()), *(task.get("completions") or ())]:
        results = annotation.get("result") or []
        if annotation.get("was_cancelled"):
            labels.drop("in annotations that were canceled", len(results))
        else:
            _take(labels, results, _person(annotation), where)
    for prediction in task.get("predictions") or ():
        if isinstance(prediction, Mapping):
            model = predicted_by(str(prediction.get("model_version") or file.stem))
            _take(labels, prediction.get("result") or [], model, where, score=prediction.get("score"))
    return labels


def _person(annotation: Found) -> str:
    by = annotation.get("completed_by")
    name = (
        by.get("email") or by.get("username")
        if isinstance(by, Mapping)
        else by
        if isinstance(by, str)
        else ""
    )
    return f"human:{name}" if name else ""


def _minimal_results(task: Found) -> Iterator[Found]:
    """What the fields of a task in JSON-MIN say, as results."""
    for key, value in task.items():
        if isinstance(value, list):
            yield from ({"value": one, **one} for one in value if isinstance(one, Mapping))
        elif isinstance(value, Mapping) and "choices" in value:
            yield {"value": value, "type": "choices"}
        elif isinstance(value, str) and re.search("choice|label|class", key, re.IGNORECASE):
            yield {"value": {"choices": [value]}, "type": "choices"}


def _take(
    labels: PictureLabels, results: Iterable[Found], source: str, where: str, score: object = None
) -> None:
    """Take what an annotation says; results of one region, its shape and its words, have one id."""
    by_id: dict[object, list[Found]] = {}
    for number, result in enumerate(results):
        if isinstance(result, Mapping) and result.get("type") != "relation":
            by_id.setdefault(result.get("id") or number, []).append(result)
    for some in by_id.values():
        _take_region(labels, some, source, where, score)


def _take_region(
    labels: PictureLabels, some: Sequence[Found], source: str, where: str, score: object
) -> None:
    names = list(dict.fromkeys(name for result in some for name in _names(result)))
    shape = next((result for result in some if _is_shape(result.get("value"))), None)
    kinds = {str(result.get("type", "")) for result in some}
    if some[0].get("image_rotation"):
        labels.drop("drawn on a picture that was turned in Label Studio", max(len(names), 1))
    elif shape is None and (kinds & {"brush", "brushlabels"} or "rle" in (some[0].get("value") or {})):
        labels.drop("brush strokes, which have no box", max(len(names), 1))
    elif shape is None and (kinds & {"keypoint", "keypointlabels"} or "x" in (some[0].get("value") or {})):
        labels.drop("points, which have no box", max(len(names), 1))
    elif shape is None and not names:
        labels.drop(f"of another kind ({', '.join(sorted(kinds)) or 'unknown'})")
    else:
        labels.take(where, lambda: _label(names, shape, source, score))


def _label(names: Sequence[str], shape: Found | None, source: str, score: object) -> Label:
    own = score if shape is None or shape.get("score") is None else shape["score"]
    value = numbers([own], 1)[0] if source.startswith("model:") and own is not None else 1.0
    concepts = dict.fromkeys(names, value)
    return Label(concepts, source=source) if shape is None else Label(concepts, *_corners(shape), source)


def _names(result: Found) -> Iterator[str]:
    value = result.get("value")
    for key, some in value.items() if isinstance(value, Mapping) else ():
        if key.endswith("labels") or key == "choices":
            yield from (str(name) for name in ([some] if isinstance(some, str) else some))
        elif key == "taxonomy":
            yield from (str(path[-1]) for path in some if path)


def _is_shape(value: object) -> bool:
    if not isinstance(value, Mapping) or "keypointlabels" in value:
        return False
    return "points" in value or "radiusX" in value or {"x", "y", "width", "height"} <= value.keys()


def _corners(shape: Found) -> tuple[Corners, Frame]:
    """Corners, and what they are measured in: percent; where something is turned, pixels, which a turn keeps."""
    value = shape["value"]
    if "points" in value:
        return around(value["points"]), _PERCENT
    if "radiusX" in value:
        column, row, wide, high = numbers([value[key] for key in ("x", "y", "radiusX", "radiusY")], 4)
        corners, about = (column - wide, row - high, column + wide, row + high), (column, row)
    else:
        corners = from_span(*numbers([value[key] for key in ("x", "y", "width", "height")], 4))
        about = corners[:2]  # a rectangle is turned about its corner
    degrees = float(value.get("rotation") or 0)
    if not degrees:
        return corners, _PERCENT
    frame = frame_of(shape.get("original_width"), shape.get("original_height"))
    if not frame.width:
        raise ValueError("a shape that is turned needs original_width and original_height")
    across, down = frame.width / 100, frame.height / 100
    pixels = corners[0] * across, corners[1] * down, corners[2] * across, corners[3] * down
    return turned_span(pixels, degrees, about=(about[0] * across, about[1] * down)), frame


LABEL_STUDIO = FormatImporter("label-studio", _recognizes, _read)
