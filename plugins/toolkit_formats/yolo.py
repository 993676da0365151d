"""YOLO's text files: a folder of pictures, a folder of labels, a list of classes.

A line is ``class cx cy w h`` in fractions; with more numbers it is a polygon, whose box is taken.
Format: https://docs.ultralytics.com/datasets/detect/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from toolkit.plugins import Detection, InputError, MissingExtraError, Record

from .boxes import from_corners, from_span
from .importer import FormatImporter
from .places import pictures_in, read_text

__all__ = ["YOLO"]

_CLASSES = ("classes.txt", "obj.names", "data.yaml", "dataset.yaml")


def _recognizes(path: Path) -> bool:
    folders = (path / "images").is_dir() and (path / "labels").is_dir()
    return folders and any((path / name).is_file() for name in _CLASSES)


def _read(path: Path, images: Path | None) -> Iterator[Record]:
    labels = path / "labels" if (path / "labels").is_dir() else path
    classes = _classes([labels, labels.parent])
    folder = images or labels.parent / "images"
    for picture in pictures_in(folder):
        lines = labels / picture.relative_to(folder).with_suffix(".txt")
        regions = tuple(_regions(lines, classes)) if lines.is_file() else ()
        yield Record(str(picture), regions=regions)


def _regions(path: Path, classes: Sequence[str]) -> Iterator[Detection]:
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if line.strip():
            try:
                found = _region(line.split(), classes)
            except (ValueError, IndexError) as error:
                reason = f"line {number} is not 'class cx cy w h': {line!r:.60} ({error})"
                raise InputError(str(path), reason) from error
            if found is not None:
                yield found


def _region(words: Sequence[str], classes: Sequence[str]) -> Detection | None:
    index, numbers = int(words[0]), [float(word) for word in words[1:]]
    if not 0 <= index < len(classes):
        raise IndexError(f"there are {len(classes)} classes")
    if len(numbers) >= 6:  # corners of a polygon
        columns, rows = numbers[0::2], numbers[1::2]
        box = from_corners(min(columns), min(rows), max(columns), max(rows), width=1, height=1)
    else:
        center, middle, wide, high = numbers[:4]
        box = from_span(center - wide / 2, middle - high / 2, wide, high, width=1, height=1)
    return None if box is None else Detection(box, {classes[index]: 1.0})


def _classes(folders: Sequence[Path]) -> list[str]:
    files = [folder / name for folder in folders for name in _CLASSES if (folder / name).is_file()]
    if not files:
        raise InputError(str(folders[0]), f"no list of classes: none of {', '.join(_CLASSES)} is there")
    if files[0].suffix == ".yaml":
        return _yaml_names(files[0])
    return [line.strip() for line in read_text(files[0]).splitlines() if line.strip()]


def _yaml_names(path: Path) -> list[str]:
    try:
        import yaml
    except ImportError:
        raise MissingExtraError(f"reading {path.name}", "pyyaml", "formats") from None
    try:
        names = yaml.safe_load(read_text(path))["names"]
    except (yaml.YAMLError, TypeError, KeyError) as error:
        raise InputError(str(path), "no 'names' there") from error
    if isinstance(names, Mapping):
        return [str(names[index]) for index in range(len(names))]
    return [str(name) for name in names]


YOLO = FormatImporter("yolo", _recognizes, _read)
