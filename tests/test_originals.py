"""Files that nobody else keeps."""

import gc
import os
from hashlib import sha256

import pytest

from toolkit.errors import StoreError
from toolkit.files.originals import LocalOriginals


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def name(content):
    return sha256(content).hexdigest()


def test_a_file_is_kept_under_its_content(tmp_path):
    originals = LocalOriginals(tmp_path / "files")
    originals.add(b"picture", name(b"picture"))
    assert originals.path(name(b"picture")).read_bytes() == b"picture"
    assert files(tmp_path) == [name(b"picture")]


def test_nothing_is_made_before_the_first(tmp_path):
    LocalOriginals(tmp_path / "files")
    assert list(tmp_path.iterdir()) == []


def test_keeping_it_again_does_nothing(tmp_path):
    originals = LocalOriginals(tmp_path)
    originals.add(b"picture", name(b"picture"))
    originals.add(b"other", name(b"picture"))
    assert originals.path(name(b"picture")).read_bytes() == b"picture"


def test_discarding_what_is_not_there_does_nothing(tmp_path):
    originals = LocalOriginals(tmp_path)
    originals.add(b"picture", name(b"picture"))
    originals.remove(name(b"picture"))
    originals.remove(name(b"picture"))
    assert files(tmp_path) == []


def test_a_file_that_cannot_be_written_is_an_error_that_leaves_nothing(tmp_path):
    (tmp_path / name(b"picture")[:2]).write_text("a file where a folder should be")
    with pytest.raises(StoreError, match="cannot store a picture at"):
        LocalOriginals(tmp_path).add(b"picture", name(b"picture"))


def test_half_a_file_is_never_left(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(StoreError, match="No space left on device"):
        LocalOriginals(tmp_path).add(b"picture", name(b"picture"))
    assert files(tmp_path) == []


def test_what_is_kept_for_a_session_goes_with_it():
    originals = LocalOriginals(None)
    originals.add(b"picture", name(b"picture"))
    path = originals.path(name(b"picture"))
    originals.close()
    originals.close()
    assert not path.exists()
    with pytest.raises(StoreError, match="closed"):
        originals.path(name(b"picture"))


def test_what_was_never_closed_goes_too_without_a_warning(recwarn):
    originals = LocalOriginals(None)
    originals.add(b"picture", name(b"picture"))
    path = originals.path(name(b"picture"))
    gc.collect()
    recwarn.clear()  # of what other tests left
    del originals
    gc.collect()
    assert not path.exists()
    assert list(recwarn) == []
