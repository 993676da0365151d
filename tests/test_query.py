from __future__ import annotations

import copy
import json
import pickle
from enum import StrEnum
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from pages import examples_failed
from strategies import queries, terms, values

from toolkit.errors import QueryError
from toolkit.query import (
    AllOf,
    FrozenMapping,
    Not,
    SumOf,
    Term,
    Threshold,
    Weighted,
    freeze,
    from_dict,
    from_json,
    fuse,
    thaw,
)


def constructor(ranker, subject=None, **options):
    return Term(ranker, subject, options)


concept, image, where = (partial(constructor, name) for name in ("concept", "image", "where"))
NAMES = {"concept": concept, "image": image, "where": where, "fuse": fuse}
a, b, c, d = map(concept, "abcd")


# Structure


def test_operators_flatten_groups_of_their_own_kind():
    assert (a & b) & c == a & (b & c) == a & b & c == AllOf((a, b, c))
    assert (a | b) | c == a | (b | c)
    assert (a + b) + c == a + (b + c) == sum([a, b, c])
    assert (a & b) | c != a & (b | c)


def test_a_weight_keeps_a_group_to_itself():
    assert (a & b) ** 1 & c != a & b & c


def test_a_weight_is_written_three_ways_and_multiplies():
    assert 2 * a == a * 2 == a**2 == Weighted(a, 2.0)
    assert 2 * (3 * a) == 6 * a
    assert np.float32(2) * a == np.int64(2) * a == 2 * a


def test_a_contrary_of_a_contrary_is_the_query():
    assert ~~a == a
    assert -a == ~a == Not(a)
    assert ~(2 * a) == 2 * ~a
    assert a - 2 * b == a + 2 * ~b


def test_equality_and_hash_are_structural():
    one, other = concept("x", value=1, language="de"), concept("x", language="de", value=1)
    assert one == other
    assert {one & a: 1}[other & a] == 1
    assert (a & b) != (b & a)
    assert (a & b) != (a | b)
    assert (a > 0.5) != (a >= 0.5)


def test_nothing_can_be_changed():
    with pytest.raises(AttributeError):
        a.ranker = "image"
    with pytest.raises(AttributeError):
        (a & b).parts = ()


def test_a_query_travels_to_other_processes():
    query = (a & ~b) ** 2 + fuse([c, image(b"\x00")]) & (d >= 0.5)
    assert pickle.loads(pickle.dumps(query)) == copy.deepcopy(query) == query


def test_terms_come_in_order_and_equal_ones_once():
    assert ((a & b) | (~a + 2 * c)).terms() == (a, b, c)


def test_walk_gives_the_query_before_its_parts():
    assert list((a & ~b).walk()) == [a & ~b, a, ~b, b]


def test_leaves_say_weight_and_negation_where_a_term_stands():
    query = ~(a**2 & ~b) + 3 * c + fuse([2 * d])
    assert query.leaves() == ((a, 2.0, True), (b, 1.0, False), (c, 3.0, False), (d, 2.0, False))


# Refusals


@pytest.mark.parametrize(
    "ask",
    [
        lambda: a and b,
        lambda: a or b,
        lambda: not a,
        lambda: 0.2 <= a <= 0.8,
        lambda: 1 if a else 2,
    ],
)
def test_a_truth_value_is_refused_and_the_right_operators_named(ask):
    with pytest.raises(QueryError, match=r"& for `and`, \| for `or`, ~ for `not`.*>= 0.2\) & "):
        ask()


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf"), 1e-400])
def test_a_weight_that_is_not_above_zero_and_finite_is_refused(weight):
    with pytest.raises(QueryError, match="weight is"):
        weight * a


def test_what_is_no_query_does_not_combine():
    for wrong in ("x", 1, True, None):
        with pytest.raises(TypeError):
            a & wrong
    with pytest.raises(TypeError):
        1 + a
    with pytest.raises(TypeError):
        True * a
    with pytest.raises(QueryError, match="made of queries; 'b' is none"):
        AllOf((a, "b"))


def test_a_group_joins_at_least_two():
    with pytest.raises(QueryError, match="SumOf joins two or more queries, not 1"):
        SumOf((a,))


def test_what_has_a_simpler_form_is_refused():
    for part in (~a, 2 * a):
        with pytest.raises(QueryError, match="write ~query"):
            Not(part)


@pytest.mark.parametrize("name", ["", "1x", "a-b", "class", "é", "fuse", 3])
def test_a_ranker_has_a_name_that_python_can_call(name):
    with pytest.raises(QueryError, match="cannot be the name of a ranker"):
        Term(name)


def test_an_option_is_given_once():
    with pytest.raises(QueryError, match="given twice"):
        Term("concept", "dog", (("value", 1), ("value", 0)))


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"method": 5}, "a method is a name"),
        ({"method": "sum", "norm": ""}, "a norm is a name"),
        ({"missing": "ignore"}, "no missing 'ignore'"),
        ({"class": 1}, "'class' cannot be the name of a parameter of a fusion"),
        ({"k": object()}, "sum's k"),
    ],
)
def test_a_fusion_that_makes_no_sense_is_refused(options, reason):
    with pytest.raises(QueryError, match=reason):
        fuse([a, b], **options)


