"""Networks of timm and torchvision with made-up weights: named by their weights, prepared as they say, checked."""

from __future__ import annotations

import json
import pickle
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from toolkit.errors import ContractError, InputError, MissingExtraError, QueryError, UnknownNameError
from toolkit.testing import ConceptModelContract, DetectorContract, EmbedderContract, pictures

torch = pytest.importorskip("torch", reason="the extra [timm] is not installed")
timm = pytest.importorskip("timm", reason="the extra [timm] is not installed")

import toolkit_timm  # noqa: E402
from click.testing import CliRunner  # noqa: E402
from toolkit_timm import lazy, loading, network, torchvision_detector  # noqa: E402
from toolkit_timm.concepts import TimmConcepts  # noqa: E402
from toolkit_timm.embedder import TimmEmbedder  # noqa: E402
from toolkit_timm.export import export_onnx  # noqa: E402
from toolkit_timm.export_command import command  # noqa: E402
from toolkit_timm.torchvision_detector import TorchvisionDetector  # noqa: E402
from toolkit_timm.trunk import without_classifier  # noqa: E402

import toolkit  # noqa: E402
from toolkit.evaluation.measures import leave_one_out  # noqa: E402
from toolkit.plugins.registry import Registry  # noqa: E402
from toolkit.values.settings import Workflow  # noqa: E402

SHARED = Path(__file__).parents[2].parent / "shared"
TINY = "test_efficientnet"  # 360,000 numbers, for 160 pixels
LABELS = ["n02084071", "hut", "n01440764", "n99999999"]
DETECTOR = "ssdlite320_mobilenet_v3_large"


def made(seed: int = 0, *, classes: int = 4):
    torch.manual_seed(seed)
    return timm.create_model(TINY, pretrained=False, num_classes=classes).eval()


def folder_of(path: Path, *, seed: int = 0, **config) -> str:
    """A model as a hub repository has it, with a configuration that need not be true."""
    timm.models.save_for_hf(made(seed), path, safe_serialization=True)
    file = path / "config.json"
    told = json.loads(file.read_text())
    told |= {"label_names": LABELS, "label_descriptions": {LABELS[0]: "dog, domestic dog, Canis familiaris"}}
    told["pretrained_cfg"] |= {"tag": "made_up"} | config.pop("pretrained_cfg", {})
    file.write_text(json.dumps(told | config))
    return f"local-dir:{path}"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> str:
    return folder_of(tmp_path_factory.mktemp("tiny"))


class TestEmbedder(EmbedderContract):
    @pytest.fixture(autouse=True)
    def made(self, tiny):
        self.embedder = TimmEmbedder(tiny)


class TestConcepts(ConceptModelContract):
    @pytest.fixture(autouse=True)
    def made(self, tiny):
        self.concept_model = TimmConcepts(tiny)


@pytest.fixture(scope="module")
def weights(tmp_path_factory) -> Path:
    from torchvision.models import get_model

    torch.manual_seed(0)
    model = get_model(DETECTOR, weights=None, weights_backbone=None, num_classes=91)
    with (
        torch.no_grad()
    ):  # sure of nothing but the first class: random scores of 90 classes take seconds to sort out
        for layer in model.head.classification_head.module_list:
            layer[-1].bias.view(-1, 91)[:, :2] = torch.tensor([7.0, 5.0])
    path = tmp_path_factory.mktemp("weights") / "detector.pth"
    torch.save(model.state_dict(), path)
    return path


class TestDetector(DetectorContract):
    @pytest.fixture(autouse=True)
    def made(self, weights):
        self.detector = TorchvisionDetector(f"{DETECTOR}={weights}?least=0.01&most=5")


def test_a_space_is_named_for_the_weights_and_how_pictures_are_prepared(tmp_path, tiny):
    one = TimmEmbedder(tiny)
    assert one.name == "test_efficientnet.made_up"
    assert TimmEmbedder(folder_of(tmp_path / "same")).version == one.version
    assert TimmEmbedder(folder_of(tmp_path / "other", seed=1)).version != one.version
    gray = folder_of(tmp_path / "mean", pretrained_cfg={"mean": [0.1, 0.1, 0.1]})
    padded = folder_of(tmp_path / "padded", model_args={"pad_type": "same"})
    assert len({TimmEmbedder(spec).version for spec in (tiny, gray, padded)}) == 3


