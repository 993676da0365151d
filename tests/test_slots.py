"""Slots: a query with places that each topic fills."""

from keyword import iskeyword

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import queries, terms

import toolkit
from toolkit.errors import QueryError
from toolkit.grammar import parse, to_text
from toolkit.query import Slot, Term, from_json, fuse, topic
from toolkit.terms import concept, image, input

names = st.from_regex(r"[a-z][a-z_0-9]{0,8}", fullmatch=True).filter(lambda name: not iskeyword(name))
QUERY = fuse([input(topic.input, space="pixels"), 2 * concept(topic.word, value=topic.value)]) & ~image(
    "a.jpg"
)


def test_a_query_names_its_slots_in_order_and_once():
    assert (QUERY & input(topic.input)).slots == ("input", "word", "value")


def test_filling_gives_the_query_one_would_have_written():
    filled = QUERY.fill({"word": "dog", "value": 0, "else": 1}, input="a1")
    assert filled == fuse([input("a1", space="pixels"), 2 * concept("dog", value=0)]) & ~image("a.jpg")
    assert filled.slots == ()


def test_a_slot_may_stand_inside_a_list_or_a_mapping():
    query = Term("where", {"camera": topic.camera, "tags": [topic.tag, "x"]})
    assert query.slots == ("camera", "tag")
    assert query.fill(camera="a", tag="b") == Term("where", {"camera": "a", "tags": ["b", "x"]})


@pytest.mark.parametrize("values", [{}, {"input": "a", "word": "dog"}, {"input": None}])
def test_a_slot_left_empty_is_an_error_that_names_it(values):
    with pytest.raises(QueryError, match=r"no value for topic\.(input|value); there is .*query\.fill"):
        QUERY.fill(values)


def test_json_text_and_repr_rebuild_a_query_with_slots():
    assert from_json(QUERY.to_json()) == QUERY
    assert parse(to_text(QUERY)) == QUERY
    assert (
        eval(
            repr(QUERY),
            {
                "fuse": fuse,
                "topic": topic,
                **dict(zip(("input", "concept", "image"), (input, concept, image), strict=True)),
            },
        )
        == QUERY
    )


def test_the_forms_are_those_of_the_documentation():
    assert image(topic.photo).to_dict() == {"term": "image", "subject": {"topic": "photo"}}
    assert to_text(image(topic.photo)) == "image:{photo}"
    assert repr(image(topic.photo)) == "image(topic.photo)"
    assert parse("concept:{word}[value={least}]") == Term("concept", topic.word, {"value": topic.least})


@pytest.mark.parametrize(
    "metadata",
    [
        {"topic": "trees"},
        {"topic": {"value": 1}},
        {"topic": {"value": {"topic": "a"}}},
        {"topic": ["a"]},
        {"a": {"topic": "b"}},
    ],
)
def test_a_mapping_that_looks_like_a_slot_stays_a_mapping(metadata):
    query = Term("where", metadata)
    assert query.slots == ()
    assert from_json(query.to_json()) == query
    assert parse(to_text(query)) == query


def test_a_name_in_braces_is_quoted_where_it_is_a_name():
    query = Term("image", "{photo}")
    assert to_text(query) == "image:'{photo}'"
    assert parse(to_text(query)) == query


@given(queries(terms), names)
def test_filling_a_query_without_slots_changes_nothing(query, name):
    assert query.slots == ()
    assert query.fill({name: 1}) is query


@given(names, st.one_of(st.booleans(), st.integers(-5, 5), st.text(max_size=5)))
def test_what_fills_a_slot_is_what_stands_there(name, value):
    assert Term("a", Slot(name)).fill({name: value}) == Term("a", value)


@pytest.mark.parametrize("name", ["a b", "class", "1a", "ä", ""])
def test_a_slot_is_named_as_an_argument_is(name):
    with pytest.raises(QueryError):
        Slot(name)


def test_a_query_with_an_empty_slot_is_not_ranked():
    with toolkit.open() as photos, pytest.raises(QueryError, match=r"topic\.input is empty.*photos\.compare"):
        photos.search(input(topic.input))


def test_what_fills_a_slot_is_checked_as_if_it_had_been_written():
    with toolkit.open() as photos, pytest.raises(QueryError, match="value is a number from 0 to 1"):
        photos.search(concept("dark", value=topic.least).fill(least=3))
