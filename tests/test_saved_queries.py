"""Queries under a name, with whatever else is kept of them."""

import pytest
from made_up_models import opened

from toolkit.errors import QueryError
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
        for bad in ({"a": concept("a"), "b": "b"}, {"a": concept("a"), " ": concept("b")}):
            with pytest.raises(QueryError):
                photos.queries.save(bad)
        assert dict(photos.queries) == {}
