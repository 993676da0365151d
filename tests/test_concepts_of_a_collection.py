"""The concepts of a collection, page by page, by pattern, and as a person names them."""

import pytest
from made_up_models import opened

from toolkit.errors import QueryError, UnknownNameError
from toolkit.values.types import Concept


@pytest.fixture
def photos():
    with opened() as photos:
        photos.concepts.add("dog", names={"en": ["dog", "hound"], "de": "Hund"})
        photos.concepts.add("wolfhound", names={"en": "wolfhound"})
        photos.concepts.add("percent", names={"en": "100% wool_"})
        yield photos


def ids(concepts):
    return [one.id for one in concepts]


def test_pages_follow_one_another_in_order_of_creation(photos):
    assert [ids(photos.concepts.page(offset=at, limit=2)) for at in (0, 2, 4)] == [
        ["dog", "wolfhound"],
        ["percent"],
        [],
    ]


def test_known_ones_are_read_at_once(photos):
    assert list(photos.concepts.existing(["wolfhound", "unicorn", "dog"])) == ["dog", "wolfhound"]
    assert ("dog" in photos.concepts, "unicorn" in photos.concepts, 7 in photos.concepts) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("pattern", "language", "found"),
    [
        ("dog", None, ["dog"]),
        ("DOG", "en", ["dog"]),
        ("*hound", "en", ["wolfhound", "dog"]),  # the one that prefers the name first
        ("h*n*d", None, ["dog"]),
        ("hund", "en", []),
        ("*", "de", ["dog"]),
        ("*%*", None, ["percent"]),
        ("*_", None, ["percent"]),
        ("%", None, []),
        ("/*", None, []),
    ],
)
def test_a_star_in_a_name_stands_for_anything_and_nothing_else_does(photos, pattern, language, found):
    assert ids(photos.concepts.like(pattern, language=language)) == found


def test_a_pattern_without_an_end_is_refused(photos):
    with pytest.raises(QueryError, match="1,000 characters"):
        photos.concepts.like("*a" * 501)


def test_many_are_put_or_none(photos):
    cat = Concept("cat", {"en": ("cat",)}, "It purrs.", {"hypernym": ("animal",)})
    with pytest.raises(UnknownNameError, match="animal"):
        photos.concepts.put([cat])
    assert "cat" not in photos.concepts
    photos.concepts.put([cat, Concept("animal"), Concept("dog", {"fr": ("chien",)})])
    assert photos.concepts.below("animal") == ("animal", "cat")
    assert set(photos.concepts["dog"].names) == {"en", "de", "fr"}


def test_patterns_come_in_pages(photos):
    assert ids(photos.concepts.like("*o*", offset=1, limit=1)) == ["wolfhound"]


def test_languages(photos):
    assert photos.concepts.languages() == ["de", "en"]


def test_a_new_name_is_preferred_and_the_old_ones_still_find(photos):
    photos.concepts.rename("dog", "pooch")
    assert photos.concepts["dog"].names["en"] == ("pooch", "dog", "hound")
    photos.concepts.rename("dog", "Köter", language="de")
    assert ids(photos.concepts.named("hund")) == ["dog"]
    with pytest.raises(UnknownNameError):
        photos.concepts.rename("unicorn", "Einhorn")
    with pytest.raises(QueryError):
        photos.concepts.rename("dog", " ")


def test_a_word_means_an_id_else_a_name_else_something_new(photos):
    assert [photos.concepts.id_of(word) for word in ("dog", "hound", "Hund", "porch")] == [
        "dog",
        "dog",
        "Hund",
        "porch",
    ]


def test_what_ranking_takes_a_word_for(photos):
    assert [one.concept for one in photos.concepts.meanings("Hund", language="de")] == ["dog"]
    with pytest.raises(UnknownNameError):
        photos.concepts.meanings("giraffe")
