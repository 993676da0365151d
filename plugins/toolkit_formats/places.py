"""Where things are: pictures that label files name, never outside the folder they are said to be in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from toolkit.plugins import InputError

__all__ = ["inside", "is_picture", "pictures_in", "read_json", "read_text"]

_EXTENSIONS = frozenset(
    (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif", ".ppm", ".pgm")
)


def inside(folder: Path, name: str, *, of: Path) -> Path:
    """The path of a name in a folder, whether or not there is such a file.

    Raises
    ------
    InputError
        The name leads out of the folder, or is no file name: label files come from strangers.
    """
    try:
        path = (folder / name.replace("\\", "/")).absolute()
        if not name or not path.resolve().is_relative_to(folder.resolve()):
            raise InputError(str(of), f"{name!r:.100} is not inside {folder}")
    except (OSError, ValueError, RuntimeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(str(of), f"{name!r:.100} is not a file name") from error
    return path


def is_picture(path: Path) -> bool:
    """Whether a path looks like a picture's, by extension."""
    return path.suffix.lower() in _EXTENSIONS and not path.name.startswith(".")


def pictures_in(folder: Path) -> list[Path]:
    """Every picture of a folder and of all below, in the order of names.

    Raises
    ------
    InputError
        There is no such folder, or no picture in it.
    """
    found = sorted(path for path in folder.rglob("*") if is_picture(path)) if folder.is_dir() else []
    if not found:
        raise InputError(str(folder), "no pictures there" if folder.is_dir() else "no such folder")
    return found


def read_text(path: Path) -> str:
    """The text of a label file.

    Raises
    ------
    InputError
        It is not there, or is not UTF-8.
    """
    try:
        return path.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = (
            (error.strerror or "cannot be read").lower() if isinstance(error, OSError) else "not UTF-8 text"
        )
        raise InputError(str(path), reason) from error


def read_json(path: Path) -> Any:  # noqa: ANN401  (JSON of any shape)
    """What a JSON file holds.

    Raises
    ------
    InputError
        It is not there, or is not JSON.
    """
    try:
        return json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(str(path), f"not JSON: {error}") from error
