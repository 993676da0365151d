"""Labels come in from every format and go out again; a stranger's file cannot reach beyond its folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import toolkit_formats
from click.testing import CliRunner
from PIL import Image
from toolkit_formats import Labels
from toolkit_formats.boxes import from_corners, from_span, to_span
from toolkit_formats.class_folders import CLASS_FOLDERS
from toolkit_formats.coco import COCO
from toolkit_formats.export_command import command
from toolkit_formats.fiftyone import FIFTYONE
from toolkit_formats.tables import TABLE
from toolkit_formats.voc import VOC
from toolkit_formats.yolo import YOLO

import toolkit
from toolkit.errors import InputError
from toolkit.plugins.registry import Registry
from toolkit.testing import ImporterContract
from toolkit.values.settings import Workflow
from toolkit.values.types import Box, Detection

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


@pytest.fixture
def photos():
    registry = Registry()
    registry.add(toolkit_formats)
    with toolkit.open(workflow=Workflow(), registry=registry) as opened:
        yield opened


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


class TestYolo(ImporterContract):
    importer = YOLO

    def origin(self, tmp_path: Path) -> object:
        picture(tmp_path / "images" / "a.png")
        (tmp_path / "labels").mkdir(exist_ok=True)
        (tmp_path / "classes.txt").write_text("dog\n")
        return tmp_path


class TestVoc(ImporterContract):
    importer = VOC

    def origin(self, tmp_path: Path) -> object:
        picture(tmp_path / "JPEGImages" / "a.png")
        (tmp_path / "Annotations").mkdir(exist_ok=True)
        (tmp_path / "Annotations" / "a.xml").write_text(VOC_FILE)
        return tmp_path


class TestClassFolders(ImporterContract):
    importer = CLASS_FOLDERS

    def origin(self, tmp_path: Path) -> object:
        picture(tmp_path / "dog" / "a.png")
        return f"class-folders:{tmp_path}"


class TestTable(ImporterContract):
    importer = TABLE

    def origin(self, tmp_path: Path) -> object:
        (tmp_path / "labels.csv").write_text("path,label\na.png,dog\n")
        return tmp_path / "labels.csv"


class TestFiftyOne(ImporterContract):
    importer = FIFTYONE

    def origin(self, tmp_path: Path) -> object:
        (tmp_path / "samples.json").write_text('{"samples": [{"filepath": "a.png"}]}')
        return tmp_path


VOC_FILE = """<annotation><filename>a.png</filename><size><width>200</width><height>100</height></size>
<object><name>dog</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>100</xmax><ymax>50</ymax></bndbox></object>
</annotation>"""


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
        ({"images": [{"id": 1}]}, "KeyError: 'file_name'"),
        ({"images": 3}, "not coco as it should be"),
        ({"annotations": [{"image_id": 8, "category_id": 7}]}, "images that are not there"),
        ({"annotations": [{"image_id": 12, "category_id": 8}]}, "categories that are not there"),
        ({"annotations": [{"image_id": 12, "category_id": 7, "bbox": [1, 2]}]}, "not enough values"),
        ({"annotations": [{"image_id": 12, "category_id": 7, "bbox": "abcd"}]}, "could not convert"),
    ],
)  # fmt: skip
def test_a_bad_coco_file_is_refused_with_the_reason(tmp_path, change, reason):
    found = {**coco(tmp_path), **({"annotations": []} if "images" in change else {}), **change}
    with pytest.raises(InputError, match=reason):
        list(COCO.records(written(tmp_path, found)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"images": ' + "[" * 100_000,
        "[1]",
        '{"images": []}',
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
        ("other.json", None),
        ("labels.csv", "label-table"),
    ],
)
def test_a_path_is_recognized_by_exactly_one_importer(tmp_path, name, accepting):
    texts = {"instances.json": '{"images": []}', "samples.json": '{"samples": []}', "other.json": '{"a": 1}'}
    (tmp_path / name).write_text(texts.get(name, "path,label"))
    names = [one.name for one in toolkit_formats.toolkit_importers() if one.accepts(tmp_path / name)]
    assert names == ([accepting] if accepting else [])


def test_yolo_lines_are_boxes_and_polygons(tmp_path):
    picture(tmp_path / "images" / "deep" / "a.png")
    (tmp_path / "labels" / "deep").mkdir(parents=True)
    (tmp_path / "classes.txt").write_text("dog\ntraffic light\n")
    lines = "1 0.5 0.5 0.5 0.5\n\n0 0.1 0.1 0.4 0.2 0.3 0.6\n0 0.5 0.5 0 0.1\n"
    (tmp_path / "labels" / "deep" / "a.txt").write_text(lines)
    (record,) = YOLO.records(tmp_path)
    assert record.regions == (
        Detection(Box(0.25, 0.25, 0.75, 0.75), {"traffic light": 1.0}),
        Detection(Box(0.1, 0.1, 0.6, 0.4), {"dog": 1.0}),
    )


@pytest.mark.parametrize(
    "line", ["dog 1 1 1 1", "0 1 1", "5 0.5 0.5 0.1 0.1", "-1 0.5 0.5 0.1 0.1", "0 a b c d"]
)
def test_a_bad_yolo_line_is_refused_with_its_number(tmp_path, line):
    picture(tmp_path / "images" / "a.png")
    (tmp_path / "labels").mkdir()
    (tmp_path / "classes.txt").write_text("dog\n")
    (tmp_path / "labels" / "a.txt").write_text("0 0.5 0.5 0.1 0.1\n" + line)
    with pytest.raises(InputError, match="line 2 is not"):
        list(YOLO.records(tmp_path))


def test_yolo_without_classes_is_refused(tmp_path):
    picture(tmp_path / "images" / "a.png")
    with pytest.raises(InputError, match="no list of classes"):
        list(YOLO.records(f"yolo:{tmp_path}"))


def test_yolo_classes_come_from_yaml_too(tmp_path):
    pytest.importorskip("yaml")
    picture(tmp_path / "images" / "a.png")
    (tmp_path / "labels").mkdir()
    (tmp_path / "data.yaml").write_text("names:\n  0: dog\n  1: cat\n")
    (tmp_path / "labels" / "a.txt").write_text("1 0.5 0.5 1 1")
    (record,) = YOLO.records(tmp_path)
    assert record.regions == (Detection(Box(0, 0, 1, 1), {"cat": 1.0}),)


def test_voc_corners_count_from_one(tmp_path):
    (record,) = VOC.records(TestVoc().origin(tmp_path))
    assert record.regions == (Detection(Box(0, 0, 0.5, 0.5), {"dog": 1.0}),)
    assert record.origin == str(tmp_path / "JPEGImages" / "a.png")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]>' + VOC_FILE, "document type"),
        (VOC_FILE.replace("a.png", "../../../../etc/passwd"), "is not inside"),
        (VOC_FILE.replace("<xmin>1</xmin>", "<xmin>one</xmin>"), "a number is not one"),
        (VOC_FILE.replace("<name>dog</name>", ""), "no name"),
        ("<annotation>", "not XML"),
    ],
)
def test_a_bad_voc_file_is_refused_with_the_reason(tmp_path, text, reason):
    folder = TestVoc().origin(tmp_path)
    (tmp_path / "Annotations" / "a.xml").write_text(text)
    with pytest.raises(InputError, match=reason):
        list(VOC.records(folder))


def test_a_folder_is_the_class_of_all_below_it(tmp_path):
    picture(tmp_path / "dog" / "old" / "a.png")
    picture(tmp_path / "cat" / "b.png")
    records = list(CLASS_FOLDERS.records(Labels("class-folders", tmp_path)))
    assert [(Path(one.origin).name, one.concepts) for one in records] == [
        ("b.png", {"cat": 1.0}),
        ("a.png", {"dog": 1.0}),
    ]
    picture(tmp_path / "stray.png")
    with pytest.raises(InputError, match="lies in no class"):
        list(CLASS_FOLDERS.records(Labels("class-folders", tmp_path)))


def test_rows_of_one_picture_become_one_record(tmp_path):
    (tmp_path / "t.csv").write_text(
        "path,label,xmin,ymin,xmax,ymax,width,height,lat,lon,split,camera\n"
        "a.png,dog,20,10,100,50,200,100,46.5,7.5,train,Leica\n"
        "b.png,cat,,,,,,,,,,\n"
        "a.png,cat,0,0,200,100,200,100,,,,\n"
    )
    first, second = TABLE.records(tmp_path / "t.csv")
    assert first.origin == str(tmp_path / "a.png")
    assert first.regions == (
        Detection(Box(0.1, 0.1, 0.5, 0.5), {"dog": 1.0}), Detection(Box(0, 0, 1, 1), {"cat": 1.0}),
    )  # fmt: skip
    assert (first.datasets, first.metadata, first.geo.latitude) == (("train",), {"camera": "Leica"}, 46.5)
    assert (second.concepts, second.regions) == ({"cat": 1.0}, ())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("label\ndog", "row 1: no picture"),
        ("path,label,value\na.png,dog,many", "row 1: could not convert"),
        ("path,xmin,ymin,xmax,ymax\na.png,1,2,30,40", "need the columns width and height"),
        ("path,top_row,left_col,bottom_row,right_col\na.png,0,0,2,1", "is not inside the image"),
        ("path\na.png\n../x.png", "row 2: .* is not inside"),
        ("path,caption\na.png," + "x" * 200_000, "not a table that can be read"),
    ],
)
def test_a_bad_row_is_refused_with_its_number(tmp_path, text, reason):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(InputError, match=reason):
        list(TABLE.records(tmp_path / "t.csv"))


def test_a_cell_may_hold_what_ends_a_line_elsewhere(tmp_path):
    (tmp_path / "t.csv").write_text('path,caption\na.png,"one\ntwo"\n')
    (tmp_path / "t.jsonl").write_text('{"path": "a.png", "caption": "one\u2028two"}\n\n', encoding="utf-8")
    assert [
        record.metadata["caption"]
        for name in ("t.csv", "t.jsonl")
        for record in TABLE.records(tmp_path / name)
    ] == ["one\ntwo", "one\u2028two"]


def test_the_labels_of_photos_dev_are_read_as_they_are(photos):
    path = SHARED / "photos-dev" / "labels.csv"
    if not path.exists():
        pytest.skip("the folder shared/photos-dev is not beside this checkout")
    records = list(TABLE.records(path))
    assert len(records) == 1409
    assert all(len(one.concepts) == 1 and Path(one.origin).is_file() for one in records)


def labeled_photos(photos, tmp_path):
    """Two labeled pictures of one name in two folders, and one without a label."""
    for name, color in (("x/a.png", "red"), ("y/a.png", "green"), ("z.png", "blue")):
        photos.add(picture(tmp_path / "in" / name, color=color))
    first, second, _ = photos
    photos.annotate(first, concepts={"dog": 1, "../up": 1, "cat": 0})
    photos.annotate(second, concept="dog", box=Box(0.1, 0.25, 0.5, 0.75))
    return photos


EXPECTED = [((("dog", "../up")), ()), ((), ((Box(0.1, 0.25, 0.5, 0.75), "dog"),)), ((), ())]


def said(photos):
    return [(one.concepts, one.regions) for one in toolkit_formats.labeled(photos)]


def again(source):
    """What a new collection says that read a source."""
    registry = Registry()
    registry.add(toolkit_formats)
    with toolkit.open(workflow=Workflow(), registry=registry) as other:
        report = other.add(source)
        assert not report.failed, report
        return said(other)


@pytest.fixture
def three(tmp_path):
    import toolkit_files

    registry = Registry()
    registry.add(toolkit_files)
    registry.add(toolkit_formats)
    with toolkit.open(workflow=Workflow(), registry=registry) as opened:
        yield labeled_photos(opened, tmp_path)


def test_only_what_is_said_yes_to_is_a_label(three):
    assert said(three) == EXPECTED


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_table_comes_back_as_it_was(three, tmp_path, suffix):
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
    toolkit_formats.write_table(three, tmp_path / f"out{suffix}")
    assert again(tmp_path / f"out{suffix}") == EXPECTED


def test_a_frame_comes_back_as_it_was(three):
    pytest.importorskip("pandas")
    assert again(toolkit_formats.to_frame(three)) == EXPECTED


def test_fiftyone_samples_come_back_as_they_were(three, tmp_path):
    toolkit_formats.write_fiftyone(three, tmp_path / "samples.json")
    back = again(tmp_path / "samples.json")
    assert [one[0] for one in back] == [one[0] for one in EXPECTED]
    ((box, concept),) = back[1][1]
    assert concept == "dog"
    assert tuple(box) == pytest.approx((0.1, 0.25, 0.5, 0.75), abs=1e-12)


def test_predictions_of_fiftyone_are_no_labels(tmp_path):
    sure = {"_cls": "Detection", "label": "dog", "bounding_box": [0, 0, 0.5, 0.5]}
    sample = {
        "filepath": "a.png", "tags": ["val"], "rating": 3,
        "ground_truth": {"_cls": "Detections", "detections": [sure]},
        "guess": {"_cls": "Detections", "detections": [{**sure, "confidence": 0.9}]},
        "kind": {"_cls": "Classification", "label": "photo"},
    }  # fmt: skip
    (tmp_path / "samples.json").write_text(json.dumps({"samples": [sample]}))
    (record,) = FIFTYONE.records(tmp_path)
    assert record.regions == (Detection(Box(0, 0, 0.5, 0.5), {"dog": 1.0}),)
    assert (record.concepts, record.datasets, record.metadata) == ({"photo": 1.0}, ("val",), {"rating": 3})


def test_yolo_and_voc_boxes_come_back_where_they_were(three, tmp_path):
    for write, name in ((toolkit_formats.write_yolo, "yolo"), (toolkit_formats.write_voc, "voc")):
        write(three, tmp_path / name)
    lines = sorted((tmp_path / "yolo" / "labels").iterdir())
    assert [path.read_text() for path in lines if path.stat().st_size] == [
        "0 0.50000000 0.30000000 0.50000000 0.40000000\n"
    ]
    (tree,) = [
        path.read_text()
        for path in (tmp_path / "voc" / "Annotations").iterdir()
        if "object" in path.read_text()
    ]
    assert "<xmin>51</xmin><ymin>11</ymin><xmax>150</xmax><ymax>50</ymax>" in tree
    assert len(lines) == 3, "pictures of one name have a file each"


def test_class_folders_are_copies_and_stay_inside(three, tmp_path):
    toolkit_formats.write_class_folders(three, tmp_path / "out")
    found = sorted(path.relative_to(tmp_path / "out").parts[0] for path in (tmp_path / "out").rglob("*.png"))
    assert found == ["_up", "dog"]


def test_other_sources_can_be_asked_for(three):
    assert [one.concepts for one in toolkit_formats.labeled(three, source="human:ann")] == [(), (), ()]


def test_a_folder_that_is_there_is_not_written_into(three, tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(InputError, match="it is there already"):
        toolkit_formats.write_yolo(three, tmp_path / "out")


def test_a_file_that_cannot_be_written_leaves_what_was_there(three, tmp_path, monkeypatch):
    (tmp_path / "out.json").write_text("before")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(InputError, match="No space left on device"):
        toolkit_formats.write_coco(three, tmp_path / "out.json")
    assert (tmp_path / "out.json").read_text() == "before"
    assert not list(tmp_path.glob(".out*"))


def test_a_hugging_face_dataset_is_read_and_written(three, tmp_path):
    datasets = pytest.importorskip("datasets")
    features = datasets.Features({
        "picture": datasets.Image(),
        "kind": datasets.ClassLabel(names=["cat", "dog"]),
        "place": datasets.Value("string"),
        "objects": [{"bbox": [datasets.Value("float32")], "category": datasets.ClassLabel(names=["ear"])}],
    })  # fmt: skip
    row = {
        "picture": str(picture(tmp_path / "h.png")), "kind": 1, "place": "Bern",
        "objects": [{"bbox": [20, 10, 80, 40], "category": 0}],
    }  # fmt: skip
    made = datasets.Dataset.from_list([row], features=features)
    hub = toolkit_formats.HubImporter()
    assert hub.accepts(made) is True
    (record,) = hub.records(made)
    assert (record.concepts, record.metadata) == ({"dog": 1.0}, {"place": "Bern"})
    assert record.regions == (Detection(Box(0.1, 0.1, 0.5, 0.5), {"ear": 1.0}),)
    assert toolkit_formats.to_dataset(three)["concept"][:2] == ["dog", "../up"]


def test_the_command_writes_what_the_function_does(tmp_path):
    store = tmp_path / "p.db"
    registry = Registry()
    registry.add(toolkit_formats)
    with toolkit.open(store, workflow=Workflow(), registry=registry) as photos:
        photos.add(written(tmp_path, coco(tmp_path)))
    done = CliRunner().invoke(
        command, [str(store), "coco", str(tmp_path / "out.json")], catch_exceptions=False
    )
    assert done.output == f"{tmp_path / 'out.json'}: labels of 2 inputs\n"
    assert ordered(json.loads((tmp_path / "out.json").read_text())) == ordered(coco(tmp_path))


def test_spans_and_corners_are_the_same_boxes():
    box = from_span(10, 20, 30, 40, width=100, height=100)
    assert box == from_corners(10, 20, 40, 60, width=100, height=100) == Box(0.2, 0.1, 0.6, 0.4)
    assert to_span(box, width=100, height=100) == [10, 20, 30, 40]
    assert from_span(10, 20, -5, 5, width=100, height=100) is None
    assert from_span(float("nan"), 0, 5, 5, width=100, height=100) is None
    assert from_span(1, 1, 5, 5, width=0, height=100) is None
