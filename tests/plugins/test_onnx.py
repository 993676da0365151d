"""ONNX files without torch: the numbers a network means, from folders that are checked before they are believed."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import toolkit
from toolkit.errors import ContractError, InputError, QueryError, ToolkitError
from toolkit.plugins.detections import clean_detections
from toolkit.plugins.registry import Registry
from toolkit.testing import ConceptModelContract, DetectorContract, EmbedderContract, pictures
from toolkit.values.settings import Workflow
from toolkit.values.types import Box

pytest.importorskip("onnxruntime", reason="the extra [onnx] is not installed")
onnx = pytest.importorskip("onnx", reason="the extra [onnx] is not installed")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from toolkit_onnx.concepts import OnnxConcepts  # noqa: E402
from toolkit_onnx.description import Preparation  # noqa: E402
from toolkit_onnx.detector import OnnxDetector  # noqa: E402
from toolkit_onnx.embedder import OnnxEmbedder  # noqa: E402
from toolkit_onnx.heads import anchors, yolox  # noqa: E402
from toolkit_onnx.preparation import prepared  # noqa: E402
from toolkit_onnx.session import OnnxModel  # noqa: E402
from toolkit_onnx.suppression import suppressed  # noqa: E402

SHARED = Path(__file__).parents[2].parent / "shared"
SIDE = 8
INPUT = {"size": [SIDE, SIDE], "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}


def model(path: Path, nodes, outputs, *, shape=("pictures", 3, SIDE, SIDE), constants=None) -> Path:
    graph = helper.make_graph(
        nodes,
        "made-up",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, list(shape))],
        [helper.make_tensor_value_info(name, kind, list(size)) for name, (kind, size) in outputs.items()],
        [numpy_helper.from_array(value, name) for name, value in (constants or {}).items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made.SerializeToString())
    return path


def classifier(folder: Path, *, classes: int = 4, card: dict | None = None, scale: float = 1.0) -> str:
    """A network of one layer on all pixels: 6 numbers as the embedding, and logits made of them."""
    random = np.random.default_rng(0)
    constants = {
        "layer": (scale * random.normal(size=(3 * SIDE * SIDE, 6))).astype(np.float32),
        "head": random.normal(size=(6, classes)).astype(np.float32),
    }
    nodes = [
        helper.make_node("Flatten", ["pixels"], ["flat"]),
        helper.make_node("MatMul", ["flat", "layer"], ["embedding"]),
        helper.make_node("MatMul", ["embedding", "head"], ["logits"]),
    ]
    outputs = {
        "embedding": (TensorProto.FLOAT, ("pictures", 6)),
        "logits": (TensorProto.FLOAT, ("pictures", classes)),
    }
    path = model(folder / "tiny.onnx", nodes, outputs, constants=constants)
    dog = {"id": "n02084071", "names": {"en": ["dog"], "de": ["Hund"]}, "definition": "barks"}
    usual = {
        "input": INPUT,
        "outputs": {"embedding": "embedding", "logits": "logits"},
        "labels": ["tench", dog, None, "hut"],
    }
    path.with_suffix(".json").write_text(json.dumps(usual | (card or {})))
    return str(folder)


def boxes_model(folder: Path, boxes, scores, labels, *, card: dict | None = None) -> str:
    """A torchvision-style network that finds the same whatever it sees."""
    constants = {
        "b": np.array(boxes, np.float32).reshape(-1, 4),
        "s": np.array(scores, np.float32),
        "l": np.array(labels, np.int64),
    }
    names = {"b": "boxes", "s": "scores", "l": "labels"}
    nodes = [helper.make_node("Identity", [one], [name]) for one, name in names.items()]
    outputs = {
        "boxes": (TensorProto.FLOAT, ("k", 4)),
        "scores": (TensorProto.FLOAT, ("k",)),
        "labels": (TensorProto.INT64, ("k",)),
    }
    path = model(folder / "tiny.onnx", nodes, outputs, shape=(1, 3, 100, 100), constants=constants)
    usual = {
        "head": "torchvision",
        "input": {"size": [100, 100], "resize": "letterbox"},
        "outputs": {"boxes": "boxes", "scores": "scores", "labels": "labels"},
        "labels": [None, "dog", "hut"],
    }
    path.with_suffix(".json").write_text(json.dumps(usual | (card or {})))
    return str(folder)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> str:
    return classifier(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def finder(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("finder")
    return boxes_model(folder, [[10, 20, 50, 40], [0, 0, 9, 9]], [0.5, 0.9], [1, 2])


class TestEmbedder(EmbedderContract):
    @pytest.fixture(autouse=True)
    def made(self, tiny):
        self.embedder = OnnxEmbedder(tiny)


class TestConcepts(ConceptModelContract):
    @pytest.fixture(autouse=True)
    def made(self, tiny):
        self.concept_model = OnnxConcepts(tiny)


class TestDetector(DetectorContract):
    @pytest.fixture(autouse=True)
    def made(self, finder):
        self.detector = OnnxDetector(finder)


def test_an_embedder_and_a_concept_model_of_one_file_share_its_runs(tiny, monkeypatch):
    looked, run = [], OnnxModel.run

    def counted(self, given, outputs):
        looked.append((len(given), tuple(outputs)))
        return run(self, given, outputs)

    monkeypatch.setattr(OnnxModel, "run", counted)
    workflow = Workflow(embedders=(f"onnx:{tiny}",), concept_models=(f"onnx:{tiny}",))
    with toolkit.open(workflow=workflow) as photos:
        assert photos.add(pictures(5)).added == 5
    assert looked == [(5, ("embedding", "logits"))]


def test_a_file_of_one_output_shares_nothing(tmp_path):
    card = {"outputs": {"logits": "logits"}}
    assert OnnxConcepts(classifier(tmp_path / "logits", card=card)).backbone == ""


def test_importing_the_plugin_does_not_import_onnxruntime_or_torch():
    code = (
        "import sys, toolkit_onnx, toolkit_timm; print({'onnxruntime', 'torch', 'timm'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={
        **os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})  # fmt: skip
    assert done.stdout.strip() == "set()"


def test_a_missing_onnxruntime_is_an_error_with_what_to_type(tiny, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(
        ToolkitError, match=r"embedder 'onnx' needs onnxruntime: pip install 'rank-toolkit\[onnx\]'"
    ):
        OnnxEmbedder(tiny)


def test_concepts_are_the_labels_without_those_that_are_none(tiny):
    found = OnnxConcepts(tiny).concepts
    assert [one.id for one in found] == ["tench", "n02084071", "hut"]
    assert (found[1].name("de"), found[1].definition) == ("Hund", "barks")


def test_a_region_is_squashed_and_a_whole_picture_cropped(tiny):
    embedder = OnnxEmbedder(tiny)
    wide = Image.new("RGB", (80, 20), "red")
    wide.paste("blue", (0, 0, 25, 20))
    whole, region = embedder.embed([wide]), embedder.embed_regions([wide])
    np.testing.assert_allclose(
        embedder.embed_regions([wide.resize((SIDE, SIDE), Image.Resampling.BICUBIC)]), region
    )
    assert not np.allclose(whole, region)


def test_the_space_is_named_for_the_file_and_what_the_json_says(tmp_path):
    names = {
        (one := OnnxEmbedder(classifier(tmp_path / str(at), card=card, scale=scale))).version: one.name
        for at, (card, scale) in enumerate(
            [({}, 1), ({}, 1), ({}, 2), ({"input": {**INPUT, "mean": [0, 0, 0]}}, 1)]
        )
    }
    assert list(names.values()) == ["tiny"] * 3


def test_a_version_given_to_a_file_holds_for_that_file_only(tmp_path):
    folder = Path(classifier(tmp_path))
    sha256 = hashlib.sha256((folder / "tiny.onnx").read_bytes()).hexdigest()
    card = {"name": "resnet 18", "version": "abc", "sha256": sha256}
    one = OnnxEmbedder(classifier(tmp_path, card=card))
    assert (one.name, one.version) == ("resnet-18", "abc")
    with pytest.raises(InputError, match="not the file that the JSON beside it is about"):
        OnnxEmbedder(classifier(tmp_path, card=card, scale=3))


def test_a_file_that_changes_while_a_worker_travels_is_refused(tmp_path):
    frozen = pickle.dumps(OnnxEmbedder(classifier(tmp_path)))
    classifier(tmp_path, scale=3)
    with pytest.raises(InputError, match="changed since it was opened first"):
        pickle.loads(frozen).embed(pictures(1))


def test_a_model_whose_output_is_not_finite_is_refused_by_name(tmp_path):
    folder = classifier(tmp_path, scale=float("nan"))
    for run in (OnnxEmbedder(folder).embed, OnnxConcepts(folder).predict):
        with pytest.raises(ContractError, match=r"'tiny'.*finite"):
            run(pictures(1))


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        ({"input": None}, 'missing, or without "input"'),
        ({"input": {"size": [8]}}, "not a description of a model"),
        ({"input": {"size": [0, 8]}}, "size is .height, width. in pixels"),
        ({"input": {**INPUT, "resize": "bend"}}, "resize is one of crop, squash, letterbox, not 'bend'"),
        ({"input": {**INPUT, "std": [1, 0, 1]}}, "std is three numbers above 0"),
        ({"input": {**INPUT, "sclae": 1}}, "sclae is not known; there are"),
        ({"inputs": {}}, "inputs is not known; there are"),
        ({"outputs": {"embedding": "pool"}}, "no output is its embedding: the JSON says 'pool'"),
        ({"outputs": {}}, "no output is its embedding"),
        ({"activation": "relu"}, "activation is one of softmax, sigmoid, not 'relu'"),
        ({"labels": ["a", "a"]}, "labels are there twice: a"),
        ({"labels": [7]}, "a label is a name"),
        ({"labels": "gone.txt"}, "labels cannot be read"),
        ({"labels": "../gone.txt"}, "labels lie in the folder"),
    ],
)
def test_a_json_that_is_wrong_is_refused_with_the_reason(tmp_path, card, reason):
    with pytest.raises(InputError, match=reason):
        OnnxEmbedder(classifier(tmp_path, card=card))


def test_another_number_of_classes_than_labels_is_refused(tmp_path):
    with pytest.raises(ContractError, match="as many classes as labels, 4; got 5"):
        OnnxConcepts(classifier(tmp_path, classes=5)).predict(pictures(1))


def test_a_classifier_without_labels_is_refused(tmp_path):
    with pytest.raises(InputError, match="no labels"):
        OnnxConcepts(classifier(tmp_path, card={"labels": []}))


def test_the_values_of_a_softmax_are_shares_of_one_whole(tiny):
    model = OnnxConcepts(tiny)
    (said,) = model.predict(pictures(1))
    assert model.exclusive
    assert sum(said.values()) <= 1 + 1e-6


def test_the_values_of_a_sigmoid_are_each_their_own(tmp_path):
    model = OnnxConcepts(classifier(tmp_path, scale=0.01, card={"activation": "sigmoid"}))
    (said,) = model.predict(pictures(1))
    assert not model.exclusive
    assert said.keys() == {"tench", "n02084071", "hut"}
    assert sum(said.values()) > 1


def test_as_many_concepts_are_kept_as_asked(tiny):
    usual, few = OnnxConcepts(tiny), OnnxConcepts(f"{tiny}?top=2&least=0.01")
    assert all(len(one) <= 2 for one in few.predict(pictures(3)))
    assert few.version == f"{usual.version}-2-0.01"


@pytest.mark.parametrize("content", [b"", b"not onnx", None])
def test_a_damaged_file_is_refused(tmp_path, content):
    folder = classifier(tmp_path)
    path = tmp_path / "tiny.onnx"
    path.write_bytes(path.read_bytes()[:-200] if content is None else content)
    with pytest.raises(InputError, match="damaged, or no ONNX model"):
        OnnxEmbedder(folder)


def test_a_folder_without_one_model_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"found 0 \.onnx files"):
        OnnxEmbedder(str(tmp_path))
    with pytest.raises(InputError, match="found no such folder"):
        OnnxEmbedder(str(tmp_path / "nope"))
    with pytest.raises(QueryError, match="needs a folder: onnx:FOLDER"):
        OnnxEmbedder()


def test_preparation_normalizes_and_orders_as_its_json_asks():
    red = Image.new("RGB", (4, 2), (255, 0, 51))
    how = Preparation((2, 2), "squash", channels="BGR", layout="NHWC", mean=(0.5, 0, 0), std=(0.5, 1, 2))
    np.testing.assert_allclose(prepared([red], how)[0, 0, 0], [-0.6, 0, 0.5], atol=1e-6)


def test_a_letterboxed_picture_lies_top_left():
    how = Preparation((4, 4), "letterbox", scale=1, fill=114)
    found = prepared([Image.new("RGB", (8, 4), "white")], how)[0, 0]
    assert found.tolist() == [[255] * 4] * 2 + [[114] * 4] * 2


@pytest.mark.parametrize("size", [(300, 200), (200, 300), (50, 50), (1, 90)])
def test_a_crop_is_the_middle_of_the_picture_at_the_networks_size(size):
    how = Preparation((16, 16), crop_pct=0.5)
    assert prepared([Image.new("RGB", size, "red")], how).shape == (1, 3, 16, 16)


def test_boxes_come_back_in_fractions_of_the_picture(finder):
    (found,) = OnnxDetector(finder).detect([Image.new("RGB", (200, 100))])  # letterboxed at half its size
    assert [(one.box, one.concepts) for one in found] == [
        (Box(0, 0, 9 / 50, 9 / 100), {"hut": pytest.approx(0.9)}),
        (Box(20 / 50, 10 / 100, 40 / 50, 50 / 100), {"dog": pytest.approx(0.5)}),
    ]


def test_only_sure_boxes_of_classes_with_a_meaning_are_kept(tmp_path):
    boxes = [[0, 0, 9, 9], [0, 0, 8, 8], [0, 0, 7, 7], [0, 0, 6, 6]]
    folder = boxes_model(tmp_path, boxes, [0.9, 0.8, 0.04, 0.7], [1, 0, 2, 9])
    (found,) = OnnxDetector(folder).detect([Image.new("RGB", (100, 100))])
    assert [one.concepts for one in found] == [{"dog": pytest.approx(0.9)}]
    usual, eager = OnnxDetector(folder), OnnxDetector(f"{folder}?least=0.01")
    assert len(eager.detect([Image.new("RGB", (100, 100))])[0]) == 2
    assert usual.version.endswith("-0.05")  # earlier versions kept from 0.3 on, and had no cut in their names
    assert eager.version.endswith("-0.01")


def test_boxes_beyond_the_picture_are_clipped_and_inverted_ones_dropped_and_counted(caplog):
    boxes = np.array(
        [[-1, 0.5, 0.5, 2], [0.5, 0.5, 0.2, 0.9], [0, 0, np.nan, 1], [0.5, 0.5, 0.6, 0.6], [2, 2, 3, 3]]
    )
    scores = np.array([0.5, 0.6, 0.7, np.nan, 0.9])
    with caplog.at_level(logging.WARNING, "toolkit.plugins.detections"):
        found = clean_detections(boxes, scores, list("abcde"), who="a test")
    assert [(one.box, one.concepts) for one in found] == [(Box(0, 0.5, 0.5, 1), {"a": 0.5})]
    assert caplog.messages == ["a test: 4 of 5 boxes are inverted, empty or not numbers; dropped"]


def test_a_box_of_two_concepts_is_one_region():
    boxes = np.array([[0, 0, 1, 1]] * 3)
    (found,) = clean_detections(boxes, np.array([0.2, 0.9, 1.5]), ["a", "b", "a"], who="a test")
    assert (found.concepts, found.score) == ({"a": 1.0, "b": 0.9}, 1.0)


def test_suppression_is_class_by_class_and_keeps_the_surest():
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 9], [0, 0, 10, 10], [20, 20, 30, 30]], float)
    kept = suppressed(boxes, np.array([0.8, 0.9, 0.7, 0.1]), np.array([1, 1, 2, 1]), overlap=0.5)
    assert kept.tolist() == [1, 2, 3]
    assert suppressed(boxes[:0], np.array([]), np.array([], int), overlap=0.5).tolist() == []


def test_a_yolox_row_is_decoded_from_its_cell():
    cells, strides = anchors((64, 64))
    output = np.zeros((len(cells), 7), np.float32)
    at = 64 + 6  # the second grid, of stride 16 and 4 by 4 cells: row 1, column 2
    assert (cells[at].tolist(), strides[at].tolist()) == ([2, 1], [16])
    output[at] = [0.5, 0.25, np.log(2), 0, 0.8, 0.1, 0.9]
    found = yolox(output, (64, 64), least=0.3)
    assert found.boxes.round(4).tolist() == [[24, 12, 56, 28]]
    assert (found.classes.tolist(), found.scores.round(4).tolist()) == ([1], [pytest.approx(0.72)])


def test_a_file_with_other_shapes_needs_a_head(tmp_path, tiny):
    folder = Path(classifier(tmp_path))
    (folder / "tiny.json").write_text('{"labels": ["a"]}')
    with pytest.raises(InputError, match='not those of YOLOX; say "head" and "input"'):
        OnnxDetector(str(folder))
    with pytest.raises(QueryError, match="there is no option 'most'; there are: least"):
        OnnxDetector(f"{tiny}?most=3")


def test_regions_are_found_embedded_and_ranked_in_a_collection(tiny, finder):
    import toolkit_files
    import toolkit_onnx
    import toolkit_sklearn
    import toolkit_visual

    registry = Registry()
    for plugin in (toolkit_files, toolkit_onnx, toolkit_sklearn, toolkit_visual):
        registry.add(plugin)
    workflow = Workflow(embedders=(f"onnx:{tiny}",), detectors=(f"onnx:{finder}",))
    with toolkit.open(workflow=workflow, registry=registry) as photos:
        assert photos.add([np.asarray(one) for one in pictures(4)]).added == 4
        first = next(iter(photos))
        rows = photos.search(photos.terms.image({"input": first}), level="region", limit=12)
        box = next(hit.box for hit in rows if hit.box and hit.input.id == first)
        (hit, *_) = photos.search(photos.terms.image({"input": first}, box=box), level="region")
        assert (hit.input.id, hit.box, round(hit.parts[0].raw, 4)) == (first, box, 1)
        assert hit.annotation.source.startswith("model:tiny@")


def test_yolox_nano_finds_the_boxes_of_a_photo():
    folder, photos = SHARED / "models" / "yolox_nano_coco", SHARED / "boxes-dev"
    if not folder.exists() or not photos.exists():
        pytest.skip("the folders shared/models and shared/boxes-dev are not beside this checkout")
    truth = json.loads((photos / "instances.json").read_text())
    image = next(one for one in truth["images"] if one["file_name"] == "000000000025.jpg")
    (found,) = OnnxDetector(str(folder)).detect(
        [Image.open(photos / "images" / image["file_name"]).convert("RGB")]
    )
    names = {one["id"]: one["name"] for one in truth["categories"]}
    largest = max((a for a in truth["annotations"] if a["image_id"] == image["id"]), key=lambda a: a["area"])
    left, top, wide, high = largest["bbox"]
    box = Box(
        top / image["height"], left / image["width"],
        min((top + high) / image["height"], 1), min((left + wide) / image["width"], 1),
    )  # fmt: skip
    assert names[largest["category_id"]] in found[0].concepts
    assert found[0].box.iou(box) > 0.8
