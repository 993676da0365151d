"""Files that appear whole or not at all, what pictures are called in them, and what came of writing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from toolkit.plugins import InputError, stored_orientation

from .labeled import Labeled
from .places import alike

__all__ = [
    "Exported",
    "PictureNames",
    "copied",
    "exported",
    "new_folder",
    "orientation_of",
    "picture_names",
    "replaced",
    "write_text",
]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Parameters
    ----------
    path : str
        Where.
    inputs, labels : int
        How many inputs, and how many labels of them.
    images : str
        The folder that names of pictures are relative to: give it as ``Labels(format, path, images=...)`` to read them
        back. Empty where names are absolute, or the pictures lie beside the labels.
    left_out : tuple of str
        What the format has no place for.
    """

    path: str
    inputs: int
    labels: int
    images: str = ""
    left_out: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"; names of pictures are relative to {self.images}" if self.images else ""
        left = f"; left out: {', '.join(self.left_out)}" if self.left_out else ""
        return f"{self.path}: {self.labels:,} labels of {self.inputs:,} inputs{where}{left}"


@contextmanager
def replaced(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A file to write beside the one that is meant, which it replaces when all went well.

    Raises
    ------
    InputError
        It cannot be written: no such folder, no room; with the reason. What was there before is left.
    """
    target = Path(path).expanduser().absolute()
    beside = target.with_name(f".{target.name}.{os.getpid()}{target.suffix}")
    try:
        yield beside
        beside.replace(target)
    except OSError as error:
        raise InputError(str(target), f"cannot be written: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def new_folder(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A folder to fill, which appears under its name when all went well.

    Raises
    ------
    InputError
        It is there already, or cannot be written.
    """
    target = Path(path).expanduser().absolute()
    if target.exists():
        raise InputError(str(target), "it is there already; name a folder that is not")
    beside = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        yield beside
        beside.chmod(0o755)  # mkdtemp keeps it to its owner
        beside.rename(target)
    except OSError as error:
        raise InputError(str(target), f"cannot be written: {error.strerror or error}") from error
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class PictureNames:
    """What pictures are called in label files.

    Parameters
    ----------
    root : str
        The folder above all pictures that are files; empty if none is.
    names : tuple of str
        The path of each from there, with ``/``; no two are alike.
    """

    root: str
    names: tuple[str, ...]

    def stems(self) -> list[str]:
        """The names without their endings; whole where two would be alike without, as ``a.jpg`` and ``a.png``."""
        bare = [str(PurePosixPath(name).with_suffix("")) for name in self.names]
        often: dict[str, int] = {}
        for stem in map(alike, bare):
            often[stem] = often.get(stem, 0) + 1
        return [
            stem if often[alike(stem)] == 1 else name for stem, name in zip(bare, self.names, strict=True)
        ]


def picture_names(inputs: Sequence[Labeled]) -> PictureNames:
    """What some pictures are called: relative to the folder above all of them, so that no two are called the same.

    Those that are no files are called as the end of their address, or by their ids.
    """
    paths = [_path(one) for one in inputs]
    folders = {str(path.parent) for path in paths if path is not None}
    root = os.path.commonpath(folders) if folders else ""
    names: dict[str, str] = {}
    for one, path in zip(inputs, paths, strict=True):
        name = _end(one) if path is None else path.relative_to(root).as_posix()
        while alike(name) in names:
            name = f"{one.input.id}-{name}"
        names[alike(name)] = name
    return PictureNames(root, tuple(names.values()))


def _path(one: Labeled) -> Path | None:
    """The file of an input, where it is now, else where it was; None if it came from elsewhere."""
    was_file = not one.input.uri.startswith("bytes:") and "://" not in one.input.uri
    path = one.path or (Path(one.input.uri) if was_file else None)
    try:
        return None if path is None or not str(path).encode() else path
    except UnicodeEncodeError:  # no label file can name it
        return None


def _end(one: Labeled) -> str:
    uri, id = one.input.uri, one.input.id
    name = uri.replace("\\", "/").rsplit("/", 1)[-1].partition("?")[0]
    return name if name and not uri.startswith("bytes:") else f"{id}.jpg"


def orientation_of(one: Labeled) -> int | None:
    """How the file of an input is stored, 1 to 8; None if it is not there."""
    try:
        return stored_orientation(one.file.read(), uri=one.input.uri)
    except InputError:
        return None


def copied(one: Labeled, target: Path) -> bool:
    """Whether the picture of an input was copied to a path: not if it is nowhere any more.

    Parameters
    ----------
    one : Labeled
        The input.
    target : Path
        Where; folders above are made.

    Raises
    ------
    OSError
        It cannot be written.
    """
    try:
        encoded = one.file.read()
    except InputError:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(encoded)
    return True


def write_text(path: Path, text: str) -> None:
    """Write a label file; folders above are made.

    Parameters
    ----------
    path : Path
        The file.
    text : str
        What it holds.

    Raises
    ------
    OSError
        It cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def exported(
    path: str | os.PathLike[str], inputs: Sequence[Labeled], root: str, *, absent: int = 0
) -> Exported:
    """What was written of inputs in a format that has boxes and nothing else.

    Parameters
    ----------
    path : str or Path
        Where.
    inputs : sequence of Labeled
        Of what.
    root : str
        The folder that names of pictures are relative to.
    absent : int
        How many pictures could not be copied.
    """
    whole = sum(len(one.concepts) for one in inputs)
    left_out = [f"{whole:,} labels of whole pictures, which the format has no place for"] if whole else []
    left_out += [f"{absent:,} pictures that are missing"] if absent else []
    labels = sum(len(one.regions) for one in inputs)
    return Exported(str(path), len(inputs), labels, root, tuple(left_out))
