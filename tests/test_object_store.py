"""Pictures in an object store: those of a team that has its copies there, and those that are added from there."""

from __future__ import annotations

import shutil
from hashlib import sha256

import numpy as np
import pytest
from click.testing import CliRunner
from databases import new_database, server
from made_up_models import opened, write_pictures
from object_store import bucket, file_system, forget_connections, keys_in, object_store

from toolkit.cli import main
from toolkit.errors import InputError, StoreError
from toolkit.files.originals import LocalOriginals, originals_at
from toolkit.images import encode_png, from_array
from toolkit.plugins import Record

__all__ = ["bucket", "object_store", "server"]


def picture(gray):
    return encode_png(from_array(np.full((32, 48, 3), gray, np.uint8)))


def name(encoded):
    return sha256(encoded).hexdigest()


def put(bucket, key, encoded):
    file_system().pipe_file(f"{bucket.removeprefix('s3://')}/{key}", encoded)


def write_from_elsewhere(address, encoded):
    """Write an object as another machine does, of which this process's file system knows nothing."""
    import s3fs

    system = s3fs.S3FileSystem(skip_instance_cache=True)
    system.pipe_file(address, encoded)


@pytest.fixture(params=["file", "server"])
def shared(request, tmp_path):
    """A collection that two people open."""
    if request.param == "file":
        yield tmp_path / "p.db"
        return
    with new_database(request.getfixturevalue("server")) as url:
        yield url


def test_bytes_added_by_one_are_read_by_another_who_has_no_file_of_theirs(
    shared, bucket, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "ann"))
    with opened(shared) as photos:
        photos.move_originals(f"{bucket}/originals")
        added = [picture(gray) for gray in (10, 120, 240)]
        assert photos.add(added).added == 3
    assert not (tmp_path / "ann").exists()
    assert not (tmp_path / "p.db.files").exists()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "bob"))
    shutil.rmtree(tmp_path / "p.db.cache", ignore_errors=True)
    with opened(shared) as photos:
        ids = list(photos)
        assert [photos.image(id).getpixel((0, 0))[0] for id in ids] == [10, 120, 240]
        assert [photos.thumbnail(id)[:2] for id in ids] == [b"\xff\xd8"] * 3
        assert [file.read() for file in photos.files()] == added
        assert photos.index(embedder="size").indexed == 3  # with another model
        best = photos.search(photos.terms.image({"input": ids[2]}, space="size@1"), limit=3)
        assert sorted(hit.input.id for hit in best) == sorted(ids)
        assert photos.check() == []
        assert photos.add(added).skipped == 3


def test_originals_are_read_by_their_content(bucket):
    originals = originals_at(f"{bucket}/originals")
    originals.add(picture(1), name(picture(1)))
    assert originals.read(name(picture(1))) == picture(1)
    with pytest.raises(InputError, match="no such file"):
        originals.read(name(picture(2)))
    put(bucket, f"originals/{name(picture(2))[:2]}/{name(picture(2))}", picture(1))
    with pytest.raises(InputError, match="has changed"):
        originals.read(name(picture(2)))
    assert [one.bytes for one in originals.stored()] == [len(picture(1))] * 2


def test_pictures_of_a_bucket_are_added_and_stay_there(bucket, tmp_path):
    for key, gray in (
        ("a/1.png", 1),
        ("a/b/2.png", 90),
        ("3.png", 180),
        ("a/.hidden.png", 5),
        ("a/text.txt", 6),
    ):
        put(bucket, key, picture(gray))
    with opened(tmp_path / "p.db") as photos:
        assert photos.add(f"{bucket}/a/").added == 2
        assert photos.add(f"{bucket}/*.png").added == 1
        assert photos.add([f"{bucket}/**/*.png", picture(250)]).added == 1
        assert [photos.image(id).getpixel((0, 0))[0] for id in photos] == [1, 90, 180, 250]
        assert next(photos[id].uri for id in photos) == f"{bucket}/a/1.png"
        assert len(list((tmp_path / "p.db.files").glob("*/*"))) == 1  # of the bytes alone
        assert photos.open_image(f"{bucket}/a/b/2.png").getpixel((0, 0)) == (90, 90, 90)
        assert len(photos.search(f"{bucket}/a/b/2.png")) == 4
        assert photos.index(embedder="size").indexed == 4
        photos.delete(list(photos))
    assert len(keys_in(bucket)) == 5


def test_what_came_after_a_folder_was_listed_is_read(bucket, tmp_path):
    put(bucket, "a/1.png", picture(1))
    with opened(tmp_path / "p.db") as photos:
        assert photos.add(f"{bucket}/a/").added == 1
        write_from_elsewhere(f"{bucket}/a/2.png", picture(90))
        assert photos.open_image(f"{bucket}/a/2.png").getpixel((0, 0)) == (90, 90, 90)
        write_from_elsewhere(f"{bucket}/a/3.png", picture(180))
        assert photos.add(f"{bucket}/a/").added == 2


