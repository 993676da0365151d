"""Pixels go into an ONNX file in the type and the order of axes that it declares."""

from __future__ import annotations

import json
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper
from PIL import Image
from toolkit_onnx.embedder import OnnxEmbedder

from toolkit.errors import InputError


def network_of(folder: Path, kind: int, shape: list, *, scale: float = 1.0) -> str:
    """An embedder that takes a type and an order of axes, and gives the mean of each color."""
    folder.mkdir()
    nodes = [helper.make_node("Cast", ["x"], ["c"], to=TensorProto.FLOAT)]
    axes = [1, 2] if shape[-1] == 3 else [2, 3]
    nodes.append(helper.make_node("ReduceMean", ["c"], ["y"], axes=axes, keepdims=0))
    inputs = [helper.make_tensor_value_info("x", kind, shape)]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 3])]
    graph = helper.make_graph(nodes, "g", inputs, outputs)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    made.ir_version = 8
    onnx.save(made, str(folder / "m.onnx"))
    (folder / "m.json").write_text(
        json.dumps({"input": {"size": [8, 8], "resize": "squash", "scale": scale}})
    )
    return str(folder)


@pytest.mark.parametrize("kind", ["FLOAT", "FLOAT16", "DOUBLE", "UINT8", "INT32"])
@pytest.mark.parametrize("shape", [["n", 3, 8, 8], ["n", 8, 8, 3], ["n", "h", "w", 3]])
def test_pixels_go_in_as_the_file_declares_them(tmp_path, kind, shape):
    embedder = OnnxEmbedder(network_of(tmp_path / "m", getattr(TensorProto, kind), shape))
    (vector,) = embedder.embed([Image.new("RGB", (20, 30), (250, 128, 3))])
    assert vector.tolist() == [250, 128, 3]


def test_whole_numbers_need_pixels_as_they_are(tmp_path):
    with pytest.raises(InputError, match='the network takes uint8: say "scale": 1'):
        OnnxEmbedder(network_of(tmp_path / "m", TensorProto.UINT8, ["n", 3, 8, 8], scale=255))
