"""Pictures are known by what they hold: moved, copied, replaced and lost files, and whole folders mounted elsewhere."""

from __future__ import annotations

import shutil

import pytest
from made_up_models import opened, write_pictures

from toolkit.cli import main
from toolkit.errors import InputError
from toolkit.values.types import Box


@pytest.fixture
def photos(tmp_path):
    with opened(tmp_path / "far" / "away" / "p.db") as collection:
        yield collection


@pytest.fixture(autouse=True)
def far(tmp_path):
    (tmp_path / "far" / "away").mkdir(parents=True)


def size(photos, id):
    return photos.image(id).size


class TestMovedFiles:
    def test_a_moved_folder_that_is_added_again_is_the_same_inputs_at_another_place(self, photos, tmp_path):
        write_pictures(tmp_path / "old", 3)
        photos.add(tmp_path / "old")
        ids = list(photos)
        photos.annotate(ids, concept="cat")
        (tmp_path / "old").rename(tmp_path / "new")
        report = photos.add(tmp_path / "new")
        assert (report.added, report.moved, report.skipped, report.failed) == (0, 3, 0, ())
        assert str(report).splitlines()[0] == "0 added, 3 moved"
        assert list(photos) == ids
        assert {photos[id].uri for id in ids} == set(map(str, (tmp_path / "new").iterdir()))
        assert photos.add_region(ids[0], Box(0.1, 0.1, 0.5, 0.5))
        assert photos.index(detector="corner").failed == ()

    def test_two_files_that_changed_places_are_told_apart(self, photos, tmp_path):
        first, second = write_pictures(tmp_path, 2)
        photos.add([first, second])
        a, b = (photos.find(path).id for path in (first, second))
        content = first.read_bytes()
        first.write_bytes(second.read_bytes())
        second.write_bytes(content + b"")
        for late, path in enumerate((first, second)):
            touch(path, late)
        assert photos.add([first, second]).moved == 2
        assert (photos.find(first).id, photos.find(second).id) == (b, a)
        assert (photos[a].uri, photos[b].uri) == (str(second), str(first))

    def test_any_copy_is_read(self, photos, tmp_path):
        (one,) = write_pictures(tmp_path / "x", 1)
        copy = tmp_path / "copy.png"
        shutil.copy(one, copy)
        photos.add([one, copy])
        (id,) = photos
        one.unlink()
        assert size(photos, id) == (60, 53)
        assert photos.check() == []
        report = photos.add([copy])
        assert (report.moved, photos[id].uri) == (1, str(copy))

    def test_inputs_that_share_a_content_move_together_and_keep_their_places(self, photos, tmp_path):
        from toolkit.plugins.interfaces import Record

        (one,) = write_pictures(tmp_path, 1)
        photos.add([Record(str(one)), Record(str(one), id="twin")])
        first, twin = photos
        photos.delete(first)
        assert size(photos, twin) == (60, 53)
        one.rename(tmp_path / "b.png")
        photos.add(tmp_path / "b.png")
        assert photos["twin"].uri == str(tmp_path / "b.png")
        assert list(photos) == ["twin"]


