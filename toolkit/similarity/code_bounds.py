"""The compiled loop over codes; importing it takes numba, the extra ``fast``, and compiles once on a machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    _Function = TypeVar("_Function", bound=Callable[..., None])

    def compiled(function: _Function) -> _Function: ...

else:
    from numba import njit

    compiled = njit(nogil=True, fastmath={"reassoc", "contract"}, cache=True)

__all__ = ["bounds"]

Single = npt.NDArray[np.float32]


@compiled
def bounds(
    codes: npt.NDArray[np.int8],
    scales: Single,
    errors: Single,
    queries: npt.NDArray[np.int16],
    sides: Single,
    out: Single,
) -> None:
    """Write the bounds of every cosine, float32 (b, m).

    Parameters
    ----------
    codes : int8 (m, d)
        The whole numbers of the vectors.
    scales, errors : float32 (m,)
        Of the vectors.
    queries : int16 (b, d)
        The whole numbers of the queries.
    sides : float32 (b, 3)
        The step of a query, what a vector's error counts, and what is added to all.
    out : float32 (b, m)
        Takes the bounds.
    """
    rows, dimension = codes.shape
    for row in range(rows):
        for query in range(queries.shape[0]):
            total = np.int32(0)
            for at in range(dimension):
                total += np.int32(codes[row, at]) * np.int32(queries[query, at])
            # numba adds in 64 bits unless the sum is cut to the 32 that hold it: half as fast.
            middle = np.float32(np.int32(total)) * (scales[row] * sides[query, 0])
            out[query, row] = middle + errors[row] * sides[query, 1] + sides[query, 2]
