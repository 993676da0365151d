"""Non-maximum suppression, class by class."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["suppressed"]

Numbers = npt.NDArray[np.floating]


def suppressed(
    boxes: Numbers, scores: Numbers, classes: npt.NDArray[np.integer], *, overlap: float
) -> npt.NDArray[np.intp]:
    """Indices of the boxes that no surer box of their class overlaps, the surest first.

    Parameters
    ----------
    boxes : float (k, 4)
        Two corners, in any unit.
    scores : float (k,)
        How sure.
    classes : int (k,)
        Boxes of different classes do not suppress each other.
    overlap : float
        Intersection over union above which two boxes are one.

    Examples
    --------
    >>> boxes = np.array([[0, 0, 2, 2], [0, 0, 2, 1.9], [5, 5, 6, 6]])
    >>> suppressed(boxes, np.array([0.5, 0.9, 0.7]), np.array([1, 1, 1]), overlap=0.6).tolist()
    [1, 2]
    """
    left = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    while len(left):
        best = left[0]
        kept.append(int(best))
        same = classes[left] == classes[best]
        left = left[~(same & (_iou(boxes[best], boxes[left]) > overlap)) & (left != best)]
    return np.array(kept, np.intp)


def _iou(box: Numbers, boxes: Numbers) -> Numbers:
    """Intersection over union of one box with others : float (k,)."""
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    shared = np.maximum(sides, 0).prod(axis=1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) + (box[2:] - box[:2]).prod() - shared
    return np.asarray(shared / np.maximum(areas, np.finfo(np.float32).tiny))
