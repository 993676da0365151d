from __future__ import annotations

import pytest
from stores import add

from toolkit.errors import QueryError, StoreError, UnknownNameError
from toolkit.store import AnnotationStore, SeenFile, StoredModel


@pytest.fixture
def store():
    with AnnotationStore.open(clock=lambda: 5.0) as store:
        yield store


def test_a_property_is_any_json_value(store):
    workflow = {"embedders": ["pixels"], "detectors": []}
    with store.write() as batch:
        batch.set_property("workflow", workflow)
        batch.set_property("nothing", None)
    assert store.get_property("workflow") == workflow
    assert (store.get_property("nothing", default=1), store.get_property("unset", default=1)) == (None, 1)
    with pytest.raises(QueryError, match="is not a JSON value"), store.write() as batch:
        batch.set_property("bad", {1, 2})


def test_queries_are_saved_by_name_replaced_and_forgotten(store):
    with store.write() as batch:
        batch.save_query("dogs", {"concept": "dog"})
        batch.save_query("dogs", {"concept": "cat"})
        batch.save_query("all", [])
    assert store.saved_query("dogs") == {"concept": "cat"}
    assert store.saved_queries() == {"all": [], "dogs": {"concept": "cat"}}
    with store.write() as batch:
        batch.delete_query("dogs")
    with pytest.raises(UnknownNameError, match=r"no saved query named 'dogs'. There are: all."):
        store.saved_query("dogs")
    with pytest.raises(UnknownNameError, match="no saved query"), store.write() as batch:
        batch.delete_query("dogs")


def test_a_model_has_a_new_version_each_time_it_is_saved(store):
    with store.write() as batch:
        assert [batch.save_model("porch", {"weights": [0.5]}), batch.save_model("porch", [1])] == [1, 2]
    assert store.models() == [store.model("porch")] == [StoredModel("porch", 2, [1], 5.0)]
    with store.write() as batch:
        batch.delete_model("porch")
    with pytest.raises(UnknownNameError, match="no model named 'porch'"):
        store.model("porch")


def test_what_is_saved_has_a_name(store):
    with store.write() as batch:
        for save in (batch.save_query, batch.save_model):
            with pytest.raises(QueryError, match="needs a name"):
                save(" ", {})


def test_a_file_is_remembered_as_it_was_last_seen(store):
    [added] = add(store, "a")
    good, bad = SeenFile("/a.jpg", 10, 1, added.key), SeenFile("/b.jpg", 0, 2, reason="zero bytes")
    with store.write() as batch:
        batch.record_files([SeenFile("/a.jpg", 9, 1, reason="truncated"), bad])
        batch.record_files([good])
    assert store.seen_files(["/a.jpg", "/b.jpg", "/c.jpg"]) == {"/a.jpg": good, "/b.jpg": bad}
    assert store.failed_files() == [bad]


def test_files_of_a_deleted_input_are_new_again(store):
    [added] = add(store, "a")
    with store.write() as batch:
        batch.record_files([SeenFile("/a.jpg", 10, 1, added.key)])
        batch.delete_inputs([added.id])
    assert store.seen_files(["/a.jpg"]) == {}


def test_a_component_misses_the_inputs_it_has_not_run_over(store):
    keys = [added.key for added in add(store, "a", "b", "c")]
    with store.write() as batch:
        batch.mark_indexed([keys[1], keys[1]], "embedder:pixels@1")
    assert store.missing("embedder:pixels@1") == [keys[0], keys[2]]
    assert store.missing("detector:proposals@1") == keys
    with store.write() as batch:
        batch.forget_indexed("embedder:pixels@1")
    assert store.missing("embedder:pixels@1") == keys


def test_an_input_that_is_gone_cannot_be_marked(store):
    with pytest.raises(StoreError, match="deleted meanwhile"), store.write() as batch:
        batch.mark_indexed([7], "embedder:pixels@1")
