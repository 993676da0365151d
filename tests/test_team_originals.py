"""A collection keeps its copies of bytes and URLs where it is said to, and whoever opens it finds them there."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from databases import new_database, server
from made_up_models import opened, write_pictures

from toolkit.cli import main
from toolkit.errors import InputError, MissingExtraError, QueryError, StoreError
from toolkit.files.originals import location_of, originals_at
from toolkit.images import encode_png, from_array

__all__ = ["server"]

PICTURE = encode_png(from_array(np.full((32, 48, 3), 90, np.uint8)))
OTHER = encode_png(from_array(np.full((32, 48, 3), 190, np.uint8)))


@pytest.fixture(params=["folder", "fsspec"])
def location(request, tmp_path):
    """A place for originals, and what lists the files there."""
    if request.param == "folder":
        return str(tmp_path / "team")
    pytest.importorskip("fsspec")
    return f"memory://{tmp_path.name}"


def contents(location):
    if not location.startswith("memory://"):
        return sorted(path.name for path in Path(location).glob("??/*"))
    import fsspec

    system = fsspec.filesystem("memory")
    return sorted(
        path.rsplit("/", 1)[-1] for path in system.glob(location.removeprefix("memory:/") + "/??/*")
    )


def test_files_are_added_once_read_back_and_removed(location):
    originals, name = originals_at(location), sha256(PICTURE).hexdigest()
    assert not originals.has(name)
    originals.add(PICTURE, name)
    originals.add(PICTURE, name)
    assert (originals.has(name), contents(location)) == (True, [name])
    originals.remove(name)
    originals.remove(name)
    assert (originals.has(name), contents(location)) == (False, [])


def test_copies_move_with_the_collection_and_new_ones_go_there(tmp_path, location):
    with opened(tmp_path / "p.db") as photos:
        photos.add(PICTURE)
        photos.add(write_pictures(tmp_path / "files", 2))  # which stay where they are
        assert photos.move_originals(location) == 1
        photos.add(OTHER)
        assert len(contents(location)) == 2
        assert photos.info()["originals"] == location
    shutil.rmtree(tmp_path / "p.db.files")  # what was copied is not needed any more
    with opened(tmp_path / "p.db") as again:
        assert again.check() == []
        first, *_, last = again
        assert (again.image(first).size, again.image(last).getpixel((0, 0))) == ((48, 32), (190, 190, 190))
        again.delete(last)
        assert len(contents(location)) == 1


def test_moving_again_copies_nothing_twice(tmp_path, location):
    with opened(tmp_path / "p.db") as photos:
        photos.add(PICTURE)
        assert [photos.move_originals(location) for _ in range(2)] == [1, 0]


def test_a_session_that_was_open_meanwhile_writes_to_the_new_place(tmp_path, location):
    with opened(tmp_path / "p.db") as one, opened(tmp_path / "p.db") as other:
        one.move_originals(location)
        other.add(PICTURE)
        assert contents(location) == [sha256(PICTURE).hexdigest()]


def test_a_team_on_a_server_is_told_where_copies_are_and_reads_them_from_the_shared_place(
    server, tmp_path, location, monkeypatch
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "ann"))
    with new_database(server) as url:
        with opened(url) as photos:
            report = photos.add(PICTURE)
            assert f"1 pictures that are no files were stored in {tmp_path / 'ann'}" in str(report)
            photos.move_originals(location)
            assert "move_originals" not in str(photos.add(OTHER))
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "bob"))
        with opened(url) as photos:
            assert [photos.image(id).size for id in photos] == [(48, 32)] * 2
            assert photos.check() == []


def test_a_place_that_cannot_be_reached_is_an_error_and_changes_nothing(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with opened(tmp_path / "p.db") as photos:
        photos.add(PICTURE)
        before = photos.info()["originals"]
        with pytest.raises(StoreError, match="cannot store a picture at"):
            photos.move_originals(tmp_path / "file")
        assert photos.info()["originals"] == before


def test_an_address_no_library_opens_is_an_error_that_says_so(tmp_path):
    pytest.importorskip("fsspec")
    with opened(tmp_path / "p.db") as photos:
        photos.add(PICTURE)
        with pytest.raises((StoreError, MissingExtraError), match="nothing"):
            photos.move_originals("nothing://there")


def test_a_place_out_of_reach_is_refused_though_there_is_nothing_to_copy(tmp_path):
    with opened(tmp_path / "p.db") as photos:
        before = photos.info()["originals"]
        with pytest.raises((StoreError, MissingExtraError), match="nothing"):
            photos.move_originals("nothing://there")
        assert photos.info()["originals"] == before


def test_a_file_that_is_gone_or_was_exchanged_is_not_shown(tmp_path, location):
    with opened(tmp_path / "p.db") as photos:
        photos.add(PICTURE)
        photos.move_originals(location)
        (id,) = photos
        shutil.rmtree(tmp_path / "p.db.files")
        name = sha256(PICTURE).hexdigest()
        originals_at(location).remove(name)
        with pytest.raises(InputError, match="no such file"):
            photos.image(id)
        originals_at(location).add(OTHER, name)
        with pytest.raises(InputError, match="has changed"):
            photos.image(id)


def test_an_address_holds_no_password_and_is_one():
    with pytest.raises(QueryError, match="leave out the password"):
        location_of("sftp://ann:secret@host/folder")
    with pytest.raises(QueryError, match="at one address"):
        location_of("simplecache::s3://bucket")
    assert location_of("sftp://ann@host/folder/") == "sftp://ann@host/folder"


def test_the_command_says_where_they_are_and_moves_them(tmp_path):
    with opened(tmp_path / "p.db") as photos:
        photos.add(PICTURE)
    run = CliRunner().invoke
    store = str(tmp_path / "p.db")
    assert run(main, ["originals", store], catch_exceptions=False).output == f"{store}.files\n"
    done = run(main, ["originals", store, str(tmp_path / "team")], catch_exceptions=False)
    assert done.output == f"1 copied\n{tmp_path / 'team'}\n"
