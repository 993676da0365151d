"""Corrections for asking many questions at once: of twenty comparisons of equals one is below .05 by chance."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from ..errors import QueryError

__all__ = ["Correction", "corrected"]

Floats = npt.NDArray[np.float64]
Correction: TypeAlias = Literal["holm", "bonferroni", "bh", "none"]


def corrected(p: Floats, method: Correction = "holm") -> Floats:
    """The p values of m comparisons, corrected for their number: float64 (m,), in [0, 1].

    Parameters
    ----------
    p : float64 (m,)
        In [0, 1].
    method : {"holm", "bonferroni", "bh", "none"}
        ``holm`` and ``bonferroni`` bound the chance of a single false call, Holm with more power; ``bh`` the share of
        false ones among those called (Benjamini and Hochberg, 1995).

    Raises
    ------
    QueryError
        There is no such correction.

    Examples
    --------
    >>> corrected(np.array([0.01, 0.04, 0.03])).round(2)
    array([0.03, 0.06, 0.06])
    """
    if method not in get_args(Correction):
        raise QueryError(f"no correction {method!r}; there are: {', '.join(get_args(Correction))}")
    m = len(p)
    if method == "none" or not m:
        return p.copy()
    if method == "bonferroni":
        return np.minimum(p * m, 1)
    order = np.argsort(p, kind="stable")
    steps = np.arange(1, m + 1)
    if method == "holm":
        raised = np.maximum.accumulate(p[order] * (m + 1 - steps))
    else:
        raised = np.minimum.accumulate((p[order] * m / steps)[::-1])[::-1]
    found = np.empty(m)
    found[order] = np.minimum(raised, 1)
    return found
