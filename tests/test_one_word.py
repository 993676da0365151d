"""One word, all it means here: a detector's `dog`, that of people's labels and a numbered synset are one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

import toolkit as tk
from toolkit.errors import UnknownNameError
from toolkit.plugins.interfaces import Meaning
from toolkit.plugins.registry import Registry
from toolkit.terms import concept, label
from toolkit.values.settings import Workflow
from toolkit.values.types import Box, Concept, Detection
from toolkit.widgets.suggestions import complete
from toolkit.words.linking import link

# animal > dog > poodle; animal > fowl > cock-of-the-yard; bird > cock; a hot dog; the fellow that is called a dog.
SYNSETS = [
    Concept("s-animal", {"en": ("animal",)}),
    Concept("s-bird", {"en": ("bird",)}, relations={"hypernym": ("s-animal",)}),
    Concept("s-dog", {"en": ("dog",), "ja": ("犬",)}, relations={"hypernym": ("s-animal",)}),
    Concept("s-poodle", {"en": ("poodle",)}, relations={"hypernym": ("s-dog",)}),
    Concept("s-fellow", {"en": ("chap", "dog")}, "A man.", {"hypernym": ("s-animal",)}),
    Concept("s-cock", {"en": ("cock",)}, relations={"hypernym": ("s-bird",)}),
    Concept("s-rooster", {"en": ("cock", "rooster")}, relations={"hypernym": ("s-bird",)}),
]


class Book:
    """A lexicon of those synsets: a translator, a concept graph, a sense inventory and a dictionary."""

    name = "book"

    def __init__(self, edition="1", synsets=SYNSETS):
        self.edition, self.synsets = edition, {one.id: one for one in synsets}

    def translate(self, name, *, language, names):
        return [Meaning(id, "en", name, self.name) for id in self._named(name)] if language == "en" else []

    def senses(self, words, *, language):
        return {word: named for word in words if language == "en" and (named := self._named(word))}

    def define(self, concepts):
        return [self.synsets[one] for one in concepts if one in self.synsets]

    def above(self, concepts):
        found: dict[str, Concept] = {}
        level = [one for one in concepts if one in self.synsets]
        while level:
            found |= {one: self.synsets[one] for one in level}
            level = [up for one in level for up in self.synsets[one].relations.get("hypernym", ())]
        return list(found.values())

    def _named(self, word: str) -> Sequence[str]:
        return [id for id, one in self.synsets.items() if word.lower() in one.names["en"]]


class Numbers:
    """A softmax that knows synsets."""

    name, version, exclusive = "numbers", "1", True
    concepts = (Concept("s-poodle"), Concept("s-cock"))

    def __init__(self, argument: str = "") -> None:
        pass

    def predict(self, images):
        return [{"s-poodle": 0.7, "s-cock": 0.2} if is_dark(one) else {"s-cock": 0.9} for one in images]


class Boxes:
    """A detector whose classes have names only."""

    name, version = "boxes", "1"
    concepts = (Concept("dog", {"en": ("dog",)}),)

    def __init__(self, argument: str = "") -> None:
        pass

    def detect(self, images):
        left = Box(0, 0, 1, 0.5)
        return [[Detection(left, {"dog": 0.8})] if is_dark(one) else [] for one in images]


def is_dark(image):
    return np.asarray(image).mean() < 100


PICTURES = [
    {"id": name, "image": np.full((16, 16, 3), light, np.uint8)}
    for name, light in [("dark", 0), ("light", 250)]
]


@pytest.fixture
def registry():
    registry = Registry.discover()
    registry.add(Numbers, kind="concept_models")
    registry.add(Boxes, kind="detectors")
    registry.add(Book(), kind="translators")
    return registry


@pytest.fixture
def photos(registry):
    workflow = Workflow(concept_models=("numbers",), detectors=("boxes",))
    with tk.open(workflow=workflow, registry=registry) as photos:
        photos.add(PICTURES, progress=False)
        yield photos


def found(photos, query):
    return {hit.input.id: round(hit.score, 2) for hit in photos.search(query)}


def test_a_class_with_nothing_but_a_name_is_linked_when_it_arrives(photos):
    assert photos.concepts["dog"].relations == {"synonym": ("s-dog",)}
    assert "dog" in photos.concepts.below("s-animal")


@pytest.mark.parametrize("query", [concept("dog"), concept("犬", language="ja"), concept("s-dog")])
def test_whatever_names_it_ranks_by_all_models_and_the_highest_counts(photos, query):
    assert found(photos, query) == {"dark": 0.8}  # of the box .8, of the softmax's poodle .7


def test_what_people_labeled_replaces_all_models_whichever_of_the_concepts_they_labeled(photos):
    photos.annotate("dark", concept="dog", value=0)
    assert found(photos, concept("犬", language="ja")) == {"dark": 0.8}  # the box was not labeled
    photos.annotate("light", concept="s-dog")
    assert found(photos, concept("dog")) == {"light": 1.0, "dark": 0.8}
    assert found(photos, concept("dog", source="human")) == {"light": 1.0, "dark": 0.0}


def test_by_its_id_exactly_one_concept_counts(photos):
    assert found(photos, concept("dog", exact=True)) == {"dark": 0.8}
    assert found(photos, concept("s-dog", exact=True)) == {"dark": 0.7}
    assert found(photos, "concept:s-dog[exact=true]") == {"dark": 0.7}
    with pytest.raises(UnknownNameError, match="takes a concept's id"):
        photos.search(concept("犬", exact=True))


def test_a_filter_holds_for_labels_of_any_of_them(photos):
    photos.annotate("light", concept="s-dog")
    assert photos.search(label("dog")).ids == ["light"]
    assert photos.search(label("dog", source="model")).ids == ["dark"]
    assert photos.search(label("dog", exact=True)).ids == []


def test_the_explanation_says_in_names_what_counted_and_by_which_model(photos):
    [hit] = photos.search(concept("犬", language="ja"))
    assert hit.parts[0].notes == (
        "'犬' (ja) means dog, by names; model:boxes@1: dog; model:numbers@1: one kind of it",
    )


def test_the_hit_shows_the_annotation_that_the_score_is_from(photos):
    [hit] = photos.search(concept("犬", language="ja"))
    assert hit.annotation.source == "model:boxes@1"
    assert hit.annotation.concepts == {"dog": pytest.approx(0.8)}


def test_a_label_is_linked_to_what_the_collection_has_and_brings_no_concepts(registry):
    with tk.open(workflow=Workflow(concept_models=("numbers",)), registry=registry) as photos:
        photos.add(PICTURES, progress=False)
        before = len(photos.concepts)
        photos.annotate("light", concepts={"cock": 1.0, "chap": 1.0})
        assert photos.concepts["chap"].relations == {}  # the collection has no fellow
        assert len(photos.concepts) == before + 1  # "cock" names the one that is there
        assert found(photos, concept("bird")) == {"light": 1.0, "dark": 0.2}


def test_labels_of_an_import_are_linked_too(photos):
    record = {"id": "gray", "image": np.full((16, 16, 3), 200, np.uint8), "concepts": {"poodle": 1.0}}
    photos.add([record], progress=False)
    assert photos.concepts["poodle"].relations == {"synonym": ("s-poodle",)}
    assert "gray" in found(photos, concept("犬", language="ja"))


def test_training_learns_from_the_concept_that_people_labeled(photos):
    photos.index(embedder="pixels", progress=False)
    shades = [
        {"id": f"gray-{light}", "image": np.full((16, 16, 3), light, np.uint8)}
        for light in range(110, 250, 20)
    ]
    photos.add(shades, progress=False)
    photos.annotate(["gray-110", "gray-130", "gray-150"], concept="dog")
    assert photos.train("s-dog", progress=False).concept == "dog"


def test_what_a_person_took_back_is_not_linked_again(photos):
    photos.concepts.unrelate("dog", "synonym", "s-dog")
    photos.concepts.link()
    assert photos.concepts["dog"].relations == {}


def test_a_new_edition_of_a_lexicon_links_what_is_there_with_the_next_add(registry):
    registry = Registry.discover()
    registry.add(Boxes, kind="detectors")
    book = Book(synsets=())
    registry.add(book, kind="translators")
    with tk.open(workflow=Workflow(detectors=("boxes",)), registry=registry) as photos:
        photos.add(PICTURES, progress=False)
        linked = photos.concepts["dog"].relations.get("synonym", ())
        assert linked != ("s-dog",)
        many = [
            Concept(f"s-dog-{index}", {"en": ("dog",)}) for index in range(20)
        ]  # more than any other lexicon has
        book.edition, book.synsets = "2", {one.id: one for one in [*SYNSETS[:3], *many]}
        photos.index(progress=False)
        assert photos.concepts["dog"].relations["synonym"] == ("s-dog",)
        assert "dog" in photos.concepts.below("s-animal")


def test_of_several_senses_a_class_is_the_one_of_which_the_collection_has_something(registry):
    book = Book(synsets=[SYNSETS[4], *SYNSETS])  # the fellow is the usual one
    registry = Registry.discover()
    registry.add(book, kind="translators")
    registry.add(Numbers, kind="concept_models")
    with tk.open(workflow=Workflow(concept_models=("numbers",)), registry=registry) as photos:
        photos.add(PICTURES, progress=False)
        photos.concepts.add("dog")
        link(["dog"], photos._resources.store, registry)
        assert photos.concepts["dog"].relations == {"synonym": ("s-dog",)}


def test_a_class_that_says_itself_what_it_is_is_not_linked(photos):
    photos.concepts.add("bird", definition="A piece of badminton.")
    photos.concepts.link()
    assert photos.concepts["bird"].relations == {}


def test_a_word_whose_own_sense_is_not_here_is_what_shares_a_name_with_it(photos):
    assert found(photos, concept("rooster")) == {"light": 0.9, "dark": 0.2}
    [note, _] = photos.search(concept("rooster"))[0].parts[0].notes
    assert note == (
        "'rooster': took cock (s-cock), which shares the name 'cock' with cock (s-rooster), of which nothing is here"
    )


def test_autocomplete_counts_what_the_search_finds(photos):
    for prefix, language in (("dog", None), ("犬", "ja"), ("anim", None)):
        for one in complete(photos, prefix, language=language):
            if one["count"]:
                hits = photos.search(concept(str(one["concept"])))
                assert one["count"] == hits.total
    assert complete(photos, "犬", language="ja")[0]["count"] == 1


def test_capitals_at_the_beginning_make_no_other_word(photos):
    photos.annotate("light", concept="Dog")
    assert found(photos, concept("dog")) == {"light": 1.0, "dark": 0.8}
