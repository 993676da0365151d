"""Queries under a name, with whatever else is kept of them."""

import pytest
from made_up_collection import MadeUp
from made_up_models import opened

from toolkit.errors import QueryError
from toolkit.query import Term
from toolkit.terms import concept


def test_facts_go_with_their_query():
    with opened() as photos:
        photos.queries.save(
            {"dogs": concept("dog"), "cats": concept("cat")}, facts={"dogs": {"level": "region", "n": [1]}}
        )
        assert photos.queries.facts() == {"dogs": {"level": "region", "n": [1]}}
        photos.queries["cats"] = ~concept("cat")
        assert photos.queries.facts() == {"dogs": {"level": "region", "n": [1]}}
        photos.queries["dogs"] = ~concept("dog")  # another query: what was known of the old one is not so
        assert photos.queries.facts() == {}
        photos.queries.save({"dogs": concept("dog")}, facts={"dogs": {"a": 1}})
        del photos.queries["dogs"]
        assert photos.queries.facts() == {}


def test_all_are_saved_or_none():
    with opened() as photos:
        for bad in ({"a": concept("a"), "b": 3}, {"a": concept("a"), " ": concept("b")}):
            with pytest.raises(QueryError):
                photos.queries.save(bad)
        assert dict(photos.queries) == {}


# what was saved keeps its meaning


def near(*vector, **options):
    return Term("embedding", vector, options)


@pytest.fixture
def made():
    with MadeUp("a", "b", "c", "d") as made:
        made.embed({"a": [1, 0, 0], "b": [0.9, 0.4, 0], "c": [0.5, 0.9, 0], "d": [0, 1, 0]})
        made.say("dog", {"a": 0.9, "d": 0.4})
        yield made


def saved_before(made, query):
    """The query as it comes back, had it been saved before score conventions had numbers."""
    with made.store.write() as batch:
        batch.queries.save("old", query.to_dict())
    return made.photos.queries["old"]


def test_a_query_comes_back_as_it_was_saved(made):
    query = (near(1, 0, 0) >= 0.8) & concept("dog") ** 2 | ~Term("input", "a", {"by": "mean"})
    made.photos.queries["mixed"] = query
    assert made.photos.queries["mixed"] == query


def test_a_default_that_may_change_is_written_out(made):
    made.photos.queries["like a"] = ~Term("input", "a") & Term("input", "b", {"by": "mean"})
    expected = ~Term("input", "a", {"by": "whole"}) & Term("input", "b", {"by": "mean"})
    assert made.photos.queries["like a"] == expected


def test_an_input_of_before_is_the_mean_of_its_rows(made):
    assert saved_before(made, 2 * Term("input", "a")) == 2 * Term("input", "a", {"by": "mean"})


@pytest.mark.parametrize("least", [0.55, 0.8, 0.97])
def test_a_comparison_of_before_lets_the_same_pictures_through(made, least):
    cosines = {hit.input.id: hit.parts[0].raw for hit in made.photos.search(near(1, 0, 0))}
    expected = [id for id in "abcd" if id in cosines and (1 + cosines[id]) / 2 >= least]
    query = saved_before(made, (near(1, 0, 0) >= least) & (concept("dog") | ~concept("dog")))
    assert sorted(made.ranked(query)) == expected
    assert made.ranked(saved_before(made, near(1, 0, 0) >= 1.5)) == []


def test_a_comparison_of_several_terms_says_that_its_meaning_changed(made):
    with pytest.warns(UserWarning, match="saved query 'old' compares .* by scores of before"):
        saved_before(made, (near(1, 0, 0) & concept("dog")) >= 0.8)


def test_a_comparison_of_a_concept_means_what_it_did(made):
    query = (concept("dog") >= 0.5) & ~concept("cat")
    assert saved_before(made, query) == query


def test_a_query_of_before_can_be_read_where_nothing_is_embedded():
    with MadeUp("a") as made:
        assert saved_before(made, near(1, 0) >= 0.8) == (near(1, 0) >= 0.8)
