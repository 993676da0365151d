"""A concept may be named in any language that the collection stores a name in."""

from __future__ import annotations

import pytest
from made_up_collection import MadeUp
from pages import examples_failed
from toolkit_multilingual import StoredNames

from toolkit.errors import UnknownNameError
from toolkit.query import Term
from toolkit.testing import TranslatorContract
from toolkit.values.settings import Settings


class TestStoredNames(TranslatorContract):
    translator = StoredNames()


def concept(name, **options) -> Term:
    return Term("concept", name, tuple(options.items()))


@pytest.fixture
def made():
    with MadeUp("dog.jpg", "cat.jpg", "sea.jpg") as made:
        made.photos.concepts.add("dog", names={"en": ["dog"], "de": ["Hund"], "ja": ["犬", "いぬ"]})
        made.photos.concepts.add("cat", names={"en": ["cat"], "de": ["Katze"], "zh": ["貓"]})
        made.photos.concepts.add("sea", names={"en": ["sea"], "de": ["Meer"], "de-CH": ["See"]})
        made.photos.concepts.add("lake", names={"de": ["See"]})
        for name in ("dog", "cat", "sea"):
            made.say(name, {f"{name}.jpg": 0.9})
        made.say("lake", {"cat.jpg": 0.4})
        yield made


@pytest.mark.parametrize(
    ("name", "language", "first"),
    [
        ("Hund", "de", "dog.jpg"),
        ("hund", "de-AT", "dog.jpg"),  # what the wider tag knows
        ("ＨＵＮＤ", "de", "dog.jpg"),  # full width, as a Japanese keyboard types it
        ("犬", "ja", "dog.jpg"),
        ("いぬ", "ja-JP", "dog.jpg"),
        ("貓", "zh-Hant-TW", "cat.jpg"),
        ("See", "de-CH", "sea.jpg"),  # the narrowest tag that knows it
        ("See", "de", "cat.jpg"),
        ("sea", "en-GB", "sea.jpg"),
        ("Katze", None, "cat.jpg"),  # no language: any
    ],
)
def test_a_name_finds_its_concept_in_its_language(made, name, language, first):
    options = {} if language is None else {"language": language}
    assert made.ranked(concept(name, **options)) == [first]


def test_the_collections_own_language_needs_no_tag():
    with MadeUp("a", "b", settings=Settings(language="de")) as made:
        made.photos.concepts.add("wolf-1", names={"de": ["Wolf"]})
        made.photos.concepts.add("wolf-2", names={"en": ["Wolf"]})
        made.say("wolf-1", {"a": 0.9})
        made.say("wolf-2", {"b": 0.9})
        assert made.ranked(concept("Wolf")) == ["a"]
        assert made.ranked(concept("Wolf", language="en")) == ["b"]


def test_without_a_language_an_id_is_that_concept_and_with_one_it_is_a_word(made):
    made.photos.concepts.add("n01", names={"de": ["dog"]})  # another concept goes by the id of the first
    made.say("n01", {"sea.jpg": 1.0})
    assert made.ranked(concept("dog")) == ["dog.jpg"]
    assert made.ranked(concept("dog", language="de")) == ["sea.jpg"]


def test_the_hit_says_which_concept_the_word_was(made):
    explained = str(made.photos.search(concept("Hund", language="de")).explain(0))
    assert "'Hund' (de) means dog, by names; model:made-up@1: dog" in explained


def test_an_unknown_word_names_the_languages_tried_and_what_is_nearest(made):
    with pytest.raises(UnknownNameError, match="did you mean 'Hund'") as caught:
        made.ranked(concept("Hunde", language="de"))
    assert "Languages tried: de" in str(caught.value)


def test_the_examples_of_its_page_run():
    assert examples_failed("docs/plugins/multilingual.md") == ""
