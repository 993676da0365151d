"""Networks of pictures and words, on tiny weights and a tiny tokenizer made here: the real files, really loaded."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest
import toolkit_clip
import toolkit_text
from made_up_models import RULES
from PIL import Image
from toolkit_clip.onnx_folder import ClipFolder
from toolkit_clip.open_clip_model import OpenClip

import toolkit
from toolkit.errors import InputError, QueryError
from toolkit.plugins.registry import Registry
from toolkit.testing import EmbedderContract

SIDE = 8
WORDS = {"[PAD]": 0, "[UNK]": 1, "red": 2, "lime": 3, "blue": 4}
COLORS = [[0.0, 0, 0], [0.1, 0.1, 0.1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A network that sees the mean color, and knows the names of three."""
    made = tmp_path_factory.mktemp("models") / "tiny-clip"
    (made / "onnx").mkdir(parents=True)
    _vision(made / "onnx" / "vision_model.onnx")
    _text(made / "text_model.onnx")
    _tokenizer(made / "tokenizer.json")
    said = {"image_mean": [-0.05] * 3, "image_std": [1, 1, 1], "crop_size": SIDE, "size": {"shortest_edge": SIDE},
            "do_center_crop": True}  # fmt: skip
    (made / "preprocessor_config.json").write_text(json.dumps(said))
    return made


def _saved(path, nodes, inputs, outputs, weights=()):
    onnx = pytest.importorskip("onnx")
    graph = onnx.helper.make_graph(nodes, "tiny", inputs, outputs, list(weights))
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    path.write_bytes(model.SerializeToString())


def _value(name, kind, shape):
    from onnx import TensorProto, helper

    return helper.make_tensor_value_info(name, getattr(TensorProto, kind), shape)


def _vision(path):
    from onnx import helper

    nodes = [
        helper.make_node("GlobalAveragePool", ["pixel_values"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["image_embeds"]),
    ]
    _saved(
        path,
        nodes,
        [_value("pixel_values", "FLOAT", ["b", 3, SIDE, SIDE])],
        [_value("image_embeds", "FLOAT", ["b", 3])],
    )


def _text(path):
    from onnx import helper, numpy_helper

    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["tokens"]),
        helper.make_node("ReduceMean", ["tokens"], ["text_embeds"], axes=[1], keepdims=0),
    ]
    table = numpy_helper.from_array(np.array(COLORS, np.float32), "table")
    _saved(
        path,
        nodes,
        [_value("input_ids", "INT64", ["b", "t"])],
        [_value("text_embeds", "FLOAT", ["b", 3])],
        [table],
    )


def _tokenizer(path):
    tokenizers = pytest.importorskip("tokenizers")
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel(WORDS, unk_token="[UNK]"))
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    made.enable_truncation(6)
    made.save(str(path))


@pytest.fixture
def registry():
    registry = Registry()
    for plugin in (*RULES, toolkit_text, toolkit_clip):
        registry.add(plugin)
    return registry


class TestClipFolder(EmbedderContract):
    @pytest.fixture(autouse=True)
    def _of_the_folder(self, folder):
        self.embedder = ClipFolder(str(folder))


def test_words_find_pictures_in_the_folders_own_space(folder, registry):
    colors = ["red", "lime", "blue", "gray"]
    with toolkit.open(registry=registry, workflow=toolkit.Workflow(embedders=(f"clip:{folder}",))) as photos:
        photos.add([np.asarray(Image.new("RGB", (30, 20), color)) for color in colors], progress=False)
        for color in ("red", "lime", "blue"):
            best, *others = photos.search(photos.terms.text(f"something {color}"))
            assert photos.image(best.input.id).getpixel((3, 3)) == Image.new("RGB", (1, 1), color).getpixel(
                (0, 0)
            )
            assert all(best.score > other.score for other in others)


def test_it_is_the_same_network_after_a_journey_to_another_process(folder):
    embedder = ClipFolder(str(folder))
    again = pickle.loads(pickle.dumps(embedder))
    assert (again.name, again.version) == ("clip-tiny-clip", embedder.version)
    np.testing.assert_array_equal(again.embed_text(["red blue"]), embedder.embed_text(["red blue"]))


def test_texts_of_any_length_and_number_go_in(folder):
    embedder = ClipFolder(str(folder))
    texts = ["red", "red " * 100, "", *["blue"] * 20]
    assert embedder.embed_text(texts).shape == (23, 3)
    assert embedder.embed_text([]).shape == (0, 3)
    assert embedder.embed([]).shape == (0, 3)


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("preprocessor_config.json", "{", "does not say how pictures go in"),
        ("preprocessor_config.json", '{"size": 8, "image_mean": [0], "image_std": [1]}', "three numbers"),
        ("onnx/vision_model.onnx", "no network", "no ONNX model"),
    ],
)
def test_a_folder_that_cannot_be_used_says_why(folder, tmp_path, file, content, reason):
    import shutil

    broken = shutil.copytree(folder, tmp_path / "broken")
    (broken / file).write_text(content)
    with pytest.raises(InputError, match=reason):
        ClipFolder(str(broken))


def test_a_folder_that_is_not_there_or_not_named_says_so(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        ClipFolder(str(tmp_path / "none"))
    with pytest.raises(QueryError, match="clip:FOLDER"):
        ClipFolder()


def test_a_broken_tokenizer_says_so(folder, tmp_path):
    import shutil

    broken = shutil.copytree(folder, tmp_path / "broken")
    (broken / "tokenizer.json").write_text("{}")
    with pytest.raises(InputError, match="no tokenizer"):
        ClipFolder(str(broken)).embed_text(["red"])


# ---- open_clip

TINY = {
    "model_cfg": {
        "embed_dim": 16,
        "vision_cfg": {"image_size": 32, "layers": 1, "width": 64, "patch_size": 16, "head_width": 32},
        "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
    },
    "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
}


@pytest.fixture(scope="module")
def open_clip_folder(tmp_path_factory):
    open_clip = pytest.importorskip("open_clip")
    import torch

    torch.manual_seed(0)
    made = tmp_path_factory.mktemp("models") / "tiny-open-clip"
    made.mkdir()
    (made / "open_clip_config.json").write_text(json.dumps(TINY))
    model = open_clip.model.CLIP(**TINY["model_cfg"])
    torch.save(model.state_dict(), made / "open_clip_pytorch_model.bin")
    return made


class TestOpenClip(EmbedderContract):
    @pytest.fixture(autouse=True)
    def _of_the_folder(self, open_clip_folder):
        self.embedder = OpenClip(str(open_clip_folder))


def test_open_clip_puts_words_beside_pictures(open_clip_folder, registry):
    workflow = toolkit.Workflow(embedders=(f"open_clip:{open_clip_folder}",))
    with toolkit.open(registry=registry, workflow=workflow) as photos:
        photos.add([np.full((40, 40, 3), shade, np.uint8) for shade in (0, 120, 250)], progress=False)
        hits = photos.search("a plain gray wall")
    assert hits.total == 3
    assert hits.query == "text('a plain gray wall')"


def test_open_clip_without_weights_is_refused():
    with pytest.raises(QueryError, match="MODEL@WEIGHTS"):
        OpenClip("ViT-B-32")


def test_open_clip_weights_that_run_code_are_refused(open_clip_folder, tmp_path):
    import shutil

    class Evil:
        def __reduce__(self):
            return (print, ("executed",))

    broken = shutil.copytree(open_clip_folder, tmp_path / "broken")
    (broken / "open_clip_pytorch_model.bin").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(InputError, match="cannot load it"):
        OpenClip(str(broken))
