"""Pictures on disk: one file, a folder with all below it, a pattern."""

from __future__ import annotations

import os
from collections.abc import Iterator
from glob import has_magic
from pathlib import Path

from toolkit.plugins import InputError, Record

from .origins import absolute, expand_user, is_path, looks_like_url

__all__ = ["EXTENSIONS", "FileImporter", "FolderImporter", "PatternImporter"]

# HEIC needs a plugin and JPEG XL is not opened, but whoever has them should read so in the report, not wonder.
EXTENSIONS = frozenset(
    f".{name}"
    for name in (
        *("jpg", "jpeg", "jpe", "jfif", "mpo", "png", "apng", "gif", "webp", "bmp", "dib", "tif", "tiff"),
        *("avif", "ppm", "pgm", "pbm", "pnm", "heic", "heif", "hif", "jp2", "jxl"),
    )
)


class FileImporter:
    """One file, whatever its name."""

    name = "file"

    def accepts(self, origin: object) -> bool:
        """Whether it is a path, there or not, and neither a folder nor a pattern."""
        return is_path(origin) and not _is_folder(origin) and not _is_pattern(origin)

    def records(self, origin: object) -> Iterator[Record]:
        """The one record.

        Raises
        ------
        InputError
            There is no such file; with the nearest folder that there is.
        """
        path = _absolute(origin)
        if not _exists(path):
            raise InputError(str(path), f"no such file or folder; the nearest folder is {_nearest(path)}")
        yield Record(str(path))


class FolderImporter:
    """The pictures of a folder and of all folders below, by extension, hidden ones left out."""

    name = "folder"

    def accepts(self, origin: object) -> bool:
        """Whether it is a folder that exists."""
        return _is_folder(origin)

    def records(self, origin: object) -> Iterator[Record]:
        """A record per picture, in the order of names; and one per unreadable folder, to be reported."""
        unreadable: list[str] = []
        for path in _walk(_absolute(origin), unreadable):
            yield Record(str(path))
        for folder in unreadable:
            yield Record(folder)


class PatternImporter:
    """Files that match a shell pattern: ``photos/**/*.jpg``, ``~/scans/page-[0-9].png``."""

    name = "pattern"

    def accepts(self, origin: object) -> bool:
        """Whether it is a path with ``*``, ``?`` or ``[``, and no file is really called that."""
        return _is_pattern(origin)

    def records(self, origin: object) -> Iterator[Record]:
        """A record per matching file, in the order of names.

        Hidden files need a pattern that names the dot. A pattern that ends in an extension of its own
        (``*.dat``) takes every match, another (``*``) only pictures, by extension.

        Raises
        ------
        InputError
            Nothing matches.
        """
        pattern = _absolute(origin)
        matches = _matches(pattern)
        if not matches:
            raise InputError(str(pattern), f"nothing matches; the nearest folder is {_nearest(pattern)}")
        for path in matches:
            yield Record(str(path))


def _walk(root: Path, unreadable: list[str]) -> Iterator[Path]:
    seen: set[tuple[int, int]] = set()
    for folder, subfolders, files in os.walk(
        root, onerror=lambda error: unreadable.append(str(error.filename)), followlinks=True
    ):
        status = Path(folder).stat()
        if (status.st_dev, status.st_ino) in seen:  # links to folders are followed, but in no circle
            subfolders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(files) if _looks_like_picture(name))


def _matches(pattern: Path) -> list[Path]:
    parts = pattern.parts
    first = next(index for index, part in enumerate(parts) if has_magic(part))
    wanted = [*parts[first:], "*"] if parts[-1] == "**" else list(parts[first:])
    try:
        found = sorted(Path(*parts[:first]).glob(str(Path(*wanted))))
    except ValueError as error:  # such as "a**b"
        raise InputError(str(pattern), str(error).lower()) from error
    any_name = bool(pattern.suffix) and not has_magic(pattern.suffix)
    hidden = any(part.startswith(".") for part in wanted)
    return [
        path
        for path in found
        if not _is_folder(path)
        and (any_name or path.suffix.lower() in EXTENSIONS)
        and (hidden or not any(part.startswith(".") for part in path.parts[first:]))
    ]


def _looks_like_picture(name: str) -> bool:
    return not name.startswith(".") and Path(name).suffix.lower() in EXTENSIONS


def _absolute(origin: object) -> Path:
    if not isinstance(origin, str | os.PathLike):
        raise InputError(f"<{type(origin).__name__}>", "not a path")
    return absolute(origin)


def _nearest(path: Path) -> Path:
    return next(folder for folder in path.parents if _is_folder(folder))


def _is_folder(origin: object) -> bool:
    path = _expanded(origin)
    try:
        return path is not None and path.is_dir()
    except OSError:  # a name that is too long, a folder above that cannot be read
        return False


def _is_pattern(origin: object) -> bool:
    if not isinstance(origin, str | os.PathLike) or not has_magic(os.fspath(origin)):
        return False
    path = _expanded(origin)
    return path is not None and not _exists(path)


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return False
    return True


def _expanded(origin: object) -> Path | None:
    """The path, if the origin is one and not empty."""
    if not isinstance(origin, str | os.PathLike) or looks_like_url(origin) or not os.fspath(origin):
        return None
    try:
        return expand_user(origin)
    except TypeError:  # a path of bytes
        return None
