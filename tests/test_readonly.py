"""Collections that cannot be written are read: another user's file, a read-only folder, or because one wishes so."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from made_up_models import opened, registry, write_pictures

import toolkit
from toolkit.errors import StoreError
from toolkit.terms import image

MODELS = registry()
WRITES = {
    "add": lambda photos, one: photos.add(b"x"),
    "annotate": lambda photos, one: photos.annotate([one], concept="cat"),
    "delete": lambda photos, one: photos.delete(one),
    "update": lambda photos, one: photos.inputs.update(one, metadata={"a": 1}),
    "save a query": lambda photos, one: photos.queries.__setitem__("q", toolkit.terms.concept("cat")),
    "relocate": lambda photos, one: photos.relocate("/", "/"),
    "move originals": lambda photos, one: photos.move_originals("elsewhere"),
}


@pytest.fixture
def path(tmp_path):
    with opened(tmp_path / "p.db") as photos:
        write_pictures(tmp_path / "pictures", 3)
        photos.add(tmp_path / "pictures")
        photos.annotate(list(photos)[:1], concept="cat")
    return tmp_path / "p.db"


def beside(path):
    """The files there are, and when they changed; but for what SQLite shares between processes while they read."""
    shared = "p.db-shm", "p.db-wal"
    return sorted(
        (one.name, one.stat().st_mtime_ns) for one in path.parent.iterdir() if one.name not in shared
    )


def test_a_collection_is_searched_and_nothing_is_written(path):
    before = beside(path)
    with toolkit.open(path, readonly=True, registry=MODELS) as photos:
        (id, *_) = photos
        assert photos.readonly
        assert len(photos.search(image(photos.thumbnail(id)))) == 3
        assert photos.image(id).size == (60, 53)
        assert photos.check() == []
    assert beside(path) == before


@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
def test_verbs_that_write_say_that_they_cannot(path, write):
    with toolkit.open(path, readonly=True, registry=MODELS) as photos:
        (id, *_) = photos
        with pytest.raises(StoreError, match="is open for reading only"):
            write(photos, id)
        assert len(photos) == 3


def test_what_is_not_there_is_not_made(tmp_path):
    with pytest.raises(StoreError, match="there is no collection"):
        toolkit.open(tmp_path / "none.db", readonly=True)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_sees_what_another_process_is_writing(path):
    with opened(path) as writer, toolkit.open(path, readonly=True, registry=MODELS) as photos:
        writer.annotate(list(writer), concept="dog")
        assert len(photos.search(toolkit.terms.label("dog"))) == 3


@pytest.fixture
def folder_of_all():
    """A folder that others may look into; pytest's own are closed to them."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else"
)
def test_another_users_collection_is_read(folder_of_all):
    """In a process of a user who owns nothing here."""
    with opened(folder_of_all / "p.db") as photos:
        photos.add(write_pictures(folder_of_all, 2))
    program = (
        "import os, sys\n"
        "from toolkit.store import AnnotationStore\n"
        "from toolkit.errors import StoreError\n"
        "AnnotationStore.open().close()  # what is imported late may be in a folder of root's\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "with AnnotationStore.open(sys.argv[1]) as store:\n"
        "    print(store.readonly, store.counts()['inputs'])\n"
        "    try:\n"
        "        with store.write(): pass\n"
        "    except StoreError as error: print('reading only' in str(error))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(folder_of_all / "p.db")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stdout, ran.stderr) == ("True 2\nTrue\n", "")


def test_an_empty_file_with_the_folders_of_a_collection_is_no_new_collection(path):
    path.write_bytes(b"")
    with pytest.raises(StoreError, match="is empty, but it was a collection"):
        toolkit.open(path)
    assert path.stat().st_size == 0
    (path.parent / "p.db.cache").rename(path.parent / "away")
    with toolkit.open(path) as photos:
        assert len(photos) == 0
