"""The boxes of a network as detections: clipped, upright, each box once, the surest first."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..values.types import Box, Detection

__all__ = ["clean_detections"]

_log = logging.getLogger(__name__)


def clean_detections(
    boxes: npt.NDArray[np.floating],
    scores: npt.NDArray[np.floating],
    concepts: Sequence[str],
    *,
    who: str,
) -> list[Detection]:
    """Detections of one picture, the surest first; a box that several concepts share is one detection.

    What reaches beyond the picture is clipped. A box that is inverted, empty or not a number is dropped, and a
    warning of the logger ``toolkit.plugins.detections`` gives their number.

    Parameters
    ----------
    boxes : float (k, 4)
        top_row, left_col, bottom_row, right_col as fractions of the picture.
    scores : float (k,)
        Clipped to [0, 1].
    concepts : sequence of str (k,)
        Concept ids.
    who : str
        The detector, for the warning.

    Examples
    --------
    >>> found = clean_detections(np.array([[0.5, -0.1, 1.2, 0.5]]), np.array([0.9]), ["dog"], who="a test")
    >>> found[0].box, found[0].concepts
    (Box(top_row=0.5, left_col=0.0, bottom_row=1.0, right_col=0.5), {'dog': 0.9})
    """
    clipped = np.clip(boxes.astype(np.float64), 0, 1)
    # A comparison with NaN is false, so a box that is not a number is dropped with the inverted.
    sound = (clipped[:, :2] < clipped[:, 2:]).all(axis=1) & ~np.isnan(scores)
    if dropped := int((~sound).sum()):
        _log.warning(
            "%s: %d of %d boxes are inverted, empty or not numbers; dropped", who, dropped, len(boxes)
        )
    by_box: dict[Box, dict[str, float]] = {}
    for at in np.argsort(-scores, kind="stable"):
        if sound[at]:
            of_box = by_box.setdefault(Box(*clipped[at].tolist()), {})
            of_box.setdefault(concepts[at], float(np.clip(scores[at], 0, 1)))
    return [Detection(box, found, max(found.values())) for box, found in by_box.items()]
