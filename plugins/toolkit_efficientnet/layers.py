"""The four kinds of layer of an EfficientNet-lite in NumPy, on one picture at a time, channels last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toolkit.plugins import FloatArray

__all__ = ["Layer", "depthwise", "padding", "pointwise", "relu6", "stem"]

# Numbers of one output that are worked on at once: they and what they are made from stay in the processor's cache.
BLOCK = 24_576


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A convolution with its batch normalization folded in.

    Parameters
    ----------
    weight : float32
        (in, out) of a pointwise layer and of the classifier, (k, k, c) of a depthwise one, (27, out) of the stem.
    bias : float32 (out,)
        What is added.
    """

    weight: FloatArray
    bias: FloatArray


def relu6(x: FloatArray) -> FloatArray:
    """``x`` itself, its numbers brought into [0, 6]."""
    return np.clip(x, 0, 6, out=x)


def padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """How many zeros go before and behind ``size`` numbers, as TensorFlow's ``same`` has it.

    Parameters
    ----------
    size : int
        How many numbers.
    kernel, stride : int
        Of the convolution.

    Examples
    --------
    >>> padding(112, 3, 1), padding(112, 3, 2), padding(112, 5, 2)
    ((1, 1), (0, 1), (1, 2))
    """
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def pointwise(x: FloatArray, layer: Layer) -> FloatArray:
    """A 1 x 1 convolution : float32 (h, w, out) of (h, w, in).

    Parameters
    ----------
    x : float32 (h, w, in)
        What goes in.
    layer : Layer
        Its weights.
    """
    height, width, channels = x.shape
    y = x.reshape(-1, channels) @ layer.weight
    y += layer.bias
    return y.reshape(height, width, -1)


def stem(x: FloatArray, layer: Layer) -> FloatArray:
    """The first convolution, 3 x 3 with stride 2 : float32 (h / 2, w / 2, out) of (h, w, 3).

    Parameters
    ----------
    x : float32 (h, w, 3)
        What goes in.
    layer : Layer
        Its weights.
    """
    height, width = -(-x.shape[0] // 2), -(-x.shape[1] // 2)
    padded = _padded(x, 3, 2)
    patches = [
        padded[row : row + 2 * height - 1 : 2, col : col + 2 * width - 1 : 2]
        for row in range(3)
        for col in range(3)
    ]
    return pointwise(np.concatenate(patches, axis=-1), layer)


def depthwise(x: FloatArray, layer: Layer, stride: int) -> FloatArray:
    """A convolution of every channel by itself, through `relu6` : float32 (h / stride, w / stride, c) of (h, w, c).

    Parameters
    ----------
    x : float32 (h, w, c)
        What goes in.
    layer : Layer
        Its weights.
    stride : int
        1 or 2.
    """
    kernel, channels = len(layer.weight), x.shape[2]
    height, width = -(-x.shape[0] // stride), -(-x.shape[1] // stride)
    padded = _padded(x, kernel, stride)
    y = np.empty((height, width, channels), np.float32)
    step = max(1, min(height, BLOCK // (width * channels)))
    product = np.empty((step, width, channels), np.float32)
    for start in range(0, height, step):
        out = y[start : start + step]
        rows = padded[start * stride : (start + len(out) - 1) * stride + kernel]
        _slide(rows, layer, stride, out, product[: len(out)])
    return y


def _slide(rows: FloatArray, layer: Layer, stride: int, out: FloatArray, product: FloatArray) -> None:
    """Fill some rows of an output; ``product`` is room to work in."""
    height, width = out.shape[:2]
    out[:] = layer.bias
    for row, weights in enumerate(layer.weight):
        under = rows[row : row + (height - 1) * stride + 1 : stride]
        for col, weight in enumerate(weights):
            np.multiply(under[:, col : col + (width - 1) * stride + 1 : stride], weight, out=product)
            out += product
    relu6(out)


def _padded(x: FloatArray, kernel: int, stride: int) -> FloatArray:
    height, width, channels = x.shape
    (above, below), (left, right) = padding(height, kernel, stride), padding(width, kernel, stride)
    padded = np.zeros((above + height + below, left + width + right, channels), np.float32)
    padded[above : above + height, left : left + width] = x
    return padded
