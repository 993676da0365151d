"""What a list holds that is read by importers of its own: label files and data sets among pictures."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import groupby
from pathlib import PurePath

import numpy as np
from PIL.Image import Image

from ..errors import InputError
from ..plugins.interfaces import Importer, Record

__all__ = ["parts_of"]

PICTURES = bytes, np.ndarray, Image, Record  # what the importer of a list reads itself


def parts_of(origin: object, importer_of: Callable[[object], Importer]) -> list[object]:
    """An origin in the parts that are read one after the other; most are one part.

    Parameters
    ----------
    origin : object
        What is added.
    importer_of : callable
        From an origin to the importer that reads it; raises InputError where there is none.
    """
    if not isinstance(origin, list | tuple) or not origin:
        return [origin]
    whole = _package(importer_of(origin))
    plain: set[str] = (
        set()
    )  # endings of files that the importer of the list reads itself: not every one is asked of

    def has_its_own(item: object) -> bool:
        if isinstance(item, PICTURES):
            return False
        ending = PurePath(item).suffix if isinstance(item, str | os.PathLike) else ""
        if ending in plain:
            return False
        try:
            own = _package(importer_of(item)) != whole
        except InputError:  # the importer of the list says what is wrong
            return False
        if not own and ending:
            plain.add(ending)
        return own

    groups = [(own, list(items)) for own, items in groupby(origin, key=has_its_own)]
    if not any(own for own, _ in groups):
        return [origin]
    return [part for own, items in groups for part in (items if own else [items])]


def _package(importer: Importer) -> str:
    """The package an importer comes in: those of one package know of one another."""
    return type(importer).__module__.partition(".")[0]
