"""What one person writes on a server, others hear of at once; without notices they look."""

from __future__ import annotations

import logging
import threading
import time

import psycopg
import pytest
from made_up_models import opened, write_pictures
from stores import add

from toolkit.errors import StoreError
from toolkit.store import AnnotationStore, follower
from toolkit.store.sql import dialect
from toolkit.terms import concept

LONG = 30.0  # seconds, however busy the machine


class Changes:
    """Counts calls, and waits for the next."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.count = 0

    def __call__(self) -> None:
        with self._condition:
            self.count += 1
            self._condition.notify_all()

    def wait_for(self, count: int) -> bool:
        with self._condition:
            return self._condition.wait_for(lambda: self.count >= count, LONG)


@pytest.fixture
def never_looks(monkeypatch):
    """Without a notice, nothing is looked up."""
    monkeypatch.setattr(follower, "PERIOD", 10 * LONG)


@pytest.fixture
def looks_often(monkeypatch):
    monkeypatch.setattr(follower, "PERIOD", 0.05)


def listening(store: AnnotationStore) -> int:
    """How many connections to the database of a store listen."""
    with store.read() as connection:
        asked = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ^@ 'LISTEN'"
        )
        return connection.exec_driver_sql(asked).scalar()


def end_listeners(url: str) -> None:
    """End the connections that listen, as a server does that is started again."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query ^@ 'LISTEN'"
        )


def test_a_commit_of_another_session_is_heard_without_looking(server_url, never_looks):
    with AnnotationStore.open(server_url) as mine, AnnotationStore.open(server_url) as theirs:
        changed = Changes()
        with mine.follow(changed):
            for n in range(1, 6):
                add(theirs, str(n))
                assert changed.wait_for(n)
        assert changed.count == 5


def test_what_is_undone_or_of_another_schema_gives_no_notice(server_url, never_looks):
    cats, birds = (f"{server_url}&schema={name}" for name in ("cats", "birds"))
    with AnnotationStore.open(cats) as mine, AnnotationStore.open(birds) as others:
        changed = Changes()
        with mine.follow(changed):
            with pytest.raises(RuntimeError), mine.write() as batch:
                batch.properties.set("a", 1)
                raise RuntimeError
            add(others, "a")
            add(mine, "b")  # the only one that is heard of
            assert changed.wait_for(1)
        assert changed.count == 1


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_an_embedded_store_is_followed_by_looking(tmp_path, kind, looks_often):
    target = tmp_path / "photos.db" if kind == "file" else None
    with AnnotationStore.open(target) as mine:
        changed = Changes()
        with mine.follow(changed):
            add(mine, "a")
            assert changed.wait_for(1)
            if target:
                with AnnotationStore.open(target) as theirs:
                    add(theirs, "b")
                assert changed.wait_for(2)
        seen = changed.count
        add(mine, "c")  # nobody is called any more
        assert changed.count == seen


def test_a_lost_connection_is_made_again_and_nothing_is_missed_or_shown(server_url, looks_often, caplog):
    with AnnotationStore.open(server_url) as mine, AnnotationStore.open(server_url) as theirs:
        changed = Changes()
        with mine.follow(changed):
            add(theirs, "a")
            assert changed.wait_for(1)
            for n in (2, 3):
                end_listeners(server_url)
                add(theirs, str(n))
                assert changed.wait_for(n)
            give_up = time.monotonic() + LONG
            while not listening(theirs) and time.monotonic() < give_up:
                time.sleep(0.01)
            assert listening(theirs) == 1
    assert [
        one for one in caplog.records if one.levelno > logging.DEBUG and one.name.startswith("toolkit")
    ] == []


def test_a_server_that_cannot_be_reached_gives_an_error_in_words_to_whoever_listens():
    with pytest.raises(StoreError, match="no notices of changes: connection"):
        dialect.listener(dialect.url_of("postgresql://nobody@127.0.0.1:1/none"))


def test_a_function_that_fails_disturbs_no_other_and_is_in_the_log(server_url, never_looks, caplog):
    with AnnotationStore.open(server_url) as mine:
        changed = Changes()
        with mine.follow(lambda: 1 / 0), mine.follow(changed):
            add(mine, "a")
            assert changed.wait_for(1)
    assert [one.exc_info[0] for one in caplog.records if one.exc_info] == [ZeroDivisionError]


def test_closing_ends_the_thread_and_a_closed_store_is_not_followed(server_url):
    store = AnnotationStore.open(server_url)
    store.follow(print)
    store.close()
    assert "toolkit-follower" not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(StoreError, match="is closed"):
        store.follow(print)


def test_labels_of_others_appear_in_an_open_gallery_without_a_page_that_asks(
    tmp_path, server_url, never_looks
):
    pytest.importorskip("anywidget")
    write_pictures(tmp_path / "pictures", 3)
    with opened(server_url) as ann, opened(server_url, user="ben") as ben:
        ann.add(tmp_path / "pictures", progress=False)
        first, *_ = ann
        ann.annotate(first, concept="travel")
        explorer = ann.widgets.explorer(concept("travel", source="human"))
        explorer.labeler.concept = "travel"
        seen = Changes()
        explorer.labeler.observe(lambda _: seen(), "theirs")
        ben.annotate(first, concept="travel", value=0)
        assert seen.wait_for(1)
        assert explorer.gallery.theirs == {first: ["✗ ben"]}
        explorer.close()
        assert not ann._resources.store._follower._called
