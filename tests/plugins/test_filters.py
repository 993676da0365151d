"""`label` and `where` decide which rows may be hits, and weigh nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_collection import MODEL, MadeUp
from pages import examples_failed
from stores import new_input
from toolkit_filters import Label, Only, Updated, Where
from toolkit_filters.containment import containing, contains

from toolkit.errors import QueryError, UnknownNameError
from toolkit.query import Term
from toolkit.snapshot import TextColumn
from toolkit.store import AnnotationStore
from toolkit.terms import constructor
from toolkit.testing import RankerContract
from toolkit.values.canonical import canonical_json
from toolkit.values.types import Box, GeoPoint

BOX = Box(0, 0, 0.5, 0.5)
label, where, only = constructor(Label()), constructor(Where()), constructor(Only())


class TestLabel(RankerContract):
    ranker = Label()
    subject = "porch"


class TestWhere(RankerContract):
    ranker = Where()


class TestOnly(RankerContract):
    ranker = Only()
    subject = "input-0"


class TestUpdated(RankerContract):
    ranker = Updated()
    subject = 0.0


@pytest.fixture
def made():
    with MadeUp("a", "b", "c", "d") as made:
        yield made


# label


def test_label_keeps_what_people_labeled_with_a_yes_in_order_of_creation(made):
    made.say("porch", {"c": 1.0, "b": 0.0, "a": 1.0}, source="human:ann")
    made.say("porch", {"d": 1.0})
    assert made.scores(label("porch")) == {"a": 1.0, "c": 1.0}


def test_label_with_value_0_keeps_an_explicit_no(made):
    made.say("porch", {"c": 1.0, "b": 0.0}, source="human:ann")
    assert made.ranked(label("porch", value=0)) == ["b"]
    assert made.ranked(~label("porch")) == ["a", "b", "d"]


def test_label_of_several_names_keeps_any_each_with_its_own_value(made):
    made.say("porch", {"a": 1.0, "b": 0.0}, source="human:ann")
    made.say("cat", {"c": 1.0, "d": 0.0}, source="human:ann")
    assert made.ranked(label("porch", "cat")) == ["a", "c"]
    assert made.ranked(label({"porch": 0, "cat": 1})) == ["b", "c"]


def test_label_may_ask_for_one_person_or_for_predictions(made):
    made.say("porch", {"a": 1.0}, source="human:ann")
    made.say("porch", {"b": 1.0}, source="human:bob")
    made.say("porch", {"c": 0.51, "d": 0.49})
    assert made.ranked(label("porch", source="human:bob")) == ["b"]
    assert made.ranked(label("porch", source="model")) == ["c"]
    with pytest.raises(UnknownNameError, match="no source named 'human:eve'"):
        made.ranked(label("porch", source="human:eve"))


def test_a_label_is_of_its_very_row(made):
    region = made.region("a", BOX)
    made.say("porch", {region: 1.0, "b": 1.0}, source="human:ann")
    assert list(made.rows(label("porch"))) == ["b", region]
    assert made.ranked(label("porch")) == ["a", "b"]


def test_label_by_anybody_takes_people_before_models_and_no_model_trained_from_labels(made):
    region = made.region("d", BOX)
    made.say("porch", {"a": 1.0, "b": 0.0, "d": 0.0}, source="human:ann")
    made.say("porch", {"a": 0.1, "b": 0.9, "c": 0.9, region: 0.9})
    made.say("porch", {"a": 0.9, "b": 0.9, "c": 0.1}, source="model:trained-porch@1")
    assert list(made.rows(label("porch", source="any"))) == ["a", "c"]  # d is denied, and so are its parts
    assert list(made.rows(label("porch", source="any", value=0))) == ["b", "d"]
    made.say("porch", {region: 1.0}, source="human:bob")
    assert list(made.rows(label("porch", source="any"))) == ["a", "c", region]


def test_a_label_of_the_picture_is_of_all_its_rows(made):
    one, other = made.region("a", BOX), made.region("b", BOX)
    made.say("porch", {one: 1.0, "a": 0.0, "b": 0.0}, source="human:ann")
    assert list(made.rows(label("porch", picture=True))) == ["a", one]
    assert list(made.rows(~label("porch", picture=True))) == ["b", "c", "d", other]
    assert list(made.rows(label("porch", picture=True, value=0))) == ["b", other]


def test_an_unknown_label_may_be_one_that_is_nowhere(made):
    made.say("porch", {"b": 1.0}, source="human:ann")
    assert made.ranked(label("prch", "porch", missing_ok=True)) == ["b"]
    assert made.ranked(~label("prch", missing_ok=True)) == ["a", "b", "c", "d"]
    assert made.ranked(label("porch", source="human:eve", missing_ok=True)) == []


def test_label_names_a_concept_in_any_language(made):
    made.photos.concepts.add("porch", names={"ja": ["縁側"]})
    made.say("porch", {"b": 1.0}, source="human:ann")
    assert made.ranked(label("縁側", language="ja")) == ["b"]


def test_an_unknown_label_is_refused_and_not_an_empty_answer(made):
    made.say("porch", {"b": 1.0}, source="human:ann")
    with pytest.raises(UnknownNameError):
        made.ranked(label("prch"))


def test_a_filter_restricts_a_rank_and_changes_no_score(made):
    made.say("dog", {"a": 0.9, "b": 0.5, "c": 0.2})
    made.say("porch", {"b": 1.0, "c": 1.0, "d": 1.0}, source="human:ann")
    assert made.scores(Term("concept", "dog") & label("porch")) == {"b": 0.5, "c": 0.2}


# where: metadata


METADATA = {
    "a": {"kind": "animal", "tags": ["night", "zoo", ["x", {"deep": [1, 2]}]], "year": 2020},
    "b": {"kind": "animals", "year": 2020.0, "tags": []},
    "c": {"a": {"kind": "animal"}, "flag": True, "none": None},
    "d": {},
}


@pytest.fixture(scope="module")
def documented():
    with MadeUp() as made:
        for name, metadata in METADATA.items():
            made.add(name, metadata=metadata)
        yield made


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"kind": "animal"}, ["a"]),
        ({"year": 2020}, ["a", "b"]),
        ({"kind": "animal", "year": 2020.0}, ["a"]),
        ({"tags": ["zoo", "night"]}, ["a"]),  # a list contains its elements in any order
        ({"tags": [[{"deep": [2]}]]}, ["a"]),
        ({"tags": [{"deep": [2]}]}, []),  # not at that depth
        ({"tags": []}, ["a", "b"]),
        ({"a": {"kind": "animal"}}, ["c"]),
        ({"a": {}}, ["c"]),
        ({"flag": True}, ["c"]),
        ({"flag": 1}, []),  # true is not 1 in JSON
        ({"none": None}, ["c"]),
        ({"missing": None}, []),
        ({}, ["a", "b", "c", "d"]),
        ({'"kind":"animal"': 1}, []),
    ],
)
def test_metadata_contains(documented, wanted, expected):
    assert documented.ranked(where(metadata=wanted)) == expected


def test_metadata_in_other_scripts_and_with_quotes_is_found():
    with MadeUp() as made:
        made.add("a", metadata={"場所": 'the "old" town\\', "x": "é"})
        made.add("b", metadata={"x": "e\u0301"})
        assert made.ranked(where(metadata={"場所": 'the "old" town\\'})) == ["a"]
        assert made.ranked(where(metadata={"x": "é"})) == ["a"]


@pytest.mark.parametrize("wanted", ["animal", ["animal"], 1])
def test_metadata_that_is_no_object_is_refused(documented, wanted):
    with pytest.raises(QueryError, match="JSON object"):
        documented.ranked(where(metadata=wanted))


SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2) | st.text('ab"\\é犬', max_size=3)
JSONS = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab:", max_size=2), inner, max_size=3)
    ),
    max_leaves=6,
)
OBJECTS = st.dictionaries(st.text("ab:", max_size=2), JSONS, max_size=3)


@given(st.lists(OBJECTS, max_size=5), OBJECTS)
def test_looking_at_the_text_first_changes_no_answer(stored, wanted):
    column = TextColumn.of("" if not one else canonical_json(one) for one in stored)
    assert containing(column, wanted).tolist() == [contains(one, wanted) for one in stored]


@given(OBJECTS)
def test_every_object_contains_itself(one):
    assert containing(TextColumn.of([canonical_json(one)]), one).tolist() == [True]


# where: datasets and status


def test_dataset_keeps_its_members_and_of_several_names_any():
    with MadeUp("a") as made:
        made.add("b", datasets=("train", "all"))
        made.add("c", datasets=("test",))
        assert made.ranked(where(dataset="train")) == ["b"]
        assert made.ranked(where(dataset=["train", "test"])) == ["b", "c"]
        with pytest.raises(UnknownNameError, match="no dataset named 'tain'; did you mean 'train'"):
            made.ranked(where(dataset="tain"))


def test_status_keeps_inputs_of_that_status():
    with MadeUp("a") as made:
        made.add("b", status="pending")
        assert made.ranked(where(status="pending")) == ["b"]
        assert made.ranked(where(status="success")) == ["a"]
        assert made.ranked(where(status="nobody-uses-this")) == []


# where: places

PLACES = {
    "berlin": (52.52, 13.40),
    "potsdam": (52.40, 13.06),
    "fiji-west": (-17.0, 178.0),
    "fiji-east": (-17.0, -179.5),
    "alert": (82.5, -62.3),
    "svalbard": (82.5, 117.7),  # on the other side of the pole
    "null-island": (0.0, 0.0),
}


@pytest.fixture(scope="module")
def placed():
    with MadeUp("nowhere") as made:
        for name, place in PLACES.items():
            made.add(name, geo=GeoPoint(*place))
        yield made


@pytest.mark.parametrize(
    ("near", "expected"),
    [
        ([52.52, 13.40, 0], ["berlin"]),
        ([52.52, 13.40, 20], ["berlin"]),
        ([52.52, 13.40, 30], ["berlin", "potsdam"]),  # 26.5 km
        ([-17.0, 179.9, 100], ["fiji-east"]),  # 64 km across the antimeridian
        ([-17.0, 179.9, 250], ["fiji-west", "fiji-east"]),
        ([90, 0, 850], ["alert", "svalbard"]),  # 834 km from the pole, whatever the meridian
        ([82.5, -62.3, 1700], ["alert", "svalbard"]),  # 1,668 km over the pole
        ([82.5, -62.3, 1600], ["alert"]),
        ([0, 180, 20100], list(PLACES)),  # all of the Earth
        ([0, 180, 20000], [name for name in PLACES if name != "null-island"]),
    ],
)
def test_near_is_a_great_circle(placed, near, expected):
    assert placed.ranked(where(near=near)) == expected


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        ([52, 13, 53, 14], ["berlin", "potsdam"]),
        ([53, 13.1, 52.5, 14], ["berlin"]),  # the corners may come in any order
        ([52.5, 14, 53, 13.1], ["berlin"]),
        ([-20, 175, -10, -175], ["fiji-west", "fiji-east"]),  # across the antimeridian
        ([-10, -175, -20, 175], ["fiji-west", "fiji-east"]),
        ([-20, 178, -10, 180], ["fiji-west"]),
        ([-90, -180, 90, 180], list(PLACES)),
        ([80, -180, 90, 180], ["alert", "svalbard"]),
        ([0, 0, 0, 0], ["null-island"]),
    ],
)
def test_within_is_the_narrower_box_of_two_corners(placed, within, expected):
    assert placed.ranked(where(within=within)) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("near", [1, 2]),
        ("near", [91, 0, 1]),
        ("near", [0, 0, -1]),
        ("near", [0, 0, 1, 2]),
        ("within", [1, 2, 3]),
        ("within", [0, 0, 0, 181]),
        ("within", "berlin"),
    ],
)
def test_a_place_that_cannot_be_is_refused(placed, name, value):
    with pytest.raises(QueryError):
        placed.ranked(where(**{name: value}))


# where: times


def test_times_are_ranges_with_both_ends(tmp_path):
    days = [datetime(2026, 5, day, 12, tzinfo=UTC).timestamp() for day in (1, 2, 3)]
    file = tmp_path / "times.db"
    for name, day in zip("abc", days, strict=True):
        with AnnotationStore.open(file, clock=lambda day=day: day) as store, store.write() as batch:
            batch.inputs.add([new_input(name, id=name)])
    with AnnotationStore.open(file, clock=lambda: days[2] + 60) as store, store.write() as batch:
        batch.inputs.update("a", status="looked-at")
    with MadeUp(target=file) as made:
        assert made.ranked(where(created_after="2026-05-02T12:00Z")) == ["b", "c"]
        assert made.ranked(where(created_before="2026-05-02T14:00+02:00")) == ["a", "b"]
        assert made.ranked(where(created_after="2026-05-02", created_before="2026-05-02T23:59")) == ["b"]
        assert made.ranked(where(created_after=days[2])) == ["c"]
        assert made.ranked(where(modified_after="2026-05-03T12:01Z")) == ["a"]
        assert made.ranked(where(modified_before=datetime(2026, 5, 3, tzinfo=UTC))) == ["b"]
        assert made.ranked(where(created_after="2027-01-01")) == []


@pytest.mark.parametrize("time", ["yesterday", "2026-13-01", float("nan"), True])
def test_a_time_that_is_none_is_refused(made, time):
    with pytest.raises(QueryError, match="created_after is a time"):
        made.ranked(where(created_after=time))


# where: annotations


def test_source_keeps_rows_that_it_annotated(made):
    region = made.region("c", BOX)
    made.say("dog", {"a": 0.9, "b": 0.1})
    made.say("dog", {"b": 1.0, region: 0.0}, source="human:ann")
    assert made.ranked(where(source="model")) == made.ranked(where(source=MODEL)) == ["a", "b"]
    assert list(made.rows(where(source="human"))) == ["b", region]
    assert made.ranked(~where(source="human:ann")) == ["a", "d"]


def test_a_kind_of_source_that_never_spoke_keeps_nothing_but_a_misspelt_one_is_refused(made):
    assert made.ranked(where(source="human")) == []
    with pytest.raises(UnknownNameError, match="no source named 'humn'; did you mean 'human'"):
        made.ranked(where(source="humn"))


def test_conditions_on_an_annotation_hold_for_one_and_the_same(made):
    made.say("dog", {"a": 1.0}, source="human:ann", status="done", info={"tool": "pen"})
    made.say("dog", {"b": 1.0}, source="human:ann", status="done", info={"tool": "box"})
    made.say("dog", {"b": 1.0}, source="human:bob", status="draft", info={"tool": "pen"})
    made.say("dog", {"c": 1.0}, status="done", info={"tool": "pen"})
    assert made.ranked(where(annotation_status="done", annotation_info={"tool": "pen"})) == ["a", "c"]
    assert made.ranked(where(source="human", annotation_info={"tool": "pen"})) == ["a", "b"]
    one = where(source="human", annotation_status="done", annotation_info={"tool": "pen"})
    assert made.ranked(one) == ["a"]
    apart = where(annotation_status="done") & where(annotation_info={"tool": "pen"})
    assert made.ranked(apart) == ["a", "b", "c"]


def test_region_keeps_regions_or_whole_inputs(made):
    region = made.region("b", BOX)
    assert list(made.rows(where(region=True))) == [region]
    assert list(made.rows(where(region=False))) == ["a", "b", "c", "d"]
    assert made.ranked(where(region=True)) == ["b"]


def test_conditions_on_the_input_hold_for_all_its_rows(made):
    made.add("e", datasets=("train",))
    region = made.region("e", BOX)
    assert list(made.rows(where(dataset="train"))) == ["e", region]
    assert list(made.rows(where(dataset="train", region=True))) == [region]


def test_where_without_a_condition_lists_them(made):
    with pytest.raises(QueryError, match=r"where\(\) needs a condition; there are: metadata, dataset"):
        made.ranked(where())


def test_false_is_a_condition_and_none_is_not(made):
    assert made.ranked(where(region=False)) == ["a", "b", "c", "d"]
    with pytest.raises(QueryError, match="needs a condition"):
        made.ranked(Term("where", None, (("region", None),)))


def test_filters_alone_rank_by_creation_with_score_1(made):
    made.say("porch", {"d": 1.0, "b": 1.0}, source="human:ann")
    hits = made.photos.search(label("porch") | where(status="nobody"))
    assert hits.ids == ["b", "d"]
    np.testing.assert_array_equal(hits.scores, [1, 1])


def test_the_examples_of_its_page_run():
    assert examples_failed("docs/plugins/filters.md") == ""


# only


def test_only_keeps_inputs_with_their_regions_and_regions_alone(made):
    region = made.region("a", BOX)
    assert list(made.rows(only("a"))) == ["a", region]
    assert list(made.rows(only(["b"], regions=[region]))) == ["b", region]
    with pytest.raises(QueryError, match="only"):
        made.ranked(only())
