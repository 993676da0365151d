"""One byte a number: codes of vectors, and how wrong each may be, so that one quick pass bounds every cosine.

A vector x is a scale s times whole numbers c in [-127, 127], and an error: |x - s c| <= e. So its cosine to a query q
of unit length is within e of s c q, by Cauchy and Schwarz. Four vectors of codes are read in the time of one of
float32. The codes of a vector depend on it alone, so more vectors are encoded without a look at the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Final, Protocol, cast

import numpy as np
import numpy.typing as npt

from ..values.types import FloatArray

__all__ = ["Codes", "are_available", "encoded"]

MOST: Final = 127
QUERY: Final = 8191  # what the numbers of a query are rounded to, fewer where their sum would not fit 32 bits
BLOCK: Final = 8192  # vectors encoded at a time
ROUNDING: Final = 1e-5  # of the exact cosines, and of the bounds themselves, which are float32
SLACK: Final = 1 + 1e-3  # of an error that is float32 as well

Bytes = npt.NDArray[np.int8]


class _Kernel(Protocol):
    def bounds(
        self,
        codes: Bytes,
        scales: FloatArray,
        errors: FloatArray,
        queries: object,
        sides: object,
        out: FloatArray,
    ) -> None: ...


@cache
def are_available() -> bool:
    """Whether the compiled loop over codes is installed: the extra ``fast``."""
    return find_spec("numba") is not None


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """The codes of m vectors.

    Parameters
    ----------
    codes : int8 (m, d)
        Whole numbers.
    scales : float32 (m,)
        What one of them stands for.
    errors : float32 (m,)
        How far a vector is from its codes.
    """

    codes: Bytes
    scales: FloatArray
    errors: FloatArray

    def __len__(self) -> int:
        return len(self.codes)

    def bounds(
        self, queries: FloatArray, signs: npt.NDArray[np.integer], split: Callable[..., None]
    ) -> FloatArray:
        """The most that each cosine to some queries can be, or the least: float32 (b, m).

        Parameters
        ----------
        queries : float32 (b, d)
            Unit length.
        signs : int (b,)
            1 for the most, -1 for the least.
        split : callable
            Does work on a range of vectors, as `toolkit.similarity.cosines.in_parts`.
        """
        most = min(QUERY, (2**31 - 1) // (MOST * queries.shape[1]))
        steps = np.abs(queries).max(axis=1) / np.float32(most)
        whole = np.rint(queries / steps[:, None])
        lost = np.linalg.norm(queries - whole * steps[:, None], axis=1)
        # Per query: the step, what the vectors' errors count, and what its own rounding adds; the sign last.
        sides = np.stack([steps, signs * SLACK, signs * (lost * 1.02 + ROUNDING)], axis=1).astype(np.float32)
        found = np.empty((len(queries), len(self)), np.float32)
        kernel = cast("_Kernel", import_module(".code_bounds", __package__))
        integers = whole.astype(np.int16)

        def part(start: int, stop: int) -> None:
            some = slice(start, stop)
            kernel.bounds(
                self.codes[some], self.scales[some], self.errors[some], integers, sides, found[:, some]
            )

        split(part, len(self), len(self) * len(queries))
        return found


def encoded(vectors: FloatArray, codes: Bytes, scales: FloatArray, errors: FloatArray) -> None:
    """Write the codes of vectors (m, d) into arrays made for them.

    Parameters
    ----------
    vectors : float32 (m, d)
        Any; those that hold NaN have a NaN scale, and bounds that are NaN.
    codes : int8 (m, d)
        Takes the whole numbers.
    scales, errors : float32 (m,)
        Take the scales and the errors.
    """
    for start in range(0, len(vectors), BLOCK):
        some = slice(start, start + BLOCK)
        block = np.asarray(vectors[some], np.float32)
        scale = np.abs(block).max(axis=1, initial=0) / np.float32(MOST)
        with np.errstate(all="ignore"):
            whole = np.nan_to_num(np.rint(block / np.where(scale > 0, scale, np.float32(1))[:, None]))
        codes[some] = whole
        errors[some] = np.linalg.norm(block - whole * scale[:, None], axis=1)
        scales[some] = scale  # last: in files that were left halfway it is still 0
