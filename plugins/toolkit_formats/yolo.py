"""YOLO's text files, as Ultralytics, Roboflow, labelImg, CVAT, Label Studio and Darknet lay them out.

A picture's label file is called as the picture: beside it, in ``labels`` instead of ``images``, or under ``labels`` in
the same folders. What its numbers mean is said by a YAML or by a list of classes.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from toolkit.plugins import Failure, InputError, Record

from .importer import FormatImporter, Request, predicted_by
from .places import SPLITS, alike, files_in, is_picture, read_text, splits_of
from .reading import PictureLabels
from .yolo_classes import Classes, class_files, is_data_yaml, read_classes
from .yolo_lines import looks_like_lines, read_lines

__all__ = ["YOLO", "is_label"]

_NO_LABELS = frozenset(
    f"{name}.txt"
    for name in (
        *("classes", "labels", "names", "predefined_classes", "train", "val", "test", "trainval", "notes"),
        *("readme", "readme.dataset", "readme.roboflow", "requirements", "license"),
    )
)


def _recognizes(path: Path) -> bool:
    if path.is_file():
        return is_data_yaml(path)
    classes = any(True for folder in _class_folders(path) for _ in class_files(folder))
    pairs = [(path / "images", path / "labels")]
    pairs += [(path / part / "images", path / part / "labels") for part in sorted(_parts(path))]
    if any(images.is_dir() and labels.is_dir() for images, labels in pairs):
        return classes or any(_has_lines(labels) for _, labels in pairs)
    if classes and _has_lines(path / "labels") and any(map(is_picture, path.iterdir())):
        return True
    return classes and _has_lines(path, beside_pictures=True)


def _class_folders(path: Path) -> list[Path]:
    parts = [path / part / "labels" for part in sorted(_parts(path))]
    return [path, path / "labels", path / "data", path / "obj_train_data", *parts, path.parent]


def _parts(path: Path) -> set[str]:
    return {one.name for one in path.iterdir() if one.name.casefold() in SPLITS and one.is_dir()}


def _has_lines(folder: Path, *, beside_pictures: bool = False) -> bool:
    """Whether one of the first files of a folder, or of those below, is a label file."""
    if not folder.is_dir():
        return False
    files = [
        path for path in sorted(folder.glob("*.txt")) + sorted(folder.glob("*/*.txt")) if is_label(path)
    ][:20]
    if beside_pictures:
        files = [
            path
            for path in files
            if any(is_picture(one) for one in path.parent.glob(f"{_escaped(path.stem)}.*"))
        ]
    return any(looks_like_lines(path) for path in files)


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def is_label(path: Path) -> bool:
    """Whether a text file may be a label file, and is no list of classes or pictures."""
    return path.name.casefold() not in _NO_LABELS or looks_like_lines(path)  # a picture may be called 'test'


def _read(asked: Request) -> Iterator[Record | Failure]:
    root = asked.path if asked.path.is_dir() else asked.path.parent
    if not root.is_dir() or not asked.path.exists():
        raise InputError(str(asked.path), "no such file or folder")
    classes, problem = _classes(asked.path)
    data_set = _DataSet(root, classes, asked.images)
    if asked.path.is_file():
        pictures = data_set.listed()
        if not pictures:
            raise InputError(str(asked.path), f"no pictures where it says: {_named(classes)}")
    else:
        pictures = dict.fromkeys(path for path in files_in(data_set.images) if is_picture(path))
        if not pictures:
            raise InputError(str(data_set.images), "no pictures there")
        pictures |= {path: part for path, part in data_set.listed().items() if path in pictures}
    yield from data_set.records(pictures)
    yield from data_set.left(whole=asked.path.is_dir())
    if problem is not None:
        yield Failure(problem.uri, problem.reason)


def _classes(path: Path) -> tuple[Classes | None, InputError | None]:
    """What the class ids mean; and why the file that should say so cannot be read."""
    if path.is_file():
        return read_classes(path), None
    problem = None
    for folder in _class_folders(path):
        for file in class_files(folder):
            try:
                return read_classes(file), None
            except InputError as error:
                problem = error
    return None, problem


def _named(classes: Classes | None) -> str:
    parts = () if classes is None else classes.parts.values()
    return ", ".join(entry for part in parts for entry in part) or "neither train, val nor test"


@dataclass(slots=True)
class _DataSet:
    """The pictures and label files of one data set.

    Parameters
    ----------
    root : Path
        Its folder.
    classes : Classes or None
        What class ids mean.
    given : Path or None
        The folder of the pictures, if a person said so.
    """

    root: Path
    classes: Classes | None
    given: Path | None
    files: dict[str, Path] = field(init=False)
    used: set[Path] = field(init=False, default_factory=set)
    stems: Counter[str] = field(init=False, default_factory=Counter)

    def __post_init__(self) -> None:
        found = [path for path in files_in(self.root, ".txt") if is_label(path)]
        self.files = {alike(str(path)): path for path in found}

    @property
    def images(self) -> Path:
        return self.given or self.root

    def listed(self) -> dict[Path, str | None]:
        """The pictures that the YAML lists, with the part of the set each is in."""
        found: dict[Path, str | None] = {}
        for part, entries in () if self.classes is None else self.classes.parts.items():
            for place in (self._place(entry) for entry in entries):
                if place is not None and place.is_dir():
                    found |= {path: part for path in files_in(place) if is_picture(path)}
                elif place is not None and place.is_file():
                    found |= dict.fromkeys(self._of_list(place), part)
        return found

    def _place(self, entry: str) -> Path | None:
        """Where an entry of the YAML is, inside the folder above that of the YAML."""
        assert self.classes is not None
        plain = entry.replace("\\", "/")
        root = self.classes.root.replace("\\", "/")
        names = [plain, plain.removeprefix("../"), plain.removeprefix("./")]
        bases = [
            self.root / root,
            self.root,
            self.root.parent / root,
            self.root / Path(root).name,
            self.images,
        ]
        for place in (Path(os.path.normpath(base / name)) for base in bases for name in names):
            if place.exists() and any(
                place.resolve().is_relative_to(base.resolve())
                for base in (self.root, self.root.parent, self.images)
            ):
                return place
        return None

    def _of_list(self, file: Path) -> Iterator[Path]:
        found = (
            self._of_line(line.strip().replace("\\", "/"), file) for line in read_text(file).splitlines()
        )
        yield from (path for path in found if path is not None)

    def _of_line(self, name: str, file: Path) -> Path | None:
        """The picture of a list, as named there, else without the folders before it: as on another machine."""
        parts = name.split("/") if name else []
        root = self.root.resolve()
        for tail in ("/".join(parts[start:]) for start in range(len(parts))):
            for base in (file.parent, self.root):
                path = Path(os.path.normpath(base / tail))
                if path.is_file() and path.resolve().is_relative_to(root):
                    return path
        return None

    def records(self, pictures: Mapping[Path, str | None]) -> Iterator[Record | Failure]:
        """A record a picture, and failures of label files.

        Parameters
        ----------
        pictures : mapping of Path to str or None
            With the part of the set that each is in, where the YAML says so.
        """
        self.stems = Counter(alike(picture.stem) for picture in pictures)
        for picture, part in pictures.items():
            folders = (
                picture.relative_to(self.images).parts[:-1] if picture.is_relative_to(self.images) else ()
            )
            datasets = (part,) if part else splits_of(folders)
            file = self._file(picture)
            try:
                labels = self._labels(file)
            except InputError as error:
                yield Record(str(picture), datasets=datasets, is_partial=True, label_file=self._label_file)
                yield Failure(error.uri, error.reason)
                continue
            yield from labels.finish(str(picture), datasets=datasets, label_file=self._label_file)

    @property
    def _label_file(self) -> str:
        return f"yolo:{self.root}"

    def _labels(self, file: Path | None) -> PictureLabels:
        if file is None:
            return PictureLabels(str(self.root))
        self.used.add(file)
        return read_lines(file, self.classes, model=predicted_by(self.root.name))

    def _file(self, picture: Path) -> Path | None:
        """The label file of a picture, if there is one."""
        for folder in self._folders(picture):
            for name in (f"{picture.name}.txt", f"{picture.stem}.txt"):
                if found := self.files.get(alike(str(folder / name))):
                    return found
        return None

    def _folders(self, picture: Path) -> Iterator[Path]:
        """Where its label file may lie, the likeliest first."""
        folder = picture.parent
        parts = folder.parts
        for index in range(len(parts) - 1, -1, -1):  # the last 'images' counts, as with Ultralytics
            if parts[index].casefold() == "images":
                yield Path(*parts[:index], "labels", *parts[index + 1 :])
                break
        if folder.is_relative_to(self.images):
            relative = folder.relative_to(self.images)
            yield self.root / "labels" / relative
            yield self.root / relative
            if relative.parts and relative.parts[0].casefold() == "images":
                yield self.root / "labels" / Path(*relative.parts[1:])
        yield folder
        yield folder / "labels"
        if self.stems[alike(picture.stem)] == 1:  # else a file up there would be that of several
            yield self.root / "labels"
            yield self.root

    def left(self, *, whole: bool) -> Iterator[Failure]:
        """Label files that no picture is called as; those of parts that were not asked for are none."""
        for file in self.files.values() if whole else ():
            if file not in self.used and looks_like_lines(file):
                count = sum(1 for line in read_text(file).splitlines() if line.strip())
                yield Failure(str(file), "labels of a picture that is not there", labels=count)


YOLO = FormatImporter("yolo", _recognizes, _read)
