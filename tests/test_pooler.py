"""A store behind a pooler that lends a connection for one transaction: only notices do not come through."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psycopg
import pytest
from pooler import PGBOUNCER, pooled
from stores import new_input

from toolkit.store import AnnotationStore, NewAnnotation, Snapshots, follower
from toolkit.store.sql import dialect

pytestmark = pytest.mark.skipif(
    PGBOUNCER is None, reason="pgbouncer is not installed (apt-get install pgbouncer)"
)


@pytest.fixture
def behind(server_url) -> Iterator[str]:
    """The address of an empty database behind a pooler with three connections."""
    with pooled(server_url) as url:
        yield url


def write(store: AnnotationStore, name: str) -> None:
    with store.write() as batch:
        batch.spaces.add("m@1", embedder="m", dimension=4)
        added = batch.inputs.add([new_input(f"{name}-{n}") for n in range(4)])
        batch.embeddings.put("m@1", [one.region_key for one in added], np.eye(4, dtype=np.float32))
        labels = [NewAnnotation(one.region_key, {"dog": 1.0, "cat": 0.5}) for one in added]
        batch.annotations.add_many(labels, source="model:m@1")


def test_teams_read_and_write_at_once_each_in_its_schema(behind):
    with (
        AnnotationStore.open(f"{behind}?schema=cats") as cats,
        AnnotationStore.open(f"{behind}?schema=birds") as birds,
        ThreadPoolExecutor(8) as threads,
    ):
        writing = [threads.submit(write, store, str(n)) for n in range(6) for store in (cats, birds)]
        reading = [threads.submit(store.counts) for _ in range(12) for store in (cats, birds)]
        [one.result() for one in writing]
        assert all(counts.result()["annotations"] % 4 == 0 for counts in reading)
        for store in (cats, birds):
            assert (store.counts()["inputs"], store.revision()) == (24, 6)
            snapshot = Snapshots(store.read, None).latest()
            assert (len(snapshot.inputs), snapshot.spaces["m@1"].vectors.shape) == (24, (24, 4))


def test_nothing_of_one_client_is_left_on_the_connections_that_others_get(behind):
    with AnnotationStore.open(f"{behind}?schema=cats") as store:
        write(store, "a")
        for _ in range(8):
            store.counts()
    with psycopg.connect(behind, autocommit=True) as other:
        asked = (
            "SHOW search_path",
            "SHOW lock_timeout",
            "SELECT count(*) FROM pg_prepared_statements",
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'",
            "SELECT count(*) FROM pg_listening_channels()",
        )
        found = [other.execute(one).fetchone()[0] for one in asked]
    assert found == ['"$user", public', "0", 0, 0, 0]


def test_it_gives_no_notices_and_what_others_write_is_seen_all_the_same(behind, monkeypatch):
    monkeypatch.setattr(follower, "PERIOD", 0.05)
    assert dialect.listener(dialect.url_of(behind)) is None
    with AnnotationStore.open(behind) as mine, AnnotationStore.open(behind) as theirs:
        changed = threading.Event()
        with mine.follow(changed.set):
            write(theirs, "a")
            assert changed.wait(30)
