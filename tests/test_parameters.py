import base64
import inspect
import io
import pickle
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from toolkit.errors import InputError, QueryError
from toolkit.plugins.parameters import REQUIRED, Parameter, bind, describe, expected, signature
from toolkit.query import Term, freeze
from toolkit.values.types import Annotation, Box, Concept, GeoPoint, Hit, Input

NAME = Parameter("name", "concept", "What to look for.", many=True)
VALUE = Parameter("value", "number", "How sure.", 1.0, minimum=0, maximum=1)
LANGUAGE = Parameter("language", "language", "Of the name.", None, shorthand=True)
CONCEPT = (NAME, VALUE, LANGUAGE)


def one(kind, value, **rules):
    """What a ranker sees of one value of a kind."""
    return bind([Parameter("x", kind, "", **rules)], value, {}, ranker="r")["x"]


def refusal(kind, value, **rules):
    with pytest.raises(QueryError) as refused:
        one(kind, value, **rules)
    return str(refused.value)


# --- binding


def test_every_parameter_has_a_value_and_defaults_are_filled_in():
    assert bind(CONCEPT, "dog", {}, ranker="concept") == {"name": "dog", "value": 1.0, "language": None}


def test_a_term_binds_as_it_stands():
    term = Term("concept", ["dog", "cat"], {"value": 0})
    bound = bind(CONCEPT, term.subject, dict(term.options), ranker=term.ranker)
    assert bound == {"name": ["dog", "cat"], "value": 0.0, "language": None}


def test_a_misspelt_option_suggests_the_nearest():
    with pytest.raises(QueryError, match=r"concept: no option named 'langauge'; did you mean 'language'?"):
        bind(CONCEPT, "Hund", {"langauge": "de"}, ranker="concept")


def test_an_option_of_a_ranker_without_any_is_refused():
    with pytest.raises(QueryError, match="concept: no option named 'value'"):
        bind([NAME], "dog", {"value": 1}, ranker="concept")


def test_a_missing_subject_says_what_it_is():
    with pytest.raises(QueryError, match=r"concept needs name: a concept's name or id.* What to look for."):
        bind(CONCEPT, None, {}, ranker="concept")


def test_the_subject_is_not_given_twice():
    with pytest.raises(QueryError, match="name is its subject; give it by position, once"):
        bind(CONCEPT, "dog", {"name": "cat"}, ranker="concept")


def test_a_ranker_without_parameters_takes_nothing():
    assert bind([], None, {}, ranker="newest") == {}
    with pytest.raises(QueryError, match="newest takes nothing, not 3"):
        bind([], 3, {}, ranker="newest")


def test_a_refusal_says_what_was_asked_and_what_is_allowed():
    assert refusal("number", 1.5, minimum=0, maximum=1) == "r: x is a number from 0 to 1; not 1.5"
    assert refusal("integer", 0, minimum=1) == "r: x is a whole number of at least 1; not 0"
    assert refusal("choice", "sum", choices=("rrf", "max")) == "r: x is one of 'rrf', 'max'; not 'sum'"


def test_a_long_refused_value_is_cut():
    assert len(refusal("number", "x" * 10_000)) < 150


# --- kinds


def bits(number):
    return np.float32(number)


PICTURE = Image.new("RGB", (3, 2), "red")
INPUT = Input("a1", "a.jpg", "0" * 64, 3, 2)
HIT = Hit(1, 0.5, INPUT, None, "r7", Box(0, 0, 0.5, 0.5))

