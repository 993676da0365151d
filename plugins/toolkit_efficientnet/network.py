"""An EfficientNet-lite with its batch normalization folded in: what it is made of, and how it runs in NumPy.

References
----------
M. Tan, Q. Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, ICML 2019; the lite
ones of 2020 have no squeeze-and-excitation, and ReLU6 for swish.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from toolkit.plugins import FloatArray

from .layers import Layer, depthwise, pointwise, relu6, stem

if TYPE_CHECKING:
    from .stream import Array

__all__ = ["Block", "Network", "features", "folded"]

EPSILON = 1e-3  # of every batch normalization
STRIDES = 1, 2, 2, 2, 1, 2, 1  # of the first block of every stage; of the others 1
STAGES = len(STRIDES)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """An inverted bottleneck.

    Parameters
    ----------
    expand : Layer or None
        To more channels; the first stage has none.
    depthwise, project : Layer
        Each channel by itself, then to fewer channels.
    stride : int
        Of the depthwise layer.
    residual : bool
        Whether what came in is added to what goes out.
    """

    expand: Layer | None
    depthwise: Layer
    project: Layer
    stride: int
    residual: bool


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """All layers, in order.

    Parameters
    ----------
    stem : Layer
        From pixels.
    blocks : tuple of Block
        Seven stages of them.
    head : Layer
        To the features, before they are averaged over the picture.
    classifier : Layer
        From features to logits.
    """

    stem: Layer
    blocks: tuple[Block, ...]
    head: Layer
    classifier: Layer


def folded(tensors: Mapping[str, Array]) -> Network:
    """A network from the tensors of its file.

    Raises
    ------
    LookupError, ValueError
        A tensor is missing, or has another shape.
    """
    kernels, bias = _folded(tensors, "_conv_stem", "_bn0")
    first = Layer(np.ascontiguousarray(kernels.transpose(2, 3, 1, 0).reshape(27, -1)), bias)
    classifier = Layer(np.ascontiguousarray(_floats(tensors, "_fc.weight").T), _floats(tensors, "_fc.bias"))
    return Network(first, _blocks(tensors), _pointwise(tensors, "_conv_head", "_bn1"), classifier)


def features(network: Network, pixels: FloatArray) -> FloatArray:
    """Features float32 (d,) of one prepared picture.

    Parameters
    ----------
    network : Network
        Its layers.
    pixels : float32 (side, side, 3)
        As `preparation.numbers` makes them.
    """
    x = relu6(stem(pixels, network.stem))
    for block in network.blocks:
        y = x if block.expand is None else relu6(pointwise(x, block.expand))
        y = pointwise(depthwise(y, block.depthwise, block.stride), block.project)
        if block.residual:
            y += x
        x = y
    mean: FloatArray = relu6(pointwise(x, network.head)).mean(axis=(0, 1))
    return mean


def _blocks(tensors: Mapping[str, Array]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    stage, width = 0, 0
    while f"_blocks.{len(blocks)}._project_conv.weight" in tensors:
        prefix = f"_blocks.{len(blocks)}."
        project = _pointwise(tensors, f"{prefix}_project_conv", f"{prefix}_bn2")
        begins = project.weight.shape[1] != width  # a stage begins where the width changes
        stage, width = stage + begins, project.weight.shape[1]
        expands = f"{prefix}_expand_conv.weight" in tensors
        blocks.append(
            Block(
                _pointwise(tensors, f"{prefix}_expand_conv", f"{prefix}_bn0") if expands else None,
                _depthwise(tensors, f"{prefix}_depthwise_conv", f"{prefix}_bn1"),
                project,
                STRIDES[stage - 1] if begins else 1,
                residual=not begins,
            )
        )
    if stage != STAGES:
        raise ValueError(f"it has {stage} stages of blocks, not {STAGES}")
    return tuple(blocks)


def _pointwise(tensors: Mapping[str, Array], convolution: str, norm: str) -> Layer:
    kernels, bias = _folded(tensors, convolution, norm)
    return Layer(np.ascontiguousarray(kernels[:, :, 0, 0].T), bias)


def _depthwise(tensors: Mapping[str, Array], convolution: str, norm: str) -> Layer:
    kernels, bias = _folded(tensors, convolution, norm)
    return Layer(np.ascontiguousarray(kernels[:, 0].transpose(1, 2, 0)), bias)


def _folded(tensors: Mapping[str, Array], convolution: str, norm: str) -> tuple[FloatArray, FloatArray]:
    """Kernels float32 (out, in, k, k) and bias (out,) of a convolution and the batch normalization behind it."""
    scale = _floats(tensors, f"{norm}.weight") / np.sqrt(
        _floats(tensors, f"{norm}.running_var") + np.float32(EPSILON)
    )
    bias = _floats(tensors, f"{norm}.bias") - _floats(tensors, f"{norm}.running_mean") * scale
    return _floats(tensors, f"{convolution}.weight") * scale[:, None, None, None], bias


def _floats(tensors: Mapping[str, Array], name: str) -> FloatArray:
    return tensors[name].astype(np.float32)
