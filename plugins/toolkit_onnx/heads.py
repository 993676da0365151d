"""What detectors return, decoded: boxes in pixels of the network's input, their classes and their scores.

YOLOX: Z. Ge et al., YOLOX: Exceeding YOLO Series in 2021, arXiv:2107.08430. torchvision: the outputs of its
detection models as ``torch.onnx.export`` writes them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from toolkit.plugins import FloatArray, IntArray

from .suppression import suppressed

__all__ = ["Found", "anchors", "yolox"]

STRIDES = (8, 16, 32)
OVERLAP = 0.65  # intersection over union from which two boxes of one class are one
CANDIDATES = 1000  # boxes that compete; a picture with more is noise


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Boxes of one picture.

    Parameters
    ----------
    boxes : float (k, 4)
        left, top, right, bottom in pixels of the network's input.
    scores : float (k,)
        In [0, 1].
    classes : int (k,)
        Indices of labels.
    """

    boxes: npt.NDArray[np.floating]
    scores: npt.NDArray[np.floating]
    classes: IntArray


def yolox(output: FloatArray, size: tuple[int, int], *, least: float) -> Found:
    """The boxes of a raw YOLOX output float32 (a, 5 + c), at or above a score.

    A row holds a center, relative to its cell and in cells; the logarithms of width and height in cells; and the
    probabilities that something is there and that it is of each class, already squashed to [0, 1].

    Parameters
    ----------
    output : float32 (a, 5 + c)
        A row for each of the a cells of all strides, a column for each of the c classes after the first five.
    size : (int, int)
        Height and width of the network's input, in pixels.
    least : float
        The least score, in [0, 1].
    """
    cells, strides = anchors(size)
    probabilities = output[:, 4:5] * output[:, 5:]
    rows, classes = np.nonzero(probabilities >= least)
    scores = probabilities[rows, classes]
    best = np.argsort(-scores, kind="stable")[:CANDIDATES]
    rows, classes, scores = rows[best], classes[best], scores[best]
    center = (output[rows, :2] + cells[rows]) * strides[rows]
    with np.errstate(over="ignore"):  # a damaged file's boxes become infinite and are dropped
        half = np.exp(output[rows, 2:4]) * strides[rows] / 2
    boxes = np.concatenate([center - half, center + half], axis=1)
    kept = suppressed(boxes, scores, classes, overlap=OVERLAP)
    return Found(boxes[kept], scores[kept], classes[kept])


def anchors(size: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """Column and row of every cell, float32 (a, 2), and how many pixels it spans, float32 (a, 1)."""
    cells, strides = [], []
    for stride in STRIDES:
        rows, columns = np.mgrid[: size[0] // stride, : size[1] // stride]
        cells.append(np.stack([columns.ravel(), rows.ravel()], axis=1))
        strides.append(np.full((columns.size, 1), stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)