ACCEPTED = [
    ("text", "", ""),
    ("text", "犬\n", "犬\n"),
    ("text", Path("a/b.jpg"), "a/b.jpg"),
    ("number", 1, 1.0),
    ("number", np.float32(0.5), 0.5),
    ("number", np.int64(7), 7.0),
    ("integer", 3, 3),
    ("integer", 3.0, 3),
    ("integer", np.int32(-3), -3),
    ("integer", 2**60 + 1, 2**60 + 1),
    ("flag", True, True),
    ("flag", np.bool_(False), False),
    ("time", 1_700_000_000, 1_700_000_000.0),
    ("time", "1970-01-02", 86_400.0),
    ("time", "1970-01-01T01:00+01:00", 0.0),
    ("time", "1970-01-01T00:00:01Z", 1.0),
    ("time", date(1970, 1, 2), 86_400.0),
    ("time", datetime(1970, 1, 2, tzinfo=UTC), 86_400.0),
    ("json", {"a": [1, None, {"b": True}]}, {"a": [1, None, {"b": True}]}),
    ("json", freeze({"a": [1, {"b": "c"}]}), {"a": [1, {"b": "c"}]}),
    ("concept", " dog ", "dog"),
    ("concept", Concept("n02084071"), "n02084071"),
    ("language", "de", "de"),
    ("language", "pt_br", "pt-BR"),
    ("language", "DE", "de"),
    ("language", "zh-Hant-TW", "zh-Hant-TW"),
    ("image", "a.jpg", "a.jpg"),
    ("image", Path("a.jpg"), "a.jpg"),
    ("image", "https://example.com/a.jpg", "https://example.com/a.jpg"),
    ("image", b"\xff\xd8", {"base64": "/9g="}),
    ("image", bytearray(b"\xff\xd8"), {"base64": "/9g="}),
    ("image", {"base64": "/9g="}, {"base64": "/9g="}),
    ("image", {"input": "a1"}, {"input": "a1"}),
    ("image", INPUT, {"input": "a1"}),
    ("image", HIT, {"input": "a1"}),
    ("input", "a1", "a1"),
    ("input", INPUT, "a1"),
    ("input", HIT, "a1"),
    ("region", HIT, "r7"),
    ("region", INPUT, "a1"),
    ("region", Annotation("x", "a1", "r3", None, "human:me"), "r3"),
    ("box", Box(0, 0.25, 0.5, 1), [0.0, 0.25, 0.5, 1.0]),
    ("box", (0, 0, 1, 1), [0.0, 0.0, 1.0, 1.0]),
    ("box", np.array([0, 0, 0.5, 0.5]), [0.0, 0.0, 0.5, 0.5]),
    ("box", {"top_row": 0, "left_col": 0, "bottom_row": 1, "right_col": 0.5}, [0.0, 0.0, 1.0, 0.5]),
    ("vector", np.array([0, 0.5], np.float32), [0.0, 0.5]),
    ("vector", (1, 2), [1.0, 2.0]),
    ("source", "human:me", "human:me"),
    ("space", "pixels@1", "pixels@1"),
    ("geo", GeoPoint(48, 11), [48.0, 11.0]),
    ("geo", (48, 11, 2.5), [48.0, 11.0, 2.5]),
    ("geo", [48, 11, 49, 12], [48.0, 11.0, 49.0, 12.0]),
]


@pytest.mark.parametrize(("kind", "value", "seen"), ACCEPTED, ids=lambda value: f"{value!r:.30}")
def test_what_people_have_becomes_one_json_form(kind, value, seen):
    result = one(kind, value)
    assert result == seen
    assert type(result) is type(seen)


@pytest.mark.parametrize(("kind", "value", "seen"), ACCEPTED, ids=lambda value: f"{value!r:.30}")
def test_the_form_a_ranker_sees_is_accepted_again(kind, value, seen):
    assert one(kind, seen) == seen


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 3),
        ("text", b"a"),
        ("number", "1"),
        ("number", True),
        ("number", float("nan")),
        ("number", float("inf")),
        ("number", 10**400),
        ("number", np.ones(1)),
        ("integer", 1.5),
        ("integer", False),
        ("flag", 1),
        ("flag", "yes"),
        ("time", "yesterday"),
        ("time", float("nan")),
        ("time", True),
        ("json", float("nan")),
        ("json", {"a": {1, 2}}),
        ("json", ...),
        ("concept", ""),
        ("concept", " \n"),
        ("concept", 7),
        ("language", "german!"),
        ("language", "d"),
        ("language", ""),
        ("image", ""),
        ("image", b""),
        ("image", 7),
        ("image", {"base64": "not base64!"}),
        ("image", {"base64": "/9g=", "more": 1}),
        ("image", {"url": "x"}),
        ("input", ""),
        ("input", {"input": "a1"}),
        ("region", None.__class__),
        ("box", (0, 0, 1)),
        ("box", (0.5, 0, 0.25, 1)),
        ("box", (0, 0, 1, 2)),
        ("box", (0, 0, 1, float("nan"))),
        ("box", {"top_row": 0}),
        ("box", "0 0 1 1"),
        ("vector", []),
        ("vector", [0, 0.0]),
        ("vector", [1, float("nan")]),
        ("vector", [[1, 2]]),
        ("vector", "1,2"),
        ("geo", (48,)),
        ("geo", (91, 0)),
        ("geo", (48, 11, -1)),
        ("geo", (48, 11, 49, 181)),
        ("geo", (float("nan"), 0)),
        ("source", " "),
        ("space", ""),
    ],
    ids=lambda value: f"{value!r:.30}",
)
def test_what_does_not_fit_is_refused(kind, value):
    assert refusal(kind, value).startswith("r: x is ")


