"""Vectors in Milvus: here Milvus Lite, which is asked by the same client as a cluster is."""

import pytest
from toolkit_milvus import MilvusEngine

import toolkit
from toolkit.errors import QueryError, StoreError
from toolkit.testing import KeyedIndexContract

pytest.importorskip("milvus_lite", reason="Milvus Lite is not installed")


class TestMilvus(KeyedIndexContract):
    factory = MilvusEngine
