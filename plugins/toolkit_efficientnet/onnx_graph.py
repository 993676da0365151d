"""The same network as an ONNX graph, made from the weights in memory: three times as fast with onnxruntime."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import numpy as np

from toolkit.plugins import FloatArray, library_threads

from .layers import Layer
from .network import Network

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto
    from onnxruntime import InferenceSession

__all__ = ["is_there", "run", "session"]

OPSET, IR_VERSION = 17, 9  # of 2022: every onnxruntime of the extra reads them


def is_there() -> bool:
    """Whether what the extra ``onnx`` installs is installed."""
    return all(importlib.util.find_spec(name) for name in ("onnx", "onnxruntime"))


def session(network: Network) -> InferenceSession:
    """A session that runs the network on the thread that asks."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = library_threads()
    options.log_severity_level = 3
    encoded = graph(network).SerializeToString()
    return onnxruntime.InferenceSession(encoded, options, providers=["CPUExecutionProvider"])


def run(opened: InferenceSession, pixels: FloatArray) -> FloatArray:
    """Features float32 (b, d) of prepared pictures.

    Parameters
    ----------
    opened : InferenceSession
        What `session` opened.
    pixels : float32 (b, side, side, 3)
        As `preparation.numbers` makes them.
    """
    (found,) = opened.run(None, {"pixels": pixels})
    return np.asarray(found, np.float32)


def graph(network: Network) -> ModelProto:
    """From ``pixels`` (b, h, w, 3) to ``features`` (b, d)."""
    from onnx import TensorProto, helper

    drawing = _Drawing()
    x = drawing.node("Transpose", "pixels", perm=[0, 3, 1, 2])
    x = drawing.relu6(drawing.convolution(x, network.stem, kernel=_stem_kernel(network.stem), stride=2))
    for block in network.blocks:
        y = x if block.expand is None else drawing.relu6(drawing.convolution(x, block.expand))
        kernel = block.depthwise.weight.transpose(2, 0, 1)[:, None]
        y = drawing.convolution(y, block.depthwise, kernel=kernel, stride=block.stride, group=len(kernel))
        y = drawing.convolution(drawing.relu6(y), block.project)
        x = drawing.node("Add", x, y) if block.residual else y
    x = drawing.relu6(drawing.convolution(x, network.head))
    x = drawing.node("GlobalAveragePool", x)
    drawing.node("Flatten", x, output="features")
    made = helper.make_graph(
        drawing.nodes,
        "efficientnet-lite",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["b", "h", "w", 3])],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["b", network.head.bias.size])],
        drawing.constants,
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)


def _stem_kernel(layer: Layer) -> FloatArray:
    return layer.weight.reshape(3, 3, 3, -1).transpose(3, 2, 0, 1)  # (row, column, channel, out) before


class _Drawing:
    """A graph on its way: every node is named for its number."""

    def __init__(self) -> None:
        from onnx import numpy_helper

        self._as_tensor = numpy_helper.from_array
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []
        self._least, self._most = self._constant(np.float32(0)), self._constant(np.float32(6))

    def node(self, kind: str, *inputs: str, output: str | None = None, **attributes: object) -> str:
        """Add a node; the name of what comes out of it."""
        from onnx import helper

        output = output or f"{kind.lower()}-{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def relu6(self, x: str) -> str:
        """Add a clip to [0, 6]."""
        return self.node("Clip", x, self._least, self._most)

    def convolution(
        self, x: str, layer: Layer, *, kernel: FloatArray | None = None, stride: int = 1, group: int = 1
    ) -> str:
        """Add a convolution that pads as TensorFlow does; without a kernel (out, in, k, k), a pointwise one."""
        weight = layer.weight.T[:, :, None, None] if kernel is None else kernel
        names = [self._constant(np.ascontiguousarray(one)) for one in (weight, layer.bias)]
        return self.node("Conv", x, *names, auto_pad="SAME_UPPER", strides=[stride, stride], group=group)

    def _constant(self, value: FloatArray | np.float32) -> str:
        name = f"constant-{len(self.constants)}"
        self.constants.append(self._as_tensor(np.asarray(value), name))
        return name