def test_json_that_never_ends_is_refused():
    endless = []
    endless.append(endless)
    assert "x is a JSON value" in refusal("json", endless)


def test_a_box_that_does_not_fit_is_refused_with_the_reason():
    assert "inverted or empty" in refusal("box", (0.5, 0, 0.25, 1))


# --- pictures


def opened(seen):
    return Image.open(io.BytesIO(base64.b64decode(seen["base64"])))


def test_a_picture_and_an_array_become_the_same_png():
    seen = one("image", PICTURE)
    assert opened(seen).format == "PNG"
    assert seen == one("image", np.asarray(PICTURE)) == one("image", np.asarray(PICTURE) / 255)


def test_a_picture_lying_on_its_side_is_turned_upright():
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (30, 20)).save(file, "JPEG", exif=exif)
    assert opened(one("image", Image.open(file))).size == (20, 30)


@pytest.mark.parametrize(
    "array", [np.zeros((2, 2, 5), np.uint8), np.zeros((2, 2), np.int32), np.full((2, 2), 2.0)]
)
def test_an_array_that_is_no_picture_is_refused(array):
    with pytest.raises(InputError, match="<array>"):
        one("image", array)


def test_a_picture_whose_file_is_cut_short_is_refused():
    file = io.BytesIO()
    Image.effect_noise((64, 64), 90).save(file, "JPEG")
    with pytest.raises(InputError):
        one("image", Image.open(io.BytesIO(file.getvalue()[:1000])))


# --- many


def test_several_values_stay_a_list_and_weights_a_mapping():
    assert one("concept", "dog", many=True) == "dog"
    assert one("concept", ("dog", Concept("cat")), many=True) == ["dog", "cat"]
    assert one("concept", {"dog": 1, "cat": np.float32(0)}, many=True) == {"dog": 1.0, "cat": 0.0}


def test_a_list_that_is_itself_one_value_is_one():
    assert one("box", (0, 0, 1, 1), many=True) == [0.0, 0.0, 1.0, 1.0]
    assert one("box", [(0, 0, 1, 1), Box(0, 0, 0.5, 1)], many=True) == [
        [0.0, 0.0, 1.0, 1.0],
        [0.0, 0.0, 0.5, 1.0],
    ]
    assert one("image", {"input": "a"}, many=True) == {"input": "a"}
    assert one("image", [Path("a.jpg"), {"input": "a"}], many=True) == ["a.jpg", {"input": "a"}]


@pytest.mark.parametrize("value", [[], {}, ["dog", ""], {"dog": 2}, {"dog": None}, {"": 1}, ["dog", ["cat"]]])
def test_each_of_several_values_is_checked(value):
    assert "or a list of them, or each with a number from 0 to 1" in refusal("concept", value, many=True)


def test_several_values_are_refused_where_one_is_expected():
    assert "x is a concept's name or id; not ['dog', 'cat']" in refusal("concept", ["dog", "cat"])


# --- signature and help


def test_the_signature_takes_the_subject_by_position_and_the_rest_by_name():
    assert str(signature(CONCEPT[1:])) == "(value=1.0, *, language=None)"
    assert str(signature(CONCEPT)) == "(name, *more, value=1.0, language=None)"
    assert signature([]) == inspect.Signature()


def test_the_help_lists_what_is_expected():
    assert describe(CONCEPT) == (
        "name : a concept's name or id, or a list of them, or each with a number from 0 to 1\n"
        "    What to look for.\n"
        "value : a number from 0 to 1, by default 1.0\n"
        "    How sure.\n"
        "language : a language tag such as 'de' or 'pt-BR', optional\n"
        "    Of the name."
    )
    assert expected(Parameter("n", "integer", "", maximum=9)) == "a whole number of at most 9"


def test_required_stays_itself_when_a_ranker_is_pickled():
    assert pickle.loads(pickle.dumps(NAME)).default is REQUIRED


# --- properties


@given(st.floats(0, 1))
def test_every_number_within_the_bounds_is_kept_exactly(value):
    assert one("number", value, minimum=0, maximum=1) == value


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    ).filter(lambda value: value is not None)
)
def test_json_is_kept_as_it_is(value):
    assert one("json", value) == value


@given(
    st.text() | st.binary() | st.floats() | st.lists(st.integers()),
    st.sampled_from(
        [
            "text",
            "number",
            "integer",
            "flag",
            "time",
            "json",
            "concept",
            "language",
            "image",
            "box",
            "vector",
            "geo",
        ]
    ),
)
def test_any_value_is_read_or_refused_and_never_worse(value, kind):
    try:
        once = one(kind, value)
    except QueryError:
        return
    assert one(kind, once) == once