def test_a_key_may_be_anything_and_leads_nowhere_else(bucket, tmp_path):
    (tmp_path / "passwd").write_bytes(picture(77))
    keys = [
        "../up.png", "a/../../b.png", "a//b.png", "a b.png", "a%20b.png", "a#b.png", "a?b.png", "a[1].png", "*.png",
        "日本 ü.png", " lead.png", f"c::file://{tmp_path}/passwd", "d::simplecache::x.png", "~root.png",
    ]  # fmt: skip
    for number, key in enumerate(keys):
        put(bucket, key, picture(10 * number + 3))
    put(bucket, "empty.png", b"")
    with opened(tmp_path / "p.db") as photos:
        report = photos.add(f"{bucket}/")
        assert [one.uri for one in report.failed] == [f"{bucket}/empty.png"]
        assert report.added == len(keys) - 1  # one has no ending of a picture
        assert photos.add(f"{bucket}/{keys[11]}").added == 1
        found = {photos[id].uri: photos.image(id).getpixel((0, 0))[0] for id in photos}
        assert found == {f"{bucket}/{key}": 10 * number + 3 for number, key in enumerate(keys)}
        assert photos.add(f"{bucket}/a[1].png").skipped == 1  # a name, and no pattern
        assert photos.check() == []


def test_an_object_that_is_gone_is_missing_and_one_that_moved_is_found(bucket, tmp_path):
    put(bucket, "a.png", picture(1))
    put(bucket, "old/b.png", picture(90))
    with opened(tmp_path / "p.db") as photos:
        photos.add(f"{bucket}/")
        file_system().mv(f"{bucket}/old/b.png", f"{bucket}/new/b.png")
        assert [one.uri for one in photos.missing()] == [f"{bucket}/old/b.png"]
        assert photos.relocate(f"{bucket}/old", f"{bucket}/new") == 1
        assert photos.missing() == []
        file_system().rm(f"{bucket}/a.png")
        (gone,) = photos.missing()
        assert gone.reason == "no such file or directory"


def test_what_cannot_be_reached_is_tried_again(bucket, tmp_path, monkeypatch, object_store):
    put(bucket, "a.png", picture(1))
    (local,) = write_pictures(tmp_path / "files", 1)
    with opened(tmp_path / "p.db") as photos:
        with monkeypatch.context() as patch:
            patch.setenv("AWS_SECRET_ACCESS_KEY", "")
            patch.setenv("AWS_ACCESS_KEY_ID", "")
            patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
            forget_connections()
            report = photos.add([f"{bucket}/a.png", local])
            assert (report.added, [one.uri for one in report.failed]) == (1, [f"{bucket}/a.png"])
            assert "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in report.failed[0].reason
            with pytest.raises(StoreError, match="aws configure"):
                photos.move_originals(f"{bucket}/originals")
            with pytest.raises(InputError, match="aws configure"):
                photos.add(f"{bucket}/*.png")
        forget_connections()
        assert photos.info()["failed"] == 0
        assert photos.add([f"{bucket}/a.png", local]).added == 1


def test_a_copy_that_cannot_be_written_adds_nothing(bucket, tmp_path):
    with opened(tmp_path / "p.db") as photos:
        photos.move_originals(f"{bucket}/originals")
        file_system().rm(bucket, recursive=True)  # with the bucket itself
        with pytest.raises(StoreError, match="cannot store a picture at s3://"):
            photos.add(picture(1))
        assert len(photos) == 0
        file_system().mkdir(bucket)
        assert photos.add(picture(1)).added == 1


def test_copies_whose_pictures_were_never_written_are_found_and_removed(bucket, tmp_path):
    path = str(tmp_path / "p.db")
    with opened(path) as photos:
        photos.move_originals(f"{bucket}/originals")
        photos.add(Record(picture(1), id="one"))
        assert photos.add(Record(picture(90), id="one")).failed  # the id is taken, after its file was written
        (unused,) = photos.unused_originals()
        assert (unused.sha256, unused.bytes) == (name(picture(90)), len(picture(90)))
    run = CliRunner().invoke
    refused = run(main, ["originals", path, "--prune"], input="n\n")
    assert (refused.exit_code, unused.place in refused.output) == (1, True)
    assert "1 removed" in run(main, ["originals", path, "--prune", "--yes"]).output
    with opened(path) as photos:
        assert photos.prune_originals() == []
        assert photos.check() == []
        photos.delete("one")
    assert [key for key in keys_in(bucket) if "/collections/" not in key] == []


def test_collections_that_share_a_place_take_nothing_from_one_another(bucket, tmp_path):
    place = f"{bucket}/originals"
    with opened(tmp_path / "a.db") as one, opened(tmp_path / "b.db") as other:
        for photos in (one, other):
            photos.move_originals(place)
            photos.add(picture(1))
        one.delete(list(one))
        assert other.check() == []
        with pytest.raises(StoreError, match="1 other collections keep their copies at s3://"):
            one.unused_originals()
        other.move_originals(tmp_path / "elsewhere")
        assert [file.sha256 for file in one.prune_originals()] == [name(picture(1))]
        assert other.check() == []


class DeletedMeanwhile(LocalOriginals):
    """A folder; the first time that a file was to be written there, somebody deletes what had the same content."""

    delete = None

    def add(self, encoded, sha256):
        super().add(encoded, sha256)
        if self.delete is not None:
            delete, self.delete = self.delete, None
            delete()


def test_a_picture_that_is_deleted_while_it_is_added_again_has_its_file(tmp_path):
    with opened(tmp_path / "p.db") as photos, opened(tmp_path / "p.db") as other:
        photos.add(Record(picture(1), id="first"))
        photos.add(picture(2))
        folder = photos._resources.own_originals = DeletedMeanwhile(tmp_path / "p.db.files")
        folder.delete = lambda: other.delete("first")
        record = Record(picture(1), id="second")
        from toolkit.collection.adding import add_each

        assert add_each([record], [""], photos._resources) == ["second"]
        assert folder.delete is None
        assert photos.check() == []
        assert photos.image("second").getpixel((0, 0)) == (1, 1, 1)
