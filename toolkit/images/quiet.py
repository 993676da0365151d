"""Pillow without its warnings, and libtiff without its messages, from any number of threads."""

from __future__ import annotations

import ctypes
import logging
import warnings
from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import Any

from PIL import _imaging

__all__ = ["PILLOW_QUIET"]

# Pillow logs what is wrong with a file before it raises; where nobody set up logging, Python prints that to stderr.
logging.getLogger("PIL").addHandler(logging.NullHandler())


class _PillowQuiet:
    """While anyone is inside, Pillow's own warnings are neither shown nor raised, and libtiff writes nothing.

    They are about EXIF blocks and tags that are of no use here, and about damage that an error tells of anyway.
    Filters and handlers belong to the whole process and `warnings.catch_warnings` is not safe in threads: the first to
    enter sets them, the last restores them.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._before = warnings.catch_warnings()
        self._handlers: Sequence[int | None] = ()

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._before = warnings.catch_warnings()
                self._before.__enter__()
                warnings.filterwarnings("ignore", module=r"PIL\.")
                self._handlers = [set_handler(None) for set_handler in _setters()]
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                for set_handler, before in zip(_setters(), self._handlers, strict=True):
                    set_handler(before)
                self._before.__exit__(None, None, None)


@cache
def _setters() -> tuple[Any, ...]:
    """What sets libtiff's two handlers and returns the one before; nothing where Pillow has libtiff built in.

    It writes a line to stderr for each thing it dislikes: thousands for one folder of damaged files. Pillow has no
    way to ask it not to. http://www.simplesystems.org/libtiff/functions/TIFFError.html
    """
    try:
        library = ctypes.CDLL(_imaging.__file__)
        setters = (library.TIFFSetErrorHandler, library.TIFFSetWarningHandler)
    except (AttributeError, OSError, TypeError):
        return ()
    for setter in setters:
        setter.argtypes, setter.restype = (ctypes.c_void_p,), ctypes.c_void_p
    return setters


PILLOW_QUIET = _PillowQuiet()
