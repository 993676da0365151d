"""Data sets of Hugging Face, and FiftyOne's samples."""

from __future__ import annotations

from pathlib import Path

import pytest
from format_files import BOX, as_json, labels, picture, read, reasons
from toolkit_formats import to_dataset
from toolkit_formats.fiftyone import FIFTYONE
from toolkit_formats.hub import HubImporter

from toolkit.errors import InputError
from toolkit.testing import ImporterContract
from toolkit.values.types import Box

CAT = {"ground_truth": {"_cls": "Classification", "label": "cat"}}


@pytest.fixture
def hub():
    return pytest.importorskip("datasets")


def made(hub, columns, **features):
    return hub.Dataset.from_dict(columns, features=hub.Features({"image": hub.Image(), **features}))


def classes(hub):
    return hub.ClassLabel(names=["cat", "dog"])


def test_minus_one_and_none_are_no_labels(photos, tmp_path, hub):
    files = [str(picture(tmp_path / f"{n}.png", seed=n)) for n in range(3)]
    photos.add(made(hub, {"image": files, "label": [0, -1, None]}, label=classes(hub)))
    assert labels(photos) == {"0.png": [("cat", None)], "1.png": [], "2.png": []}


def test_lists_of_classes_and_texts_are_several_labels(photos, tmp_path, hub):
    file = str(picture(tmp_path / "a.png"))
    photos.add(made(hub, {"image": [file], "labels": [[0, 1]]}, labels=hub.Sequence(classes(hub))))
    assert labels(photos) == {"a.png": [("cat", None), ("dog", None)]}
    photos.add(made(hub, {"image": [file], "tags": [["red", "old"]]}, tags=hub.Sequence(hub.Value("string"))))
    assert [concept for concept, _ in labels(photos)["a.png"]] == ["cat", "dog", "old", "red"]


@pytest.mark.parametrize("word", ["category", "categories", "label", "category_id"])
@pytest.mark.parametrize("is_list", [True, False])
def test_boxes_by_the_usual_words_in_lists_or_columns(photos, tmp_path, hub, word, is_list):
    file = str(picture(tmp_path / "a.png"))
    box = hub.Sequence(hub.Value("float32"), length=4)
    if is_list:
        feature, objects = [{"bbox": box, word: classes(hub)}], [{"bbox": [8, 6, 40, 30], word: 0}]
    else:
        feature = {"bbox": hub.Sequence(box), word: hub.Sequence(classes(hub)), "iscrowd": hub.Value("bool")}
        objects = {"bbox": [[8, 6, 40, 30]], word: [0], "iscrowd": False}
    photos.add(made(hub, {"image": [file], "objects": [objects]}, objects=feature))
    assert labels(photos) == {"a.png": [("cat", BOX)]}


def test_bad_rows_are_failures_with_their_numbers(tmp_path, hub):
    files = [None, *(str(picture(tmp_path / f"{n}.png", seed=n)) for n in range(2))]
    rows = {
        "image": files,
        "objects": [{"bbox": [[1, 2]], "category": [0]}] * 2 + [{"bbox": [], "category": []}],
    }
    feature = {
        "bbox": hub.Sequence(hub.Sequence(hub.Value("float32"))),
        "category": hub.Sequence(classes(hub)),
    }
    records, failures = read(HubImporter(), made(hub, rows, objects=feature))
    assert (len(records), len(failures)) == (2, 2)
    assert "row 0: no picture" in reasons(failures)
    assert "row 1: 4 numbers were expected, not 2" in reasons(failures)


def test_streams_and_dictionaries_of_parts_keep_labels(photos, tmp_path, hub):
    one = made(hub, {"image": [str(picture(tmp_path / "a.png"))], "label": [1]}, label=classes(hub))
    photos.add(hub.DatasetDict(train=one))
    assert (labels(photos), photos[next(iter(photos))].datasets) == ({"a.png": [("dog", None)]}, ("train",))
    (record,), _ = read(HubImporter(), one.to_iterable_dataset())
    assert list(record.labels[0].concepts) == ["dog"]


def test_a_data_set_without_pictures_is_refused(hub):
    with pytest.raises(InputError, match="none of the columns label holds pictures"):
        list(HubImporter().records(hub.Dataset.from_dict({"label": [1]})))


