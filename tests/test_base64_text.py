"""Bytes travel in JSON as base64, and what is none is refused everywhere in the same way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import QueryError
from toolkit.plugins import Parameter
from toolkit.plugins.parameters import bind
from toolkit.query import Term, from_json
from toolkit.values.base64_text import from_base64, to_base64


@given(st.binary())
def test_bytes_come_back(data):
    assert from_base64(to_base64(data)) == data


@given(st.binary(min_size=1))
def test_a_term_carries_bytes_through_json_and_a_ranker_gets_their_text(data):
    term = from_json(Term("image", data).to_json())
    assert term.subject == data
    image = Parameter("source", "image", "What to compare with.")
    assert bind([image], term.subject, {}, ranker="image") == {"source": {"base64": to_base64(data)}}


@pytest.mark.parametrize("text", ["a", "ab", "a b=", "YWJj\n", "é===", "YW-j"])
def test_what_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        from_base64(text)
    with pytest.raises(QueryError, match="is not base64"):
        Term("image", {"base64": text})
    image = Parameter("source", "image", "What to compare with.")
    with pytest.raises(QueryError, match="image: source is a path, a URL, bytes"):
        bind([image], {"base64": text}, {}, ranker="image")
