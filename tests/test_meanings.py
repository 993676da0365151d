from __future__ import annotations

import pytest

from tests.breeds import ANIMALS, breeds, scores
from toolkit.errors import NotIndexedError, QueryError, UnknownNameError
from toolkit.plugins.interfaces import Meaning
from toolkit.terms import concept
from toolkit.values.types import Concept


@pytest.fixture
def photos():
    with breeds() as photos:
        yield photos


def read(photos, name, language=None):
    return photos._resources.words(photos.snapshot().revision).read(name, language=language)


def label(photos, concept):
    with photos._resources.store.write() as batch:
        batch.annotations.add(1, source="human:me", concepts={concept: 1.0})


def taken(photos, name, language=None):
    return [concept for meaning in read(photos, name, language).meanings for concept in meaning.concepts]


def test_of_several_senses_the_one_of_which_something_is_here_is_taken_and_says_why(photos):
    assert taken(photos, "chien", "fr") == ["n-dog"]
    assert read(photos, "chien", "fr").note == (
        "'chien': 2 senses, took dog (n-dog), because no model or annotation here has any of the others; the others "
        "are dog (n-fellow): photos.concepts.pin('chien', 'n-fellow', language='fr') has it mean that"
    )
    [part] = photos.search(concept("chien", language="fr"))[0].parts
    assert read(photos, "chien", "fr").note in part.notes


def test_of_senses_that_are_all_here_the_one_among_whose_names_the_word_comes_first_is_taken(photos):
    photos.concepts["n-fellow"].names["fr"] = ["type", "chien"]
    label(photos, "n-fellow")
    assert taken(photos, "chien", "fr") == ["n-dog"]
    assert (
        "the usual one, by the place of the word among their names; the others"
        in read(photos, "chien", "fr").note
    )


def test_equals_are_all_taken_that_with_most_classes_below_it_first(photos):
    label(photos, "n-fellow")
    assert taken(photos, "chien", "fr") == ["n-dog", "n-fellow"]
    assert read(photos, "chien", "fr").note == (
        "'chien': 2 senses, took dog (n-dog) and dog (n-fellow), of which none is more usual than the other: "
        "photos.concepts.pin('chien', 'n-fellow', language='fr') has it mean that"
    )


class Order:
    """A translator that knows how usual the senses of a word are."""

    name = "order"

    def translate(self, name, *, language, names):
        return []

    def senses(self, words, *, language):
        return {word: ["n-elsewhere", "n-fellow", "n-dog"] for word in words if word == "chien"}


def test_the_order_of_a_lexicon_goes_before_what_names_and_numbers_say(photos):
    label(photos, "n-fellow")
    photos.registry.add(Order(), kind="translators")
    assert taken(photos, "chien", "fr")[0] == "n-fellow"
    assert "the usual one, as order lists them" in read(photos, "chien", "fr").note


def test_a_sense_of_which_more_is_here_is_taken_with_the_first_of_a_lexicon(photos):
    label(photos, "n-fellow")
    photos.registry.add(Order(), kind="translators")
    assert taken(photos, "chien", "fr") == ["n-fellow", "n-dog"]
    assert "as order lists them, and one of which more is here" in read(photos, "chien", "fr").note


def test_a_name_can_be_pinned_to_another_sense_and_unpinned(photos):
    photos.concepts.pin("chien", "n-fellow", language="fr")
    assert read(photos, "Chien", "fr-CA").meanings == (Meaning("n-fellow", "fr", "Chien", "pin"),)
    assert taken(photos, "chien", "fr") == ["n-fellow"]
    photos.concepts.pin("matou", "n-cat", language="fr")
    assert photos.concepts["n-cat"].names["fr"] == ("chat", "matou")
    photos.concepts.unpin("chien", language="fr")
    assert taken(photos, "chien", "fr") == ["n-dog"]
    with pytest.raises(UnknownNameError, match="n-dgo"):
        photos.concepts.pin("chien", "n-dgo", language="fr")


def test_concepts_that_are_related_to_no_other_are_all_taken_as_one_sense(photos):
    photos.concepts.unrelate("n-cat", "hypernym", "n-animal")
    photos.concepts.add("n-other", names={"en": ["cat"]})
    photos.concepts.add("n-unused", names={"en": ["cat"]})
    label(photos, "n-other")
    [meaning] = read(photos, "cat", "en").meanings
    assert set(meaning.concepts) >= {"n-cat", "n-other"}
    assert "n-unused" not in meaning.concepts


def test_the_exact_case_goes_before_another(photos):
    assert taken(photos, "cat", "en") == ["n-cat"]
    assert taken(photos, "CAT", "en") == ["n-scan"]
    assert taken(photos, "Cat", "en") == ["n-cat"]


