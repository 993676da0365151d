"""Where things are: pictures that label files name, never outside the folder they are said to be in."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from toolkit.plugins import InputError

__all__ = [
    "EXTENSIONS",
    "IMAGE_FOLDERS",
    "SPLITS",
    "PictureFinder",
    "alike",
    "files_in",
    "is_picture",
    "picture_finder",
    "pictures_in",
    "read_bytes_of",
    "read_json",
    "read_text",
    "splits_of",
]

EXTENSIONS = frozenset(
    f".{name}"
    for name in (
        *("jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "gif", "tif", "tiff", "avif", "ppm", "pgm"),
        *("heic", "heif"),
    )
)
IMAGE_FOLDERS = ("images", "JPEGImages", "Images", "data", "img", "imgs", "train2017", "val2017", ".")
SPLITS = frozenset(("train", "training", "val", "valid", "validation", "dev", "test", "testing"))
_LARGEST_BYTES = 4 * 2**30


def alike(name: str) -> str:
    """What a file's name is looked up by: Unicode forms and case make no difference."""
    return unicodedata.normalize("NFC", name).casefold()


def splits_of(parts: Iterable[str]) -> tuple[str, ...]:
    """The first of some folders that is called as a part of a data set is: ``train``, ``valid``, ``test``."""
    return tuple(part for part in parts if part.casefold() in SPLITS)[:1]


class PictureFinder:
    """Finds the pictures that a label file names, in some folders and nowhere else.

    A name is taken as a path in each folder in turn; then whatever its Unicode form and case; then without the
    folders before it, as when a file was labeled on another machine; then without its ending.

    Parameters
    ----------
    folders : sequence of Path
        Where to look, the likeliest first; at least one.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = [folder for folder in folders if folder.is_dir()] or list(folders[:1])
        self._listed = lru_cache(4096)(_listed)
        self._real = lru_cache(4096)(os.path.realpath)

    def find(self, name: str, *, of: Path) -> Path:
        """The path of a name; where there is no such file, the path where it was looked for first.

        Parameters
        ----------
        name : str
            As the label file has it.
        of : Path
            The label file, for errors.

        Raises
        ------
        InputError
            The name leads out of the folders, or is no file name: label files come from strangers.
        """
        plain = name.replace("\\", "/").strip()
        if not plain or "\0" in plain:
            raise InputError(str(of), f"{name!r:.100} is not a file name")
        try:
            return self._found(plain, name, of)
        except (OSError, ValueError, RuntimeError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(str(of), f"{name!r:.100} is not a file name") from error

    def _found(self, plain: str, name: str, of: Path) -> Path:
        for folder in self._folders:
            path = folder / plain
            if self._is_inside(path, folder) and path.is_file():
                return path
        for wanted in (plain, plain.rsplit("/", 1)[-1]):
            for folder in self._folders:
                if found := self._alike(folder, wanted):
                    return found
        first = self._folders[0]
        if not self._is_inside(first / plain, first):
            raise InputError(str(of), f"{name!r:.100} is not inside {first}")
        return first / plain

    def _alike(self, folder: Path, wanted: str) -> Path | None:
        parts = PurePosixPath(wanted).parts
        if not parts or ".." in parts or parts[0] == "/":
            return None
        for part in parts[:-1]:
            there = self._listed(folder).get(alike(part))
            if there is None:
                return None
            folder /= there[0]
        names = self._listed(folder)
        found = names.get(alike(parts[-1])) or [
            one for one in names.get(f"{alike(parts[-1])}.*", []) if is_picture(Path(one))
        ]
        path = folder / found[0] if found else None
        return path if path is not None and path.is_file() and self._is_inside(path, folder) else None

    def _is_inside(self, path: Path, folder: Path) -> bool:
        root = self._real(folder)
        lexical = os.path.normpath(path)
        if not Path(lexical).is_relative_to(os.path.normpath(folder)):
            return False
        real = os.path.realpath(path) if path.is_symlink() else str(Path(self._real(path.parent), path.name))
        return Path(real).is_relative_to(root)


def _listed(folder: Path) -> dict[str, list[str]]:
    """The names in a folder by what they are looked up by, with and without (``name.*``) their endings."""
    found: dict[str, list[str]] = {}
    try:
        names = sorted(entry.name for entry in os.scandir(folder))
    except OSError:
        return {}
    for name in names:
        found.setdefault(alike(name), []).append(name)
        found.setdefault(f"{alike(Path(name).stem)}.*", []).append(name)
    return found


def picture_finder(images: Path | None, around: Iterable[Path]) -> PictureFinder:
    """A finder in the folder that was given, else in the usual folders around label files.

    Parameters
    ----------
    images : Path or None
        What the person said.
    around : iterable of Path
        The folder of the label file, and those above where pictures may lie.
    """
    if images is not None:
        return PictureFinder([images])
    folders = [base / name for base in around for name in IMAGE_FOLDERS]
    return PictureFinder([base for base in folders if base.is_dir()] or folders[-1:])


def is_picture(path: Path) -> bool:
    """Whether a path looks like a picture's, by extension."""
    return path.suffix.lower() in EXTENSIONS and not path.name.startswith(".")


def pictures_in(folder: Path) -> list[Path]:
    """Every picture of a folder and of all below, in the order of names.

    Raises
    ------
    InputError
        There is no such folder, or no picture in it.
    """
    found = [path for path in files_in(folder) if is_picture(path)]
    if not found:
        raise InputError(str(folder), "no pictures there" if folder.is_dir() else "no such folder")
    return found


def files_in(folder: Path, *suffixes: str) -> list[Path]:
    """Every file of a folder and of all below, in the order of names; hidden folders are left out.

    Parameters
    ----------
    folder : Path
        Where to look.
    *suffixes : str
        Endings in lower case, such as ``.json``; none takes every file.
    """
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(place, name) for name in names if not suffixes or name.lower().endswith(suffixes)]
    return sorted(found)


def read_bytes_of(path: Path) -> bytes:
    """A label file as it is.

    Raises
    ------
    InputError
        It cannot be read, or is too large.
    """
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise InputError(str(path), "too large for a label file")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or "cannot be read"
        raise InputError(str(path), reason.lower()) from error


def read_text(path: Path) -> str:
    """The text of a label file; of UTF-16, if it begins so, else of UTF-8.

    Raises
    ------
    InputError
        It is not there, or is neither.
    """
    data = read_bytes_of(path)
    encoding = "utf-16" if re.match(rb"\xff\xfe|\xfe\xff", data) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except ValueError as error:
        raise InputError(str(path), "not UTF-8 text") from error


def read_json(path: Path) -> Any:  # noqa: ANN401  (JSON of any shape)
    """What a JSON file holds; NaN and infinity, which are not JSON, are null.

    Raises
    ------
    InputError
        It is not there, or is not JSON.
    """
    try:
        return json.loads(read_text(path), parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(str(path), f"not JSON: {error}") from error