def test_the_vectors_are_the_models_own_pooled_features(tiny):
    image = pictures(1)[0].resize((300, 200))
    model = made()
    model.reset_classifier(0)
    transform = timm.data.create_transform(**timm.data.resolve_data_config(model=model))
    with torch.inference_mode():
        expected = model(transform(image)[None]).numpy()
    np.testing.assert_allclose(TimmEmbedder(tiny).embed([image]), expected, atol=1e-5)


def test_confidences_are_the_softmax_of_the_whole_model(tiny):
    images = pictures(3)
    model = made()
    transform = timm.data.create_transform(**timm.data.resolve_data_config(model=model))
    with torch.inference_mode():
        shares = model(torch.stack([transform(image) for image in images])).softmax(dim=1).numpy()
    said = TimmConcepts(f"{tiny}?top=4&least=1e-9").predict(images)
    np.testing.assert_allclose([[one[label] for label in LABELS] for one in said], shares, atol=1e-5)


def test_an_embedder_and_a_concept_model_of_one_network_share_its_passes(tiny, monkeypatch):
    network = TimmEmbedder(tiny)._network().network
    assert TimmConcepts(f"{tiny}?top=3")._network().network is network
    looked, run = [], network._forward
    monkeypatch.setattr(network, "_forward", lambda pixels: looked.append(len(pixels)) or run(pixels))
    workflow = Workflow(embedders=(f"timm:{tiny}",), concept_models=(f"timm:{tiny}?top=3",))
    with toolkit.open(workflow=workflow) as photos:
        looked.clear()  # making an embedder shows it a blank picture, for its dimension
        assert photos.add(pictures(5)).added == 5
    assert sum(looked) == 5


def test_a_network_whose_classes_come_from_elsewhere_shares_nothing(tmp_path, monkeypatch):
    whole = made()
    assert without_classifier(whole, (3, 160, 160)) is not None
    assert whole.get_classifier().out_features == 4  # it is left as it was
    monkeypatch.setattr(type(whole), "get_classifier", lambda self: (self.classifier, self.classifier))
    assert without_classifier(whole, (3, 160, 160)) is None
    monkeypatch.setattr(lazy, "_loaded", {})
    model = TimmConcepts(folder_of(tmp_path / "two"))
    assert model.backbone == ""
    assert sum(model.predict(pictures(1))[0].values()) == pytest.approx(1)


