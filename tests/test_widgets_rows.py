"""Rows hold every query: what they cannot take apart stays whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import queries

from toolkit.errors import QueryError
from toolkit.query import Term, Weighted, from_json, fuse
from toolkit.widgets.rows import Row, query_of_rows, row_from_dict, row_of, rows_of

DOG, CAT, PHOTO = Term("concept", "dog"), Term("concept", "cat"), Term("image", "q.jpg")
LEAVES = st.sampled_from(
    [DOG, CAT, PHOTO, Term("where", None, {"metadata": {"a": [1]}}), Term("image", b"\0" * 2000)]
)


@given(queries(LEAVES))
def test_the_rows_of_any_query_make_the_same_query(query):
    join, rows = rows_of(query)
    assert query_of_rows(rows, join) == query


@given(queries(LEAVES), st.booleans(), st.none() | st.floats(0.01, 100))
def test_any_query_is_one_row_and_its_json_reads_back(query, on, weight):
    row = row_of(query)
    again = Row(row.query, weight, row.negated, on)
    assert row.to_query() == query
    assert row_from_dict(again.to_dict()) == again


def test_a_conjunction_is_a_row_for_each_part_with_its_weight_and_contrary():
    assert rows_of(DOG & ~(CAT**2) & PHOTO) == (
        "all",
        (Row(DOG), Row(CAT, 2.0, negated=True), Row(PHOTO)),
    )


def test_a_nested_group_is_one_row_that_keeps_it_whole():
    nested = (DOG | CAT) ** 2
    assert rows_of(nested & PHOTO)[1] == (Row(DOG | CAT, 2.0), Row(PHOTO))


def test_a_group_that_loses_its_weight_still_keeps_to_itself():
    assert query_of_rows([Row(DOG & CAT), Row(PHOTO)], "all") == Weighted(DOG & CAT, 1.0) & PHOTO


def test_rows_that_are_off_take_no_part_and_no_rows_are_no_query():
    assert query_of_rows([Row(DOG), Row(CAT, on=False)], "any") == DOG
    assert query_of_rows([Row(CAT, on=False)], "all") is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"query": DOG.to_dict(), "wieght": 1},
        {"query": {"not": DOG.to_dict()}},
        {"query": DOG.to_dict(), "weight": -1},
        {"query": DOG.to_dict(), "weight": "2"},
        {"query": DOG.to_dict(), "on": 1},
        {"query": "dog"},
    ],
)
def test_what_is_no_row_is_refused(value):
    with pytest.raises(QueryError):
        row_from_dict(value)


def test_a_join_there_is_not_is_refused_with_those_there_are():
    with pytest.raises(QueryError, match="no join 'xor'; there are: all, any, sum"):
        query_of_rows([Row(DOG)], "xor")
    for wrong in ({"fuse": {"missing": "some"}}, {"then": 0}, {"then": "3"}, {"then": 3, "fuse": {}}, None):
        with pytest.raises(QueryError):
            query_of_rows([Row(DOG)], wrong)


def test_a_fusion_and_what_is_ranked_again_are_rows_too():
    fused = fuse([DOG, 2 * CAT, ~PHOTO], method="rrf", k=10)
    how = {"fuse": {"method": "rrf", "missing": "zero", "k": 10}}
    assert rows_of(fused) == (how, (Row(DOG), Row(CAT, 2.0), Row(PHOTO, negated=True)))
    again = (DOG >> CAT) >> PHOTO
    assert rows_of(again) == ({"then": 100}, (Row(DOG), Row(CAT), Row(PHOTO)))
    assert rows_of(DOG.rerank(CAT, k=5) >> PHOTO)[1] == (Row(DOG.rerank(CAT, k=5)), Row(PHOTO))


def test_a_picture_written_out_is_a_row_too():
    assert rows_of(from_json(Term("image", b"abc").to_json()))[1] == (Row(Term("image", b"abc")),)