def test_a_query_has_a_limited_depth():
    query = a
    with pytest.raises(QueryError, match="at most 100 levels"):
        for _ in range(200):
            query = ~(query & b)
    repr(query), query.to_json(), hash(query)


# Values


def test_values_are_plain_and_cannot_change():
    class Language(StrEnum):
        GERMAN = "de"

    term = concept(
        {"dog": np.float64(1), "cat": np.int8(0)},
        language=Language.GERMAN,
        flag=np.bool_(1),
        vector=np.float32([0.5, 0.25]),
        number=np.array(3),
        picture=bytearray(b"ab"),
        nested=[{"x": [1]}],
    )
    assert repr(term) == (
        "concept({'dog': 1.0, 'cat': 0}, flag=True, language='de', nested=({'x': (1,)},), number=3, "
        "picture=b'ab', vector=(0.5, 0.25))"
    )
    assert type(dict(term.options)["language"]) is str


def test_a_frozen_mapping_keeps_its_order_and_equals_as_a_dict_does():
    one, other = freeze({"b": 1, "a": 2}), freeze({"a": 2, "b": 1})
    assert isinstance(one, FrozenMapping)
    assert list(one) == ["b", "a"]
    assert one == other == {"a": 2, "b": 1}
    assert hash(one) == hash(other)
    with pytest.raises(KeyError):
        one["c"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (float("nan"), "concept's option 'value' is nan; numbers are finite"),
        ([1, np.inf], r"option 'value'\[1\] is inf"),
        (2**63, "beyond 64 bits"),
        ({1: 2}, "has the key 1; keys are text"),
        ({"base64": "&"}, "is not base64"),
        ({1, 2}, "is of type set"),
        (object(), "is of type object"),
        (1j, "is of type complex"),
    ],
)
def test_a_value_that_json_has_no_form_for_is_refused(value, reason):
    with pytest.raises(QueryError, match=reason):
        concept("dog", value=value)


def test_a_value_that_holds_itself_is_refused():
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(QueryError, match="nested more than 16 levels"):
        concept(endless)


def test_bytes_are_base64_in_json():
    assert thaw(freeze(b"abc")) == {"base64": "YWJj"}
    assert image({"base64": "YWJj"}) == image(b"abc")


# Text


@pytest.mark.parametrize(
    "code",
    [
        "concept('Hund', language='de') & ~concept('cat') & image('query.jpg') ** 2",
        "2 * concept('a') + concept('b') - 0.5 * concept('c') - concept('d')",
        "(concept('a') >= 0.8) & concept('b')",
        "2 * concept('a') >= 0.25",
        "(concept('a') & concept('b')) >= 0.5",
        "((concept('a') >= 0.5) | where(dataset='x')) & concept('b')",
        "concept('a') & concept('b') | concept('c')",
        "concept('a') + concept('b') & concept('c')",
        "(concept('a') | concept('b')) ** 2 & concept('c')",
        "(~concept('a')) ** 2 & concept('c')",
        "2 * ~concept('a')",
        "~(concept('a') & concept('b'))",
        "~concept('a') + concept('b')",
        "concept('a') - (concept('b') + concept('c'))",
        "fuse([2 * concept('a'), ~image('q.jpg')], method='rrf', missing='worst', k=10)",
        "concept('a') & concept('b') >> concept('c') + image('q.jpg') >> ~concept('d')",
        "(concept('a') & concept('b')) >> concept('c') ** 2",
        "concept('a').rerank(concept('b') & concept('c'), k=50) >> concept('d')",
        "(concept('a') | image('q.jpg')).rerank(concept('b'), k=5)",
        "fuse([concept('a')], method='sum', norm='zscore')",
        "where()",
    ],
)
def test_repr_is_what_one_would_type(code):
    assert repr(eval(code, NAMES)) == code


@given(queries(terms))
def test_repr_rebuilds_the_query(query):
    rebuilt = eval(repr(query), NAMES)
    assert rebuilt == query
    assert repr(rebuilt) == repr(query)


def test_what_is_long_is_shortened_for_the_eye_only():
    query = image(b"\xff" * 5000) & image([0.5] * 512) & concept("x" * 100, names={"a": "b" * 200})
    assert str(query) == (
        "image(<5,000 bytes>) & image((0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, … 499 more)) "
        f"& concept('{'x' * 59}…', names={{'a': '{'b' * 59}…'}})"
    )
    assert eval(repr(query), NAMES) == query
    assert len(query.text(limit=10)) < len(str(query)) < len(repr(query))


def test_a_notebook_shows_the_short_text():
    class Printer:
        shown = ""

        def text(self, text):
            self.shown += text

    printer = Printer()
    image(b"\xff" * 5000)._repr_pretty_(printer, False)
    assert printer.shown == "image(<5,000 bytes>)"


# JSON


