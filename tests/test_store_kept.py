from __future__ import annotations

import pytest
from stores import add

from toolkit.errors import QueryError, StoreError, UnknownNameError
from toolkit.store import AnnotationStore, SeenFile, StoredModel


@pytest.fixture
def store(target):
    with AnnotationStore.open(target, clock=lambda: 5.0) as store:
        yield store


def test_a_property_is_any_json_value(store):
    workflow = {"embedders": ["pixels"], "detectors": []}
    with store.write() as batch:
        batch.properties.set("workflow", workflow)
        batch.properties.set("nothing", None)
    assert store.properties.get("workflow") == workflow
    assert (store.properties.get("nothing", default=1), store.properties.get("unset", default=1)) == (None, 1)
    with pytest.raises(QueryError, match="is not a JSON value"), store.write() as batch:
        batch.properties.set("bad", {1, 2})


def test_queries_are_saved_by_name_replaced_and_forgotten(store):
    with store.write() as batch:
        batch.queries.save("dogs", {"concept": "dog"})
        batch.queries.save("dogs", {"concept": "cat"})
        batch.queries.save("all", [])
    assert store.queries.get("dogs") == {"concept": "cat"}
    assert store.queries.all() == {"all": [], "dogs": {"concept": "cat"}}
    with store.write() as batch:
        batch.queries.delete("dogs")
    with pytest.raises(UnknownNameError, match=r"no saved query named 'dogs'. There are: all."):
        store.queries.get("dogs")
    with pytest.raises(UnknownNameError, match="no saved query"), store.write() as batch:
        batch.queries.delete("dogs")


def test_a_model_has_a_new_version_each_time_it_is_saved(store):
    with store.write() as batch:
        assert batch.models.next_version("porch") == 1
        assert [batch.models.save("porch", {"weights": [0.5]}), batch.models.save("porch", [1])] == [1, 2]
        assert batch.models.next_version("porch") == 3
    assert store.models.all() == [store.models.get("porch")] == [StoredModel("porch", 2, [1], 5.0)]
    with pytest.raises(UnknownNameError, match="no model named 'roof'"):
        store.models.get("roof")


def test_what_is_saved_has_a_name(store):
    with store.write() as batch:
        for save in (batch.queries.save, batch.models.save):
            with pytest.raises(QueryError, match="needs a name"):
                save(" ", {})


def test_a_file_is_remembered_as_it_was_last_seen(store):
    [added] = add(store, "a")
    (content,) = [one.sha256 for one in store.inputs.by_key([added.key])]
    place = store.inputs.by_key([added.key])[0].uri
    good = SeenFile("/a.jpg", 10, 1, content, input_key=added.key, input_uri=place)
    bad = SeenFile("/b.jpg", 0, 2, reason="zero bytes")
    with store.write() as batch:
        batch.files.record([SeenFile("/a.jpg", 9, 1, reason="truncated"), bad])
        batch.files.record([good])
    assert store.files.seen(["/a.jpg", "/b.jpg", "/c.jpg"]) == {"/a.jpg": good, "/b.jpg": bad}
    assert store.files.failed() == [bad]


def test_files_of_a_deleted_input_are_new_again(store):
    [added] = add(store, "a")
    with store.write() as batch:
        batch.files.record([SeenFile("/a.jpg", 10, 1, store.inputs.by_key([added.key])[0].sha256)])
        batch.inputs.delete([added.id])
    assert store.files.seen(["/a.jpg"]) == {}


def test_a_component_misses_the_inputs_it_has_not_run_over(store):
    keys = [added.key for added in add(store, "a", "b", "c")]
    with store.write() as batch:
        batch.progress.mark([keys[1], keys[1]], "embedder:pixels@1")
    assert store.progress.missing("embedder:pixels@1") == [keys[0], keys[2]]
    assert store.progress.missing("detector:proposals@1") == keys


def test_an_input_that_is_gone_cannot_be_marked(store):
    with pytest.raises(StoreError, match="deleted meanwhile"), store.write() as batch:
        batch.progress.mark([7], "embedder:pixels@1")
