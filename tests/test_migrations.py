from __future__ import annotations

import subprocess
import sys

import pytest
from schemas import described
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


@pytest.fixture
def colors(tmp_path):
    """The migrations there are, and one more."""
    return (*MIGRATIONS, step(tmp_path, "ALTER TABLE inputs ADD COLUMN color TEXT;"))


def step(folder, *statements):
    """A migration that comes after those there are."""
    number = len(MIGRATIONS) + 1
    for database in ("sqlite", "postgresql"):
        (folder / f"{number:04}.{database}.sql").write_text("\n".join(statements) + "\n")
    return Migration(number, "colors", folder)


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


def test_an_older_store_gets_only_what_is_new(engine, colors):
    with engine.begin() as connection:
        upgrade(connection)
        upgrade(connection, steps=colors)
        assert recorded(connection)[-1] == (len(colors), "colors")
        assert "color" in {column["name"] for column in inspect(connection).get_columns("inputs")}


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "photos.db"
    AnnotationStore.open(path).close()
    failing = step(tmp_path, "ALTER TABLE inputs ADD COLUMN color TEXT;", "UPDATE nothing SET color = 1;")
    later = (*MIGRATIONS, failing)
    monkeypatch.setattr(module.check, "__kwdefaults__", {"steps": later})
    monkeypatch.setattr(module.upgrade, "__kwdefaults__", {"steps": later})
    with pytest.raises(StoreError, match="nothing"):
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


def test_an_indexed_column_of_a_later_step_reaches_stores_of_every_step(tmp_path):
    """A step that says what it does, not what the tables of today are, can be followed by any other."""
    column = "ALTER TABLE indexed ADD COLUMN seconds FLOAT;"
    later = (*MIGRATIONS, step(tmp_path, column, "CREATE INDEX indexed_by_seconds ON indexed (seconds);"))
    for done in range(1, len(later)):
        engine = create_engine("sqlite://")
        with engine.begin() as connection:
            upgrade(connection, steps=later[:done])
            upgrade(connection, steps=later)
            assert "indexed_by_seconds" in {one["name"] for one in inspect(connection).get_indexes("indexed")}
        engine.dispose()


def test_the_steps_make_the_tables_of_the_code(target):
    with AnnotationStore.open(target) as store, store.read() as connection:
        assert described(connection) == declared(connection)


def declared(connection):
    """The tables as SQLAlchemy would make them, in a database of the same kind."""
    if connection.dialect.name == "sqlite":
        engine = create_engine("sqlite://")
        with engine.begin() as other:
            metadata.create_all(other)
            found = described(other)
        engine.dispose()
        return found
    engine = create_engine(connection.engine.url)
    with engine.connect() as other:
        other.execute(text("CREATE SCHEMA declared"))
        other.execute(text("SET search_path TO declared"))
        metadata.create_all(other)
        found = described(other)
        other.rollback()
    engine.dispose()
    return found
