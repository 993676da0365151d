"""Results of COCO: lists of what a model found, by the ids of another file, in and out."""

from __future__ import annotations

import contextlib
import io
import json

import pytest
from format_files import as_json, labels, picture, reasons
from toolkit_formats import COCO_RESULTS, Labels, write_coco, write_coco_results

from toolkit.errors import InputError
from toolkit.testing import ImporterContract
from toolkit.values.types import Annotation, Box

TRUTH = {
    "images": [{"id": 7, "file_name": "a.png"}, {"id": 8, "file_name": "b.png"}],
    "categories": [{"id": 3, "name": "dog"}, {"id": 5, "name": "cat"}],
    "annotations": [
        {"id": 1, "image_id": 7, "category_id": 3, "bbox": [8, 6, 40, 30], "area": 1200, "iscrowd": 0}
    ],
}
RESULTS = [
    {"image_id": 7, "category_id": 5, "bbox": [8, 6, 40, 30], "score": 0.75},
    {"image_id": 8, "category_id": 3, "bbox": [0, 0, 8, 6], "score": 0.25},
]
FOUND = {"a.png": [("cat", (0.1, 0.1, 0.6, 0.6))], "b.png": []}


@pytest.fixture
def files(tmp_path):
    for seed, name in enumerate(("a.png", "b.png")):
        picture(tmp_path / "set" / name, seed=seed)
    as_json(tmp_path / "set/truth.json", TRUTH)
    return as_json(tmp_path / "set/yolox_results.json", RESULTS)


class TestImporter(ImporterContract):
    importer = COCO_RESULTS

    def origin(self, tmp_path):
        picture(tmp_path / "a.png")
        picture(tmp_path / "b.png", seed=1)
        as_json(tmp_path / "truth.json", TRUTH)
        return as_json(tmp_path / "results.json", RESULTS)


def test_a_list_is_recognized_and_is_what_a_model_says(photos, files):
    report = photos.add(files)
    assert str(report.labels) == "labels: 2 read, 2 written"
    assert labels(photos, "model:yolox_results@imported") == FOUND
    values = {
        concept: value for said in photos.annotations.values() for concept, value in said.concepts.items()
    }
    assert values == {"cat": 0.75, "dog": 0.25}


def test_the_model_can_be_named_and_the_file_of_the_ids(photos, files, tmp_path):
    elsewhere = files.rename(tmp_path / "results.json")
    with pytest.raises(InputError, match=r"ground_truth='instances\.json'"):
        photos.add(elsewhere)
    photos.add(
        Labels("coco-results", elsewhere, ground_truth=tmp_path / "set/truth.json", source="model:yolox@2")
    )
    assert labels(photos, "model:yolox@2") == FOUND


def test_what_people_said_before_stays(photos, files):
    photos.add(files.parent / "truth.json")
    photos.add(files)
    assert labels(photos)["a.png"] == [("dog", (0.1, 0.1, 0.6, 0.6))]
    write_coco(photos, files.parent / "again.json")
    assert json.loads((files.parent / "again.json").read_text())["annotations"] == TRUTH["annotations"]


def test_a_result_that_cannot_be_is_a_failure_and_the_others_come_in(photos, files):
    bad = [{"image_id": 9, "category_id": 3, "bbox": [0, 0, 1, 1], "score": 1},
           {"image_id": 7, "category_id": 3, "bbox": [0, 0, "x", 1], "score": 0.5},
           {"image_id": 7, "category_id": 99, "bbox": [0, 0, 1, 1], "score": 0.5}]  # fmt: skip
    as_json(files, RESULTS + bad)
    report = photos.add(files)
    assert labels(photos, "model") == FOUND
    assert "images that are not there: 9" in reasons(report.failed)
    assert report.labels.read == 5


def test_results_that_were_read_are_written_as_they_were(photos, files, tmp_path):
    photos.add(files.parent / "truth.json")
    photos.add(files)
    exported = write_coco_results(photos, tmp_path / "out.json")
    assert (exported.inputs, exported.labels) == (1, 1), "a score below a half is no label"
    assert json.loads((tmp_path / "out.json").read_text()) == RESULTS[:1]


def test_ids_are_those_of_the_file_that_is_written_beside_and_pycocotools_evaluates_them(photos, tmp_path):
    coco = pytest.importorskip("pycocotools.coco")
    evaluation = pytest.importorskip("pycocotools.cocoeval")
    box = Box(0.1, 0.25, 0.5, 0.75)
    for seed in range(3):
        photos.add(picture(tmp_path / f"in/{seed}.png", seed=seed))
    for id, name in zip(photos, ("dog", "cat", "cow"), strict=True):
        photos.annotate(id, concept=name, box=box)
        model = Annotation("", id, "", box, "model:net@2", {name: 0.75, "aardvark": 0.5})
        photos.annotations.put([model])
    write_coco(photos, tmp_path / "truth.json")
    exported = write_coco_results(photos, tmp_path / "results.json", source="model:net")
    assert (exported.inputs, exported.labels) == (3, 6)
    with contextlib.redirect_stdout(io.StringIO()):
        truth = coco.COCO(str(tmp_path / "truth.json"))
        evaluated = evaluation.COCOeval(truth, truth.loadRes(str(tmp_path / "results.json")), "bbox")
        evaluated.evaluate()
        evaluated.accumulate()
        evaluated.summarize()
    assert evaluated.stats[0] == pytest.approx(1.0)
