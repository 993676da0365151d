"""The `lasso` filter: what lies inside a line drawn on a map of the pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import numpy.typing as npt

from toolkit.plugins import (
    Arguments,
    Context,
    FloatArray,
    Json,
    NotIndexedError,
    Parameter,
    QueryError,
    Snapshot,
    axis_values,
)

__all__ = ["Lasso", "inside"]


class Lasso:
    """Keeps the inputs, with all their regions, that lie inside a polygon on a map.

    The map is a projection of a space, as ``photos.project`` lays it out and stores it, or has two words as its axes.
    """

    name = "lasso"
    is_filter = True
    help = "Only what lies inside a line drawn on the map."
    parameters: Sequence[Parameter] = (
        Parameter("polygon", "json", "Three or more corners [x, y] of the line."),
        Parameter("projection", "text", "What laid the pictures out.", "tsne"),
        Parameter("space", "space", "Of which space; the default space without it.", None),
        Parameter("fit", "text", "On which drawing of it, if it was drawn anew since.", None),
        Parameter("axes", "text", "Two words in its place: how much a picture shows each.", None, many=True),
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Scores float32 (r,): 1 inside, NaN elsewhere.

        Raises
        ------
        QueryError
            The polygon has fewer than three corners, or the axes are not two words.
        NotIndexedError
            The pictures are not laid out, or were laid out anew since the line was drawn.
        """
        polygon = _corners(term["polygon"])
        places = _places(term, snapshot, context)
        held = inside(places, polygon)[snapshot.rows.input]
        return np.where(held, np.float32(1), np.float32(np.nan))


def _places(term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
    if term["axes"] is not None:
        words = term["axes"]
        if isinstance(words, str) or len(cast("Sequence[Json]", words)) != 2:
            raise QueryError(f"lasso(axes=...) is two words, one for each axis, not {words!r}")
        return np.column_stack(
            [axis_values(str(one), snapshot, context) for one in cast("Sequence[str]", words)]
        )
    projection = str(term["projection"])
    places, fit = context.layout(projection, space=cast("str | None", term["space"]))
    if term["fit"] not in {None, fit}:
        raise NotIndexedError(
            f"the map by {projection!r} was laid out anew since this line was drawn: draw it again on the new one"
        )
    return places


def _corners(value: Json) -> npt.NDArray[np.float64]:
    try:
        corners = np.array(value, np.float64)
    except (TypeError, ValueError):
        corners = np.empty(0)
    if corners.ndim != 2 or corners.shape[1] != 2 or len(corners) < 3 or not np.isfinite(corners).all():
        raise QueryError(
            f"lasso() is three or more corners such as [[0, 0], [1, 0], [1, 1]], not {value!r:.80}"
        )
    return corners


def inside(places: FloatArray, polygon: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Bool (n,): which places lie inside a polygon, by the rule of even and odd; one without a place does not.

    Parameters
    ----------
    places : float32 (n, 2)
        NaN where there is none.
    polygon : float64 (k, 2)
        Its corners in order; the last is joined to the first.

    Examples
    --------
    >>> triangle = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> inside(np.float32([[0.2, 0.2], [0.8, 0.8], [np.nan, np.nan]]), triangle)
    array([ True, False, False])
    """
    low, high = polygon.min(axis=0), polygon.max(axis=0)
    near = np.flatnonzero(((places >= low) & (places <= high)).all(axis=1))
    x, y = places[near].T.astype(np.float64)
    odd = np.zeros(len(near), bool)
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        crosses = (y0 > y) != (y1 > y)
        odd ^= crosses & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    held = np.zeros(len(places), bool)
    held[near] = odd
    return held
