"""YOLO's files as Ultralytics, Roboflow, labelImg, Label Studio and Darknet write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from format_files import labels, picture, read, reasons, text
from toolkit_formats import Labels
from toolkit_formats.yolo import YOLO

from toolkit.testing import ImporterContract

LINE = "1 0.5 0.5 0.2 0.4\n"
DOG = ("dog", (0.4, 0.3, 0.6, 0.7))


class TestYolo(ImporterContract):
    importer = YOLO

    def origin(self, tmp_path: Path) -> object:
        picture(tmp_path / "images" / "a.png")
        (tmp_path / "labels").mkdir(exist_ok=True)
        (tmp_path / "classes.txt").write_text("dog\n")
        return tmp_path


def one_file(folder: Path, lines: str, *, yaml: str = "names: [cat, dog]\n") -> Path:
    picture(folder / "images/a.png")
    text(folder / "labels/a.txt", lines)
    text(folder / "data.yaml", yaml)
    return folder


@pytest.mark.parametrize("yaml", ["data.yaml", "data.yml", "helmets.yaml"])
@pytest.mark.parametrize("is_given", [True, False])
def test_any_yaml_that_names_classes_is_taken_given_or_found(photos, tmp_path, yaml, is_given):
    picture(tmp_path / "images/a.png")
    text(tmp_path / "labels/a.txt", LINE)
    text(tmp_path / yaml, "train: images\nnames: [cat, dog]\n")
    photos.add(tmp_path / yaml if is_given else tmp_path)
    assert labels(photos) == {"a.png": [DOG]}


def test_roboflows_three_parts_are_data_sets(photos, tmp_path):
    for seed, part in enumerate(("train", "valid", "test")):
        picture(tmp_path / part / f"images/{part}.png", seed=seed)
        text(tmp_path / part / f"labels/{part}.txt", LINE)
    yaml = (
        "train: ../train/images\nval: ../valid/images\ntest: ../test/images\nnc: 2\nnames: ['cat', 'dog']\n"
    )
    text(tmp_path / "data.yaml", yaml)
    photos.add(tmp_path)
    assert labels(photos) == {f"{part}.png": [DOG] for part in ("test", "train", "valid")}
    assert {Path(photos[id].uri).name: photos[id].datasets for id in photos} == {
        "train.png": ("train",), "valid.png": ("val",), "test.png": ("test",),
    }  # fmt: skip


def test_ultralytics_lists_of_pictures_are_followed_and_stay_inside(tmp_path):
    picture(tmp_path / "set/images/train/a.png")
    picture(tmp_path / "outside.png")
    text(tmp_path / "set/labels/train/a.txt", LINE)
    text(tmp_path / "set/train.txt", "./images/train/a.png\n../outside.png\n")
    yaml = text(
        tmp_path / "set/coco.yaml",
        "path: ../set\ntrain: train.txt\nval: train.txt\nnames: {0: cat, 1: dog}\n",
    )
    (record,), failures = read(YOLO, yaml)
    assert (Path(record.origin).name, len(record.labels), failures) == ("a.png", 1, [])


@pytest.mark.parametrize("place", ["labels/classes.txt", "classes.txt", "obj.names", "data/obj.names"])
def test_labelimg_and_darknet_list_classes_elsewhere(photos, tmp_path, place):
    picture(tmp_path / "images/a.png")
    text(tmp_path / "labels/a.txt", LINE)
    text(tmp_path / place, "cat\ndog\n")
    photos.add(tmp_path)
    assert labels(photos) == {"a.png": [DOG]}


def test_pictures_and_labels_in_one_folder_are_recognized_by_their_lines(photos, tmp_path):
    for name in ("a", "train"):
        picture(tmp_path / f"obj_train_data/{name}.png", seed=len(name))
        text(tmp_path / f"obj_train_data/{name}.txt", LINE)
    text(tmp_path / "obj.names", "cat\ndog\n")
    photos.add(tmp_path)
    assert labels(photos) == {"a.png": [DOG], "train.png": [DOG]}


@pytest.mark.parametrize(
    ("names", "id", "name"),
    [
        ("names:\n  0: cat\n  7: dog\n", 7, "dog"),
        ("names:\n  1: cat\n  2: dog\n", 1, "cat"),
        ("names:\n  '0': cat\n  '1': dog\n", 1, "dog"),
        ("names: [yes, no]\n", 1, "no"),
        ("names: [1, 2.0, null]\n", 1, "2.0"),
        ("nc: 1\nnames: helmet\n", 0, "helmet"),
        ("nc: 2\nnames: cat, dog\n", 1, "dog"),
        ("nc: 3\n", 2, "class_2"),
        ("names: ['a: b', \"it's\"]\n", 0, "a: b"),
    ],
)
def test_names_are_read_in_every_form(photos, tmp_path, names, id, name):
    photos.add(one_file(tmp_path, f"{id} 0.5 0.5 0.2 0.4\n", yaml=names))
    assert [concept for concept, _ in labels(photos)["a.png"]] == [name]


def test_a_blank_line_in_a_list_of_classes_moves_no_other(photos, tmp_path):
    one_file(tmp_path, "2 0.5 0.5 0.2 0.4\n").joinpath("data.yaml").unlink()
    text(tmp_path / "classes.txt", "cat\n\ndog\n")
    photos.add(tmp_path)
    assert labels(photos) == {"a.png": [DOG]}


@pytest.mark.parametrize(
    ("line", "yaml"),
    [
        ("1.0 0.5 0.5 0.2 0.4", ""),
        ("1.000000e+00 5.000000e-01 5.000000e-01 2.000000e-01 4.000000e-01", ""),
        ("1,0.5,0.5,0.2,0.4", ""),
        ("dog 0.5 0.5 0.2 0.4", ""),
        ("1 0.4 0.3 0.6 0.3 0.6 0.7 0.4 0.7", ""),  # a turned box
        ("1 0.4 0.3 0.6 0.5 0.5 0.7", ""),  # a polygon
        ("1 0.5 0.5 0.2 0.4 0.45 0.45 2 0.55 0.45 1 0 0 0", "kpt_shape: [3, 3]\n"),
        ("1 0.5 0.5 0.2 0.4 0.45 0.45 0.55 0.45 0 0", "kpt_shape: [3, 2]\n"),
        ("1 0.5 0.5 0.2 0.4 0.45 0.45 2 0.55 0.45 1 0 0 0", ""),  # a pose, and nothing says so
    ],
)
def test_lines_of_every_kind_give_their_box(photos, tmp_path, line, yaml):
    photos.add(one_file(tmp_path, line, yaml=f"names: [cat, dog]\n{yaml}"))
    assert labels(photos) == {"a.png": [DOG]}


@pytest.mark.parametrize("line", ["1 0.5 0.5 0.2 0.4 0.75", "1 0.4 0.3 0.6 0.3 0.6 0.7 0.75"])
def test_a_confidence_at_the_end_makes_it_a_models(photos, tmp_path, line):
    photos.add(one_file(tmp_path / "predict", line))
    assert labels(photos) == {"a.png": []}
    assert labels(photos, "model:predict") == {"a.png": [DOG]}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "0 40 30 16 24",
            "line 2: 40 is no fraction of the picture, which are from 0 to 1; these look like pixels",
        ),
        ("7 0.5 0.5 0.1 0.1", "line 2: there is no class 7; there are 0 to 1"),
        ("-1 0.5 0.5 0.1 0.1", "line 2: there is no class -1"),
        ("1.5 0.5 0.5 0.1 0.1", "line 2: there is no class 1.5"),
        ("cow 0.5 0.5 0.1 0.1", "line 2: 'cow' is no class id"),
        ("0 1 1", "line 2: a line is 'class cx cy w h', and there are 2 numbers after the class"),
        ("0 a b c d", "line 2: 'a' is no number"),
        ("0 nan 0.5 0.1 0.1", "line 2: 'nan' is no finite number"),
        ("0 0.5 0.5 0 0.1", "line 2: a box without width or height"),
    ],
)
def test_a_bad_line_is_a_failure_with_its_number_and_the_others_are_kept(photos, tmp_path, line, reason):
    report = photos.add(one_file(tmp_path, f"{LINE}{line}\n"))
    assert labels(photos) == {"a.png": [DOG]}
    assert [failure.uri for failure in report.failed] == [str(tmp_path / "labels/a.txt")]
    assert report.failed[0].reason.startswith(reason)
    assert (report.labels.read, report.labels.written) == (2, 1)


def test_labels_without_a_list_of_classes_are_said_and_the_pictures_are_added(photos, tmp_path):
    picture(tmp_path / "images/a.png")
    text(tmp_path / "labels/a.txt", LINE * 2)
    report = photos.add(tmp_path)
    assert (report.added, report.labels.dropped) == (1, {"with what failed": 2})
    assert "no list of classes: data.yaml, classes.txt or obj.names; and 1 more" in str(report)


def test_a_yaml_that_cannot_be_read_is_said_with_what_is_wrong(photos, tmp_path):
    report = photos.add(one_file(tmp_path, LINE, yaml="names: [cat, dog\n"))
    assert report.added == 1
    assert "data.yaml: not YAML" in str(report)


def test_label_files_of_no_picture_are_said(photos, tmp_path):
    one_file(tmp_path, LINE)
    text(tmp_path / "labels/b.txt", LINE * 3)
    report = photos.add(tmp_path)
    assert [(Path(one.uri).name, one.labels) for one in report.failed] == [("b.txt", 3)]


def test_names_of_files_match_whatever_their_case_and_unicode_form(photos, tmp_path):
    picture(tmp_path / "images/CAFE\u0301.JPG")
    text(tmp_path / "labels/caf\xe9.TXT", LINE)
    text(tmp_path / "classes.txt", "cat\ndog\n")
    photos.add(tmp_path)
    assert list(labels(photos).values()) == [[DOG]]


def test_a_stem_that_two_pictures_share_is_not_guessed_outside_their_folders(tmp_path):
    for folder in ("x", "y"):
        picture(tmp_path / f"in/{folder}/1.png", seed=len(folder))
    text(tmp_path / "out/labels/1.txt", LINE)
    text(tmp_path / "out/classes.txt", "cat\ndog\n")
    records, failures = read(YOLO, Labels("yolo", tmp_path / "out", images=tmp_path / "in"))
    assert [record.labels for record in records] == [(), ()]
    assert "labels of a picture that is not there" in reasons(failures)
