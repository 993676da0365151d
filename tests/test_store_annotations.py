from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from stores import add, new_input

from toolkit.errors import QueryError, UnknownNameError
from toolkit.store import AnnotationStore, NewAnnotation
from toolkit.store.sql.bulk import fetch
from toolkit.store.sql.schema import inputs, regions
from toolkit.store.verbs.statements import combined
from toolkit.values.types import Annotation, Box

NUMBERS = count()
ME = "human:me"
MODEL = "model:pixels@1"


@pytest.fixture
def store(target):
    with AnnotationStore.open(target, clock=iter(float(n) for n in range(100)).__next__) as store:
        add(store, "a", id="first")
        add(store, "b", id="second")
        yield store


@pytest.fixture
def crowd(target):
    """A store that many examples share, each with inputs of its own."""
    with AnnotationStore.open(target) as store:
        yield store


def annotations_on(store: AnnotationStore, region: int) -> list[tuple[str, str, dict[str, float]]]:
    return [(one.id, one.source, dict(one.concepts)) for one in store.annotations.on_regions([region])]


def annotate(
    store: AnnotationStore, region: int, concepts: dict[str, float], *, source: str = ME, **others
) -> str:
    with store.write() as batch:
        return batch.annotations.add(region, source=source, concepts=concepts, **others)


def test_every_field_of_an_annotation_comes_back(store):
    with store.write() as batch:
        [region] = batch.regions.add(1, [Box(0, 0, 0.5, 0.5)])
        batch.annotations.add(
            region, source=ME, concepts={"dog": 1, "cat": 0}, status="pending", info={"by": "犬"}, id="x"
        )
    assert store.annotations.get("x") == Annotation(
        id="x",
        input_id="first",
        region_id=store.regions.by_key([region])[0].id,
        box=Box(0, 0, 0.5, 0.5),
        source=ME,
        concepts={"dog": 1.0, "cat": 0.0},
        status="pending",
        info={"by": "犬"},
        created_at=2.0,
        modified_at=2.0,
    )


def test_a_source_that_annotates_again_adds_to_its_annotation(store):
    first = annotate(store, 1, {"dog": 1, "cat": 1})
    again = annotate(store, 1, {"cat": 0, "hat": 0.5})
    assert first == again
    assert annotations_on(store, 1) == [(first, ME, {"dog": 1, "cat": 0, "hat": 0.5})]
    found = store.annotations.get(first)
    assert (found.created_at, found.modified_at, found.status) == (2.0, 3.0, "success")


def test_each_source_and_each_region_has_an_annotation_of_its_own(store):
    ids = [
        annotate(store, 1, {"dog": 1}),
        annotate(store, 1, {"dog": 0.3}, source=MODEL),
        annotate(store, 2, {"dog": 0}),
    ]
    assert len(set(ids)) == 3
    assert annotations_on(store, 1) == [(ids[0], ME, {"dog": 1}), (ids[1], MODEL, {"dog": 0.3})]
    assert store.annotations.sources() == [ME, MODEL]


def test_an_annotation_named_by_its_id_says_only_what_is_new(store):
    annotate(store, 1, {"dog": 1, "cat": 1}, id="x", info={"n": 1})
    annotate(store, 1, {"hat": 1}, id="x")
    assert annotations_on(store, 1) == [("x", ME, {"hat": 1})]
    assert store.annotations.get("x").info == {"n": 1}
    annotate(store, 1, {"hat": 1}, id="x", status="rejected", info={})
    assert (store.annotations.get("x").status, store.annotations.get("x").info) == ("rejected", {})


def test_a_new_id_makes_another_annotation_and_the_next_word_goes_to_it(store):
    first = annotate(store, 1, {"dog": 1})
    annotate(store, 1, {"dog": 0}, id="second-look")
    annotate(store, 1, {"cat": 1})
    assert annotations_on(store, 1) == [(first, ME, {"dog": 1}), ("second-look", ME, {"dog": 0, "cat": 1})]


def test_an_id_of_another_region_or_source_is_refused(store):
    annotate(store, 1, {"dog": 1}, id="x")
    with pytest.raises(QueryError, match="'x' is of another region"):
        annotate(store, 2, {"dog": 1}, id="x")
    with pytest.raises(QueryError, match="'x' is by 'human:me', not by 'model:pixels@1'"):
        annotate(store, 1, {"dog": 1}, id="x", source=MODEL)
    assert annotations_on(store, 1) == [("x", ME, {"dog": 1})]


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_value_outside_0_to_1_is_refused(value):
    with pytest.raises(QueryError, match=r"concept 'dog' has the value .*; a value is from 0 \(no\) to 1"):
        NewAnnotation(1, {"dog": value})


@pytest.mark.parametrize("source", ["", "me", "human:", "robot:x", "model: x"])
def test_a_source_is_a_human_or_a_model(store, source):
    with pytest.raises(QueryError, match="is not a source; write 'human:<user>' or 'model:<name>@<version>'"):
        annotate(store, 1, {"dog": 1}, source=source)


def test_a_blank_concept_is_refused(store):
    with pytest.raises(QueryError, match="is blank"):
        annotate(store, 1, {"\u200b": 1})
    assert store.counts()["annotations"] == 0


