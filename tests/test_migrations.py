from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from sqlalchemy import create_engine, inspect, select, text

from toolkit.errors import StoreError
from toolkit.store import AnnotationStore
from toolkit.store.sql import migrations as module
from toolkit.store.sql.migrations import MIGRATIONS, Migration, check, migrations, upgrade
from toolkit.store.sql.schema import metadata


@pytest.fixture
def engine():
    engine = create_engine("sqlite://")
    yield engine
    engine.dispose()


def add_color(connection):
    connection.execute(text("ALTER TABLE inputs ADD COLUMN color TEXT"))


def recorded(connection):
    return connection.execute(select(migrations.c.number, migrations.c.title)).all()


def test_a_new_store_has_every_table_and_every_number(engine):
    with engine.begin() as connection:
        assert check(connection) is False
        upgrade(connection)
        assert check(connection) is True
        assert set(inspect(connection).get_table_names()) - {"sqlite_sequence"} == {
            *metadata.tables,
            "migrations",
        }
        assert recorded(connection) == [(one.number, one.title) for one in MIGRATIONS]


def test_upgrading_twice_is_upgrading_once(engine):
    with engine.begin() as connection:
        upgrade(connection)
        upgrade(connection)
        assert len(recorded(connection)) == len(MIGRATIONS)


def test_numbers_follow_one_another():
    assert [one.number for one in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_an_older_store_gets_only_what_is_new(engine):
    later = (*MIGRATIONS, Migration(len(MIGRATIONS) + 1, "colors", add_color))
    with engine.begin() as connection:
        upgrade(connection)
        upgrade(connection, steps=later)
        assert recorded(connection)[-1] == (len(later), "colors")
        assert "color" in {column["name"] for column in inspect(connection).get_columns("inputs")}


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path, monkeypatch):
    def fail(connection):
        add_color(connection)
        raise ZeroDivisionError

    path = tmp_path / "photos.db"
    AnnotationStore.open(path).close()
    later = (*MIGRATIONS, Migration(len(MIGRATIONS) + 1, "colors", fail))
    monkeypatch.setattr(module.check, "__kwdefaults__", {"steps": later})
    monkeypatch.setattr(module.upgrade, "__kwdefaults__", {"steps": later})
    with pytest.raises(ZeroDivisionError):
        AnnotationStore.open(path)
    monkeypatch.undo()
    with AnnotationStore.open(path) as store, store.read() as connection:
        assert len(recorded(connection)) == len(MIGRATIONS)
        assert "color" not in {column["name"] for column in inspect(connection).get_columns("inputs")}


def test_a_newer_store_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "photos.db"
    with AnnotationStore.open(path) as store, store._transactions.write() as connection:
        connection.execute(migrations.insert().values(number=99, title="the future", applied_at=0.0))
    with pytest.raises(StoreError, match=r"written by a newer version.*pip install --upgrade rank-toolkit"):
        AnnotationStore.open(path)


def test_processes_that_open_a_new_store_at_once_all_succeed(tmp_path):
    program = (
        "import sys\n"
        "from toolkit.store import AnnotationStore\n"
        "print('ready', flush=True)\n"
        "for name in sys.stdin.readline().split():\n"
        "    with AnnotationStore.open(name) as store, store.write() as batch:\n"
        "        batch.properties.set(sys.argv[1], 1)\n"
    )
    paths = [tmp_path / f"{n}.db" for n in range(4)]
    command = [sys.executable, "-W", "error", "-c", program]
    openers = [
        subprocess.Popen([*command, str(n)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for n in range(3)
    ]
    for opener in openers:
        opener.stdout.readline()
    for opener in openers:
        opener.stdin.write(" ".join(map(str, paths)) + "\n")
        opener.stdin.flush()
    for opener in openers:
        opener.communicate(timeout=60)
        assert opener.returncode == 0
    for path in paths:
        with AnnotationStore.open(path) as store:
            assert (store.revision(), store.check()) == (3, [])


def test_an_older_store_gets_the_indexes_that_it_lacks(tmp_path):
    path = tmp_path / "old.db"
    AnnotationStore.open(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "DROP INDEX indexed_by_component; DROP INDEX concept_names_by_language;"
            "DELETE FROM migrations WHERE number > 1"
        )
    AnnotationStore.open(path).close()
    with closing(sqlite3.connect(path)) as database:
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    assert {"indexed_by_component", "concept_names_by_language"} <= names