def test_without_cuda_nothing_warns_of_it(tiny, weights, monkeypatch):
    for module in (network, torchvision_detector):
        monkeypatch.setattr(module, "best_device", lambda: "cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(lazy, "_loaded", {})
    monkeypatch.setattr(lazy, "_backbones", {})
    workflow = Workflow((f"timm:{tiny}",), (f"timm:{tiny}",), (f"torchvision:{DETECTOR}={weights}",))
    with warnings.catch_warnings(record=True) as warned, toolkit.open(workflow=workflow) as photos:
        warnings.simplefilter("always")
        assert photos.add(pictures(3)).added == 3
    assert [str(one.message) for one in warned] == []


def test_a_region_is_squashed_and_a_whole_picture_cropped(tiny):
    embedder = TimmEmbedder(tiny)
    wide = Image.new("RGB", (600, 200), "red")
    wide.paste("blue", (0, 0, 150, 200))
    region = embedder.embed_regions([wide])
    squashed = wide.resize((160, 160), Image.Resampling.BICUBIC)
    np.testing.assert_allclose(region, embedder.embed_regions([squashed]), atol=1e-4)
    assert not np.allclose(region, embedder.embed([wide]), atol=1e-3)


def test_concepts_have_wordnet_ids_names_and_definitions_where_timm_knows_them(tiny):
    dog, hut, tench, unknown = TimmConcepts(tiny).concepts
    assert dog.names["en"] == ("dog", "domestic dog", "Canis familiaris")
    assert dog.definition.startswith("a member of the genus Canis")
    assert (hut.id, hut.names["en"]) == ("hut", ("hut",))
    assert tench.names["en"][0] == "tench"
    assert (unknown.names["en"], unknown.definition) == (("n99999999",), "")


def test_the_likeliest_concepts_are_kept_as_many_as_asked(tiny):
    usual, few = TimmConcepts(tiny), TimmConcepts(f"{tiny}?top=1&least=0.01")
    for all_, one in zip(usual.predict(pictures(3)), few.predict(pictures(3)), strict=True):
        assert one == dict([max(all_.items(), key=lambda item: item[1])])
    assert usual.version != few.version
    assert sum(usual.predict(pictures(1))[0].values()) == pytest.approx(1)
    assert usual.exclusive  # so that a broad concept is the sum of what lies below it


@pytest.mark.parametrize("option", ["top=0", "top=x", "most=3", "least=inf"])
def test_an_option_that_cannot_be_is_refused(tiny, option):
    with pytest.raises(QueryError, match=r"top|least is a number above 0"):
        TimmConcepts(f"{tiny}?{option}")


@pytest.mark.parametrize(
    ("argument", "kind", "message"),
    [
        ("", QueryError, "needs the name of a model"),
        ("resnet5", UnknownNameError, "did you mean 'resnet50"),
        ("resnet18.a9_in1k", UnknownNameError, "did you mean 'resnet18.a"),
        ("local-dir:/nowhere", InputError, "no such folder, or no config.json in it"),
        (f"{TINY}=/nowhere.pth", InputError, "no such file"),
    ],
)
def test_an_unknown_model_is_refused_with_those_there_are(argument, kind, message):
    with pytest.raises(kind, match=message):
        TimmEmbedder(argument)


def test_without_a_network_it_says_which_files_to_place_where(monkeypatch):
    def offline(*_, **__):
        raise OSError("no route to host")

    monkeypatch.setattr(timm, "create_model", offline)
    with pytest.raises(
        InputError, match=r"place config.json and model.safetensors of timm/resnet18.a1_in1k in a folder"
    ):
        TimmEmbedder("resnet18.a1_in1k")


def test_the_workflow_timm_runs_one_light_network_over_everything():
    workflow = toolkit.values.settings.WORKFLOWS["timm"]
    assert workflow.embedders == workflow.concept_models
    (spec,) = workflow.embedders
    assert timm.is_model(spec.removeprefix("timm:").partition(".")[0])
    assert spec.removeprefix("timm:") in timm.list_pretrained()


def test_the_workflow_timm_without_a_network_says_what_to_place_where_and_makes_no_store(
    tmp_path, monkeypatch
):
    def offline(*_, **__):
        raise OSError("no route to host")

    monkeypatch.setattr(timm, "create_model", offline)
    with pytest.raises(
        InputError, match=r"place config.json and model.safetensors of timm/mobilenetv4_conv_sm"
    ):
        toolkit.open(tmp_path / "p.db", workflow="timm")
    assert list(tmp_path.iterdir()) == []


def test_the_workflow_timm_without_the_extra_names_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "timm", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rank-toolkit\[timm\]'"):
        toolkit.open(tmp_path / "p.db", workflow="timm")
    assert list(tmp_path.iterdir()) == []


def test_a_store_is_untouched_by_a_model_that_cannot_be_loaded(tmp_path):
    registry = Registry()
    registry.add(toolkit_timm)
    with toolkit.open(workflow=Workflow(), registry=registry) as photos:
        before = photos.info()
        with pytest.raises(InputError):
            photos.index(embedder="timm:local-dir:/nowhere")
        assert photos.info() == before


@pytest.mark.parametrize("cut", [0, 100, -1000])
def test_a_damaged_checkpoint_is_refused(tmp_path, cut):
    spec = folder_of(tmp_path)
    path = tmp_path / "model.safetensors"
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(InputError, match="Error"):
        TimmEmbedder(spec)
    with pytest.raises(InputError, match="damaged"):
        TimmEmbedder(f"{TINY}={path}")


def test_another_number_of_classes_than_weights_or_labels_is_refused(tmp_path):
    with pytest.raises(InputError, match="has 4 classes, its weights should have 7"):
        TimmConcepts(folder_of(tmp_path / "a", num_classes=7, pretrained_cfg={"num_classes": 7}))
    with pytest.raises(InputError, match="has 4 classes, but its configuration names 3"):
        TimmConcepts(folder_of(tmp_path / "b", label_names=LABELS[:3]))
    with pytest.raises(InputError, match="gives two classes one label"):
        TimmConcepts(folder_of(tmp_path / "c", label_names=[*LABELS[:3], LABELS[0]]))


def test_weights_that_lack_layers_are_refused_and_not_filled_in_at_random(tmp_path):
    weights = made().state_dict()
    torch.save(
        {name: numbers for name, numbers in weights.items() if "blocks.2" not in name}, tmp_path / "a.pth"
    )
    torch.save({"other.weight": torch.zeros(3)}, tmp_path / "b.pth")
    for file in ("a.pth", "b.pth"):
        with pytest.raises(InputError, match="Missing key"):
            TimmEmbedder(f"{TINY}={tmp_path / file}")


def test_a_checkpoint_of_ones_own_gives_the_same_vectors_as_its_folder(tmp_path, tiny):
    torch.save({"state_dict": made().state_dict()}, tmp_path / "own.pth")
    spec = f"{TINY}={tmp_path / 'own.pth'}"
    np.testing.assert_allclose(
        TimmEmbedder(spec).embed(pictures(2)), TimmEmbedder(tiny).embed(pictures(2)), atol=1e-5
    )
    assert [one.id for one in TimmConcepts(spec).concepts] == ["class-0", "class-1", "class-2", "class-3"]


def test_a_checkpoint_is_numbers_and_no_code_is_run(tmp_path):
    class Evil:
        def __reduce__(self):
            return print, ("code was run",)

    torch.save({"state_dict": Evil()}, tmp_path / "evil.pth")
    with pytest.raises(InputError, match="damaged, or no checkpoint"):
        TimmEmbedder(f"{TINY}={tmp_path / 'evil.pth'}")


def test_output_that_is_not_finite_is_refused_by_name(tmp_path):
    model = made()
    model.conv_stem.weight.data.fill_(float("nan"))
    torch.save(model.state_dict(), tmp_path / "nan.pth")
    with pytest.raises(
        ContractError, match=r"network 'timm:test_efficientnet.*its numbers are finite; got NaN"
    ):
        TimmEmbedder(f"{TINY}={tmp_path / 'nan.pth'}")


def test_a_worker_loads_the_network_once_and_only_the_same(tmp_path, monkeypatch):
    spec = folder_of(tmp_path)
    frozen = pickle.dumps(TimmEmbedder(spec))
    assert len(frozen) < 1000
    monkeypatch.setattr(lazy, "_loaded", {})  # as in another process
    loads = []
    real = lazy.load_model
    monkeypatch.setattr(lazy, "load_model", lambda *args, **more: loads.append(args) or real(*args, **more))
    for _ in range(3):
        pickle.loads(frozen).embed(pictures(1))
    assert len(loads) == 1
    folder_of(tmp_path, seed=2)
    lazy._loaded.clear()
    with pytest.raises(InputError, match="the weights changed"):
        pickle.loads(frozen).embed(pictures(1))


def test_a_missing_timm_is_an_error_with_what_to_type(monkeypatch):
    monkeypatch.setitem(sys.modules, "timm", None)
    with pytest.raises(
        MissingExtraError, match=r"embedder 'timm' needs timm: pip install 'rank-toolkit\[timm\]'"
    ):
        TimmEmbedder(TINY)


@pytest.mark.parametrize(
    ("argument", "kind", "message"),
    [
        ("", QueryError, "needs the name of a detector"),
        ("fasterrcnn", UnknownNameError, "no torchvision detector named 'fasterrcnn'"),
        (f"{DETECTOR}=/nowhere.pth", InputError, "no such file"),
    ],
)
def test_a_detector_that_is_not_there_is_refused(argument, kind, message):
    with pytest.raises(kind, match=message):
        TorchvisionDetector(argument)


def test_a_checkpoint_of_another_detector_is_refused_with_where_to_get_the_right_one(tmp_path):
    torch.save({"a": torch.zeros(1)}, tmp_path / "a.pth")
    with pytest.raises(
        InputError, match=r"get https://download.pytorch.org/\S+ elsewhere and say torchvision:"
    ):
        TorchvisionDetector(f"{DETECTOR}={tmp_path / 'a.pth'}")


def test_the_detectors_concepts_are_its_classes_without_the_background(weights):
    ids = [one.id for one in TorchvisionDetector(f"{DETECTOR}={weights}").concepts]
    assert (len(ids), ids[0], "N/A" in ids) == (80, "person", False)


@pytest.fixture(scope="module")
def exported(tiny, tmp_path_factory):
    for package in ("onnx", "onnxscript", "onnxruntime"):
        pytest.importorskip(package, reason="the extra [onnx] is not installed")
    return export_onnx(tiny.removeprefix("timm:"), tmp_path_factory.mktemp("export") / "tiny")


def test_an_exported_model_has_the_same_space_and_vectors_and_concepts(exported, tiny):
    from toolkit_onnx.concepts import OnnxConcepts
    from toolkit_onnx.embedder import OnnxEmbedder

    ours, theirs = TimmEmbedder(tiny), OnnxEmbedder(str(exported.folder))
    assert f"{theirs.name}@{theirs.version}" == f"{ours.name}@{ours.version}" == exported.space
    images = [one.resize(size) for one in pictures(3) for size in ((300, 200), (90, 250), (160, 160))]
    for run in ("embed", "embed_regions"):
        np.testing.assert_allclose(getattr(theirs, run)(images), getattr(ours, run)(images), atol=1e-3)
    ours, theirs = TimmConcepts(tiny), OnnxConcepts(str(exported.folder))
    assert theirs.concepts == ours.concepts
    for found, expected in zip(theirs.predict(images), ours.predict(images), strict=True):
        assert found == pytest.approx(expected, abs=1e-4)


def test_an_export_is_whole_or_not_there(exported, tmp_path, monkeypatch, tiny):
    assert sorted(path.name for path in exported.folder.iterdir()) == ["model.json", "model.onnx"]
    assert exported.cosine > 0.9999
    with pytest.raises(InputError, match="it is there already"):
        export_onnx(tiny, exported.folder)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    monkeypatch.setattr("toolkit_timm.export._trace", lambda *_, **__: None)
    monkeypatch.setattr("toolkit_timm.export._least_cosine", lambda *_: 1.0)
    monkeypatch.setattr("toolkit_timm.export._card", lambda *_: {})
    with pytest.raises(InputError, match="No space left on device"):
        export_onnx(tiny, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_command_exports_only_timm_models(tmp_path):
    done = CliRunner().invoke(command, ["onnx:x", str(tmp_path / "out")])
    assert isinstance(done.exception, QueryError)


def test_first_lines_are_short():
    assert loading.first_line(ValueError("a:\n\n b\nc")) == "ValueError: a b"


def real_model() -> str:
    folder = SHARED / "models" / "mobilenetv2_100.tf1_in1k_qat"
    if not folder.exists():
        pytest.skip("the folder shared/models is not beside this checkout")
    return f"local-dir:{folder}"


def test_a_real_network_brings_photos_of_a_class_together():
    spec, photos = real_model(), SHARED / "photos-dev" / "images"
    if not photos.exists():
        pytest.skip("the folder shared/photos-dev is not beside this checkout")
    paths = [path for folder in sorted(photos.iterdir())[:8] for path in sorted(folder.iterdir())[:3]]
    vectors = TimmEmbedder(spec).embed([Image.open(path).convert("RGB") for path in paths])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = leave_one_out(vectors, [path.parent.name for path in paths], k=2)
    assert found.precision_at_1 > 0.8


def test_a_real_network_names_what_photos_show():
    spec, photos = real_model(), SHARED / "imagenet-samples-dev" / "images"
    if not photos.exists():
        pytest.skip("the folder shared/imagenet-samples-dev is not beside this checkout")
    paths = sorted(photos.iterdir())[::40]
    predicted = TimmConcepts(spec).predict([Image.open(path).convert("RGB") for path in paths])
    right = [
        max(one, key=one.get, default="") == path.stem for one, path in zip(predicted, paths, strict=True)
    ]
    assert np.mean(right) > 0.75


def test_a_broad_concept_is_found_though_the_network_only_knows_kinds_of_it():
    spec, photos = real_model(), SHARED / "photos-dev" / "images"
    tables = [SHARED / "wordnet" / f"concept-{name}.tsv" for name in ("names", "hypernyms")]
    if not all(path.exists() for path in (photos, *tables)):
        pytest.skip("the folders shared/photos-dev and shared/wordnet are not beside this checkout")
    kinds = ("crayfish", "flamingo", "platypus", "accordion", "laptop", "umbrella")
    paths = [path for kind in kinds for path in sorted((photos / kind).glob("*.jpg"))[:3]]
    with toolkit.open(workflow=Workflow(concept_models=(f"timm:{spec}",))) as found:
        found.add(paths, progress=False)
        for path in tables:
            found.concepts.read(path)
        hits = found.search(found.terms.concept("animal"), limit=len(paths))
        assert {Path(hit.input.uri).parent.name for hit in hits[:9]} == set(kinds[:3])


def test_classes_without_wordnet_ids_are_concepts_under_their_own_names():
    folder = SHARED / "models" / "mobilenetv2_100.tf1_inat_birds"
    if not folder.exists():
        pytest.skip("the folder shared/models is not beside this checkout")
    concepts = TimmConcepts(f"local-dir:{folder}").concepts
    assert (len(concepts), concepts[-1].id) == (965, "background")
