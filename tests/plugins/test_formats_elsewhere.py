"""Exports read pictures wherever they lie now, and say which picture their boxes are on."""

from __future__ import annotations

import json
import shutil
from io import BytesIO
from pathlib import Path

import pytest
import toolkit_formats
from format_files import as_json, labels, picture, text
from PIL import Image
from test_formats_writing import BACK, again
from toolkit_formats import Labels

from toolkit.values.types import Box

DOG = Box(0.1, 0.25, 0.5, 0.75)


@pytest.fixture
def moved(photos, tmp_path):
    """A labeled picture that was in two folders, of which the one that it was read from is gone."""
    first = picture(tmp_path / "first/a.png")
    (tmp_path / "second").mkdir()
    shutil.copy(first, tmp_path / "second/b.png")
    photos.add([first, tmp_path / "second/b.png"])
    photos.annotate(list(photos), concept="dog", box=DOG)
    photos.annotate(list(photos), concept="cat")
    first.unlink()
    return photos


@pytest.mark.parametrize("format", BACK)
def test_a_picture_is_named_where_it_is_now(moved, tmp_path, format):
    write, name = BACK[format]
    exported = write(moved, tmp_path / name)
    found = again(Labels(format, tmp_path / name, images=exported.images or None))
    assert ("second/b.png", "human:me", "dog", 1.0, tuple(DOG)) in found


def test_copies_are_made_from_wherever_the_picture_is(moved, tmp_path):
    toolkit_formats.write_yolo(moved, tmp_path / "yolo", copy_images=True)
    toolkit_formats.write_class_folders(moved, tmp_path / "classes")
    assert [path.name for path in tmp_path.rglob("*.png")] == ["b.png"] * 3


def test_pictures_that_came_as_bytes_are_copied_too_and_missing_ones_are_counted(photos, tmp_path):
    encoded = BytesIO()
    Image.new("RGB", (80, 60), "red").save(encoded, "PNG")
    photos.add(encoded.getvalue())
    photos.add(picture(tmp_path / "gone.png"))
    photos.annotate(list(photos), concept="dog", box=DOG)
    photos.annotate(list(photos), concept="cat")
    (tmp_path / "gone.png").unlink()
    yolo = toolkit_formats.write_yolo(photos, tmp_path / "yolo", copy_images=True)
    classes = toolkit_formats.write_class_folders(photos, tmp_path / "classes")
    assert len(list((tmp_path / "yolo/images").iterdir())) == 1
    assert "1 pictures that are missing" in str(yolo)
    assert (classes.inputs, classes.labels) == (1, 1)
    assert "1 inputs without a label of the whole picture, or missing" in str(classes)


def test_a_file_whose_name_is_no_text_is_exported_by_its_end(photos, tmp_path):
    path = tmp_path / "in" / "f\udcff.png"
    try:
        picture(path)
    except OSError:
        pytest.skip("this disk has names that are text only")
    photos.add(tmp_path / "in")
    photos.annotate(list(photos), concept="dog", box=DOG)
    for write, name in BACK.values():
        assert write(photos, tmp_path / name).labels == 1


def turned(path: Path, orientation: int, size=(80, 60)) -> Path:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return picture(path.with_suffix(".jpg"), size=size, exif=exif)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("frame", ["stored", "upright"])
@pytest.mark.parametrize("size", [(80, 60), (64, 64)])
def test_a_stated_frame_goes_out_and_comes_back_with_all_that_coco_has(
    photos, tmp_path, orientation, frame, size
):
    path = turned(tmp_path / "in/a", orientation, size)
    wide, high = size if frame == "stored" or orientation < 5 else size[::-1]
    found = {
        "images": [{"id": 7, "file_name": "a.jpg", "width": wide, "height": high}],
        "categories": [{"id": 3, "name": "dog"}],
        "annotations": [
            {"id": 9, "image_id": 7, "category_id": 3, "bbox": [4, 8, 20, 10], "area": 150.5, "iscrowd": 0,
             "segmentation": [[4, 8, 24, 8, 24, 18]]},
        ],
    }  # fmt: skip
    as_json(tmp_path / "in/boxes.json", found)
    photos.add(Labels("coco", tmp_path / "in/boxes.json", orientation=frame))
    before = labels(photos)
    toolkit_formats.write_coco(photos, tmp_path / "out.json")
    written = json.loads((tmp_path / "out.json").read_text())
    assert written["annotations"] == found["annotations"]
    assert written["images"] == [{**found["images"][0], "orientation": frame}]
    for id in list(photos):
        photos.delete(id)
    photos.add(Labels("coco", tmp_path / "out.json", images=path.parent))
    assert labels(photos) == before


@pytest.mark.parametrize("orientation", [3, 6])
@pytest.mark.parametrize("format", ["coco", "voc"])
def test_what_is_written_anew_says_that_boxes_are_on_the_upright_picture(
    photos, tmp_path, orientation, format
):
    path = turned(tmp_path / "in/a", orientation, (64, 64))
    photos.add(path)
    box = Box(0.125, 0.25, 0.5, 0.75)
    photos.annotate(list(photos), concept="dog", box=box)
    write, name = BACK[format]
    exported = write(photos, tmp_path / name)
    found = again(Labels(format, tmp_path / name, images=exported.images))
    assert [one[4] for one in found] == [tuple(box)]
    whole = (
        (tmp_path / name).read_text()
        if format == "coco"
        else (tmp_path / name / "Annotations/a.xml").read_text()
    )
    assert "upright" in whole


