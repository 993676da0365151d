from __future__ import annotations

import pytest

from tests.breeds import Detector, breeds, scores
from toolkit.errors import NotIndexedError
from toolkit.terms import concept


@pytest.fixture
def photos():
    with breeds() as photos:
        yield photos


def label(photos, place: int, **said: float) -> None:
    id = photos._resources.store.inputs.by_key(photos.snapshot().inputs.key.tolist())[place].id
    photos.annotate(id, concepts={f"n-{name}": value for name, value in said.items()})


def test_a_softmax_says_of_a_concept_the_sum_of_what_it_says_below_it(photos):
    assert scores(photos, concept("n-dog")) == [0.9, 0.3, 0.2]
    assert scores(photos, concept("n-animal")) == [1.0, 0.9, 0.2]


def test_of_another_model_the_highest_value_counts():
    with breeds(model=Detector) as photos:
        assert scores(photos, concept("n-animal")) == [0.5, 0.6, 0.2]


def test_without_expansion_only_the_concept_itself_counts(photos):
    assert scores(photos, concept("n-cat", expand=False)) == [0.1, 0.6, 0.0]
    with pytest.raises(NotIndexedError, match="no annotation mentions 'dog' itself"):
        photos.search(concept("n-dog", expand=False))
    assert scores(photos, "concept:n-cat[expand=false]") == [0.1, 0.6, 0.0]


def test_a_synonym_is_the_concept_itself(photos):
    photos.concepts.add("dog")
    photos.concepts.relate("dog", "synonym", "n-dog")
    assert scores(photos, concept("dog")) == [0.9, 0.3, 0.2]


def test_a_kind_reached_on_two_ways_counts_once(photos):
    photos.concepts.add("n-pet")
    photos.concepts.relate("n-pet", "hypernym", "n-animal")
    photos.concepts.relate("n-poodle", "hypernym", "n-pet")
    assert scores(photos, concept("n-animal")) == [1.0, 0.9, 0.2]


def test_a_persons_yes_below_is_a_yes_and_a_no_below_says_nothing(photos):
    label(photos, 1, husky=1)
    label(photos, 2, husky=0)
    assert scores(photos, concept("n-dog")) == [0.9, 1.0, 0.2]


def test_absence_is_the_contrary_of_the_sum(photos):
    assert scores(photos, concept("n-dog", value=0)) == [0.1, 0.7, 0.8]