def test_without_a_language_a_word_is_an_id_and_a_name_and_is_looked_for_in_all_languages(photos):
    photos.concepts.add("n-other", names={"en": ["n-cat"]})
    assert taken(photos, "n-cat") == ["n-cat"]
    label(photos, "n-other")
    assert taken(photos, "n-cat") == ["n-cat", "n-other"]
    assert taken(photos, "n-cat", "en") == ["n-other"]
    assert read(photos, "動物").meanings == (Meaning("n-animal", "ja", "動物", "names"),)


def test_exactly_an_id_is_that_concept_alone(photos):
    words = photos._resources.words(photos.snapshot().revision)
    assert words.read("n-dog", exact=True).meanings == (Meaning("n-dog", "", "n-dog", "id"),)
    with pytest.raises(UnknownNameError, match=r"no concept named 'dog'.*exact=True takes a concept's id"):
        words.read("dog", exact=True)


@pytest.mark.parametrize("name", ["き\u200bつね", "キツネ", "ｷﾂﾈ", "\u202eきつね"])
def test_kana_width_and_invisible_characters_make_no_difference(photos, name):
    assert taken(photos, name, "ja") == ["n-fox"]


def test_a_word_that_nobody_knows_is_refused_with_the_nearest_names_and_the_languages_tried(photos):
    with pytest.raises(
        UnknownNameError, match=r"did you mean 'poodle'.*Languages tried: en, then every other"
    ):
        read(photos, "poodel")
    with pytest.raises(UnknownNameError, match=r"Languages tried: jp, .*did you mean language='ja'\?"):
        read(photos, "どうぶつ園", "jp")


def test_a_word_of_mixed_scripts_is_not_the_word_it_looks_like_and_that_one_is_offered(photos):
    with pytest.raises(UnknownNameError, match="did you mean 'poodle'"):
        read(photos, "p\N{CYRILLIC SMALL LETTER O}odle")


@pytest.mark.parametrize(("name", "language"), [("\u200b", None), (" ", "de"), ("dog", "no tag")])
def test_a_blank_word_and_what_is_no_language_are_refused(photos, name, language):
    with pytest.raises(QueryError):
        read(photos, name, language)


def test_a_concept_that_nothing_here_says_offers_the_nearest_above_it(photos):
    with pytest.raises(NotIndexedError) as error:
        photos.search(concept("fox"))
    assert str(error.value).startswith(
        "'fox': no model or annotation here has fox (n-fox), or a kind of it. Nearest above fox: animal, one step up; "
        "3 concepts here lie at or below it. Ask for concept('animal'). As plain words: text('fox'). "
        "Or give one example: image('example.jpg') ranks by likeness to it"
    )


class Zoo:
    """A translator that knows a concept the collection does not have, and what lies above it."""

    name = "zoo"

    def translate(self, name, *, language, names):
        return [Meaning("n-kangaroo", "en", name, self.name)] if name == "kangaroo" else []

    def above(self, concepts):
        return (
            [Concept("n-kangaroo"), Concept("n-pouched"), Concept("n-animal")]
            if "n-kangaroo" in concepts
            else []
        )


def test_a_concept_the_collection_does_not_have_says_so_and_offers_one_it_has(photos):
    photos.registry.add(Zoo(), kind="translators")
    with pytest.raises(
        NotIndexedError,
        match=r"'kangaroo': no model or annotation here has what it means, .* above 'kangaroo': animal, 2 steps up; ",
    ) as error:
        read(photos, "kangaroo")
    assert "concept('animal')" in str(error.value)
    assert "n-kangaroo" not in str(error.value)  # an id says nothing to a person


def test_senses_of_which_only_the_id_is_known_are_not_listed(photos):
    absent = photos._resources.words(photos.snapshot().revision).absent
    assert "'engine': no model or annotation here has any of its senses, or a kind" in str(
        absent("engine", ["n03287733", "n11417561"])
    )
    assert "'fox': no model or annotation here has fox (n-fox) or another of its senses, or a kind" in str(
        absent("fox", ["n-fox", "n11417561"])
    )


def test_what_was_read_is_remembered_until_the_collection_changes(photos):
    first = photos._resources.words(photos.snapshot().revision)
    assert first.read("dog") is first.read("dog")
    photos.concepts["n-fox"].names["en"] = "dog"
    assert photos._resources.words(photos.snapshot().revision) is not first


def test_one_question_in_six_scripts_has_the_same_hits(photos):
    words = {
        "ja": "犬",
        "ru": "собака",
        "ar": "كَلْب",
        "ko": "개",
        "zh-Hant-TW": "狗",
        "de": "Hund",
        "fa": "سگ",
    }
    expected = scores(photos, concept("dog"))
    assert expected == [0.9, 0.3, 0.2]
    assert {tag: scores(photos, concept(word, language=tag)) for tag, word in words.items()} == dict.fromkeys(
        words, expected
    )


def test_relations_known_to_a_graph_are_stored_when_a_model_brings_new_concepts(photos):
    photos.registry.add(Zoo(), kind="translators")
    photos.concepts.add("n-kangaroo")
    assert photos.concepts.link() == 1
    assert len(ANIMALS) < len(photos.concepts)
