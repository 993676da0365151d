"""Vectors in the collection's own PostgreSQL."""

import numpy as np
import psycopg
import pytest
from sqlalchemy import NullPool, create_engine
from toolkit_pgvector import PgvectorEngine, engine, tables

import toolkit
from toolkit.errors import QueryError, StoreError
from toolkit.testing import KeyedIndexContract
from toolkit.testing.keyed_index import NEIGHBORS, QUERY, SPACE


def address(server_url):
    return server_url.replace("postgresql://", "postgresql+psycopg://")


class TestPgvector(KeyedIndexContract):
    factory = PgvectorEngine

    @pytest.fixture(autouse=True)
    def _on_a_server(self, server_url):
        self.url = address(server_url)

    def target(self, tmp_path):
        return self.url

    def test_by_its_graph_it_finds_the_same(self, tmp_path, monkeypatch):
        monkeypatch.setattr(tables, "WORTH_AN_INDEX", 1)
        monkeypatch.setattr(engine, "FEW", 100)
        with self.opened(tmp_path) as fed:
            keys = fed.add(2000)
            asked = fed.engine()
            with fed.store.read() as connection:
                assert tables.Table.of(connection, SPACE).is_indexed(connection)
            assert fed.recall(asked.nearest(SPACE, QUERY, NEIGHBORS)[0]) >= 0.99
            half = np.random.default_rng(0).choice(keys, 1000, replace=False)
            found, scores = asked.nearest(SPACE, QUERY, NEIGHBORS, half)
            assert np.isin(found, half).all()
            assert fed.recall(found, half) >= 0.99
            np.testing.assert_allclose(scores, fed.cosines(QUERY, found), atol=1e-5)
            more = fed.add(10, seed=4)
            assert asked.nearest(SPACE, fed.vectors[-10:], 1)[0][:, 0].tolist() == more.tolist()


def grays(count):
    return [np.full((16, 16, 3), 8 * one, np.uint8) for one in range(count)]


def test_what_one_person_adds_another_finds(server_url):
    settings = toolkit.Settings(engine="pgvector")
    one = toolkit.open(address(server_url), workflow="pixels", settings=settings)
    other = toolkit.open(address(server_url), settings=settings)
    with one, other:
        one.add(grays(5), progress=False)
        query = one.snapshot().spaces["pixels@1"].vectors[:1]
        assert (one.engine().nearest("pixels@1", query, 9)[0] >= 0).sum() == 5
        other.add(grays(9), progress=False)  # four of them new, in a session that has asked for nothing yet
        assert (other.engine().nearest("pixels@1", query, 9)[0] >= 0).sum() == 9
        assert (one.engine().nearest("pixels@1", query, 9)[0] >= 0).sum() == 9


def test_it_is_for_collections_on_postgresql():
    with toolkit.open(workflow="pixels", settings=toolkit.Settings(engine="pgvector")) as photos:
        photos.add(grays(1), progress=False)
        with pytest.raises(StoreError, match=r"open one by its address, postgresql\+psycopg://"):
            photos.engine()


def test_it_takes_nothing_after_its_name(server_url):
    settings = toolkit.Settings(engine="pgvector:elsewhere")
    with toolkit.open(address(server_url), workflow="pixels", settings=settings) as photos:
        photos.add(grays(1), progress=False)
        with pytest.raises(QueryError, match="takes nothing after its name"):
            photos.engine()


def test_a_server_without_pgvector_says_what_to_type(server_url):
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA bare")
        connection.execute("CREATE VIEW bare.pg_available_extensions AS SELECT 'hstore' AS name")
    made = create_engine(
        address(server_url), connect_args={"options": "-csearch_path=bare,pg_catalog"}, poolclass=NullPool
    )
    with (
        made.connect() as connection,
        pytest.raises(
            StoreError, match=r"no pgvector: install it there as .* then type CREATE EXTENSION vector"
        ),
    ):
        tables.require_extension(connection)


def test_where_it_may_not_be_made_the_owner_is_to_be_asked(server_url):
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS visitor")
        connection.execute("CREATE ROLE visitor")
    made = create_engine(address(server_url), poolclass=NullPool)
    with made.connect() as connection:
        connection.exec_driver_sql("SET ROLE visitor")
        with pytest.raises(StoreError, match="ask the owner of the database to type CREATE EXTENSION vector"):
            tables.extension(connection)
        connection.rollback()
        connection.exec_driver_sql("RESET ROLE")
        connection.exec_driver_sql("DROP ROLE visitor")
        connection.commit()