VOC_OBJECT = (
    "<object><name>dog</name><pose>Left</pose><truncated>1</truncated><occluded>0</occluded><difficult>1</difficult>"
    "<bndbox><xmin>21</xmin><ymin>7</ymin><xmax>60</xmax><ymax>30</ymax></bndbox></object>"
)


@pytest.mark.parametrize("orientation", [1, 6])
def test_what_voc_says_of_an_object_comes_back_where_the_box_is_still_there(photos, tmp_path, orientation):
    turned(tmp_path / "in/a", orientation)
    plain = VOC_OBJECT.replace("Left", "Unspecified").replace(">1<", ">0<").replace("dog", "cat")
    plain = plain.replace("<occluded>0</occluded>", "")
    size = "<size><width>80</width><height>60</height></size>"
    text(
        tmp_path / "in/a.xml", f"<annotation><filename>a.jpg</filename>{size}{VOC_OBJECT}{plain}</annotation>"
    )
    photos.add(tmp_path / "in/a.xml")
    photos.annotate(list(photos), concept="cow", box=DOG)
    exported = toolkit_formats.write_voc(photos, tmp_path / "out")
    written = (tmp_path / "out/Annotations/a.xml").read_text()
    facts = "<pose>Left</pose><truncated>1</truncated><difficult>1</difficult><occluded>0</occluded>"
    assert f"<name>dog</name>{facts}<bndbox>" in written
    assert (
        "<name>cow</name><pose>Unspecified</pose><truncated>0</truncated><difficult>0</difficult>" in written
    )
    assert exported.labels == 3
    first = photos[next(iter(photos))]
    for id in list(photos):
        photos.delete(id)
    photos.add(Labels("voc", tmp_path / "out", images=tmp_path / "in"))
    again_read = photos[next(iter(photos))].metadata["voc"]["objects"]
    assert [one["facts"]["difficult"] for one in again_read] == ["1"]
    assert len(first.metadata["voc"]["objects"]) == 1


@pytest.mark.parametrize("kept", [3, {"objects": 3}, {"objects": [3]}, {"objects": [{}], "image": {}}, {"objects": [{
    "name": "dog", "bndbox": {"xmin": "21", "ymin": "7", "xmax": "60", "ymax": "30"}, "facts": {"a b>": "<x"}}],
    "image": {}}])  # fmt: skip
def test_metadata_that_somebody_changed_breaks_no_file(photos, tmp_path, kept):
    photos.add(picture(tmp_path / "in/a.png"))
    (id,) = photos
    photos.annotate(id, concept="dog", box=DOG)
    photos.inputs.update(id, metadata={"voc": kept})
    exported = toolkit_formats.write_voc(photos, tmp_path / "out")
    assert [one[2] for one in again(Labels("voc", tmp_path / "out", images=exported.images))] == ["dog"]


def coco_of(*names):
    return {
        "images": [{"id": id, "file_name": name, "width": 80, "height": 60} for id, name in enumerate(names)],
        "categories": [{"id": 1, "name": "dog"}],
        "annotations": [{"id": id, "image_id": id, "category_id": 1, "bbox": [8, 6, 40, 30], "area": 1200,
                         "iscrowd": 0} for id in range(len(names))],
    }  # fmt: skip


def test_coco_that_is_written_to_another_folder_says_where_its_pictures_are(photos, tmp_path):
    for seed, name in enumerate(("a.png", "sub/b.png")):
        picture(tmp_path / "set/images" / name, seed=seed)
    path = as_json(tmp_path / "set/annotations/instances.json", coco_of("a.png", "sub/b.png"))
    photos.add(path)
    (tmp_path / "elsewhere").mkdir()
    exported = toolkit_formats.write_coco(photos, tmp_path / "elsewhere/out.json")
    assert json.loads((tmp_path / "elsewhere/out.json").read_text()) == coco_of("a.png", "sub/b.png")
    assert exported.images == str(tmp_path / "set/images")
    found = again(Labels("coco", tmp_path / "elsewhere/out.json", images=exported.images))
    assert [one[0] for one in found] == ["images/a.png", "sub/b.png"]


def test_two_files_whose_pictures_are_called_alike_in_folders_of_their_own_are_one_file_that_is_read(
    photos, tmp_path
):
    for seed, part in enumerate(("train", "val")):
        picture(tmp_path / part / f"{part}.png", seed=seed)
        photos.add(as_json(tmp_path / part / "instances.json", coco_of(f"{part}.png")))
    exported = toolkit_formats.write_coco(photos, tmp_path / "out.json")
    written = json.loads((tmp_path / "out.json").read_text())
    assert [one["file_name"] for one in written["images"]] == ["train/train.png", "val/val.png"]
    assert len({one["id"] for one in written["images"]}) == 2
    found = again(Labels("coco", tmp_path / "out.json", images=exported.images))
    assert [one[0] for one in found] == ["train/train.png", "val/val.png"]
