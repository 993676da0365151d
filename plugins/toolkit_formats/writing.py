"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toolkit.plugins import InputError

__all__ = ["file_name", "new_folder", "replaced"]


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


def file_name(uri: str, id: str) -> str:
    """What an input's file is called: the last part of its path, or its id if that says nothing."""
    name = uri.replace("\\", "/").rsplit("/", 1)[-1].partition("?")[0]
    return name if name and not uri.startswith("bytes:") else f"{id}.jpg"
