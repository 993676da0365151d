"""Lines of YOLO's label files: boxes, turned boxes, polygons, poses, and what a model predicted.

Formats: https://docs.ultralytics.com/datasets/detect/, and beside it obb, segment and pose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from toolkit.plugins import Corners, Label

from .boxes import around, from_center, numbers
from .places import read_text
from .reading import PictureLabels
from .yolo_classes import Classes

__all__ = ["looks_like_lines", "read_lines"]

_TOLERANCE = 0.01  # beyond the picture, as Ultralytics has it; what is in pixels lies far outside


def read_lines(path: Path, classes: Classes | None, *, model: str) -> PictureLabels:
    """The labels of one file.

    Parameters
    ----------
    path : Path
        The file.
    classes : Classes or None
        What its ids mean; without it, none can be read.
    model : str
        Who says what has a confidence.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    labels = PictureLabels(str(path))
    for number, words in _lines(path):
        if classes is None:
            labels.wrong.append("no list of classes: data.yaml, classes.txt or obj.names")
        else:
            labels.take(f"line {number}", _label, words, classes, model)
    return labels


def looks_like_lines(path: Path) -> bool:
    """Whether a file begins as YOLO's label files do: a class id and four numbers or more."""
    with path.open("rb") as file:
        words = file.read(4096).decode("utf-8", "replace").split("\n")[0].replace(",", " ").split()
    try:
        return len([float(word) for word in words]) >= 5
    except ValueError:
        return False


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if words := line.replace(",", " ").split():
            yield number, words


def _label(words: Sequence[str], classes: Classes, model: str) -> Label:
    name = _name(words[0], classes.names)
    values = numbers(words[1:], len(words) - 1)
    corners, confidence = _shape(values, classes.key_points)
    return Label(
        {name: 1.0 if confidence is None else confidence}, corners, source="" if confidence is None else model
    )


def _name(word: str, names: Mapping[int, str]) -> str:
    try:
        id = float(word)
    except ValueError:
        if word in names.values():
            return word
        raise ValueError(f"{word!r:.40} is no class id; a line is 'class cx cy w h'") from None
    if not id.is_integer() or int(id) not in names:
        raise ValueError(f"there is no class {word}; there are {min(names)} to {max(names)}")
    return names[int(id)]


def _shape(values: Sequence[float], key_points: int) -> tuple[Corners, float | None]:
    """The corners of what a line draws, and its confidence, if it ends in one."""
    count = len(values)
    if count in (4, 5) or (key_points and count in (4 + key_points, 5 + key_points)) or _is_pose(values):
        box = values[:4]
        is_sure = (
            count == 4 or count == 4 + key_points or (count > 5 and (count - 4) % 3 == 0 and not key_points)
        )
        confidence = None if is_sure else values[-1]
        _check_fractions(box)
        if box[2] <= 0 or box[3] <= 0:
            raise ValueError("a box without width or height")
        return from_center(*box), confidence
    if key_points:
        raise ValueError(f"kpt_shape means {4 + key_points} numbers, and there are {count}")
    if count < 6:
        raise ValueError(f"a line is 'class cx cy w h', and there are {count} numbers after the class")
    odd = count % 2
    points = values[: count - odd]
    _check_fractions(points)
    return around(zip(points[0::2], points[1::2], strict=True)), values[-1] if odd else None


def _is_pose(values: Sequence[float]) -> bool:
    """Whether these are a box and key points with visibility, though no kpt_shape says so: every third is 0, 1 or 2."""
    rest = values[4:]
    return len(rest) >= 6 and len(rest) % 3 == 0 and all(flag in (0, 1, 2) for flag in rest[2::3])


def _check_fractions(values: Sequence[float]) -> None:
    outside = next((value for value in values if not -_TOLERANCE <= value <= 1 + _TOLERANCE), None)
    if outside is not None:
        pixels = "; these look like pixels" if outside > 2 else ""
        raise ValueError(f"{outside:g} is no fraction of the picture, which are from 0 to 1{pixels}")
