"""Vectors in Milvus: here Milvus Lite, which is asked by the same client as a cluster is."""

import numpy as np
import pytest
from toolkit_milvus import MilvusEngine, engine

import toolkit
from toolkit.errors import QueryError, StoreError
from toolkit.testing import KeyedIndexContract
from toolkit.testing.keyed_index import NEIGHBORS, QUERY, SPACE

pytest.importorskip("milvus_lite", reason="Milvus Lite is not installed")


class TestMilvus(KeyedIndexContract):
    factory = MilvusEngine

    def test_many_keys_are_a_filter_there(self, tmp_path, monkeypatch):
        monkeypatch.setattr(engine, "FEW", 10)
        with self.opened(tmp_path) as fed:
            keys = fed.add(500)
            found, scores = fed.engine().nearest(SPACE, QUERY, NEIGHBORS, keys[::2])
            assert fed.recall(found, keys[::2]) >= 0.99
            np.testing.assert_allclose(scores, fed.cosines(QUERY, found), atol=1e-5)
            with pytest.raises(QueryError, match="16,384 nearest at most"):
                fed.engine().nearest(SPACE, QUERY, 20_000)

    def test_by_its_graph_it_finds_the_same(self, tmp_path, monkeypatch):
        monkeypatch.setattr(engine, "MANY", 1)
        with self.opened(tmp_path) as fed:
            fed.add(500)
            asked = fed.engine()
            assert asked._unbuilt == {SPACE: 0}
            assert fed.recall(asked.nearest(SPACE, QUERY, NEIGHBORS)[0]) >= 0.99
            more = fed.add(10, seed=2)
            assert fed.engine().nearest(SPACE, fed.vectors[-10:], 1)[0][:, 0].tolist() == more.tolist()

    def test_collections_that_share_a_server_are_apart(self, tmp_path):
        with self.opened(tmp_path) as fed, self.opened(tmp_path, tmp_path / "other.db") as other:
            fed.add(5)
            other.add(7, seed=1)
            assert fed.bare()._collections.name(SPACE) != other.bare()._collections.name(SPACE)
            assert (other.engine().nearest(SPACE, QUERY[:1], 9)[0] >= 0).sum() == 7
            assert (fed.engine().nearest(SPACE, QUERY[:1], 9)[0] >= 0).sum() == 5


def opened(engine):
    photos = toolkit.open(workflow="pixels", settings=toolkit.Settings(engine=engine))
    photos.add([np.zeros((16, 16, 3), np.uint8)], progress=False)
    return photos


def test_a_collection_in_memory_needs_a_server():
    with opened("milvus") as photos, pytest.raises(QueryError, match="engine='milvus:http://milvus:19530'"):
        photos.engine()


def test_a_server_that_does_not_answer_is_named():
    with (
        opened("milvus:http://127.0.0.1:1") as photos,
        pytest.raises(
            StoreError, match=r"Milvus at http://127\.0\.0\.1:1 cannot be used .* check that it runs"
        ),
    ):
        photos.engine()
