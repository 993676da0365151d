from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stores import add, new_input

from toolkit.errors import InputError, QueryError, UnknownNameError
from toolkit.store import AddedInput, AnnotationStore, Region
from toolkit.store.sql.bulk import fetch
from toolkit.store.sql.schema import deletions, inputs
from toolkit.store.verbs.merge_patch import merged
from toolkit.values.types import Box, GeoPoint, Input

LEFT, RIGHT = Box(0, 0, 1, 0.5), Box(0, 0.5, 1, 1)


@pytest.fixture
def store(target):
    with AnnotationStore.open(target, clock=iter(float(n) for n in range(100)).__next__) as store:
        yield store


def test_an_input_is_named_after_its_content(store):
    [added] = add(store, "a")
    assert added == AddedInput(1, 1, sha256(b"a").hexdigest()[:16], is_new=True)
    assert store.regions.on_inputs([added.key]) == [Region(1, 1, added.id, None)]


def test_every_field_of_an_input_comes_back(store):
    [added] = add(
        store,
        "a",
        id="first",
        metadata={"camera": {"make": "犬"}, "tags": [1, None]},
        geo=GeoPoint(48.2, 16.4),
        datasets=("trip", "best"),
        status="pending",
    )
    assert store.inputs.get("first") == Input(
        id="first",
        uri="/photos/a.jpg",
        sha256=sha256(b"a").hexdigest(),
        width=40,
        height=30,
        metadata={"camera": {"make": "犬"}, "tags": [1, None]},
        geo=GeoPoint(48.2, 16.4),
        datasets=("trip", "best"),
        status="pending",
    )
    assert added.is_new


def test_the_same_content_is_the_same_input_in_one_batch_and_in_two(store):
    first, again = add(store, "a", "a")
    [later] = add(store, "a", uri="/elsewhere.jpg")
    assert [first.is_new, again.is_new, later.is_new] == [True, False, False]
    assert first.key == again.key == later.key
    assert store.inputs.get(first.id).uri == "/photos/a.jpg"


def test_the_same_content_under_an_id_of_its_own_is_another_input(store):
    [first] = add(store, "a")
    [second] = add(store, "a", id="copy")
    [third] = add(store, "a")
    assert (second.is_new, third.key) == (True, first.key)


def test_an_id_that_clashes_with_another_content_is_longer(store):
    short = "0123456789abcdef"
    first, second = short + "0" * 48, short + "1" * 48
    with store.write() as batch:
        added = batch.inputs.add([new_input(sha256=first), new_input(sha256=second)])
    assert [one.id for one in added] == [short, second]
    assert add(store, "b", sha256=second)[0].key == added[1].key


def test_an_id_of_another_picture_is_refused(store):
    add(store, "a", id="first")
    with pytest.raises(InputError, match="'first' is taken by another picture"):
        add(store, "b", id="first")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"id": "a/b"}, "is not 1 to 200 characters"),
        ({"id": ""}, "is not 1 to 200 characters"),
        ({"id": "a\n"}, "is not 1 to 200 characters"),
        ({"sha256": "abc"}, "is not 64 lowercase hexadecimal digits"),
        ({"width": 0}, "its size 0 x 30 is not a picture's"),
    ],
)
def test_an_input_that_cannot_be_is_refused_with_its_reason(fields, reason):
    with pytest.raises(InputError, match=reason):
        new_input(**fields)


def test_metadata_that_is_not_json_is_refused(store):
    with pytest.raises(QueryError, match="is not a JSON value"):
        add(store, "a", metadata={"score": float("nan")})


def test_inputs_come_in_the_order_asked_for(store):
    keys = [added.key for added in add(store, "a", "b", "c")]
    asked = [keys[2], keys[0], keys[2]]
    assert [input.uri for input in store.inputs.by_key(asked)] == [
        "/photos/c.jpg",
        "/photos/a.jpg",
        "/photos/c.jpg",
    ]


def test_an_unknown_input_is_refused_with_the_nearest_id(store):
    add(store, "a", id="harbor")
    with pytest.raises(UnknownNameError, match="did you mean 'harbor'"):
        store.inputs.get("habor")
    with pytest.raises(UnknownNameError, match=r"no input named 'key 99'. It may have been deleted."):
        store.inputs.by_key([99])


def test_a_content_that_is_there_is_found_by_its_hash(store):
    [first] = add(store, "a")
    add(store, "a", id="copy")
    known, unknown = sha256(b"a").hexdigest(), sha256(b"b").hexdigest()
    assert store.inputs.keys_by_content([known, unknown]) == {known: first.key}


def test_thumbnails_are_kept_beside_their_inputs(store):
    [first] = add(store, "a", thumbnail=b"\xff\xd8")
    [second] = add(store, "b")
    assert store.inputs.thumbnails([first.key, second.key]) == {first.key: b"\xff\xd8"}


