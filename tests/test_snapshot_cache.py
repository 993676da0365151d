"""Snapshots kept in files: immediate to open again, and never believed when anything is wrong with them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update
from test_snapshot import STEPS, assert_same, frozen_copy, perform, snapshot
from written_store import WrittenStore

from toolkit.errors import StoreError
from toolkit.store.snapshots import cache
from toolkit.store.snapshots.array_file import ArrayFile
from toolkit.store.snapshots.header import Header
from toolkit.store.snapshots.layout import arrays_of
from toolkit.store.snapshots.snapshots import Snapshots
from toolkit.store.sql import schema


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WrittenStore]:
    written = filled(WrittenStore(tmp_path / "photos.db"))
    yield written
    written.close()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "photos.cache"


def filled(store: WrittenStore) -> WrittenStore:
    store.add(count=6, regions=1, metadata='{"of":"all"}')
    store.embed("pixels@1", {key: [key, key / 2] for key in range(1, 10)})
    store.annotate(1, {"dog": 1.0, "cat": 0.25})
    store.annotate(4, {"dog": 0.5}, source="model:pixels@1")
    store.put("train", [1, 2, 5])
    return store


@contextmanager
def opened(store: WrittenStore, directory: Path | None) -> Iterator[Snapshots]:
    snapshots = Snapshots(store.read, directory)
    yield snapshots
    snapshots.close()


def keep(store: WrittenStore, directory: Path) -> None:
    with opened(store, directory) as snapshots:
        snapshots.latest()


def is_mapped(array: np.ndarray) -> bool:
    return isinstance(array.base, np.memmap) or not array.size


def header(directory: Path) -> dict:
    return json.loads((directory / "snapshot.json").read_text())["content"]


def file_of(directory: Path, name: str) -> Path:
    return directory / header(directory)["files"][name]["name"]


# --- opening again


def test_a_kept_snapshot_is_opened_without_reading_the_store(store: WrittenStore, directory: Path) -> None:
    expected = snapshot(store)
    keep(store, directory)
    with store.engine.begin() as connection:  # behind the back of the revisions
        connection.execute(delete(schema.inputs))
    with opened(store, directory) as snapshots:
        assert_same(snapshots.latest(), expected)


def test_every_array_is_mapped_and_read_only(store: WrittenStore, directory: Path) -> None:
    with opened(store, directory) as first:
        for snapshots in (first, Snapshots(store.read, directory)):
            arrays = arrays_of(snapshots.latest())
            assert [name for name, array in arrays.items() if not is_mapped(array)] == []
            assert [name for name, array in arrays.items() if array.flags.writeable] == []


def test_nothing_new_is_the_same_snapshot(store: WrittenStore, directory: Path) -> None:
    with opened(store, directory) as snapshots:
        assert snapshots.latest() is snapshots.latest()


def test_what_is_new_since_the_files_were_kept_is_caught_up(store: WrittenStore, directory: Path) -> None:
    keep(store, directory)
    store.add(count=3)
    store.embed("pixels@1", {13: [1, 2]})
    store.delete(schema.inputs, 2)
    with opened(store, directory) as snapshots:
        assert_same(snapshots.latest(), snapshot(store))


def test_more_vectors_are_appended_to_their_file(store: WrittenStore, directory: Path) -> None:
    with opened(store, directory) as snapshots:
        old = snapshots.latest()
        copy, file = frozen_copy(old), file_of(directory, "spaces.0.vectors")
        start = file.read_bytes()
        store.embed("pixels@1", {10: [10, 5]})
        new = snapshots.latest()
        assert file_of(directory, "spaces.0.vectors") == file
        assert file.read_bytes() == start + np.array([10, 5], "<f4").tobytes()
        assert new.spaces["pixels@1"].vectors[-1].tolist() == [10, 5]
        assert_same(old, copy)


def test_the_older_snapshot_outlives_its_files(store: WrittenStore, directory: Path) -> None:
    with opened(store, directory) as snapshots:
        old = snapshots.latest()
        copy, files = frozen_copy(old), set(directory.glob("*.array"))
        store.delete(schema.inputs, 1)
        assert_same(snapshots.latest(), snapshot(store))
        assert not files & set(directory.glob("*.array")) or len(
            files & set(directory.glob("*.array"))
        ) < len(files)
        assert_same(old, copy)


def test_files_of_older_snapshots_are_deleted(store: WrittenStore, directory: Path) -> None:
    with opened(store, directory) as snapshots:
        for key in range(1, 5):
            store.delete(schema.inputs, key)
            snapshots.latest()
    in_use = {file["name"] for file in header(directory)["files"].values()}
    assert {path.name for path in directory.glob("*.array")} == in_use


def test_a_label_is_kept_when_the_store_closes(store: WrittenStore, directory: Path) -> None:
    store.add(count=100)
    with opened(store, directory) as snapshots:
        snapshots.latest()
        kept = header(directory)["words"]["revision"]
        store.annotate(1, {"cow": 1.0})
        assert_same(snapshots.latest(), snapshot(store))
        assert header(directory)["words"]["revision"] == kept
    assert header(directory)["words"]["revision"] == kept + 1
    with opened(store, directory) as snapshots:
        assert_same(snapshots.latest(), snapshot(store))


def test_many_labels_are_kept_at_once(store: WrittenStore, directory: Path) -> None:
    with opened(store, directory) as snapshots:
        snapshots.latest()
        store.annotate(1, {"cow": 1.0})
        revision = snapshots.latest().revision
        assert header(directory)["words"]["revision"] == revision


def test_a_store_in_memory_keeps_no_files(tmp_path: Path) -> None:
    store = filled(WrittenStore())
    with opened(store, None) as snapshots:
        assert_same(snapshots.latest(), snapshot(store))
        store.add()
        assert_same(snapshots.latest(), snapshot(store))
    store.close()
    assert list(tmp_path.iterdir()) == []


def test_after_closing_there_are_no_more_snapshots(store: WrittenStore, directory: Path) -> None:
    snapshots = Snapshots(store.read, directory)
    snapshots.close()
    snapshots.close()
    with pytest.raises(StoreError, match="closed"):
        snapshots.latest()


# --- never trusted


def truncate(directory: Path) -> None:
    file = file_of(directory, "spaces.0.vectors")
    os.truncate(file, file.stat().st_size - 4)


def append(directory: Path) -> None:
    """As a crash leaves it between writing vectors and the header."""
    with file_of(directory, "spaces.0.vectors").open("ab") as stream:
        stream.write(b"\0" * 8)


def flip_without_a_trace(directory: Path) -> None:
    file = file_of(directory, "columns.values")
    before = file.stat()
    content = bytearray(file.read_bytes())
    content[1] ^= 0x40
    file.write_bytes(content)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def remove(directory: Path) -> None:
    file_of(directory, "rows.box").unlink()


def touch(directory: Path) -> None:
    os.utime(file_of(directory, "inputs.key"), ns=(1, 1))


def garbage(directory: Path) -> None:
    (directory / "snapshot.json").write_bytes(b"[" * 100_000)


def not_text(directory: Path) -> None:
    (directory / "snapshot.json").write_bytes(bytes(range(256)))


def no_header(directory: Path) -> None:
    (directory / "snapshot.json").unlink()


def empty_header(directory: Path) -> None:
    (directory / "snapshot.json").write_bytes(b"")


def a_directory_for_a_header(directory: Path) -> None:
    (directory / "snapshot.json").unlink()
    (directory / "snapshot.json").mkdir()


def other_words(directory: Path) -> None:
    path = directory / "snapshot.json"
    path.write_bytes(path.read_bytes().replace(b'"dog"', b'"god"'))


def rewritten(change: Callable[[dict], None]) -> Callable[[Path], None]:
    """A header that somebody wrote on purpose, checksum and all."""

    def damage(directory: Path) -> None:
        content = header(directory)
        change(content)
        checksum = zlib.crc32(json.dumps(content, sort_keys=True).encode())
        written = json.dumps({"checksum": checksum, "content": content})
        (directory / "snapshot.json").write_text(written)

    return damage


def of_another_version(content: dict) -> None:
    content["format"] = 0


def of_a_file_elsewhere(content: dict) -> None:
    content["files"]["rows.box"]["name"] = "../photos.db"


def of_python_objects(content: dict) -> None:
    content["files"]["rows.box"]["kind"] = "|O"


def without_an_array(content: dict) -> None:
    del content["files"]["rows.box"]


FILES_DAMAGED = truncate, append, flip_without_a_trace, remove, touch
HEADER_DAMAGED = garbage, not_text, no_header, empty_header, other_words
HEADER_FORGED = of_another_version, of_a_file_elsewhere, of_python_objects, without_an_array


@pytest.mark.parametrize(
    "damage",
    [*FILES_DAMAGED, *HEADER_DAMAGED, *map(rewritten, HEADER_FORGED)],
    ids=[damage.__name__ for damage in (*FILES_DAMAGED, *HEADER_DAMAGED, *HEADER_FORGED)],
)
def test_damaged_files_are_made_anew(
    damage: Callable[[Path], None], store: WrittenStore, directory: Path
) -> None:
    expected = snapshot(store)
    keep(store, directory)
    damage(directory)
    with opened(store, directory) as snapshots:
        assert_same(snapshots.latest(), expected)
    with store.engine.begin() as connection:  # and kept again
        connection.execute(delete(schema.inputs))
    with opened(store, directory) as snapshots:
        assert_same(snapshots.latest(), expected)


@pytest.mark.parametrize("damage", [truncate, append, remove, no_header], ids=lambda damage: damage.__name__)
def test_files_damaged_while_the_store_is_open_are_made_anew(
    damage: Callable[[Path], None], store: WrittenStore, directory: Path
) -> None:
    with opened(store, directory) as snapshots:
        snapshots.latest()
        damage(directory)
        store.embed("pixels@1", {10: [3, 4]})
        assert_same(snapshots.latest(), snapshot(store))


@given(st.integers(0, 2**31), st.integers(1, 255))
def test_no_flipped_byte_of_the_header_goes_unnoticed(position: int, flip: int) -> None:
    file = ArrayFile("1f.array", "<i8", (3,), mtime_ns=17, checksum=4711)
    written = Header("photos", {"concepts": ["dog", "hütte"]}, {"rows.key": file})
    content = bytearray(written.encoded())
    content[position % len(content)] ^= flip
    try:
        read = Header.decoded(bytes(content))
    except Exception:
        return
    assert read == written  # a blank for a line break


def test_files_of_another_store_are_not_used(store: WrittenStore, directory: Path, tmp_path: Path) -> None:
    keep(store, directory)
    shutil.copy(tmp_path / "photos.db", tmp_path / "other.db")
    other = WrittenStore(tmp_path / "other.db")  # the very same history, so far
    with other.engine.begin() as connection:
        connection.execute(update(schema.properties).values(value='"other"'))
        connection.execute(update(schema.inputs).values(metadata="{}"))
    with opened(other, directory) as snapshots:
        assert snapshots.latest().inputs.metadata[0] == "{}"
    other.close()


def test_files_from_the_future_of_a_restored_backup_are_not_used(
    store: WrittenStore, directory: Path
) -> None:
    keep(store, directory)
    with store.engine.begin() as connection:
        last = schema.revisions.c.revision == 5
        connection.execute(delete(schema.revisions).where(last))
        connection.execute(delete(schema.dataset_inputs))
    with opened(store, directory) as snapshots:
        assert_same(snapshots.latest(), snapshot(store))
        assert snapshots.latest().datasets["train"].tolist() == []


def test_files_of_another_history_are_not_used(store: WrittenStore, directory: Path) -> None:
    keep(store, directory)
    with store.engine.begin() as connection:
        connection.execute(update(schema.revisions).values(token="rewritten"))
        connection.execute(update(schema.inputs).values(metadata="{}"))
    with opened(store, directory) as snapshots:
        assert snapshots.latest().inputs.metadata[0] == "{}"


# --- where files cannot be kept


def test_a_directory_that_cannot_be_made_is_done_without(store: WrittenStore, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    for directory in (tmp_path / "taken", tmp_path / "missing" / "photos.cache"):
        with opened(store, directory) as snapshots:
            assert_same(snapshots.latest(), snapshot(store))
            store.embed("pixels@1", {10: [3, 4]})
            assert_same(snapshots.latest(), snapshot(store))


def test_a_header_that_cannot_be_replaced_is_done_without(store: WrittenStore, directory: Path) -> None:
    keep(store, directory)
    a_directory_for_a_header(directory)
    with opened(store, directory) as snapshots:
        assert_same(snapshots.latest(), snapshot(store))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not stop this user")
def test_a_directory_that_cannot_be_written_is_done_without(store: WrittenStore, directory: Path) -> None:
    directory.mkdir(mode=0o500)
    with opened(store, directory) as snapshots:
        assert_same(snapshots.latest(), snapshot(store))


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    resource = pytest.importorskip("resource", reason="needs POSIX resource limits")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_disk_that_fills_up_is_done_without(store: WrittenStore, directory: Path) -> None:
    keep(store, directory)
    store.embed("pixels@1", {10: [3, 4]})
    with opened(store, directory) as snapshots:
        with no_file_longer_than(75):  # nine vectors are there, the tenth fits in part
            assert_same(snapshots.latest(), snapshot(store))
        store.embed("pixels@1", {11: [5, 6]})
        assert_same(snapshots.latest(), snapshot(store))
    with opened(store, directory) as snapshots:
        assert_same(snapshots.latest(), snapshot(store))


def test_files_that_stay_busy_are_done_without_for_once(
    store: WrittenStore, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "PATIENCE", 0.01)
    directory.mkdir()
    with opened(store, directory) as snapshots:
        with FileLock(directory / "lock"):
            assert_same(snapshots.latest(), snapshot(store))
        assert list(directory.glob("*.array")) == []
        store.add()
        assert_same(snapshots.latest(), snapshot(store))
        assert header(directory)["words"]["revision"] == snapshots.latest().revision


# --- several at once


@settings(max_examples=20, deadline=None)
@given(STEPS, st.data())
def test_two_sessions_sharing_files_see_what_the_store_says(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]], data: st.DataObject
) -> None:
    directory = tmp_path_factory.mktemp("shared") / "photos.cache"
    store = WrittenStore()
    sessions = [Snapshots(store.read, directory) for _ in range(2)]
    kept = []
    for operation, seed in [("add", 1), *steps]:
        perform(store, operation, seed)
        action = data.draw(st.sampled_from(["nothing", "look", "reopen"]), label="then")
        which = data.draw(st.integers(0, 1), label="session")
        if action == "reopen":
            sessions[which].close()
            sessions[which] = Snapshots(store.read, directory)
        if action == "look":
            now = sessions[which].latest()
            assert_same(now, snapshot(store))
            kept.append((now, frozen_copy(now)))
    for old, copy in kept:
        assert_same(old, copy)
    for session in sessions:
        session.close()
    store.close()


def test_threads_share_one_snapshot(store: WrittenStore, directory: Path) -> None:
    with opened(store, directory) as snapshots, ThreadPoolExecutor(8) as threads:
        several = list(threads.map(lambda _: snapshots.latest(), range(32)))
        assert all(one is several[0] for one in several)


SESSION = """
    import sys
    from pathlib import Path
    sys.path.insert(0, {tests!r})
    from test_snapshot import assert_same, snapshot
    from written_store import WrittenStore
    from toolkit.store.snapshots import cache
    from toolkit.store.snapshots.snapshots import Snapshots

    store = WrittenStore(Path({store!r}))
    snapshots = Snapshots(store.read, Path({directory!r}))
