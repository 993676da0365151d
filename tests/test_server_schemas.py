"""A schema of a server's database is a store of its own, however it is named and whatever its name."""

from __future__ import annotations

from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import make_url
from stores import add
from test_shells import offered

import toolkit
from toolkit.errors import StoreError
from toolkit.store import AnnotationStore
from toolkit.store.sql.dialect import described, url_of

HOSTILE = """Team "A"; DROP SCHEMA public CASCADE; -- %s 'ü'\\"""
SERVER = "postgresql://ann@db.example.org/photos"


def in_schema(url: str, name: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}schema={quote(name)}"


def in_search_path(url: str, path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace(" ", "\\ ")
    return f"{url}{'&' if '?' in url else '?'}options={quote(f'-c search_path={escaped}')}"


def schemas(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'inputs'")
        return {name for (name,) in rows}


def test_two_schemas_are_two_stores(server_url):
    cats, birds = in_schema(server_url, "cats"), in_schema(server_url, "birds")
    with AnnotationStore.open(cats) as first, AnnotationStore.open(birds) as second:
        add(first, "a", "b")
        assert (first.counts()["inputs"], second.counts()["inputs"], second.revision()) == (2, 0, 0)
        assert first.id != second.id
        assert first.name.endswith("schema=cats")
    assert schemas(server_url) == {"cats", "birds"}


def test_a_search_path_of_the_address_names_the_same_store(server_url):
    with AnnotationStore.open(in_schema(server_url, "cats")) as store:
        add(store, "a")
    for path in ("cats", "CATS", '"cats"'):
        with AnnotationStore.open(in_search_path(server_url, path)) as again:
            assert again.counts()["inputs"] == 1
    with AnnotationStore.open(in_search_path(server_url, '"Cats"')) as other:
        assert other.counts()["inputs"] == 0


def test_a_hostile_name_is_a_name(server_url):
    with (
        AnnotationStore.open(server_url) as public,
        AnnotationStore.open(in_schema(server_url, HOSTILE)) as team,
    ):
        add(public, "a")
        add(team, "b", "c")
        assert (public.counts()["inputs"], team.counts()["inputs"]) == (1, 2)
    assert schemas(server_url) == {"public", HOSTILE}
    with AnnotationStore.open(in_search_path(server_url, '"' + HOSTILE.replace('"', '""') + '"')) as again:
        assert again.counts()["inputs"] == 2


def test_the_turn_of_a_writer_is_of_its_schema(server_url):
    cats, birds = in_schema(server_url, "cats"), in_schema(server_url, "birds")
    with AnnotationStore.open(cats) as first, AnnotationStore.open(birds) as second:
        with first.write(), AnnotationStore.open(cats, timeout=0.05) as third:
            add(second, "b")  # waits for nobody
            with pytest.raises(StoreError, match="another process has been writing"):
                add(third, "a")
        add(third := first, "a")
        assert (third.counts()["inputs"], second.counts()["inputs"]) == (1, 1)


def test_the_turn_is_the_same_for_whoever_finds_the_schema_by_the_role(server_url):
    with AnnotationStore.open(in_schema(server_url, "Team A")) as named:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(
                f'ALTER ROLE CURRENT_USER IN DATABASE "{make_url(server_url).database}" SET search_path = "Team A"'
            )
        with AnnotationStore.open(server_url, timeout=0.05) as found:
            add(found, "a")
            assert named.counts()["inputs"] == 1
            with named.write(), pytest.raises(StoreError, match="another process has been writing"):
                add(found, "b")


def test_a_schema_that_is_there_needs_no_right_to_make_one(server_url):
    database = make_url(server_url).database
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {database}_ann LOGIN")
        connection.execute(f"CREATE SCHEMA cats AUTHORIZATION {database}_ann")
    hers = make_url(server_url).set(username=f"{database}_ann").render_as_string(hide_password=False)
    try:
        with AnnotationStore.open(in_schema(hers, "cats")) as store:
            add(store, "a")
        with pytest.raises(
            StoreError, match=r"ask for the right, or name a schema of your own: \?schema=NAME"
        ):
            AnnotationStore.open(in_schema(hers, "birds"))
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"DROP OWNED BY {database}_ann CASCADE")
            connection.execute(f"DROP ROLE {database}_ann")


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("?schema=", "is no name of a schema"),
        ("?schema=a%00b", "is no name of a schema"),
        (f"?schema={'ü' * 32}", "at most 63 bytes"),
        ("?schema=a&schema=b", r"name it once: \?schema=NAME"),
        ("?schema=a&options=-csearch_path%3Db", "names two: a, b"),
        (
            "?options=-csearch_path%3Da%2Cpublic",
            r"one schema, not in search_path='a,public'; name it: \?schema=",
        ),
        ("?options=-csearch_path%3D%22%24user%22", "name it"),
    ],
)
def test_what_names_no_schema_or_two_is_refused(named, words):
    with pytest.raises(StoreError, match=words):
        url_of(SERVER + named)


def test_other_options_of_the_address_stay(server_url):
    named = url_of(
        f"{SERVER}?options=-c%20statement_timeout%3D5s%20-csearch_path%3Da%20--jit%3Doff&sslmode=require"
    )
    assert dict(named.query) == {
        "options": "-c statement_timeout=5s --jit=off",
        "schema": "a",
        "sslmode": "require",
    }
    assert described(named).startswith("postgresql+psycopg://ann@db.example.org/photos?")
    asked = f"{server_url}&options={quote('-c statement_timeout=54321')}"
    with AnnotationStore.open(in_schema(asked, "cats")) as store, store.read() as connection:
        shown = [
            connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("statement_timeout", "search_path")
        ]
        assert shown == ["54321ms", "cats"]


def test_nothing_of_a_transaction_outlives_it(server_url):
    with AnnotationStore.open(in_schema(server_url, "cats")) as store:
        for _ in range(8):  # more often than a driver waits before it prepares a statement
            store.counts()
        with store.read() as connection:
            driver = connection.connection.driver_connection
        asked = ("SHOW search_path", "SHOW lock_timeout", "SELECT count(*) FROM pg_prepared_statements")
        assert [driver.execute(one).fetchone()[0] for one in asked] == ['"$user", public', "0", 0]
        driver.rollback()


def test_names_of_a_collection_in_a_schema_are_offered(server_url):
    url = in_schema(server_url, "Team A")
    with toolkit.open(url, workflow="none") as photos:
        photos.datasets.add("summer", [])
    assert offered("datasets", "add", url, "s") == ["summer"]
