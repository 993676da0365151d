"""Tables of labels with whatever columns, cells and separators people have; and folders that are classes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from format_files import BOX, labels, picture, read, reasons, text
from toolkit_formats import Labels
from toolkit_formats.class_folders import CLASS_FOLDERS
from toolkit_formats.tables import TABLE

from toolkit.errors import InputError
from toolkit.testing import ImporterContract
from toolkit.values.cells import guarded, unguarded

BOTH = {"a.png": [("cat", None), ("dog", None)]}
CAT = {"a.png": [("cat", None)]}
BOXED = {"a.png": [("cat", BOX)]}


class TestTable(ImporterContract):
    importer = TABLE

    def origin(self, tmp_path: Path) -> object:
        return text(tmp_path / "labels.csv", "path,label\na.png,dog\n")


class TestClassFolders(ImporterContract):
    importer = CLASS_FOLDERS

    def origin(self, tmp_path: Path) -> object:
        picture(tmp_path / "dog" / "a.png")
        return f"class-folders:{tmp_path}"


@pytest.mark.parametrize(
    ("name", "words", "want"),
    [
        ("t.jsonl", json.dumps({"path": "a.png", "label": ["cat", "dog"]}), BOTH),
        ("t.jsonl", json.dumps({"path": "a.png", "label": {"cat": 1, "dog": 0}}), CAT),
        ("t.jsonl", json.dumps({"path": "a.png", "labels": ["cat", None, "dog"]}), BOTH),
        ("t.jsonl", '{"path": "a.png", "label": "cat", "weight": NaN}', CAT),
        (
            "t.jsonl",
            json.dumps({"file_name": "a.png", "objects": {"bbox": [[8, 6, 40, 30]], "categories": ["cat"]}}),
            BOXED,
        ),
        ("t.csv", "Path,Label\na.png,cat\n", CAT),
        ("t.csv", "path;label\na.png;cat\n", CAT),
        ("t.csv", "path|label\na.png|cat\n", CAT),
        ("t.tsv", "path\tlabel\na.png\tcat\n", CAT),
        ("t.tsv", "path,label\na.png,cat\n", CAT),
        ("t.csv", "\ufeffpath, label \na.png,cat\n", CAT),
        ("t.csv", "path,labels\na.png,cat|dog\n", BOTH),
        ("t.csv", 'path,tags\na.png,"cat, dog"\n', BOTH),
        ("t.csv", "path,label\na.png,\"['cat', 'dog']\"\n", BOTH),
        ("t.csv", 'path,label\na.png,"{""cat"": 1, ""dog"": 0}"\n', CAT),
        ("t.csv", "path,label\na.png,cat\na.png,dog\n", BOTH),
        ("t.csv", "image,width,height,label,x1,y1,x2,y2\na.png,80,60,cat,8,6,48,36\n", BOXED),
        ("t.csv", "image,label,xmin,ymin,xmax,ymax\na.png,cat,8,6,48,36\n", BOXED),
        ("t.csv", "image,label,xmin,ymin,xmax,ymax\na.png,cat,48,36,8,6\n", BOXED),
        ("t.csv", "ImageID,LabelName,XMin,XMax,YMin,YMax\na,cat,0.1,0.6,0.1,0.6\n", BOXED),
        ("t.csv", "image,class,x,y,w,h\na.png,cat,8,6,40,30\n", BOXED),
        ("t.csv", 'image,class,bbox\na.png,cat,"[8, 6, 40, 30]"\n', BOXED),
        ("t.csv", "path,label,top_row,left_col,bottom_row,right_col\na.png,cat,0.1,0.1,0.6,0.6\n", BOXED),
        ("t.csv", "path,label\na.png,\n", {"a.png": []}),
    ],
)
def test_tables_of_many_forms_are_read(photos, tmp_path, name, words, want):
    picture(tmp_path / "a.png")
    report = photos.add(text(tmp_path / name, words))
    assert (labels(photos), report.failed) == (want, ())


def test_the_rest_of_the_first_row_is_what_is_known_of_the_picture(photos, tmp_path):
    picture(tmp_path / "a.png")
    rows = "path,label,lat,lon,split,camera,id\na.png,dog,46.5,7.5,train,Leica,7\na.png,cat,,,,,8\n"
    (record,), _ = read(TABLE, text(tmp_path / "t.csv", rows))
    assert (record.datasets, record.metadata, record.geo.latitude) == (("train",), {"camera": "Leica"}, 46.5)
    assert record.id is None, "two ids are those of boxes"


def test_a_score_is_a_models_and_a_source_is_who_says_so(photos, tmp_path):
    picture(tmp_path / "a.png")
    photos.add(text(tmp_path / "guess.csv", "path,label,score\na.png,cat,0.9\n"))
    photos.add(text(tmp_path / "said.csv", "path,label,source\na.png,dog,human:ann\na.png,cow,model:net@2\n"))
    assert labels(photos, "model:guess") == CAT
    assert labels(photos, "human:ann") == {"a.png": [("dog", None)]}
    assert labels(photos, "model:net") == {"a.png": [("cow", None)]}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("../../b.png,dog,1,0,0,1,1", "row 2: '../../b.png' is not inside"),
        (",dog,1,0,0,1,1", "row 2: no picture"),
        ("a.png,dog,7,0,0,1,1", "row 2: concept 'dog' has the value 7.0"),
        ("a.png,dog,many,0,0,1,1", "row 2: 'many' is no number"),
        ("a.png,dog,1,a,0,1,1", "row 2: 'a' is no number"),
        ("a.png,dog,1,0,0,1,1,8,9", "row 2 is not one"),
        ("a.png,\"[['x']]\",1,0,0,1,1", "row 2: a label is a name"),
    ],
)
def test_a_bad_row_is_a_failure_with_its_number_and_the_others_are_read(photos, tmp_path, row, reason):
    picture(tmp_path / "set/a.png")
    head = "path,label,value,xmin,ymin,xmax,ymax\na.png,cat,1,0.1,0.1,0.6,0.6\n"
    report = photos.add(text(tmp_path / "set/t.csv", f"{head}{row}\n"))
    assert labels(photos) == BOXED
    assert reason in reasons(report.failed)


@pytest.mark.parametrize("words", ["a.png,cat\nb.png,dog\n", "name,label\na.png,cat\n", "1,2\n3,4\n"])
def test_a_table_without_a_column_of_pictures_is_refused_and_a_missing_header_named(tmp_path, words):
    with pytest.raises(InputError, match="no column of pictures") as caught:
        list(TABLE.records(text(tmp_path / "t.csv", words)))
    assert ("the header is missing" in str(caught.value)) == words.startswith("a.png")


def test_a_frame_with_a_list_in_a_cell(photos, tmp_path, monkeypatch):
    pandas = pytest.importorskip("pandas")
    picture(tmp_path / "a.png")
    monkeypatch.chdir(tmp_path)
    photos.add(pandas.DataFrame({"path": ["a.png", None], "label": [["cat", "dog"], "x"]}))
    assert labels(photos) == BOTH


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-x", "@sum", "\tx", "dog", "'=1", "''-", "it's", 3, None])
def test_a_guarded_cell_comes_back(cell):
    assert unguarded(guarded(cell)) == cell
    assert not str(guarded(cell)).startswith(("=", "+", "-", "@", "\t"))


@pytest.mark.parametrize(
    ("paths", "want"),
    [
        (["dog/old/1.png", "cat/2.png"], {"1.png": ("dog", ()), "2.png": ("cat", ())}),
        (["train/dog/1.png", "val/cat/2.png"], {"1.png": ("dog", ("train",)), "2.png": ("cat", ("val",))}),
        (
            ["set/Train/dog/1.png", "set/test/cat/2.png"],
            {"1.png": ("dog", ("Train",)), "2.png": ("cat", ("test",))},
        ),
        (["train/1.png", "car/2.png"], {"1.png": ("train", ()), "2.png": ("car", ())}),
        (["train/1.png", "test/2.png"], {"1.png": ("train", ()), "2.png": ("test", ())}),
        (["dog/1.png"], {"1.png": ("dog", ())}),
    ],
)
def test_the_class_is_the_folder_below_the_parts_of_the_set(photos, tmp_path, paths, want):
    for seed, path in enumerate(paths):
        picture(tmp_path / path, seed=seed)
    photos.add(f"class-folders:{tmp_path}")
    found = {Path(photos[id].uri).name: photos[id].datasets for id in photos}
    assert {name: (said[0][0], found[name]) for name, said in labels(photos).items()} == want


def test_a_picture_in_no_class_is_added_and_said(photos, tmp_path):
    picture(tmp_path / "dog/1.png")
    picture(tmp_path / "2.png", seed=2)
    report = photos.add(Labels("class-folders", tmp_path))
    assert (report.added, len(report.failed)) == (2, 1)
    assert "it lies in no class" in report.failed[0].reason


def test_twins_in_two_class_folders_are_said_and_come_back_the_same(photos, tmp_path):
    picture(tmp_path / "dog/1.png")
    picture(tmp_path / "cat/2.png")
    report = photos.add(Labels("class-folders", tmp_path))
    assert (report.added, report.labels.written, len(report.notes)) == (1, 2, 1)
    assert "one picture in two places" in report.notes[0]
    again = photos.add(Labels("class-folders", tmp_path))
    assert (again.labels.unchanged, again.labels.removed, again.updated) == (2, 0, 0)
