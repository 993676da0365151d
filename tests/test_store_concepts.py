from __future__ import annotations

import pytest

from toolkit.errors import QueryError, UnknownNameError
from toolkit.store import AnnotationStore, ConceptName
from toolkit.values.types import Concept

ANIMAL = Concept("animal", {"en": ("animal",)})
DOG = Concept(
    "dog",
    {"en": ("dog", "domestic dog"), "ja": ("犬", "いぬ"), "zh-Hant": ("狗",)},
    "A barking animal.",
    {"hypernym": ("animal",)},
)


@pytest.fixture
def store(target):
    with AnnotationStore.open(target) as store:
        with store.write() as batch:
            batch.concepts.add([DOG, ANIMAL])
        yield store


def relate(store: AnnotationStore, *said: tuple[str, str, str]) -> None:
    with store.write() as batch:
        for subject, predicate, object in said:
            batch.concepts.relate(subject, predicate, object)


def test_a_concept_comes_back_and_its_relation_holds_both_ways(store):
    assert store.concepts.get("dog") == DOG
    assert store.concepts.get("animal") == Concept("animal", {"en": ("animal",)}, "", {"hyponym": ("dog",)})
    assert [concept.id for concept in store.concepts.all()] == ["dog", "animal"]
    assert [concept.id for concept in store.concepts.by_id(["animal", "dog"])] == ["animal", "dog"]


def test_adding_a_concept_again_adds_what_is_new_and_the_same_again_changes_nothing(store):
    with store.write() as batch:
        batch.concepts.add([DOG, ANIMAL])
    assert store.revision() == 1
    with store.write() as batch:
        batch.concepts.add([Concept("dog", {"en": ("hound", "dog"), "DE": ("Hund",)}, "A pet.")])
    dog = store.concepts.get("dog")
    assert (dog.names["en"], dog.names["de"], dog.definition) == (
        ("dog", "domestic dog", "hound"),
        ("Hund",),
        "A pet.",
    )
    assert dog.relations == DOG.relations


@pytest.mark.parametrize("name", ["Dog", " DOMESTIC  dog", "ｄｏｇ", "d\u200bog"])
def test_a_name_is_found_however_it_is_written(store, name):
    assert [found.concept for found in store.concepts.named(name, language="en")] == ["dog"]


def test_a_name_is_found_in_its_language_in_wider_ones_or_in_any(store):
    found = [ConceptName("dog", "zh-Hant", "狗")]
    assert store.concepts.named("狗", language="zh-hant-TW") == found
    assert store.concepts.named("狗") == found
    assert store.concepts.named("狗", language="ja") == store.concepts.named("狗", language="zh") == []
    assert store.concepts.named("いぬ", language="ja") == [ConceptName("dog", "ja", "いぬ")]


def test_who_prefers_a_name_comes_first(store):
    with store.write() as batch:
        batch.concepts.add(
            [Concept("hot-dog", {"en": ("hot dog", "dog")}), Concept("dog-2", {"en": ("dog",)})]
        )
    assert [found.concept for found in store.concepts.named("dog", language="en")] == [
        "dog",
        "dog-2",
        "hot-dog",
    ]


def test_a_concept_is_renamed_and_still_found_by_its_old_name(store):
    with store.write() as batch:
        batch.concepts.rename("dog", "hound")
        batch.concepts.set_names("dog", ["Köter", "Hund"], language="de")
        batch.concepts.rename("dog", "Hund", language="DE")
    dog = store.concepts.get("dog")
    assert (dog.name(), dog.names["en"]) == ("hound", ("hound", "dog", "domestic dog"))
    assert dog.names["de"] == ("Hund", "Köter")
    assert [found.concept for found in store.concepts.named("dog")] == ["dog"]


@pytest.mark.parametrize(
    ("concept", "reason"),
    [
        (Concept(" "), "is blank"),
        (Concept("cat", {"en": ("\u200b",)}), "is blank"),
        (Concept("cat", {"english!": ("cat",)}), "is not a language tag"),
        (
            Concept("cat", relations={"part": ("dog",)}),
            "'part' is not a relation of concepts; there are: hypernym",
        ),
        (Concept("cat", relations={"synonym": ("cat",)}), "cannot be a synonym of itself"),
    ],
)
def test_a_concept_that_cannot_be_is_refused(store, concept, reason):
    with pytest.raises(QueryError, match=reason), store.write() as batch:
        batch.concepts.add([concept])
    assert len(store.concepts.all()) == 2


def test_an_unknown_concept_is_refused_with_the_nearest(store):
    for ask in (lambda: store.concepts.get("dgo"), lambda: relate(store, ("dgo", "hypernym", "animal"))):
        with pytest.raises(UnknownNameError, match="no concept named 'dgo'; did you mean 'dog'"):
            ask()
    assert store.concepts.nearest("hund") == ["animal", "dog", "domestic dog", "いぬ", "犬", "狗"]


def test_synonyms_hold_both_ways_and_a_relation_can_be_taken_back(store):
    with store.write() as batch:
        batch.concepts.add([Concept("hound")])
    relate(store, ("hound", "synonym", "dog"))
    assert store.concepts.get("dog").relations == {"hypernym": ("animal",), "synonym": ("hound",)}
    with store.write() as batch:
        batch.concepts.unrelate("dog", "synonym", "hound")
        batch.concepts.unrelate("animal", "hyponym", "dog")
    assert [concept.relations for concept in store.concepts.all()] == [{}, {}, {}]


def test_a_concept_never_becomes_its_own_hypernym(store):
    with store.write() as batch:
        batch.concepts.add([Concept("puppy", relations={"hypernym": ("dog",)})])
    for said in (("animal", "hypernym", "puppy"), ("puppy", "hyponym", "animal")):
        with pytest.raises(
            QueryError, match=r"its own hypernym: '.*' > '.*' > '.*' > '.*'; take one of these back"
        ):
            relate(store, said)
    assert store.concepts.get("animal").relations == {"hyponym": ("dog",)}


def test_two_ways_up_to_one_hypernym_are_no_circle(store):
    with store.write() as batch:
        batch.concepts.add([Concept("pet", relations={"hypernym": ("animal",), "hyponym": ("dog",)})])
    assert store.concepts.get("dog").relations == {"hypernym": ("animal", "pet")}
