"""Vectors that lie in a file: which file it is, and how they leave the memory of the process again."""

from __future__ import annotations

import mmap
from pathlib import Path

import numpy as np

from ..values.types import FloatArray

__all__ = ["file_of", "let_go"]


def file_of(array: FloatArray) -> Path | None:
    """The file that begins with an array, which is mapped from it; None if it is in memory."""
    base: object = array
    while base is not None:
        if isinstance(base, np.memmap):
            is_start = base.offset == 0 and base.ctypes.data == array.ctypes.data
            as_written = array.flags.c_contiguous and array.dtype == np.dtype("<f4")
            return Path(base.filename) if base.filename and is_start and as_written else None
        base = getattr(base, "base", None)
    return None


def let_go(array: FloatArray) -> None:
    """Give back the memory of a mapped array; what is looked at again comes from the system's cache, or the file.

    A row that is looked at brings its neighbors: half a megabyte of them was measured, for a row of 2 KiB.

    Parameters
    ----------
    array : float32 (m, d)
        One in memory is left as it is.
    """
    base: object = array
    while base is not None and not isinstance(base, mmap.mmap):
        base = getattr(base, "base", None)
    if base is not None and file_of(array) is not None and hasattr(mmap, "MADV_DONTNEED"):
        base.madvise(mmap.MADV_DONTNEED)
