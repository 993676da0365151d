"""Pillow without its warnings, from any number of threads."""

from __future__ import annotations

import warnings
from threading import Lock

__all__ = ["PILLOW_QUIET"]


class _PillowQuiet:
    """While anyone is inside, Pillow's own warnings are neither shown nor raised.

    They are about EXIF blocks and tags that are of no use here. Filters belong to the whole process and
    `warnings.catch_warnings` is not safe in threads: the first to enter sets them, the last restores them.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._before = warnings.catch_warnings()

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._before = warnings.catch_warnings()
                self._before.__enter__()
                warnings.filterwarnings("ignore", module=r"PIL\.")
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._before.__exit__(None, None, None)


PILLOW_QUIET = _PillowQuiet()