def test_json_is_plain_to_read():
    query = concept("Hund", language="de") & ~concept("cat") & image("q.jpg") ** 2 | (c >= 0.8)
    assert query.to_dict() == {
        "any": [
            {
                "all": [
                    {"term": "concept", "subject": "Hund", "options": {"language": "de"}},
                    {"not": {"term": "concept", "subject": "cat"}},
                    {"weight": 2.0, "of": {"term": "image", "subject": "q.jpg"}},
                ]
            },
            {"at_least": 0.8, "of": {"term": "concept", "subject": "c"}},
        ]
    }
    assert fuse([a + b], method="sum", norm="minmax").to_dict() == {
        "fuse": [{"sum": [a.to_dict(), b.to_dict()]}],
        "method": "sum",
        "norm": "minmax",
        "missing": "zero",
    }


@given(queries(terms))
def test_json_rebuilds_the_query(query):
    rebuilt = from_json(query.to_json())
    assert rebuilt == query
    assert repr(rebuilt) == repr(query)
    assert from_dict(query.to_dict()) == query


@given(values)
def test_a_value_survives_json(value):
    assert freeze(json.loads(json.dumps(thaw(freeze(value))))) == freeze(value)


def test_json_survives_a_file_name_that_is_no_unicode():
    query = image("caf\udce9.jpg")
    assert from_json(query.to_json().encode()) == query


def test_json_may_leave_out_what_has_a_default_and_a_group_of_one_is_that_one():
    assert from_dict({"fuse": [a.to_dict()]}) == fuse([a])
    assert from_dict({"all": [a.to_dict()]}) == a


TERM = {"term": "concept", "subject": "a"}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "the query: expected an object with one of term, all, any, sum, not, .*; got nothing"),
        ([TERM], "the query: expected an object .*; got a list"),
        ({}, "the query: expected exactly one of .*; got {}"),
        ({"all": [TERM], "any": [TERM]}, "the query: expected exactly one of .*; got 'all', 'any'"),
        ({"all": []}, "all: expected a list of queries, got an empty list"),
        ({"all": TERM}, "all: expected a list of queries, got an object"),
        ({"all": [TERM, {"not": 5}]}, r"all\[1\].not: expected an object with .*; got int '5'"),
        ({"any": [TERM, {"all": [TERM, {"of": TERM}]}]}, r"any\[1\].all\[1\]: expected exactly one of"),
        ({"not": {**TERM, "weight": 2}}, "not: expected exactly one of .*; got 'term', 'subject', 'weight'"),
        ({**TERM, "lang": "de"}, "the query: 'term' goes with subject, options, not with 'lang'"),
        ({"term": 5}, "the query: 5 cannot be the name of a ranker"),
        ({"term": "concept", "options": []}, "the query: options is an object, got an empty list"),
        ({"weight": "2", "of": TERM}, "the query: a weight is a finite number, not '2'"),
        ({"weight": 2}, "of: expected an object with .*; got nothing"),
        ({"not": {"at_least": True, "of": TERM}}, "not: what a score is compared with is a finite number"),
        ({"fuse": [TERM], "method": ["rrf"]}, r"the query: a method is a name, .*; not \['rrf'\]"),
        ({"fuse": [TERM], "missing": "some"}, "the query: no missing 'some'"),
        ({"rerank": TERM}, "by: expected an object with .*; got nothing"),
        ({"rerank": TERM, "by": TERM, "k": 0}, "the query: k=0: how many are ranked again"),
        ({"rerank": TERM, "by": TERM, "depth": 3}, "the query: 'rerank' goes with by, k, not with 'depth'"),
        (
            {"rerank": TERM, "by": {"not": {"rerank": TERM, "by": TERM}}},
            "the query: what ranks again has no >>",
        ),
    ],
)
def test_json_that_is_no_query_is_refused_with_the_path(value, message):
    with pytest.raises(QueryError, match=f"^{message}"):
        from_dict(value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        (b"\xff", "not JSON"),
        ('{"term": "a", "subject": NaN}', "has NaN"),
        ('{"term": "a", "subject": 1e999}', "is inf"),
        ('{"term": "a", "subject": %s}' % ("9" * 5000), "not JSON|beyond 64 bits"),
        ('{"term": "a", "term": "b"}', "one key twice"),
        ('{"not": ' * 100_000, "nested too deeply"),
        ('{"not": ' * 300 + '{"term": "a"}' + "}" * 300, "more than 100 levels"),
        (json.dumps({"all": [TERM] * 10_001}), "more than 10,000 parts"),
        ('{"term": "a", "subject": %s}' % ("[" * 50 + "]" * 50), "nested more than 16 levels"),
    ],
)
def test_a_hostile_json_is_refused(text, reason):
    with pytest.raises(QueryError, match=reason):
        from_json(text)


def test_a_json_too_long_is_refused(monkeypatch):
    monkeypatch.setattr("toolkit.query.serial.LONGEST", 10)
    with pytest.raises(QueryError, match="longer than 10 characters"):
        from_json(a.to_json())


def test_a_threshold_takes_only_the_four_comparisons():
    with pytest.raises(QueryError, match="no comparison '=='"):
        Threshold(a, "==", 0.5)


def test_the_page_on_the_algebra_holds():
    assert examples_failed("docs/query.md") == ""
