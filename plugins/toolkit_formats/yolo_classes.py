"""What YOLO's class ids mean: a data.yaml in the forms Ultralytics reads, or a list of names.

Format: https://docs.ultralytics.com/datasets/detect/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.plugins import InputError, MissingExtraError

from .places import read_text

__all__ = ["Classes", "class_files", "is_data_yaml", "read_classes"]

_LISTS = ("classes.txt", "obj.names", "labels.txt", "names.txt", "predefined_classes.txt")
_NAMES = re.compile(r"^[\"']?(names|nc)[\"']?\s*:", re.MULTILINE)
_PARTS = ("train", "val", "valid", "test")
_LARGEST_YAML = 2**20


@dataclass(frozen=True, slots=True)
class Classes:
    """What the label files of a data set mean.

    Parameters
    ----------
    file : Path
        Where it says so.
    names : mapping of int to str
        By class id; ids may have gaps.
    key_points : int
        How many numbers follow the box on a line of a pose; 0 if lines are no poses.
    parts : mapping of str to tuple of str
        Folders of pictures, or lists of them, by part: ``train``, ``val``, ``test``.
    root : str
        What they are relative to.
    """

    file: Path
    names: Mapping[int, str]
    key_points: int = 0
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    root: str = ""


def is_data_yaml(path: Path) -> bool:
    """Whether a file is a YAML that names classes."""
    if (
        path.suffix.lower() not in (".yaml", ".yml")
        or not path.is_file()
        or path.stat().st_size > _LARGEST_YAML
    ):
        return False
    return _NAMES.search(read_text(path)) is not None


def class_files(folder: Path) -> Iterator[Path]:
    """The files in a folder that may say what class ids mean, the likeliest first."""
    if not folder.is_dir():
        return
    there = sorted(path for path in folder.iterdir() if path.is_file())
    yaml = [path for path in there if path.suffix.lower() in (".yaml", ".yml") and is_data_yaml(path)]
    yield from sorted(yaml, key=lambda path: path.stem.casefold() not in ("data", "dataset"))
    by_name = {path.name.casefold(): path for path in there}
    yield from (by_name[name] for name in _LISTS if name in by_name)
    yield from (path for path in there if path.suffix.lower() == ".names" and path.name not in _LISTS)


def read_classes(path: Path) -> Classes:
    """What a file says of classes.

    Raises
    ------
    InputError
        It cannot be read, or names none.
    MissingExtraError
        YAML needs pyyaml.
    """
    if path.suffix.lower() not in (".yaml", ".yml"):
        lines = read_text(path).splitlines()
        names = {index: line.strip() for index, line in enumerate(lines) if line.strip()}
        return Classes(path, names)
    found = _yaml(path)
    names = _names(found, path)
    parts = {part: tuple(_texts(found[part])) for part in _PARTS if found.get(part)}
    return Classes(
        path, names, _key_points(found.get("kpt_shape"), path), parts, str(found.get("path") or "")
    )


def _yaml(path: Path) -> Mapping[str, Any]:
    try:
        import yaml
    except ImportError:
        raise MissingExtraError(f"reading {path.name}", "pyyaml", "formats") from None
    try:
        # The base loader makes text of all that is no list and no mapping: a class may be called "no", or "1".
        found = yaml.load(read_text(path), Loader=yaml.BaseLoader)  # noqa: S506  (it makes no objects)
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(str(path), f"not YAML: {' '.join(str(error).split()):.100}") from error
    if not isinstance(found, Mapping):
        raise InputError(str(path), "no 'names' there")
    return found


def _names(found: Mapping[str, Any], path: Path) -> dict[int, str]:
    names, count = found.get("names"), str(found.get("nc") or "")
    if not names and count.isdigit() and int(count) < 100_000:
        return {index: f"class_{index}" for index in range(int(count))}  # as Ultralytics calls them
    if isinstance(names, Mapping):
        try:
            pairs = [(int(str(key)), name) for key, name in names.items()]
        except ValueError as error:
            raise InputError(str(path), f"the keys of 'names' are class ids: {error}") from error
    elif isinstance(names, Sequence) and not isinstance(names, str):
        pairs = list(enumerate(names))
    else:
        pairs = list(enumerate(_one_text(str(names or ""), count, path)))
    result = {index: str(name).strip() for index, name in pairs if isinstance(name, str) and name.strip()}
    if not result:
        raise InputError(str(path), "no 'names' there")
    return result


def _one_text(text: str, count: str, path: Path) -> list[str]:
    """One name; or as many as there are classes; or the name of a file beside that lists them, as Darknet has it."""
    parts = [part.strip() for part in text.strip("[]").split(",")]
    if len(parts) > 1 and count in ("", str(len(parts))):
        return parts
    beside = path.parent / text
    if (
        text.endswith((".names", ".txt"))
        and ".." not in text
        and not Path(text).is_absolute()
        and beside.is_file()
    ):
        return [line.strip() for line in read_text(beside).splitlines()]
    return [text.strip()]


def _key_points(shape: Any, path: Path) -> int:  # noqa: ANN401
    if not shape:
        return 0
    try:
        points, numbers = (int(str(part)) for part in shape)
    except (TypeError, ValueError) as error:
        raise InputError(
            str(path), f"kpt_shape is two numbers, such as [17, 3], not {shape!r:.60}"
        ) from error
    if points < 1 or numbers not in (2, 3):
        raise InputError(str(path), f"kpt_shape is points and 2 or 3 numbers each, not {shape!r:.60}")
    return points * numbers


def _texts(value: Any) -> list[str]:  # noqa: ANN401
    return [value] if isinstance(value, str) else [str(part) for part in value]
