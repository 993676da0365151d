"""COCO comes in from every tool and goes out as it was; a stranger's file cannot reach beyond its folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import toolkit_formats
from format_files import BOX, as_json, labels, read, reasons
from format_files import picture as noise
from PIL import Image
from toolkit_formats import Labels
from toolkit_formats.coco import COCO

from toolkit.errors import InputError
from toolkit.testing import ImporterContract
from toolkit.values.types import Box

SHARED = Path(__file__).parents[2].parent / "shared"


SHARED = Path(__file__).parents[2].parent / "shared"


def picture(path: Path, *, size: tuple[int, int] = (200, 100), color: str = "teal") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, color).save(path)
    return path


def coco(folder: Path) -> dict:
    """Two pictures and everything the format has: a crowd, a polygon, a box twice, one without area, no boxes."""
    picture(folder / "images" / "a.png")
    picture(folder / "images" / "b.png", color="navy")
    return {
        "info": {"description": "made up", "year": 2026},
        "licenses": [{"id": 3, "name": "CC BY", "url": "https://example.org"}],
        "categories": [
            {"id": 7, "name": "dog", "supercategory": "animal", "keypoints": ["nose"]},
            {"id": 9, "name": "unused"},
            {"id": 2, "name": "traffic light"},
        ],
        "images": [
            {"id": 40, "file_name": "a.png", "width": 200, "height": 100, "license": 3, "date_captured": "x"},
            {"id": 12, "file_name": "b.png", "width": 200, "height": 100},
        ],
        "annotations": [
            {"id": 5, "image_id": 40, "category_id": 7, "bbox": [1.08, 18.69, 61.59, 28.84], "area": 3.25, "iscrowd": 0,
             "segmentation": [[1.5, 2, 3, 4, 5, 6.25]], "attributes": {"hidden": True}},
            {"id": 6, "image_id": 40, "category_id": 7, "bbox": [1.08, 18.69, 61.59, 28.84], "area": 9, "iscrowd": 0},
            {"id": 1, "image_id": 40, "category_id": 2, "bbox": [1.08, 18.69, 61.59, 28.84], "area": 9, "iscrowd": 0},
            {"id": 99, "image_id": 40, "category_id": 7, "bbox": [0, 0, 200, 100], "area": 20000, "iscrowd": 1,
             "segmentation": {"counts": [3, 4], "size": [100, 200]}},
            {"id": 7, "image_id": 40, "category_id": 2, "bbox": [10, 10, 0, 5], "area": 0, "iscrowd": 0},
        ],
    }  # fmt: skip


def written(folder: Path, found: dict) -> Path:
    path = folder / "instances.json"
    path.write_text(json.dumps(found))
    return path


def exported(photos, tmp_path: Path, **options) -> dict:
    toolkit_formats.write_coco(photos, tmp_path / "out.json", **options)
    return json.loads((tmp_path / "out.json").read_text())


def ordered(found: dict) -> dict:
    """The same, with lists of things with ids in the order of their ids."""
    return {
        key: sorted(part, key=lambda one: one["id"]) if isinstance(part, list) else part
        for key, part in found.items()
    }


class TestCoco(ImporterContract):
    importer = COCO

    def origin(self, tmp_path: Path) -> object:
        return written(tmp_path, coco(tmp_path))


def test_importing_the_plugin_imports_no_heavy_library():
    heavy = "'pandas', 'pyarrow', 'datasets', 'torch', 'yaml', 'sqlalchemy'"
    code = f"import sys, toolkit_formats; print(sorted({{{heavy}}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={
        **os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_coco_through_the_store_and_back_loses_nothing(photos, tmp_path):
    found = coco(tmp_path)
    report = photos.add(written(tmp_path, found))
    assert (report.added, report.failed) == (2, ())
    assert ordered(exported(photos, tmp_path)) == ordered(found)


def test_boxes_dev_through_the_store_and_back_loses_nothing(photos, tmp_path):
    path = SHARED / "boxes-dev" / "instances.json"
    if not path.exists():
        pytest.skip("the folder shared/boxes-dev is not beside this checkout")
    photos.add(path, progress=False)
    assert ordered(exported(photos, tmp_path)) == ordered(json.loads(path.read_text()))


def test_what_coco_says_is_a_persons_label_in_the_store(photos, tmp_path):
    photos.add(written(tmp_path, coco(tmp_path)))
    first, second = toolkit_formats.labeled(photos)
    dog = Box(18.69 / 100, 1.08 / 200, (18.69 + 28.84) / 100, (1.08 + 61.59) / 200)
    assert first.regions == ((dog, "dog"), (dog, "traffic light"), (Box(0, 0, 1, 1), "dog"))
    assert second.regions == ()


def test_a_label_taken_back_in_the_store_is_not_written(photos, tmp_path):
    photos.add(written(tmp_path, coco(tmp_path)))
    box = Box(0, 0, 1, 1)
    photos.annotate(next(iter(photos)), concept="dog", value=0, box=box)
    assert {one["id"] for one in exported(photos, tmp_path)["annotations"]} == {1, 5, 6, 7}


def test_a_label_made_in_the_store_is_written_with_an_id_and_a_category_of_its_own(photos, tmp_path):
    photos.add(written(tmp_path, coco(tmp_path)))
    photos.annotate(list(photos)[1], concept="hut", box=Box(0.5, 0.25, 1, 0.75))
    found = exported(photos, tmp_path)
    assert found["categories"][-1] == {"id": 10, "name": "hut"}
    assert found["annotations"][-1] == {
        "id": 100, "image_id": 12, "category_id": 10, "bbox": [50, 50, 100, 50], "area": 5000, "iscrowd": 0,
    }  # fmt: skip


def test_two_coco_files_with_the_same_ids_come_out_as_one_without_clashes(photos, tmp_path):
    one = {
        "categories": [{"id": 1, "name": "dog"}],
        "images": [{"id": 1, "file_name": "a.png", "width": 200, "height": 100}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 10, 10]}],
    }
    for folder, name, color in (("x", "dog", "red"), ("y", "cat", "blue")):
        picture(tmp_path / folder / "a.png", color=color)
        photos.add(written(tmp_path / folder, {**one, "categories": [{"id": 1, "name": name}]}))
    found = exported(photos, tmp_path)
    assert found["categories"] == [{"id": 1, "name": "dog"}, {"id": 2, "name": "cat"}]
    assert [image["id"] for image in found["images"]] == [1, 2]
    assert [(a["id"], a["image_id"], a["category_id"]) for a in found["annotations"]] == [
        (1, 1, 1),
        (2, 2, 2),
    ]


def test_when_the_first_input_is_deleted_the_others_still_have_their_categories(photos, tmp_path):
    found = coco(tmp_path)
    found["annotations"] = [{"id": 1, "image_id": 12, "category_id": 7, "bbox": [0, 0, 10, 10]}]
    photos.add(written(tmp_path, found))
    photos.delete(next(iter(photos)))
    out = exported(photos, tmp_path)
    assert out["categories"] == [found["categories"][0]]
    assert out["annotations"] == found["annotations"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"images": [{"id": 1, "file_name": "../../secret.png", "width": 9, "height": 9}]}, "is not inside"),
        ({"images": [{"id": 1, "file_name": "/etc/passwd", "width": 9, "height": 9}]}, "is not inside"),
        ({"images": [{"id": 1, "file_name": "a\0b", "width": 9, "height": 9}]}, "is not a file name"),
        ({"images": [{"id": 1}]}, "has no file_name"),
        ({"annotations": [{"image_id": 8, "category_id": 7}]}, "annotations of images that are not there: 8"),
        ({"annotations": [{"id": 3, "image_id": 12, "category_id": 8}]}, "annotation 3: category 8 is not there"),
        ({"annotations": [{"image_id": 12, "category_id": 7, "bbox": [1, 2]}]}, "4 numbers were expected, not 2"),
        ({"annotations": [{"image_id": 12, "category_id": 7, "bbox": "abcd"}]}, "'abcd' is no number"),
        ({"annotations": [{"image_id": 12, "category_id": 7, "bbox": [1, 2, None, 4]}]}, "None is no number"),
        ({"annotations": [{"image_id": 12, "category_id": 7, "bbox": [9, 9, -5, 5]}]}, "a box of negative size"),
        ({"annotations": [{"image_id": 12, "category_id": 7, "segmentation": [[1, 2, 3]]}]}, "shorter"),
        ({"annotations": [{"image_id": 12, "category_id": 7, "bbox": [1, 1, 1, 1], "score": 7}]}, "the value 7.0"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_a_failure_with_the_reason_and_the_rest_is_read(tmp_path, change, reason):
    found = {**coco(tmp_path), **({"annotations": []} if "images" in change else {}), **change}
    records, failures = read(COCO, written(tmp_path, found))
    assert reason in reasons(failures)
    assert all(record.labels == () for record in records)
    assert len(records) == (0 if "images" in change else 2)


@pytest.mark.parametrize(
    "change",
    [
        {"images": 3},
        {"images": [7]},
        {"images": [{"id": 1, "file_name": "a.png"}, {"id": 1, "file_name": "b.png"}]},
        {"categories": [{"id": 7, "name": "dog"}, {"id": "7", "name": "cat"}]},
    ],
)
def test_a_file_that_says_nothing_sure_is_refused_as_a_whole(tmp_path, change):
    with pytest.raises(InputError):
        list(COCO.records(written(tmp_path, {**coco(tmp_path), "annotations": [], **change})))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"images": ' + "[" * 100_000,
        "[1]",
        "\ud800".encode("utf-8", "surrogatepass"),
    ],
)
def test_a_file_that_is_not_coco_is_refused(tmp_path, text):
    (tmp_path / "x.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError):
        list(COCO.records(f"coco:{tmp_path / 'x.json'}"))


def test_pictures_are_found_where_they_are_said_to_be(tmp_path):
    found = coco(tmp_path / "data")
    path = written(tmp_path, found)
    (record, _) = COCO.records(Labels("coco", path, images=tmp_path / "data" / "images"))
    assert record.origin == str(tmp_path / "data" / "images" / "a.png")


@pytest.mark.parametrize(
    ("name", "accepting"),
    [
        ("instances.json", "coco"),
        ("samples.json", "fiftyone"),
        ("other.json", "unknown-labels"),
        ("labels.csv", "label-table"),
    ],
)
def test_a_path_is_recognized_by_exactly_one_importer(tmp_path, name, accepting):
    texts = {
        "instances.json": '{"images": [], "annotations": []}',
        "samples.json": '{"samples": []}',
        "other.json": '{"a": 1}',
    }
    (tmp_path / name).write_text(texts.get(name, "path,label"))
    names = [one.name for one in toolkit_formats.toolkit_importers() if one.accepts(tmp_path / name)]
    assert names == ([accepting] if accepting else [])


IMAGE = {"id": 1, "file_name": "a.png", "width": 80, "height": 60}
LABEL = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [8, 6, 40, 30]}
CATS = [{"id": 1, "name": "cat"}]
CAT = {"a.png": [("cat", BOX)]}


def one(folder: Path, *, encoding: str = "utf-8", first: dict | None = None, **change: object) -> Path:
    noise(folder / "a.png")
    found = {**(first or {}), "images": [IMAGE], "annotations": [LABEL], "categories": CATS, **change}
    return as_json(folder / "l.json", found, encoding)


@pytest.mark.parametrize(
    "how",
    [
        {"encoding": "utf-8-sig"},
        {"encoding": "utf-16"},
        {"first": {"type": "instances"}},
        {"first": {"version": "1.0", "info": {"a": [1]}}},
        {"annotations": [{**LABEL, "image_id": "1"}]},
        {"annotations": [{**LABEL, "category_id": 1.0}]},
        {"images": [{"id": 1, "file_name": "a.png"}]},
        {"images": [{**IMAGE, "width": 0, "height": 0}]},
        {"images": [{**IMAGE, "file_name": "somewhere/else/a.png"}]},
        {"images": [{**IMAGE, "file_name": "C:\\data\\a.png"}]},
        {"annotations": [{**LABEL, "bbox": None, "segmentation": [[8, 6, 48, 6, 48, 36, 8, 36]]}]},
    ],
)
def test_files_of_many_tools_give_the_same_box(photos, tmp_path, how):
    named = f"coco:{one(tmp_path, **how)}" if how.get("encoding") == "utf-16" else one(tmp_path, **how)
    photos.add(named)
    assert labels(photos) == CAT


def test_run_lengths_give_the_box_that_pycocotools_gives(tmp_path):
    mask = pytest.importorskip("pycocotools.mask")
    random = np.random.default_rng(1)
    for _ in range(30):
        drawn = np.zeros((60, 80), np.uint8, order="F")
        top, left = random.integers(0, 55), random.integers(0, 75)
        drawn[top : top + random.integers(1, 30), left : left + random.integers(1, 30)] = random.random() < 2
        packed = mask.encode(drawn)
        left, top, wide, high = mask.toBbox(packed)
        annotation = {
            **LABEL,
            "bbox": None,
            "segmentation": {"size": [60, 80], "counts": packed["counts"].decode()},
        }
        (record,), _ = read(COCO, one(tmp_path, annotations=[annotation]))
        assert record.labels[0].corners == (left, top, left + wide, top + high)


def test_an_annotation_without_a_box_is_of_the_whole_picture_and_a_score_is_a_models(photos, tmp_path):
    annotations = [{**LABEL, "bbox": []}, {**LABEL, "id": 2, "score": 0.9}]
    photos.add(one(tmp_path, annotations=annotations))
    assert labels(photos) == {"a.png": [("cat", None)]}
    assert labels(photos, "model:l") == CAT


def test_key_points_without_a_box_are_counted_as_left_out_and_go_out_as_they_came(photos, tmp_path):
    found = coco(tmp_path)
    points = {"keypoints": [10, 20, 2], "num_keypoints": 1}
    found["annotations"] = [
        {"id": 1, "image_id": 40, "category_id": 7, **points},
        {"id": 2, "image_id": 40, "category_id": 7, "segmentation": [], **points},
        {"id": 3, "image_id": 40, "category_id": 2, "bbox": [10, 10, 20, 20], **points},
    ]
    report = photos.add(written(tmp_path, found), progress=False)
    assert report.failed == ()
    assert report.labels.to_dict()["dropped"] == {"key points, which have no box": 2}
    assert "2 left out" in str(report) or "key points, which have no box" in str(report)
    said = [
        (one.box is None, dict(one.concepts))
        for one in photos.annotations.values()
        if one.source[:5] == "human"
    ]
    assert len(said) == 1
    assert said[0][0] is False
    assert [one["id"] for one in exported(photos, tmp_path)["annotations"]] == [1, 2, 3]


def test_a_folder_is_read_with_its_parts_and_its_other_pictures(photos, tmp_path):
    for seed, part in enumerate(("train", "valid")):
        noise(tmp_path / part / "a.png", seed=seed)
        as_json(tmp_path / part / "_annotations.coco.json",
                {"images": [IMAGE], "annotations": [LABEL], "categories": CATS})  # fmt: skip
    noise(tmp_path / "more.png", seed=7)
    report = photos.add(tmp_path)
    assert (report.added, report.labels.written) == (3, 2)
    assert sorted(photos[id].datasets for id in photos) == [(), ("train",), ("valid",)]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_box_of_a_turned_photo_lies_on_the_thing_and_goes_out_as_it_came(photos, tmp_path, orientation):
    pixels = np.zeros((60, 80, 3), np.uint8)
    pixels[:15, :20] = (255, 0, 0)
    exif = Image.Exif()
    exif[0x112] = orientation
    Image.fromarray(pixels).save(tmp_path / "a.jpg", exif=exif, quality=95)
    found = {
        "images": [{**IMAGE, "file_name": "a.jpg"}],
        "annotations": [{**LABEL, "bbox": [0, 0, 20, 15]}],
        "categories": CATS,
    }
    path = as_json(tmp_path / "l.json", found)
    # Orientations 2 to 4 keep the size, which says nothing then.
    photos.add(Labels("coco", path, orientation="stored") if orientation < 5 else path)
    (annotation,) = photos.annotations.of(list(photos))
    upright = np.asarray(photos.image(next(iter(photos))))
    high, wide = upright.shape[:2]
    left, upper, right, lower = annotation.box.pixels(width=wide, height=high)
    assert (upright[upper:lower, left:right, 0] > 200).mean() > 0.9
    if orientation >= 5:
        assert ordered(exported(photos, tmp_path)) == ordered(found)


def test_labels_of_pictures_that_are_there_already_go_out_as_they_came(photos, tmp_path):
    found = coco(tmp_path)
    photos.add(sorted((tmp_path / "images").iterdir()))
    report = photos.add(written(tmp_path, found))
    assert (report.added, report.updated, report.skipped) == (0, 1, 1)
    assert ordered(exported(photos, tmp_path)) == ordered(found)


def test_what_a_model_says_has_a_score_and_comes_back_as_the_models(photos, tmp_path):
    photos.add(one(tmp_path, annotations=[LABEL, {**LABEL, "id": 2, "score": 0.75}]))
    assert [a.get("score") for a in exported(photos, tmp_path)["annotations"]] == [None]
    found = exported(photos, tmp_path, source="model")
    assert [a["score"] for a in found["annotations"]] == [0.75]
    assert len(exported(photos, tmp_path, source=None)["annotations"]) == 2


def test_a_category_is_the_concept_of_its_very_word_whatever_else_is_called_so(photos, tmp_path):
    photos.concepts.add("n02121620", names={"en": ["cat"]})
    photos.add(one(tmp_path))
    assert labels(photos) == {"a.png": [("cat", BOX)]}
    found = exported(photos, tmp_path)
    assert (found["annotations"], found["categories"]) == ([LABEL], CATS)


def test_pycocotools_reads_what_is_written(photos, tmp_path):
    coco_api = pytest.importorskip("pycocotools.coco")
    photos.add(sorted(noise(tmp_path / f"{n}/a.png", seed=n) for n in range(3)))
    for id in photos:
        photos.annotate(id, concept="cat", box=Box(0.1, 0.1, 0.6, 0.6))
    toolkit_formats.write_coco(photos, tmp_path / "out.json")
    api = coco_api.COCO(str(tmp_path / "out.json"))
    assert sorted(image["file_name"] for image in api.loadImgs(api.getImgIds())) == [
        "0/a.png",
        "1/a.png",
        "2/a.png",
    ]
    assert [a["bbox"] for a in api.loadAnns(api.getAnnIds(catIds=api.getCatIds(["cat"])))] == [
        [8, 6, 40, 30]
    ] * 3
