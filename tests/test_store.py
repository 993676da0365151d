from __future__ import annotations

import gc
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import event
from stores import add, new_input

from toolkit.errors import MissingExtraError, StoreError
from toolkit.store import AnnotationStore, NewAnnotation
from toolkit.store.sql.dialect import url_of
from toolkit.store.sql.schema import metadata
from toolkit.store.store import Batch


def test_a_new_store_is_empty_and_at_revision_0(store):
    assert store.revision() == 0
    assert set(store.counts().values()) == {0}
    assert store.check() == []


def test_what_was_written_is_there_when_the_file_is_opened_again(tmp_path):
    path = tmp_path / "photos.db"
    with AnnotationStore.open(path) as store:
        [added] = add(store, "a")
    with AnnotationStore.open(str(path)) as store:
        assert store.path == path
        assert store.inputs.get(added.id).uri == "/photos/a.jpg"
        assert store.revision() == 1


def test_a_path_a_url_and_a_home_directory_name_the_same_kind_of_store(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    targets = "~/a.db", Path("b c?.db"), "sqlite:///c.db", "sqlite://", None
    assert [url_of(target).database for target in targets] == [
        "/home/ada/a.db",
        "b c?.db",
        "c.db",
        ":memory:",
        ":memory:",
    ]


def test_a_database_of_another_kind_is_refused_with_what_to_type():
    with pytest.raises(StoreError, match=r"not 'mysql'; give a path such as 'photos.db'"):
        AnnotationStore.open("mysql://root@localhost/photos")


def test_a_postgresql_store_without_its_driver_names_the_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rank-toolkit\[postgres\]'"):
        AnnotationStore.open("postgresql://ada@localhost/photos")


def test_a_directory_is_refused(tmp_path):
    with pytest.raises(StoreError, match="is a directory; name a file in it"):
        AnnotationStore.open(tmp_path)


def test_a_missing_folder_is_refused_and_not_made(tmp_path):
    with pytest.raises(StoreError, match=f"there is no directory {tmp_path / 'nowhere'}"):
        AnnotationStore.open(tmp_path / "nowhere" / "photos.db")
    assert not (tmp_path / "nowhere").exists()


def test_a_file_of_another_kind_is_refused_and_left_alone(tmp_path):
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0" * 5000)
    with pytest.raises(StoreError, match="this file is not a store"):
        AnnotationStore.open(picture)
    assert picture.read_bytes() == b"\xff\xd8\xff\xe0" * 5000
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


def test_the_database_of_something_else_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "places.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE moz_places (url TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"belongs to something else.*moz_places"):
        AnnotationStore.open(path)
    assert path.read_bytes() == before


def test_a_damaged_file_is_reported_in_words(tmp_path):
    path = tmp_path / "photos.db"
    with AnnotationStore.open(path) as store:
        add(store, *map(str, range(200)))
    path.write_bytes(path.read_bytes()[:20_000].ljust(2_000_000, b"\x55"))
    with pytest.raises(StoreError, match="the file is damaged; restore a copy"):
        AnnotationStore.open(path)


def test_check_finds_what_a_bad_disk_did_to_a_row(tmp_path):
    path = tmp_path / "photos.db"
    with AnnotationStore.open(path) as store:
        add(store, "a", "b")
    path.write_bytes(path.read_bytes().replace(b"/photos/b.jpg", b"/photos/x.jpg", 1))
    with AnnotationStore.open(path) as store:
        assert store.check() == ["row 2 missing from index ix_inputs_uri"]


def test_a_closed_store_is_refused_and_closing_twice_is_fine(store):
    store.close()
    store.close()
    with pytest.raises(StoreError, match=r"is closed; open it again with toolkit.open"):
        store.revision()
    with pytest.raises(StoreError, match="is closed"), store.write():
        pass


def test_an_embedded_file_is_set_up_to_be_read_while_it_is_written(tmp_path):
    with AnnotationStore.open(tmp_path / "photos.db") as store, store.read() as connection:
        asked = ("journal_mode", "page_size", "foreign_keys", "synchronous", "busy_timeout")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert found == ["wal", 8192, 1, 1, 30_000]


def test_a_batch_makes_one_revision_however_much_it_writes(store):
    with store.write() as batch:
        first, _ = batch.inputs.add([new_input("a"), new_input("b")])
        batch.annotations.add(first.region_key, source="human:me", concepts={"dog": 1})
        batch.properties.set("language", "en")
    assert store.revision() == 1
    assert store.counts() | {"inputs": 2, "annotations": 1} == store.counts()


def test_a_batch_that_changes_nothing_makes_no_revision(store):
    [added] = add(store, "a", datasets=("trip",))
    with store.write() as batch:
        batch.properties.set("language", "en")
        batch.progress.mark([added.key], "embedder:pixels@1")
    with store.write() as batch:
        batch.inputs.add([new_input("a")])
        batch.inputs.add([])
        batch.annotations.add_many([], source="human:me")
        batch.properties.set("language", "en")
        batch.progress.mark([added.key], "embedder:pixels@1")
        batch.datasets.add("trip", [added.key])
        batch.files.record([])
        batch.annotations.delete([])
        batch.inputs.update(added.id)
    assert store.revision() == 2


def test_an_error_leaves_nothing_of_its_batch(store):
    add(store, "a")
    before = store.counts()
    with pytest.raises(ZeroDivisionError), store.write() as batch:
        batch.inputs.add([new_input("b", datasets=("trip",))])
        raise ZeroDivisionError
    assert (store.counts(), store.revision()) == (before, 1)
    assert [added.is_new for added in add(store, "b")] == [True]


def test_what_is_read_inside_a_batch_is_what_it_has_written(store):
    with store.write() as batch:
        [added] = batch.inputs.add([new_input("a")])
        assert store.inputs.get(added.id).uri == "/photos/a.jpg"
        assert store.revision() == 1


def test_a_batch_inside_another_transaction_is_refused_rather_than_waited_for(store):
    for outer in (store.read, store.write):
        with outer(), pytest.raises(StoreError, match="finish that one first"), store.write():
            pass
    add(store, "a")  # the store goes on


def test_closing_inside_a_transaction_is_refused(store):
    with store.read(), pytest.raises(StoreError, match="finish that one first"):
        store.close()


def test_another_thread_does_not_see_a_batch_before_its_end(tmp_path):
    seen = []
    with AnnotationStore.open(tmp_path / "photos.db") as store:
        with store.write() as batch:
            batch.inputs.add([new_input("a")])
            reader = threading.Thread(target=lambda: seen.append(store.counts()["inputs"]))
            reader.start()
            reader.join()
        assert (seen, store.counts()["inputs"]) == ([0], 1)


def test_everything_read_in_one_transaction_is_of_one_moment(tmp_path):
    with AnnotationStore.open(tmp_path / "photos.db") as store:
        with store.read():
            before = store.revision()
            writer = threading.Thread(target=add, args=(store, "a"))
            writer.start()
            writer.join()
            assert store.revision() == before == 0
        assert store.revision() == 1


def test_waiting_too_long_for_a_writer_is_an_error(tmp_path):
    path = tmp_path / "photos.db"
    with (
        AnnotationStore.open(path) as store,
        AnnotationStore.open(path, timeout=0.01) as other,
        store.write(),
        pytest.raises(StoreError, match="has been writing for longer than the timeout"),
        other.write(),
    ):
        pass


def test_what_belongs_to_something_deleted_meanwhile_is_refused_in_words(store):
    with pytest.raises(StoreError, match="has been deleted meanwhile"), store.write() as batch:
        batch.annotations.add_many([NewAnnotation(99, {"dog": 1.0})], source="human:me")
    assert store.revision() == 0


def test_text_that_is_not_unicode_is_refused_in_words(store):
    with pytest.raises(StoreError, match=r"'/photos/\\udcff.jpg' is not valid Unicode"):
        add(store, "a", uri="/photos/\udcff.jpg")


def test_times_come_from_the_clock(tmp_path):
    with AnnotationStore.open(clock=iter([10.0, 20.0]).__next__) as store:
        [added] = add(store, "a")
        with store.write() as batch:
            batch.inputs.update(added.id, status="pending")
        found = store.inputs.get(added.id)
    assert (found.created_at, found.modified_at) == (10.0, 20.0)


def test_the_chapters_of_a_batch_share_no_names():
    names = [name for chapter in Batch.__bases__ for name in vars(chapter) if not name.startswith("__")]
    assert len(names) == len(set(names))


def test_a_store_says_which_it_is(tmp_path):
    with AnnotationStore.open() as store:
        assert (repr(store), store.path) == ("AnnotationStore(':memory:')", None)


def test_every_table_has_a_place_in_the_counts_or_belongs_to_one(store):
    assert set(store.counts()) < set(metadata.tables)


def test_a_store_that_is_dropped_without_being_closed_lets_go_of_its_connections(target):
    store = AnnotationStore.open(target)
    engine = store._transactions._engine
    disposed = []
    event.listen(engine, "engine_disposed", disposed.append)
    del store
    gc.collect()
    assert disposed == [engine]
