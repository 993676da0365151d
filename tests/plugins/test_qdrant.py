"""Vectors in files beside the collection."""

import pytest
from toolkit_qdrant import QdrantEngine

import toolkit
from toolkit.errors import QueryError, StoreError
from toolkit.testing import KeyedIndexContract

pytest.importorskip("qdrant_edge", reason="the extra `qdrant` is not installed")


class TestQdrant(KeyedIndexContract):
    factory = QdrantEngine
