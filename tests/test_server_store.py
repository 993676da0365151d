"""What is a server's own: its connections are limited, rows go to it by COPY, a snapshot there is caught up."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psycopg
import pytest
from made_up_models import opened, write_pictures
from sqlalchemy import event, make_url
from stores import add, new_input
from test_snapshot import assert_same

import toolkit
from toolkit.errors import QueryError, StoreError
from toolkit.store import AnnotationStore, NewAnnotation, Snapshots
from toolkit.terms import concept

READERS = 40


def test_forty_readers_at_once_share_the_connections(tmp_path, server_url):
    write_pictures(tmp_path, 3)
    with opened(server_url, connections=4) as photos, ThreadPoolExecutor(READERS) as threads:
        photos.add(tmp_path, progress=False)
        photos.annotate(list(photos), concept="dog")
        together = threading.Barrier(READERS)

        def read(_: int) -> int:
            together.wait()
            return len(photos.search(concept("dog", source="human")))

        assert list(threads.map(read, range(READERS))) == [3] * READERS


def test_closing_while_another_thread_reads_leaves_no_connection_open(server_url):
    store, reading, closed = AnnotationStore.open(server_url), threading.Event(), threading.Event()

    def read() -> None:
        with store.read() as connection:
            reading.set()
            closed.wait()
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1

    with ThreadPoolExecutor(1) as other, psycopg.connect(server_url, autocommit=True) as watching:
        done = other.submit(read)
        reading.wait()
        store.close()
        closed.set()
        done.result()
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        give_up = time.monotonic() + 30
        while watching.execute(others).fetchone() != (0,) and time.monotonic() < give_up:
            time.sleep(0.01)
        assert watching.execute(others).fetchone() == (0,)


def test_no_connection_left_is_an_error_that_says_what_to_do(server_url):
    with (
        AnnotationStore.open(server_url, connections=1, timeout=0.05) as store,
        ThreadPoolExecutor(1) as other,
    ):
        words = r"every connection of this session is in use \(at most 1\).*Settings\(connections=\.\.\.\)"
        with store.read(), pytest.raises(StoreError, match=words):
            other.submit(store.counts).result()
        assert store.counts()["inputs"] == 0
    with pytest.raises(QueryError, match="connections=0: at least 1 is needed"):
        toolkit.Settings(connections=0)


def test_a_server_that_gives_no_more_connections_is_an_error_in_words(server_url):
    name = f"{make_url(server_url).database}_ann"
    AnnotationStore.open(server_url).close()
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN CONNECTION LIMIT 1")
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
        hers = make_url(server_url).set(username=name).render_as_string(hide_password=False)
        with (
            AnnotationStore.open(hers, readonly=True) as store,
            store.read(),
            pytest.raises(StoreError, match="gives this user no more connections; close others"),
        ):
            AnnotationStore.open(hers, readonly=True)
        connection.execute(f"DROP OWNED BY {name}")
        connection.execute(f"DROP ROLE {name}")


@pytest.mark.parametrize(
    ("bad", "words"), [({"uri": "/a\udcff.jpg"}, "not valid Unicode"), ({"uri": "/a\x00.jpg"}, "0x00|NUL")]
)
def test_a_row_that_cannot_be_written_takes_all_of_its_batch_with_it(server_url, bad, words):
    with AnnotationStore.open(server_url) as store:
        rows = [new_input(str(n)) for n in range(300)]
        rows[200] = new_input("bad", **bad)
        with pytest.raises(StoreError, match=words), store.write() as batch:
            batch.inputs.add([new_input("before")])
            batch.inputs.add(rows)
        assert (store.counts()["inputs"], store.revision()) == (0, 0)
        assert len(add(store, "after")) == 1


def test_what_is_there_already_is_replaced_and_the_last_of_two_counts(server_url):
    with AnnotationStore.open(server_url) as store:
        one, two = add(store, "a", "b")
        with store.write() as batch:
            batch.spaces.add("m@1", embedder="m", dimension=2)
            batch.embeddings.put("m@1", [one.region_key], np.array([[1, 0]], np.float32))
        with store.write() as batch:
            keys = [one.region_key, two.region_key, two.region_key]
            batch.embeddings.put("m@1", keys, np.array([[0, 1], [1, 0], [0, 1]], np.float32))
        found = store.embeddings.vectors("m@1", keys)
        assert {key: vector.tolist() for key, vector in found.items()} == {
            one.region_key: [0, 1],
            two.region_key: [0, 1],
        }


@pytest.fixture
def statements(server_url) -> Iterator[tuple[AnnotationStore, list[str]]]:
    """A store on a server, and what is asked of the server through SQLAlchemy."""
    with AnnotationStore.open(server_url) as store:
        asked: list[str] = []
        event.listen(
            store._transactions._engine,
            "before_cursor_execute",
            lambda *of: asked.append(of[2].split("(")[0]),
        )
        yield store, asked


def test_a_batch_is_as_many_messages_whatever_its_size(statements):
    store, asked = statements
    counts = []
    for size in (4, 400):
        asked.clear()
        with store.write() as batch:
            added = batch.inputs.add([new_input(f"{size}-{n}", datasets=("all",)) for n in range(size)])
            labels = [NewAnnotation(one.region_key, {"dog": 1.0, "cat": 0.5}) for one in added]
            batch.annotations.add_many(labels, source="model:m@1")
            batch.progress.mark([one.key for one in added], "embedder:m@1")
        counts.append(len(asked))
        assert not any("VALUES" in one for one in asked)
    assert counts[1] <= counts[0]


def test_what_was_added_just_now_is_not_updated_again(server_url):
    updated = "SELECT sum(n_tup_upd) FROM pg_stat_xact_user_tables"
    with AnnotationStore.open(server_url) as store:
        with store.write() as batch:
            [added] = batch.inputs.add([new_input("a")])
            batch.annotations.add(added.region_key, source="human:me", concepts={"dog": 1.0})
            assert batch.inputs._connection.exec_driver_sql(updated).scalar() == 0
        with store.write() as batch:  # the label moves the input and its region to its own revision
            batch.annotations.add(added.region_key, source="human:you", concepts={"dog": 1.0})
            assert batch.inputs._connection.exec_driver_sql(updated).scalar() == 2


def test_a_snapshot_follows_what_two_people_label(server_url):
    with AnnotationStore.open(server_url) as ann, AnnotationStore.open(server_url) as ben:
        keys = [one.region_key for one in add(ann, *map(str, range(8)))]
        snapshots = Snapshots(ann.read, None)
        snapshots.latest()

        def label(store: AnnotationStore, user: str) -> None:
            for key in keys:
                with store.write() as batch:
                    batch.annotations.add(key, source=f"human:{user}", concepts={"dog": 1.0})
                snapshots.latest()

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(label, (ann, ben), ("ann", "ben")))
        caught_up = snapshots.latest()
        assert caught_up.revision == 17
        assert_same(caught_up, Snapshots(ben.read, None).latest())
