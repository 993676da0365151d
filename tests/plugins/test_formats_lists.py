"""A list of sources, as a command line gives it, is read item by item by the importer of each."""

from __future__ import annotations

from click.testing import CliRunner
from format_files import as_json, labels, picture, text
from toolkit_formats import Labels

import toolkit
from toolkit.cli import main
from toolkit.plugins import Importer, Record

COCO = {
    "images": [{"id": 1, "file_name": "a.png"}],
    "categories": [{"id": 1, "name": "cat"}],
    "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [8, 6, 40, 30]}],
}
BOX = (0.1, 0.1, 0.6, 0.6)


def files(tmp_path):
    for seed, name in enumerate(("set/a.png", "set/b.png", "more/c.png", "d.png")):
        picture(tmp_path / name, seed=seed)
    return [
        tmp_path / "more",
        tmp_path / "d.png",
        as_json(tmp_path / "set/coco.json", COCO),
        text(tmp_path / "set/table.csv", "path;label\nb.png;dog\n"),
        as_json(tmp_path / "odd.json", {}),
        as_json(
            tmp_path / "broken.json", {**COCO, "images": [{"id": 1, "file_name": "x"}] * 1 + [{"id": 1}]}
        ),
    ]


def test_pictures_folders_and_label_files_come_in_together(photos, tmp_path):
    report = photos.add(files(tmp_path))
    assert labels(photos) == {"c.png": [], "d.png": [], "a.png": [("cat", BOX)], "b.png": [("dog", None)]}
    assert (report.added, report.labels.read, report.labels.written) == (4, 2, 2)
    said = {failure.uri.rsplit("/", 1)[-1]: failure.reason for failure in report.failed}
    assert said.keys() == {"odd.json", "broken.json"}
    assert "labels in a known format" in said["odd.json"]
    assert "two have the id 1" in said["broken.json"]


def test_what_is_not_a_path_may_stand_in_a_list(photos, tmp_path):
    folder, *_ = files(tmp_path)
    report = photos.add([folder, Labels("coco", tmp_path / "set/coco.json", source="human:ann")])
    assert labels(photos, "human:ann")["a.png"] == [("cat", BOX)]
    assert (report.added, len(report.failed)) == (2, 0)


def test_labels_in_a_folder_of_a_list_that_are_not_read_are_said(photos, tmp_path):
    files(tmp_path)
    (tmp_path / "odd.json").rename(tmp_path / "set/sub.json")
    (tmp_path / "outer").mkdir()
    (tmp_path / "set").rename(tmp_path / "outer" / "set")
    report = photos.add([tmp_path / "outer", tmp_path / "d.png"])
    assert any("coco" in note for note in report.notes)


def test_the_command_line_takes_several(tmp_path):
    given = [str(path) for path in files(tmp_path)]
    store = str(tmp_path / "p.db")
    done = CliRunner().invoke(main, ["add", store, "--workflow", "none", *given], catch_exceptions=False)
    assert done.output.startswith("4 added, 2 failed\nlabels: 2 read, 2 written\n")
    assert done.exit_code == 1
    again = CliRunner().invoke(main, ["add", store, *given[:4]], catch_exceptions=False)
    assert again.output == "0 added, 4 skipped\nlabels: 2 read, 2 unchanged\n"
    with toolkit.open(store) as photos:
        assert len(photos) == 4


def test_a_long_list_of_pictures_asks_of_each_ending_once(photos, tmp_path):
    class Asked(Importer):
        name = "asked"
        count = 0

        def accepts(self, origin):
            type(self).count += isinstance(origin, str)
            return False

        def records(self, origin):
            yield Record("never")

    photos.registry.add(Asked(), kind="importers")
    photos.add([str(tmp_path / f"{number}.png") for number in range(50)])
    assert Asked.count == 1