def test_fields_change_one_by_one(store):
    [added] = add(store, "a", metadata={"rating": 1, "tag": "x"}, geo=GeoPoint(1, 2), datasets=("one", "two"))
    with store.write() as batch:
        batch.inputs.update(added.id, metadata_patch={"rating": 2, "tag": None})
    found = store.inputs.get(added.id)
    assert (found.metadata, found.geo, found.modified_at) == ({"rating": 2}, GeoPoint(1, 2), 1.0)
    with store.write() as batch:
        batch.inputs.update(added.id, metadata={}, geo=None, datasets=["three"], status="failed")
    found = store.inputs.get(added.id)
    assert (found.metadata, found.geo, found.datasets, found.status) == ({}, None, ("three",), "failed")


def test_a_change_of_an_input_advances_its_revision(store):
    add(store, "a", "b", id=None)
    with store.write() as batch:
        batch.inputs.update(sha256(b"b").hexdigest()[:16], status="pending")
    with store.read() as connection:
        assert fetch(connection, inputs.select().with_only_columns(inputs.c.revision)) == [(1,), (2,)]


def test_datasets_are_counted_and_can_be_left(store):
    first, second = add(store, "a", "b", datasets=("trip",))
    with store.write() as batch:
        batch.datasets.add("best", [first.key])
        batch.datasets.remove("trip", [second.key])
    assert store.datasets.sizes() == {"trip": 1, "best": 1}
    assert store.inputs.get(first.id).datasets == ("trip", "best")
    with (
        pytest.raises(UnknownNameError, match="no dataset named 'tripp'; did you mean 'trip'"),
        store.write() as batch,
    ):
        batch.datasets.remove("tripp", [first.key])


def test_deleting_an_input_takes_all_that_belongs_to_it_and_records_the_keys(store):
    first, _ = add(store, "a", "b", thumbnail=b"\xff", datasets=("trip",))
    with store.write() as batch:
        region, _ = batch.regions.add(first.key, [LEFT, RIGHT])
        batch.annotations.add(region, source="human:me", concepts={"dog": 1})
        batch.spaces.add("pixels@1", embedder="pixels", dimension=2)
        batch.embeddings.put("pixels@1", [region], [[1.0, 0.0]])
    with store.write() as batch:
        batch.inputs.delete([first.id])
    with store.read() as connection:
        gone = fetch(connection, deletions.select().order_by(deletions.c.kind, deletions.c.key))
    assert gone == [("inputs", 1, 3), ("regions", 1, 3), ("regions", 3, 3), ("regions", 4, 3)]
    counts = store.counts()
    assert [counts[name] for name in ("inputs", "regions", "annotations", "embeddings")] == [1, 1, 0, 0]
    assert store.check() == []
    assert add(store, "a")[0].key == 3  # a key is not given twice


def test_deleting_stops_at_the_first_unknown_id(store):
    [added] = add(store, "a")
    with pytest.raises(UnknownNameError, match="no input named 'nobody'"), store.write() as batch:
        batch.inputs.delete([added.id, "nobody"])
    assert store.counts()["inputs"] == 1


def test_a_box_gets_one_region_however_often_it_is_added(store):
    [added] = add(store, "a")
    with store.write() as batch:
        first = batch.regions.add(added.key, [LEFT, RIGHT, LEFT])
        again = batch.regions.add(added.key, [RIGHT, Box(0, 0, 0.5, 0.5)])
    assert (first, again) == ([2, 3, 2], [3, 4])
    assert [region.box for region in store.regions.by_key([4, 2, 1])] == [Box(0, 0, 0.5, 0.5), LEFT, None]


def test_a_region_is_named_after_its_input_and_box(store):
    [added] = add(store, "a", id="harbor")
    with store.write() as batch:
        [key] = batch.regions.add(added.key, [LEFT])
    [region] = store.regions.by_key([key])
    assert store.regions.get(region.id) == region
    assert (region.id.startswith("harbor/"), len(region.id)) == (True, len("harbor/") + 8)


def test_a_region_of_no_input_is_refused(store):
    with pytest.raises(UnknownNameError, match="no input named 'key 7'"), store.write() as batch:
        batch.regions.add(7, [LEFT])


def test_a_deleted_region_is_recorded_and_a_whole_image_is_not_deleted(store):
    [added] = add(store, "a")
    with store.write() as batch:
        batch.regions.add(added.key, [LEFT])
    whole, boxed = store.regions.on_inputs([added.key])
    with store.write() as batch:
        batch.regions.delete([boxed.id])
        with pytest.raises(QueryError, match="is a whole image; delete the input instead"):
            batch.regions.delete([whole.id])
    with store.read() as connection:
        assert fetch(connection, deletions.select()) == [("regions", boxed.key, 3)]
    assert store.regions.on_inputs([added.key]) == [whole]
    with pytest.raises(UnknownNameError, match="no region named"):
        store.regions.get(boxed.id)
    with pytest.raises(UnknownNameError, match="no region named 'key 2'"):
        store.regions.by_key([boxed.key])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.text(max_size=2), json_values, max_size=3)


@settings(max_examples=50)
@given(objects, objects)
def test_a_merge_patch_applied_twice_changes_nothing_more(value, patch):
    once = merged(value, patch)
    assert merged(once, patch) == once
    assert all(once[key] is not None for key in patch if key in once)
