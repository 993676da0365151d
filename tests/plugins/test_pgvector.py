"""Vectors in the collection's own PostgreSQL."""

import numpy as np
import pytest
from toolkit_pgvector import PgvectorEngine, tables

import toolkit
from toolkit.errors import QueryError, StoreError
from toolkit.testing import KeyedIndexContract


class TestPgvector(KeyedIndexContract):
    factory = PgvectorEngine

    @pytest.fixture(autouse=True)
    def _on_a_server(self, server_url):
        self.url = server_url.replace("postgresql://", "postgresql+psycopg://")

    def target(self, tmp_path):
        return self.url


class TestPgvectorByItsGraph(TestPgvector):
    """The same where every table has its graph, as a large one has."""

    @pytest.fixture(autouse=True)
    def _however_small(self, monkeypatch):
        monkeypatch.setattr(tables, "WORTH_AN_INDEX", 1)
        monkeypatch.setattr("toolkit_pgvector.engine.FEW", 100)