def test_every_change_advances_the_region_and_its_input(store):
    def stamps():
        columns = select(regions.c.revision, inputs.c.revision, inputs.c.modified_at).join_from(
            regions, inputs
        )
        with store.read() as connection:
            return fetch(connection, columns.order_by(regions.c.key))

    assert stamps() == [(1, 1, 0.0), (2, 2, 1.0)]
    annotate(store, 1, {"dog": 1, "cat": 1}, id="x")
    assert stamps() == [(3, 3, 2.0), (2, 2, 1.0)]
    with store.write() as batch:
        batch.annotations.remove_concept("x", "cat")
    assert stamps() == [(4, 4, 3.0), (2, 2, 1.0)]
    assert annotations_on(store, 1) == [("x", ME, {"dog": 1})]
    with store.write() as batch:
        batch.annotations.delete(["x"])
    assert stamps() == [(5, 5, 4.0), (2, 2, 1.0)]
    annotate(store, 2, {"dog": 0.2}, source=MODEL)
    with store.write() as batch:
        batch.annotations.delete_by(MODEL)
    assert stamps() == [(5, 5, 4.0), (7, 7, 6.0)]
    assert store.counts()["annotations"] == 0


def test_what_is_not_there_cannot_be_taken_back(store):
    annotate(store, 1, {"dog": 1}, id="x")
    with store.write() as batch:
        with pytest.raises(
            UnknownNameError, match="no concept in annotation 'x' named 'dgo'; did you mean 'dog'"
        ):
            batch.annotations.remove_concept("x", "dgo")
        with pytest.raises(UnknownNameError, match="no annotation named 'y'"):
            batch.annotations.remove_concept("y", "dog")
        with pytest.raises(UnknownNameError, match="no annotation named 'y'"):
            batch.annotations.delete(["x", "y"])
        with pytest.raises(UnknownNameError, match="no source named 'human:you'"):
            batch.annotations.delete_by("human:you")
    assert annotations_on(store, 1) == [("x", ME, {"dog": 1})]
    with pytest.raises(UnknownNameError, match="no annotation named 'z'"):
        store.annotations.get("z")


def test_an_annotation_may_say_nothing_but_that_something_is_there(store):
    id = annotate(store, 1, {}, source=MODEL, info={"score": 0.5})
    assert annotations_on(store, 1) == [(id, MODEL, {})]


def test_thousands_of_rows_are_annotated_in_one_batch():
    with AnnotationStore.open() as store:
        added = add(store, *map(str, range(3000)))
        new = [
            NewAnnotation(one.region_key, {"dog": 0.5, f"c{at % 7}": 0.25}) for at, one in enumerate(added)
        ]
        for _ in range(2):
            with store.write() as batch:
                ids = batch.annotations.add_many(new, source=MODEL)
        assert len(set(ids)) == 3000
        assert store.counts() | {"annotations": 3000, "concepts": 8} == store.counts()
        assert annotations_on(store, added[2999].region_key) == [(ids[2999], MODEL, {"dog": 0.5, "c3": 0.25})]


rows = st.builds(
    NewAnnotation,
    st.sampled_from([0, 1]),
    st.dictionaries(st.sampled_from(["dog", "cat", "hat"]), st.sampled_from([0.0, 0.5, 1.0]), max_size=2),
    status=st.none() | st.sampled_from(["pending", "success"]),
    info=st.none() | st.just({"n": 1}),
    # An id keeps to one region, so nothing here is refused.
    id=st.none(),
) | st.builds(NewAnnotation, st.just(0), st.just({"dog": 1.0}), id=st.sampled_from(["x", "y"]))


def everything(store: AnnotationStore, regions: list[int], made_up: list[str]) -> list[tuple]:
    """The annotations of two regions, with made-up ids replaced by the order in which they came up."""
    names = {id: f"#{at}" for at, id in enumerate(dict.fromkeys(made_up))}
    return [
        (
            names[one.id],
            regions.index(store.regions.get(one.region_id).key),
            one.concepts,
            one.status,
            one.info,
        )
        for one in store.annotations.on_regions(regions)
    ]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(new=st.lists(rows, max_size=6), cut=st.integers(0, 6))
def test_saying_many_things_at_once_is_saying_one_after_the_other(crowd, new, cut):
    outcomes = []
    for parts in ([new[:cut], new[cut:]], [[one] for one in new]):
        with crowd.write() as batch:
            added = batch.inputs.add([new_input(f"picture {next(NUMBERS)}") for _ in range(2)])
            regions = [one.region_key for one in added]
            here = [
                [
                    replace(one, region=regions[one.region], id=one.id and f"{added[0].id}-{one.id}")
                    for one in part
                ]
                for part in parts
            ]
            ids = [id for part in here for id in batch.annotations.add_many(part, source=ME)]
        outcomes.append(everything(crowd, regions, ids))
    assert outcomes[0] == outcomes[1]


def test_a_later_value_takes_the_place_of_an_earlier_one():
    new = [NewAnnotation(1, {"dog": 1.0, "cat": 1.0}), NewAnnotation(1, {"cat": 0.0})]
    ids, statements = combined(new, latest={1: "x"}, there={"x": 1})
    assert ids == ["x", "x"]
    assert (statements["x"].concepts, statements["x"].replaces) == ({"dog": 1.0, "cat": 0.0}, False)