"""


def session(store: WrittenStore, directory: Path, body: str) -> subprocess.Popen[bytes]:
    """Another process with the store open."""
    names = {"tests": str(Path(__file__).parent), "directory": str(directory)}
    start = SESSION.format(store=store.engine.url.database, **names)
    code = textwrap.dedent(start) + textwrap.dedent(body)
    return subprocess.Popen([sys.executable, "-c", code], env=os.environ | {"OMP_NUM_THREADS": "1"})


def test_processes_share_the_files(store: WrittenStore, directory: Path) -> None:
    look = """
        for _ in range(15):
            now = snapshots.latest()
            assert len(now.spaces["pixels@1"].vectors) == len(now.spaces["pixels@1"].rows)
            assert (now.spaces["pixels@1"].vectors[:, 0] == now.rows.key[now.spaces["pixels@1"].rows]).all()
        snapshots.close()
    """
    others = [session(store, directory, look) for _ in range(2)]
    with opened(store, directory) as snapshots:
        while any(other.poll() is None for other in others):
            [row] = store.add()
            store.embed("pixels@1", {row: [row, 0]})
            snapshots.latest()
    assert [other.returncode for other in others] == [0, 0]
    with opened(store, directory) as snapshots:
        assert_same(snapshots.latest(), snapshot(store))


def test_a_process_that_dies_before_the_header_does_no_harm(store: WrittenStore, directory: Path) -> None:
    keep(store, directory)
    store.embed("pixels@1", {10: [3, 4]})
    die = """
        import os
        cache._replace = lambda path, content: os._exit(9)
        snapshots.latest()
    """
    assert session(store, directory, die).wait() == 9
    with opened(store, directory) as snapshots:
        assert_same(snapshots.latest(), snapshot(store))


def test_large_arrays_are_checked_behind_the_first_look_and_made_anew(
    store: WrittenStore, directory: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(
        "toolkit.store.snapshots.array_file.WHOLE", 64
    )  # so that a small array is a large one
    monkeypatch.setattr("toolkit.store.snapshots.array_file.PAGE", 4)
    monkeypatch.setattr("toolkit.store.snapshots.array_file.SAMPLES", 2)
    store.embed("wide@1", {key: [float(number + key) for number in range(40)] for key in range(1, 10)})
    expected = snapshot(store)
    keep(store, directory)
    (file,) = (path for path in directory.glob("*.array") if path.stat().st_size == 9 * 40 * 4)
    status = file.stat()
    content = bytearray(file.read_bytes())
    content[500] ^= 0xFF  # which no sample holds
    file.write_bytes(content)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    with opened(store, directory) as snapshots:
        snapshots.latest()
        assert snapshots._checking is not None
        snapshots._checking.join()
        assert_same(snapshots.latest(), expected)
    assert "damaged, and made anew" in caplog.text
