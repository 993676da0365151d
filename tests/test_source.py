"""A source says who: as text wherever it is kept, and in parts wherever something is decided."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_collection import MadeUp

import toolkit
from toolkit.errors import QueryError
from toolkit.plugins import Annotation, Source

WORD = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
NAME = WORD.filter(lambda text: "@" not in text)
MODELS = st.builds(Source.model, NAME, NAME)
PEOPLE = st.builds(Source.human, WORD)
SOURCES = MODELS | PEOPLE


@given(SOURCES)
def test_it_is_its_text_in_json_in_a_pickle_and_as_a_key(source):
    text = str(source)
    assert json.loads(json.dumps({source: source})) == {text: text}
    for same in (Source(text), Source(source), copy.deepcopy(source), pickle.loads(pickle.dumps(source))):
        assert (type(same), same, hash(same)) == (Source, source, hash(text))


@given(NAME, NAME)
def test_a_model_has_a_name_and_a_version(name, version):
    source = Source.model(name, version)
    assert source == Source.model(f"{name}@{version}") == f"model:{name}@{version}"
    assert (source.kind, source.name, source.version) == ("model", name, version)
    assert source.full_name == f"{name}@{version}"
    assert not source.is_human


@given(WORD)
def test_a_person_may_go_by_an_address(user):
    source = Source.human(user)
    assert source == f"human:{user}"
    assert (source.kind, source.name, source.version, source.is_human) == ("human", user, "", True)


def test_the_name_of_a_model_may_hold_what_parts_it_from_its_version():
    source = Source.model("trained-ann@home", 3)
    assert (source.name, source.version) == ("trained-ann@home", "3")
    assert Source.model("plain").version == ""


@given(SOURCES, SOURCES)
def test_a_source_is_from_itself_and_from_its_kind_and_from_no_other_source(one, other):
    assert one.is_from(one)
    assert one.is_from(one.kind)
    assert one.is_from(other.kind) == (one.kind == other.kind)
    if one != other:
        assert not (one.is_human and one.is_from(other))


@given(NAME, NAME, NAME)
def test_the_name_of_a_model_takes_all_its_versions(name, version, other):
    assert Source.model(name, version).is_from(f"model:{name}")
    assert Source.model(f"{name}:{other}", version).is_from(f"model:{name}")
    assert not Source.model(f"{name}{other}", version).is_from(f"model:{name}") or other.startswith(":")


@pytest.mark.parametrize("wanted", ["human:ann", "hum", "human:", ""])
def test_another_person_whose_name_only_begins_so_does_not_match(wanted):
    assert not Source.human("ann@uni.example").is_from(wanted)
    assert not Source.human("ann:2").is_from(wanted)


@pytest.mark.parametrize(
    "text", ["human", "human:", "human: ann", "model:", "ann", "Human:ann", "model:x\ny", " human:a"]
)
def test_what_is_no_source_is_refused_with_the_two_forms(text):
    message = r"is not a source; write 'human:<user>' or 'model:<name>@<version>'"
    with pytest.raises(QueryError, match=message):
        Source(text)


def test_an_empty_source_is_allowed_until_it_is_stored():
    assert (Source().kind, Source().name, Source().version, bool(Source())) == ("", "", "", False)
    with pytest.raises(QueryError, match="'' is not a source"):
        Source().required()
    assert Source.human("ann").required() == "human:ann"


def test_an_annotation_takes_plain_text_and_has_a_source():
    one = Annotation("1", "a", "a", None, "human:ann")
    assert type(one.source) is Source
    with pytest.raises(QueryError, match="'ann' is not a source"):
        Annotation("1", "a", "a", None, "ann")


def test_what_a_store_gives_back_has_sources():
    with MadeUp("a") as made:
        made.photos.annotate("a", concepts={"dog": 1})
        [annotation] = made.photos.annotations.of(["a"])
        assert annotation.source == Source.human(toolkit.Settings().user)
        assert [type(one) for one in (annotation.source, *made.photos.snapshot().sources)] == [Source, Source]
