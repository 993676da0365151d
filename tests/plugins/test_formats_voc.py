"""Pascal VOC as labelImg, Roboflow and others write it."""

from __future__ import annotations

from pathlib import Path

import pytest
from format_files import BOX, labels, picture, read, reasons, text
from toolkit_formats.voc import VOC

from toolkit.testing import ImporterContract

SIZE = "<size><width>80</width><height>60</height><depth>3</depth></size>"
BNDBOX = "<bndbox><xmin>9</xmin><ymin>7</ymin><xmax>48</xmax><ymax>36</ymax></bndbox>"


def xml(
    *, size: str = SIZE, name: str = "cat", box: str = BNDBOX, file: str = "a.png", more: str = ""
) -> str:
    thing = f"<object><name>{name}</name>{box}</object>{more}"
    return f"<annotation><filename>{file}</filename>{size}{thing}</annotation>"


def voc(folder: Path, words: str, encoding: str = "utf-8") -> Path:
    picture(folder / "JPEGImages/a.png")
    text(folder / "Annotations/a.xml", words, encoding)
    return folder


class TestVoc(ImporterContract):
    importer = VOC

    def origin(self, tmp_path: Path) -> object:
        return voc(tmp_path, xml())


@pytest.mark.parametrize(
    "words",
    [
        xml(),
        xml(size="<size><width>0</width><height>0</height></size>"),
        xml(size=""),
        xml(file="a"),
        xml(file="a.jpg"),
        xml(file="C:\\data\\a.png"),
        xml(file=""),
        xml(box="<bndbox><xmin>48</xmin><ymin>36</ymin><xmax>9</xmax><ymax>7</ymax></bndbox>"),
        xml(box="<bndbox><xmin>9.0</xmin><ymin>7.0</ymin><xmax>48.0</xmax><ymax>36.0</ymax></bndbox>"),
        "\ufeff" + xml(),
        '<?xml version="1.0"?>\n<!-- labelImg -->\n' + xml(),
    ],
)
def test_files_of_many_tools_give_the_same_box(photos, tmp_path, words):
    report = photos.add(voc(tmp_path, words))
    assert (labels(photos), report.failed) == ({"a.png": [("cat", BOX)]}, ())


@pytest.mark.parametrize("encoding", ["GB2312", "windows-1251", "ISO-8859-15", "utf-16"])
def test_the_encoding_it_declares_counts(photos, tmp_path, encoding):
    name = {"GB2312": "猫", "windows-1251": "кот", "ISO-8859-15": "chaîne", "utf-16": "猫"}[encoding]
    photos.add(voc(tmp_path, f'<?xml version="1.0" encoding="{encoding}"?>\n' + xml(name=name), encoding))
    assert labels(photos) == {"a.png": [(name, BOX)]}


@pytest.mark.parametrize("folder", ["annotations", "Annotations", "labels", "xmls"])
def test_label_folders_of_either_case_beside_images_are_read(photos, tmp_path, folder):
    picture(tmp_path / "images/a.png")
    text(tmp_path / folder / "a.xml", xml())
    photos.add(tmp_path)
    assert labels(photos) == {"a.png": [("cat", BOX)]}


def test_files_beside_pictures_in_parts_are_data_sets(photos, tmp_path):
    for seed, part in enumerate(("train", "valid")):
        picture(tmp_path / part / f"{part}.png", seed=seed)
        text(tmp_path / part / f"{part}.xml", xml(file=f"{part}.png"))
    photos.add(tmp_path)
    assert labels(photos) == {"train.png": [("cat", BOX)], "valid.png": [("cat", BOX)]}
    assert sorted(photos[id].datasets for id in photos) == [("train",), ("valid",)]


def test_lists_of_the_parts_are_data_sets_and_pictures_without_a_file_come_too(photos, tmp_path):
    voc(tmp_path, xml())
    picture(tmp_path / "JPEGImages/b.png", seed=2)
    text(tmp_path / "ImageSets/Main/train.txt", "a\n")
    photos.add(tmp_path)
    assert [photos[id].datasets for id in photos] == [("train",), ()]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xml(), "XML with a document type is not read"),
        (xml().replace("<name>cat</name>", "<name></name>"), "object 1: no name"),
        (xml().replace("<xmin>9</xmin>", "<xmin>one</xmin>"), "object 1: 'one' is no number"),
        ("", "not XML"),
        ("<annotation>", "not XML"),
        ("<html></html>", "where <annotation> was expected"),
        ('<?xml version="1.0" encoding="klingon"?>' + xml(), "which is no encoding"),
        ("猫" + xml(name="\udce9"), "not in the encoding utf-8"),
    ],
)
def test_a_bad_file_is_a_failure_and_the_picture_is_added(photos, tmp_path, words, reason):
    picture(tmp_path / "JPEGImages/a.png")
    (tmp_path / "Annotations").mkdir()
    (tmp_path / "Annotations/a.xml").write_bytes(words.encode("utf-8", "surrogateescape"))
    text(tmp_path / "Annotations/0.xml", xml(file="c.png"))
    picture(tmp_path / "JPEGImages/c.png", seed=3)
    report = photos.add(tmp_path)
    assert reason in reasons(report.failed)
    assert labels(photos) == {"c.png": [("cat", BOX)], "a.png": []}


def test_objects_of_other_shapes_are_dropped_with_a_word(photos, tmp_path):
    turned = "<object><name>ship</name><robndbox><cx>40</cx><cy>30</cy><w>9</w><h>9</h><angle>0</angle></robndbox></object>"  # noqa: E501  (a file as it is)
    report = photos.add(voc(tmp_path, xml(more=turned + "<object><name>sky</name></object>")))
    assert labels(photos) == {"a.png": [("cat", BOX)]}
    assert report.labels.dropped == {"turned boxes (robndbox)": 1, "objects without a box": 1}


def test_a_file_that_leads_out_is_refused(tmp_path):
    picture(tmp_path / "secret.png")
    records, failures = read(
        VOC, voc(tmp_path / "set", xml(file="../../secret.png").replace("a.xml", "b.xml"))
    )
    assert [Path(one.origin).name for one in records] == ["a.png"], "the picture called as the label file"
    _, failures = read(VOC, text(tmp_path / "other/deep/down/x.xml", xml(file="../../../secret.png")))
    assert "is not inside" in reasons(failures)


def test_a_confidence_makes_it_a_models(photos, tmp_path):
    photos.add(
        voc(tmp_path / "boxes", xml(more="").replace("<bndbox>", "<confidence>0.9</confidence><bndbox>"))
    )
    assert (labels(photos), labels(photos, "model:boxes")) == ({"a.png": []}, {"a.png": [("cat", BOX)]})
