from __future__ import annotations

import numpy as np
import pytest
from stores import add

from toolkit.errors import ContractError, StoreError, UnknownNameError
from toolkit.store import AnnotationStore, StoredSpace
from toolkit.store.sql.bulk import fetch
from toolkit.store.sql.schema import deletions, embeddings


@pytest.fixture
def store(target):
    with AnnotationStore.open(target) as store:
        add(store, "a", "b", "c")
        with store.write() as batch:
            batch.spaces.add("pixels@1", embedder="pixels", dimension=2)
        yield store


def put(store: AnnotationStore, keys: list[int], vectors: object, space: str = "pixels@1") -> None:
    with store.write() as batch:
        batch.embeddings.put(space, keys, np.asarray(vectors))


def test_vectors_are_kept_at_unit_length(store):
    put(store, [1, 3], [[3.0, 4.0], [0.0, -1e-30]])
    found = store.embeddings.vectors("pixels@1", [3, 2, 1])
    assert {key: (vector.dtype, vector.tolist()) for key, vector in found.items()} == {
        1: (np.float32, [np.float32(0.6), np.float32(0.8)]),
        3: (np.float32, [0.0, -1.0]),
    }
    assert store.spaces.all() == [StoredSpace("pixels@1", "pixels", 2, 2)]


def test_a_vector_takes_the_place_of_an_earlier_one_and_has_its_revision(store):
    put(store, [1, 2], [[1, 0], [1, 0]])
    put(store, [2], [[0, 1]])
    assert store.embeddings.vectors("pixels@1", [2])[2].tolist() == [0, 1]
    with store.read() as connection:
        columns = embeddings.select().with_only_columns(embeddings.c.region_key, embeddings.c.revision)
        assert sorted(fetch(connection, columns)) == [(1, 3), (2, 4)]


def test_nothing_to_put_changes_nothing(store):
    put(store, [], np.empty((0, 2), np.float32))
    assert store.revision() == 2


@pytest.mark.parametrize(
    ("vectors", "found"),
    [
        ([[1.0, 0.0]], r"shape \(1, 2\)"),
        ([[1.0], [1.0]], r"shape \(2, 1\)"),
        ([[1.0, 0.0], [np.nan, 0.0]], "vector 1 is not finite"),
        ([[1e300, 0.0], [1.0, 0.0]], "vector 0 is not finite"),
        ([[1.0, 0.0], [0.0, 0.0]], "vector 1 is zero"),
    ],
)
def test_vectors_that_have_no_direction_are_refused_and_nothing_is_kept(store, vectors, found):
    with pytest.raises(ContractError, match=f"space 'pixels@1': vectors are .*; got {found}"):
        put(store, [1, 2], vectors)
    assert store.counts()["embeddings"] == 0


def test_an_unknown_space_is_refused_with_the_nearest(store):
    with pytest.raises(UnknownNameError, match=r"no space named 'pixel@1'; did you mean 'pixels@1'"):
        put(store, [1], [[1, 0]], space="pixel@1")
    with pytest.raises(UnknownNameError, match="no space named 'timm@1'"):
        store.embeddings.vectors("timm@1", [1])


def test_a_space_keeps_its_dimension(store):
    with store.write() as batch:
        batch.spaces.add("pixels@1", embedder="pixels", dimension=2)
        with pytest.raises(StoreError, match=r"has vectors of 2 numbers, not 3.*takes a new version"):
            batch.spaces.add("pixels@1", embedder="pixels", dimension=3)
    assert store.revision() == 2


def test_a_deleted_space_goes_with_its_vectors_and_its_key_is_not_used_again(store):
    put(store, [1], [[1, 0]])
    with store.write() as batch:
        batch.spaces.delete("pixels@1")
        batch.spaces.add("other@1", embedder="other", dimension=2)
        batch.embeddings.put("other@1", [1], np.ones((1, 2), np.float32))
    with store.read() as connection:
        assert fetch(connection, deletions.select()) == [("spaces", 1, 4)]
        assert [row[0] for row in fetch(connection, embeddings.select())] == [2]
    assert store.spaces.all() == [StoredSpace("other@1", "other", 2, 1)]
