from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import QueryError
from toolkit.languages import fallbacks, fold, language_tag


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("Ｄｏｇ", "dog"),
        ("ﬁsh", "FISH"),
        ("é", "e\u0301"),
        (" polar \u00a0 bear\n", "Polar bear"),
        ("do\u200bg\u202e", "dog"),
        ("❤\ufe0f", "❤"),
        ("ΣΊΣΥΦΟΣ", "Σίσυφος"),
    ],
)
def test_names_that_read_alike_fold_alike(one, other):
    assert fold(one) == fold(other)


def test_names_of_different_words_stay_different():
    assert len({fold(name) for name in ("犬", "狗", "dog", "dogs", "perro", "собака")}) == 6


@given(st.text())
def test_folding_twice_is_folding_once(name):
    assert fold(fold(name)) == fold(name)


@given(st.text())
def test_folding_makes_no_difference_of_case(name):
    assert fold(name.upper().lower()) == fold(name.upper())


@pytest.mark.parametrize(
    ("tag", "written"),
    [("EN", "en"), ("zh_hant-tw", "zh-Hant-TW"), ("de-1996", "de-1996"), ("X-pirate", "x-pirate")],
)
def test_a_language_tag_is_written_as_bcp_47_does(tag, written):
    assert language_tag(tag) == written


@pytest.mark.parametrize("tag", ["", "german!", "en--us", "-", "犬", "a" * 9, "d", "x", "d-AT"])
def test_what_is_no_language_tag_is_refused(tag):
    with pytest.raises(QueryError, match="is not a language tag; write it as in 'en'"):
        language_tag(tag)


def test_a_language_falls_back_to_wider_ones():
    assert list(fallbacks("zh-hant-tw")) == ["zh-Hant-TW", "zh-Hant", "zh"]
    assert list(fallbacks("en-x-pirate")) == ["en-x-pirate", "en"]
