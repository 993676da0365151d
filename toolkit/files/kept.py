"""Pictures to search by that were given as bytes: files beside the collection, which a query refers to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from .contents import sha256_of
from .originals import LocalOriginals

__all__ = ["keep_picture"]

FOLDER: Final = "searched-by"
LONGEST_NAME: Final = 60  # characters: of any alphabet that is less than a file system takes


def keep_picture(originals: LocalOriginals, encoded: bytes, *, name: str = "") -> Path:
    """The file of a picture, named by its content and by its own name, so that the same one is there once.

    Parameters
    ----------
    originals : LocalOriginals
        Where the collection keeps files.
    encoded : bytes
        An image file.
    name : str
        What the file was called; what no file may be called is left out of it.

    Raises
    ------
    OSError
        It cannot be written.
    """
    folder = Path(originals.location) / FOLDER / sha256_of(encoded)[:16]
    path = folder / (_safe(name) or "picture.jpg")
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded)
    return path


def _safe(name: str) -> str:
    """A name without folders, and without what a shell or a system reads as anything else.

    Examples
    --------
    >>> _safe("../../etc/a cat.jpg"), _safe("犬 (1).png"), _safe("..")
    ('a cat.jpg', '犬 (1).png', '')
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w.,()+@ -]", "_", last).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    return f"{(stem or ending)[:LONGEST_NAME]}{f'{dot}{ending[:10]}' if stem else ''}"