def test_what_is_written_as_a_data_set_comes_back(photos, tmp_path, hub):
    photos.add(picture(tmp_path / "a.png"))
    (id,) = photos
    photos.annotate(id, concepts={"cat": 1, "dog": 0})
    photos.annotate(id, concept="ear", box=Box(0.1, 0.1, 0.6, 0.6))
    records, failures = read(HubImporter(), to_dataset(photos))
    said = [(dict(label.concepts), label.corners, label.source) for one in records for label in one.labels]
    assert said == [
        ({"cat": 1.0}, None, "human:me"),
        ({"dog": 0.0}, None, "human:me"),
        ({"ear": 1.0}, (0.1, 0.1, 0.6, 0.6), "human:me"),
    ]
    assert failures == []


class TestFiftyOne(ImporterContract):
    importer = FIFTYONE

    def origin(self, tmp_path: Path) -> object:
        as_json(tmp_path / "samples.json", {"samples": [{"filepath": "a.png"}]})
        return tmp_path


def samples(folder: Path, *fields: dict) -> Path:
    for seed, _ in enumerate(fields):
        picture(folder / f"data/{seed}.png", seed=seed)
    found = [
        {"filepath": f"data/{n}.png", "tags": ["val"], "metadata": None, **one}
        for n, one in enumerate(fields)
    ]
    as_json(folder / "samples.json", {"name": "set", "samples": found})
    return folder


@pytest.mark.parametrize(
    ("field", "want"),
    [
        ({"_cls": "Classification", "label": None}, []),
        ({"_cls": "Detections", "detections": None}, []),
        ({"_cls": "Classifications", "classifications": [{"_cls": "Classification", "label": "cat"}]}, [("cat", None)]),
        ({"_cls": "Detection", "label": "cat", "bounding_box": [0.1, 0.1, 0.5, 0.5]}, [("cat", BOX)]),
        ({"_cls": "Polylines", "polylines": [
            {"_cls": "Polyline", "label": "cat", "points": [[[0.1, 0.1], [0.6, 0.1], [0.6, 0.6]]]}]}, [("cat", BOX)]),
        ({"_cls": "Polyline", "label": "cat", "points": [[[0.1, 0.1], [0.6, 0.6]]]}, [("cat", BOX)]),
        ({"_cls": "Keypoints", "keypoints": [{"label": "nose"}]}, []),
        ({"_cls": "Segmentation", "mask": "x"}, []),
        (float("nan"), []),
        ({"plain": {"_cls": 3}}, []),
    ],
)  # fmt: skip
def test_fields_of_every_kind(photos, tmp_path, field, want):
    report = photos.add(samples(tmp_path, {"field": field}, CAT))
    assert (labels(photos), report.failed) == ({"0.png": want, "1.png": [("cat", None)]}, ())


def test_predictions_are_a_models_called_as_the_field(photos, tmp_path):
    sure = {"_cls": "Detection", "label": "dog", "bounding_box": [0.1, 0.1, 0.5, 0.5], "confidence": 0.75}
    photos.add(samples(tmp_path, {**CAT, "guess": {"_cls": "Detections", "detections": [sure]}, "rating": 3}))
    assert labels(photos) == {"0.png": [("cat", None)]}
    assert labels(photos, "model:guess") == {"0.png": [("dog", BOX)]}
    (one,) = (photos[id] for id in photos)
    assert (one.datasets, one.metadata) == (("val",), {"rating": 3})


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        ({"filepath": None}, "sample 0 has no filepath"),
        ({"filepath": "../../x.png"}, "is not inside"),
        ({"field": {"_cls": "Detection", "label": "cat", "bounding_box": [1, 2]}}, "4 numbers were expected"),
        ({"field": {"_cls": "Detection", "label": "cat"}}, "a detection without a box"),
        ({"field": {"_cls": "Classification", "label": "cat", "confidence": 7}}, "has the value 7.0"),
        ({"field": {"_cls": "Detections", "detections": [3]}}, "sample 0, field"),
    ],
)
def test_a_bad_sample_is_a_failure_and_the_others_are_read(photos, tmp_path, sample, reason):
    report = photos.add(samples(tmp_path, sample, CAT))
    assert reason in reasons(report.failed)
    assert labels(photos)["1.png"] == [("cat", None)]
