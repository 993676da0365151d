"""Labels go out in every format, find their pictures again, and come back as they were."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
import toolkit_files
import toolkit_formats
from click.testing import CliRunner
from format_files import picture
from toolkit_formats import Labels
from toolkit_formats.export_command import command

import toolkit
from toolkit.errors import InputError, QueryError, UnknownNameError
from toolkit.plugins.registry import Registry
from toolkit.terms import label
from toolkit.values.settings import Workflow
from toolkit.values.types import Annotation, Box

DOG = Box(0.1, 0.25, 0.5, 0.75)
BACK = {
    "label-table": (toolkit_formats.write_table, "out.csv"),
    "fiftyone": (toolkit_formats.write_fiftyone, "samples.json"),
    "coco": (toolkit_formats.write_coco, "out.json"),
    "yolo": (toolkit_formats.write_yolo, "yolo"),
    "voc": (toolkit_formats.write_voc, "voc"),
}


@pytest.fixture
def three(photos, tmp_path):
    """Two labeled pictures of one name in two folders, and one without a label."""
    for seed, name in enumerate(("x/a.png", "y/a.png", "z.png")):
        photos.add(picture(tmp_path / "in" / name, seed=seed))
    first, second, _ = photos
    photos.annotate(first, concepts={"dog": 1, "../up": 1, "cat": 0})
    photos.annotate(second, concept="dog", box=DOG)
    model = Annotation("", second, "", Box(0.25, 0.25, 0.75, 0.75), "model:net@2", {"cow": 0.75})
    photos.annotations.put([model])
    return photos


def again(origin):
    """What a new collection says that read an origin: concepts with boxes and values, by source and picture."""
    registry = Registry()
    registry.add(toolkit_files)
    registry.add(toolkit_formats)
    with toolkit.open(workflow=Workflow(), registry=registry) as other:
        report = other.add(origin)
        assert not report.failed, report
        return everything(other)


def everything(photos):
    return sorted(
        ("/".join(Path(one.uri).parts[-2:]), said.source, concept, round(value, 6),
         said.box and tuple(round(side, 9) for side in said.box))
        for one, all_said in photos.annotations.by_input()
        for said in all_said
        for concept, value in said.concepts.items()
    )  # fmt: skip


def test_importing_the_plugin_imports_no_heavy_library():
    heavy = "'pandas', 'pyarrow', 'datasets', 'torch', 'yaml', 'sqlalchemy'"
    code = f"import sys, toolkit_formats; print(sorted({{{heavy}}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={
        **os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})  # fmt: skip
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_table_of_everybody_comes_back_with_every_value_and_source(three, tmp_path, suffix):
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
    exported = toolkit_formats.write_table(three, tmp_path / f"out{suffix}", source=None)
    assert (exported.inputs, exported.labels) == (3, 5)
    assert again(tmp_path / f"out{suffix}") == everything(three)


def test_a_frame_comes_back_with_every_value_and_source(three):
    pytest.importorskip("pandas")
    assert again(toolkit_formats.to_frame(three, source=None)) == everything(three)


@pytest.mark.parametrize("format", ["fiftyone", "coco", "yolo", "voc"])
def test_boxes_of_people_and_of_models_come_back_apart(three, tmp_path, format):
    write, name = BACK[format]
    source = "model" if format == "yolo" else None
    exported = write(three, tmp_path / name, source=source)
    found = [one for one in again(Labels(format, tmp_path / name, images=exported.images or None)) if one[4]]
    want = [one for one in everything(three) if one[4] and (source is None or one[1].startswith(source))]
    if format == "yolo":  # which has no place for a name
        want = [(name, "model:yolo@imported", *rest) for name, _, *rest in want]
    assert found == want


@pytest.mark.parametrize("format", BACK)
def test_pictures_of_one_name_in_two_folders_keep_their_labels_apart(three, tmp_path, format):
    write, name = BACK[format]
    exported = write(three, tmp_path / name)
    images = exported.images or None
    assert images in (None, str(tmp_path / "in"))
    found = [one for one in again(Labels(format, tmp_path / name, images=images)) if one[4]]
    assert found == [("y/a.png", "human:me", "dog", 1.0, tuple(DOG))]


@pytest.mark.parametrize("format", BACK)
def test_reading_what_was_written_into_the_same_collection_changes_nothing(three, tmp_path, format):
    write, name = BACK[format]
    before = everything(three)
    exported = write(three, tmp_path / name)
    report = three.add(Labels(format, tmp_path / name, images=exported.images or None))
    assert (everything(three), report.labels.written, report.added) == (before, 0, 0)


@pytest.mark.parametrize("format", BACK)
def test_hits_a_query_or_ids_are_a_data_set(three, tmp_path, format):
    write, name = BACK[format]
    hits = three.search(label("dog"))
    for index, of in enumerate((hits, label("dog"), "label:dog", hits.ids)):
        path = tmp_path / str(index)
        path.mkdir()
        assert write(three, path / name, of=of).inputs == 2
    with pytest.raises(UnknownNameError):
        write(three, tmp_path / name, of=["nobody"])
    with pytest.raises(QueryError, match="give hits, a query or ids"):
        write(three, tmp_path / name, of=3)


def test_a_frame_of_hits_has_their_rows_in_their_order(three):
    pytest.importorskip("pandas")
    ids = list(three)[::-1]
    assert list(dict.fromkeys(toolkit_formats.to_frame(three, of=ids).id)) == ids


def test_pictures_that_differ_only_in_their_ending_keep_their_labels_apart_in_yolo(photos, tmp_path):
    for seed, name in enumerate(("a.png", "a.bmp")):
        photos.add(picture(tmp_path / "in" / name, seed=seed))
    for id, concept in zip(photos, ("dog", "cat"), strict=True):
        photos.annotate(id, concept=concept, box=DOG)
    toolkit_formats.write_yolo(photos, tmp_path / "out")
    found = again(Labels("yolo", tmp_path / "out", images=tmp_path / "in"))
    assert [(name, concept) for name, _, concept, *_ in found] == [("in/a.bmp", "cat"), ("in/a.png", "dog")]


def test_copied_pictures_make_a_set_that_is_read_from_its_yaml(three, tmp_path):
    exported = toolkit_formats.write_yolo(three, tmp_path / "out", copy_images=True)
    assert exported.images == ""
    assert [one[:3] for one in again(tmp_path / "out" / "data.yaml")] == [("y/a.png", "human:me", "dog")]


def test_voc_has_whole_pixels_counted_from_one(three, tmp_path):
    toolkit_formats.write_voc(three, tmp_path / "voc")
    tree = (tmp_path / "voc/Annotations/y/a.xml").read_text()
    assert "<xmin>21</xmin><ymin>7</ymin><xmax>60</xmax><ymax>30</ymax>" in tree
    assert "<folder>y</folder><filename>a.png</filename>" in tree


def test_supervision_reads_coco_and_yolo(three, tmp_path):
    supervision = pytest.importorskip("supervision")
    toolkit_formats.write_yolo(three, tmp_path / "yolo", copy_images=True)
    found = supervision.DetectionDataset.from_yolo(
        images_directory_path=str(tmp_path / "yolo/images/y"),
        annotations_directory_path=str(tmp_path / "yolo/labels/y"),
        data_yaml_path=str(tmp_path / "yolo/data.yaml"),
    )
    ((_, _, detections),) = list(found)
    assert (found.classes, detections.xyxy.round(2).tolist()) == (["dog"], [[20, 6, 60, 30]])
    toolkit_formats.write_coco(three, tmp_path / "out.json")
    found = supervision.DetectionDataset.from_coco(
        images_directory_path=str(tmp_path / "in"), annotations_path=str(tmp_path / "out.json")
    )
    assert [d.xyxy.tolist() for path, _, d in found if len(d)] == [[[20, 6, 60, 30]]]


def test_labels_a_format_has_no_place_for_are_counted(three, tmp_path):
    for format in ("coco", "yolo", "voc"):
        write, name = BACK[format]
        assert "2 labels of whole pictures" in str(write(three, tmp_path / name))


def test_cells_a_spreadsheet_would_run_are_guarded_and_come_back(photos, tmp_path):
    photos.add(picture(tmp_path / "a.png"))
    photos.annotate(list(photos), concepts={"=HYPERLINK(1)": 1, "'=x": 1, "-1": 1})
    toolkit_formats.write_table(photos, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="") as file:
        cells = {row["concept"] for row in csv.DictReader(file)}
    assert cells == {"'=HYPERLINK(1)", "''=x", "'-1"}
    assert again(tmp_path / "out.csv") == everything(photos)
    toolkit_formats.write_table(photos, tmp_path / "raw.csv", guard=False)
    assert "=HYPERLINK(1)" in (tmp_path / "raw.csv").read_text().replace("'", "")


def test_class_folders_are_copies_stay_inside_and_keep_concepts_apart(three, tmp_path):
    three.annotate(list(three)[2], concepts={"a/b": 1, "a:b": 1})
    exported = toolkit_formats.write_class_folders(three, tmp_path / "out")
    found = sorted(path.relative_to(tmp_path / "out").parts[0] for path in (tmp_path / "out").rglob("*.png"))
    assert found == ["_up", "a_b", "a_b_", "dog"]
    assert (exported.inputs, exported.labels) == (2, 4)
    assert "1 inputs without a label" in str(exported)


def test_other_sources_can_be_asked_for(three):
    assert [one.labels for one in toolkit_formats.labeled(three, source="human:ann")] == [(), (), ()]


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


def test_the_command_writes_what_the_function_does_and_says_how_much(tmp_path):
    store = tmp_path / "p.db"
    with toolkit.open(store, workflow="none") as photos:
        photos.add([picture(tmp_path / f"in/{n}.png", seed=n) for n in range(2)])
        photos.annotate(list(photos)[:1], concept="dog", box=DOG)
    run = CliRunner().invoke
    done = run(command, [str(store), "coco", str(tmp_path / "out.json")], catch_exceptions=False)
    assert done.output == (
        f"{tmp_path / 'out.json'}: 1 labels of 2 inputs; names of pictures are relative to {tmp_path / 'in'}\n"
    )
    done = run(
        command, [str(store), "voc", str(tmp_path / "voc"), "--query", "label:dog"], catch_exceptions=False
    )
    assert ": 1 labels of 1 inputs" in done.output