class TestReplacedFiles:
    def test_a_replaced_file_is_said_once_and_fails_no_later_run(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        photos.add(path)
        (old,) = photos
        write_pictures(tmp_path, 1, seed=9)
        touch(path, 1)
        report = photos.add(path)
        assert report.added == 1
        assert f"{path}: holds another picture now" in str(report)
        later = photos.index(detector="corner")
        assert later.failed == ()
        assert later.indexed == 1
        assert "without a file, left as they are: 1" in str(later)
        assert [one.id for one in photos.missing()] == [old]

    def test_a_replaced_file_whose_content_is_elsewhere_moves(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        copy = tmp_path / "copy.png"
        shutil.copy(path, copy)
        photos.add([path, copy])
        (old,) = photos
        write_pictures(tmp_path, 1, seed=9)
        touch(path, 1)
        report = photos.add(path)
        assert (report.added, report.moved, report.notes) == (1, 1, ())
        assert photos[old].uri == str(copy)

    def test_a_file_that_was_away_for_a_while_is_not_forgotten(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        photos.add(path)
        path.rename(tmp_path / "away.png")
        assert len(photos.add([path]).failed) == 1
        assert [one.reason for one in photos.missing()] == ["no such file or directory"]
        (tmp_path / "away.png").rename(path)
        assert photos.check() == []
        assert photos.add([path]).failed == ()


class TestFoldersThatMove:
    def test_a_folder_with_its_collection_can_be_moved_as_a_whole(self, tmp_path):
        write_pictures(tmp_path / "a" / "pictures", 2)
        with opened(tmp_path / "a" / "p.db") as photos:
            photos.add(tmp_path / "a" / "pictures")
            ids = list(photos)
        (tmp_path / "a").rename(tmp_path / "b")
        with opened(tmp_path / "b" / "p.db") as photos:
            assert photos.check() == []
            assert photos[ids[0]].uri.startswith(str(tmp_path / "b" / "pictures"))
            assert photos.find(photos[ids[0]].uri).id == ids[0]
            report = photos.add(tmp_path / "b" / "pictures")
            assert (report.added, report.skipped, report.moved) == (0, 2, 0)

    def test_a_collection_can_be_moved_away_from_its_pictures(self, tmp_path):
        write_pictures(tmp_path / "a" / "pictures", 2)
        with opened(tmp_path / "a" / "p.db") as photos:
            photos.add(tmp_path / "a" / "pictures")
        (tmp_path / "b").mkdir()
        (tmp_path / "a" / "p.db").rename(tmp_path / "b" / "p.db")
        with opened(tmp_path / "b" / "p.db") as photos:
            assert photos.check() == []
            assert photos.add(tmp_path / "a" / "pictures").skipped == 2

    def test_names_that_are_not_unicode_move_as_well(self, tmp_path):
        folder = tmp_path / "a"
        (path,) = write_pictures(folder, 1)
        path.rename(folder / "\udcff.png")
        with opened(folder / "p.db") as photos:
            photos.add(folder)
        folder.rename(tmp_path / "b c")
        with opened(tmp_path / "b c" / "p.db") as photos:
            (id,) = photos
            assert size(photos, id) == (60, 53)


class TestRelocate:
    def test_places_below_a_folder_are_below_another(self, photos, tmp_path):
        write_pictures(tmp_path / "old", 2)
        write_pictures(tmp_path / "older", 1, seed=5)
        photos.add([tmp_path / "old", tmp_path / "older"])
        (tmp_path / "old").rename(tmp_path / "new")
        assert len(photos.missing()) == 2
        assert photos.relocate(tmp_path / "old", tmp_path / "new") == 2
        assert photos.check() == []
        assert photos.add(tmp_path / "new").skipped == 2

    def test_what_is_nowhere_changes_nothing(self, photos, tmp_path):
        write_pictures(tmp_path / "old", 2)
        photos.add(tmp_path / "old")
        with pytest.raises(
            InputError, match=f"no picture of this collection is below it; they are below {tmp_path}"
        ):
            photos.relocate(tmp_path / "odl", tmp_path / "new")
        with pytest.raises(InputError, match="none of the 2 pictures is there; nothing was changed"):
            photos.relocate(tmp_path / "old", tmp_path / "new")
        assert photos.check() == []

    def test_a_place_that_was_known_before_is_taken_over(self, photos, tmp_path):
        write_pictures(tmp_path / "old", 1)
        shutil.copytree(tmp_path / "old", tmp_path / "new")
        photos.add([tmp_path / "old", tmp_path / "new"])
        shutil.rmtree(tmp_path / "old")
        photos.relocate(tmp_path / "old", tmp_path / "new")
        (id,) = photos
        assert size(photos, id) == (60, 53)


class TestPrune:
    def test_only_what_is_gone_is_forgotten(self, photos, tmp_path):
        first, second = write_pictures(tmp_path, 2)
        photos.add([first, second])
        gone = photos.find(first).id
        first.unlink()
        assert photos.prune() == [gone]
        assert [photos[id].uri for id in photos] == [str(second)]
        assert photos.prune() == []

    def test_the_command_line_says_what_is_wrong_moves_and_asks_before_it_forgets(self, photos, tmp_path):
        from click.testing import CliRunner

        path = str(tmp_path / "far" / "away" / "p.db")
        write_pictures(tmp_path / "old", 2)
        photos.add(tmp_path / "old")
        run = CliRunner().invoke
        assert run(main, ["check", path]).output == "all is well\n"
        (tmp_path / "old").rename(tmp_path / "new")
        checked = run(main, ["check", path])
        assert (checked.exit_code, checked.output.count("no such file")) == (1, 2)
        assert run(main, ["prune", path], input="n\n").exit_code == 1
        assert len(photos) == 2
        moved = run(main, ["relocate", path, str(tmp_path / "old"), str(tmp_path / "new")])
        assert moved.output == "2 places changed\n"
        shutil.rmtree(tmp_path / "new")
        assert run(main, ["prune", path, "--yes"]).output.endswith("2 forgotten\n")
        assert len(photos) == 0


def touch(path, seconds):
    import os

    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + (1 + seconds) * 1_000_000_000))
