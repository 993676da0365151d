"""Files of CVAT, labelme, Label Studio and VIA; and files that are none of these."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from format_files import BOX, as_json, labels, picture, read, reasons, text
from toolkit_formats import FORMATS
from toolkit_formats.cvat import CVAT
from toolkit_formats.label_studio import LABEL_STUDIO
from toolkit_formats.labelme import LABELME
from toolkit_formats.via import VIA

from toolkit.testing import ImporterContract

CAT = {"a.png": [("cat", BOX)]}
WHOLE = {"a.png": [("cat", None)]}
NONE = {"a.png": []}


def cvat(shape: str, *, more: str = "") -> str:
    image = f'<image id="0" name="a.png" subset="Train" width="80" height="60">{shape}</image>'
    return f'<?xml version="1.0" encoding="utf-8"?>\n<annotations><version>1.1</version>{image}{more}</annotations>'


class TestCvat(ImporterContract):
    importer = CVAT

    def origin(self, tmp_path: Path) -> object:
        return text(tmp_path / "annotations.xml", cvat('<tag label="cat"/>'))


@pytest.mark.parametrize(
    ("shape", "want"),
    [
        ('<box label="cat" xtl="8" ytl="6" xbr="48" ybr="36" occluded="0"/>', CAT),
        ('<box label="cat" xtl="18" ytl="1" xbr="38" ybr="41" rotation="90"/>', {"a.png": [("cat", (0.1, 0.183, 0.6, 0.517))]}),  # noqa: E501  (a file as it is)
        ('<polygon label="cat" points="8,6;48.0,6;48,36"/>', CAT),
        ('<polyline label="cat" points="8,6;48,36"/>', CAT),
        ('<ellipse label="cat" cx="28" cy="21" rx="20" ry="15"/>', CAT),
        ('<mask label="cat" rle="1,2" left="8" top="6" width="40" height="30"/>', CAT),
        ('<cuboid label="cat" xtl1="8" ytl1="6" xbr1="48" ybr1="36"/>', CAT),
        ('<tag label="cat" source="manual"></tag>', WHOLE),
        ('<points label="cat" points="8,6"/>', NONE),
        ('<box label="cat" source="auto" xtl="8" ytl="6" xbr="48" ybr="36"/>', NONE),
    ],
)  # fmt: skip
def test_cvats_shapes(photos, tmp_path, shape, want):
    picture(tmp_path / "images/a.png")
    report = photos.add(text(tmp_path / "annotations.xml", cvat(shape)))
    assert (labels(photos), report.failed) == (want, ())
    assert photos[next(iter(photos))].datasets == ("Train",)


def test_cvats_tracks_and_bad_shapes_are_said(photos, tmp_path):
    picture(tmp_path / "a.png")
    track = '<track label="cat"><box frame="0"/><box frame="1"/></track>'
    shapes = '<box label="cat" xtl="8"/><box xtl="8"/><box label="cat" xtl="8" ytl="6" xbr="48" ybr="36"/>'
    report = photos.add(text(tmp_path / "a.xml", cvat(shapes, more=track)))
    assert labels(photos) == CAT
    assert "tracks of a video" in reasons(report.failed)
    assert "and 1 more" in reasons(report.failed)


def labelme(**change: object) -> dict:
    shape = {
        "label": "cat",
        "points": [[8, 6], [48, 36]],
        "shape_type": "rectangle",
        "group_id": None,
        "flags": {},
    }
    head = {"version": "5.0", "flags": {}, "shapes": [{**shape, **change.pop("shape", {})}]}
    return {**head, "imagePath": "a.png", "imageData": None, "imageHeight": 60, "imageWidth": 80, **change}


class TestLabelme(ImporterContract):
    importer = LABELME

    def origin(self, tmp_path: Path) -> object:
        as_json(tmp_path / "a.json", labelme())
        return tmp_path


@pytest.mark.parametrize(
    ("change", "want"),
    [
        ({}, CAT),
        ({"imagePath": "..\\photos\\a.png"}, CAT),
        ({"imageHeight": None, "imageWidth": None}, CAT),
        ({"shape": {"points": [[48, 36], [8, 6]]}}, CAT),
        ({"shape": {"shape_type": "polygon", "points": [[8, 6], [48, 6], [48, 36]]}}, CAT),
        ({"shape": {"shape_type": "mask", "mask": "xxxx"}}, CAT),
        ({"shape": {"shape_type": "circle", "points": [[28, 21], [28, 36]]}}, {"a.png": [("cat", (0.163, 0.1, 0.537, 0.6))]}),  # noqa: E501  (a file as it is)
        ({"shape": {"shape_type": "point", "points": [[28, 21]]}}, NONE),
        ({"shape": {"score": 0.9}}, NONE),
        ({"shapes": [], "flags": {"cat": True, "dog": False}}, WHOLE),
    ],
)  # fmt: skip
def test_labelmes_shapes(photos, tmp_path, change, want):
    picture(tmp_path / "a.png")
    as_json(tmp_path / "a.json", labelme(**change))
    report = photos.add(tmp_path)
    assert (labels(photos), report.failed) == (want, ())


def test_a_picture_inside_labelmes_file_is_read_where_there_is_no_other(photos, tmp_path):
    encoded = base64.b64encode(picture(tmp_path / "x/b.png").read_bytes()).decode()
    photos.add(as_json(tmp_path / "y/z/a.json", labelme(imageData=encoded)))
    assert list(labels(photos).values()) == [[("cat", BOX)]]


def test_one_bad_file_of_labelme_is_said(photos, tmp_path):
    for seed, name in enumerate("abc"):
        picture(tmp_path / f"{name}.png", seed=seed)
        as_json(tmp_path / f"{name}.json", labelme(imagePath=f"{name}.png"))
    text(tmp_path / "b.json", '{"shapes": [3, {"label": "", "points": []}], "imagePath": "b.png"}')
    report = photos.add(tmp_path)
    assert [name for name, said in labels(photos).items() if said] == ["a.png", "c.png"]
    assert "shape 0" in reasons(report.failed)


def rectangle(**change: object) -> dict:
    value = {
        "x": 10,
        "y": 10,
        "width": 50,
        "height": 50,
        "rotation": 0,
        "rectanglelabels": ["cat"],
        **change.pop("value", {}),
    }
    return {
        "id": "r1",
        "type": "rectanglelabels",
        "original_width": 80,
        "original_height": 60,
        "value": value,
        **change,
    }


def task(*results: dict, image: str = "a.png", **more: object) -> dict:
    return {"id": 1, "data": {"image": image}, "annotations": [{"id": 2, "result": list(results)}], **more}


class TestLabelStudio(ImporterContract):
    importer = LABEL_STUDIO

    def origin(self, tmp_path: Path) -> object:
        return as_json(tmp_path / "export.json", [task(rectangle())])


@pytest.mark.parametrize(
    ("found", "want"),
    [
        ([task(rectangle())], CAT),
        (task(rectangle()), CAT),
        ([task(rectangle(), image="/data/upload/1/0123abcd-a.png")], CAT),
        ([task(rectangle(), image="/data/local-files/?d=photos/a.png")], CAT),
        ([task(rectangle(), image="s3://bucket/folder/a.png")], CAT),
        ([task(rectangle(value={"x": 60, "y": 10, "width": 37.5, "height": 66.6667, "rotation": 90}))], CAT),
        ([task({"id": "p", "type": "polygonlabels", "value": {"points": [[10, 10], [60, 10], [60, 60]], "polygonlabels": ["cat"]}})], CAT),  # noqa: E501  (a file as it is)
        ([task({"id": "e", "type": "ellipselabels", "value": {"x": 35, "y": 35, "radiusX": 25, "radiusY": 25, "ellipselabels": ["cat"]}})], CAT),  # noqa: E501  (a file as it is)
        ([task({"id": "r1", "type": "rectangle", "value": {"x": 10, "y": 10, "width": 50, "height": 50}},
               {"id": "r1", "type": "labels", "value": {"x": 10, "y": 10, "width": 50, "height": 50, "labels": ["cat"]}})], CAT),  # noqa: E501  (a file as it is)
        ([task({"id": "c", "type": "choices", "value": {"choices": ["cat"]}})], WHOLE),
        ([task({"id": "t", "type": "taxonomy", "value": {"taxonomy": [["animal", "cat"]]}})], WHOLE),
        ([task({"id": "b", "type": "brushlabels", "value": {"format": "rle", "rle": [1], "brushlabels": ["cat"]}})], NONE),  # noqa: E501  (a file as it is)
        ([task({"id": "k", "type": "keypointlabels", "value": {"x": 1, "y": 1, "width": 1, "keypointlabels": ["cat"]}})], NONE),  # noqa: E501  (a file as it is)
        ([task(rectangle(image_rotation=90))], NONE),
        ([task(annotations=[{"was_cancelled": True, "result": [rectangle()]}])], NONE),
        ([{"id": 1, "image": "a.png", "annotation_id": 3, "annotator": 1, "label": [rectangle()["value"]]}], CAT),
        ([{"id": 1, "image": "a.png", "annotation_id": 3, "annotator": 1, "choice": "cat"}], WHOLE),
    ],
)  # fmt: skip
def test_label_studios_results(photos, tmp_path, found, want):
    picture(tmp_path / "a.png")
    report = photos.add(as_json(tmp_path / "export.json", found))
    assert (labels(photos), report.failed) == (want, ())


def test_people_and_models_of_label_studio_are_told_apart(photos, tmp_path):
    picture(tmp_path / "a.png")
    prediction = {"model_version": "yolo v8", "score": 0.5, "result": [{**rectangle(), "score": 0.9}]}
    found = task(
        predictions=[prediction],
        annotations=[{"completed_by": {"email": "ann@x.org"}, "result": [rectangle()]}],
    )
    photos.add(as_json(tmp_path / "export.json", [found]))
    assert labels(photos, "human:ann@x.org") == CAT
    (said,) = [one for one in photos.annotations.of(list(photos)) if one.source.startswith("model")]
    assert (said.source, said.concepts) == ("model:yolo-v8@imported", {"cat": 0.9})


def test_a_bad_task_is_a_failure_and_the_others_are_read(photos, tmp_path):
    picture(tmp_path / "a.png")
    bad = [
        task(rectangle(), image="../../x.png"),
        3,
        {"id": 9, "data": {}, "annotations": []},
        task(rectangle(value={"x": "a"})),
    ]
    report = photos.add(as_json(tmp_path / "export.json", [*bad, task(rectangle())]))
    assert labels(photos) == CAT
    for reason in (
        "is not inside",
        "task 1 is no object",
        "no field of the task is a picture",
        "'a' is no number",
    ):
        assert reason in reasons(report.failed)


def via(region: dict, **more: object) -> dict:
    one = {"filename": "a.png", "size": 123, "regions": [region], "file_attributes": {}, **more}
    return {"a.png123": one}


class TestVia(ImporterContract):
    importer = VIA

    def origin(self, tmp_path: Path) -> object:
        return as_json(
            tmp_path / "via.json", via({"shape_attributes": {"name": "point"}, "region_attributes": {}})
        )


@pytest.mark.parametrize(
    "shape",
    [
        {"name": "rect", "x": 8, "y": 6, "width": 40, "height": 30},
        {"name": "polygon", "all_points_x": [8, 48, 48], "all_points_y": [6, 6, 36]},
        {"name": "ellipse", "cx": 28, "cy": 21, "rx": 20, "ry": 15},
    ],
)
@pytest.mark.parametrize("is_project", [True, False])
def test_vias_regions(photos, tmp_path, shape, is_project):
    picture(tmp_path / "a.png")
    found = via({"shape_attributes": shape, "region_attributes": {"class": "cat", "also": {"x": False}}})
    photos.add(
        as_json(
            tmp_path / "via.json", {"_via_img_metadata": found, "_via_settings": {}} if is_project else found
        )
    )
    assert labels(photos) == CAT


@pytest.mark.parametrize("name", ["x.json", "x.xml", "x.txt", "x.yaml"])
def test_a_file_of_no_format_is_said_with_the_formats_there_are(photos, tmp_path, name):
    report = photos.add(text(tmp_path / name, "{}"))
    assert all(one.name in report.failed[0].reason for one in FORMATS)


def test_no_two_formats_recognize_one_file(tmp_path):
    picture(tmp_path / "a.png")
    files = [
        as_json(tmp_path / "1.json", labelme()),
        as_json(tmp_path / "2.json", [task(rectangle())]),
        as_json(tmp_path / "3.json", via({"shape_attributes": {"name": "rect"}, "region_attributes": {}})),
        as_json(tmp_path / "4.json", {"samples": [{"filepath": "a.png", "ground_truth": None}]}),
        as_json(tmp_path / "5.json", {"images": [], "annotations": [], "categories": []}),
        text(tmp_path / "6.xml", cvat("")),
        text(tmp_path / "7.xml", "<annotation><filename>a.png</filename></annotation>"),
    ]
    names = [[one.name for one in FORMATS if one.accepts(path)] for path in files]
    assert names == [["labelme"], ["label-studio"], ["via"], ["fiftyone"], ["coco"], ["cvat"], ["voc"]]


def test_names_that_lead_out_are_refused_by_every_tool(tmp_path):
    picture(tmp_path / "secret.png")
    far = tmp_path / "a/b/c"
    for importer, path in [
        (CVAT, text(far / "x.xml", cvat("").replace("a.png", "../../../secret.png"))),
        (VIA, as_json(far / "x.json", via({}, filename="../../../secret.png"))),
    ]:
        records, failures = read(importer, path)
        assert (records, "is not inside" in reasons(failures)) == ([], True)


def test_label_files_in_a_folder_of_pictures_are_said_if_they_are_not_read(photos, tmp_path):
    for name in ("a", "b"):
        picture(tmp_path / f"photos/deep/{name}.png", seed=ord(name))
        text(tmp_path / f"photos/deep/{name}.txt", "0 0.5 0.5 0.1 0.1\n")
    as_json(tmp_path / "photos/more/export.json", [task(rectangle())])
    report = photos.add(tmp_path / "photos")
    assert report.added == 2
    (note,) = report.notes
    assert note.startswith("labels that were not read: ")
    assert f"{tmp_path}/photos (yolo)" in note
    assert f"{tmp_path}/photos/more/export.json (label-studio)" in note


def test_a_folder_whose_labels_are_read_has_no_note(photos, tmp_path):
    picture(tmp_path / "images/a.png")
    text(tmp_path / "labels/a.txt", "0 0.5 0.5 0.1 0.1\n")
    text(tmp_path / "classes.txt", "cat\n")
    text(tmp_path / "notes.json", "{}")
    assert photos.add(tmp_path).notes == ()
