"""The `concept` term ranks by what models predicted and people labeled."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_collection import MadeUp
from pages import examples_failed
from toolkit_concepts import ConceptRanker

import toolkit
from toolkit.errors import NotIndexedError, QueryError, UnknownNameError
from toolkit.fusion.joined import MISSES
from toolkit.query import Term
from toolkit.testing import RankerContract
from toolkit.values.types import Box

BOX = Box(0, 0, 0.5, 0.5)


def concept(*names, **options) -> Term:
    subject = names[0] if len(names) == 1 else tuple(names)
    return Term("concept", subject, tuple(options.items()))


def said(confidence) -> float:
    """What a concept counts inside ``&``, where its model may miss things."""
    return MISSES + (1 - MISSES) * confidence


class TestConcept(RankerContract):
    ranker = ConceptRanker()
    subject = "dog"


@pytest.fixture
def made():
    with MadeUp("a", "b", "c", "d") as made:
        yield made


def test_a_predicted_concept_ranks_by_confidence_and_leaves_out_what_does_not_have_it(made):
    made.say("dog", {"a": 0.2, "c": 0.9, "d": 0.5})
    assert made.scores(concept("dog")) == {"c": 0.9, "d": 0.5, "a": 0.2}


def test_absence_ranks_the_other_way_and_first_those_without_a_value(made):
    made.say("dog", {"a": 0.2, "c": 0.9})
    expected = {"b": 1.0, "d": 1.0, "a": 0.8, "c": 0.1}
    assert made.scores(concept("dog", value=0.0)) == expected
    assert made.scores(~concept("dog")) == expected
    assert made.scores(~concept("dog", value=0.0)) == made.scores(concept("dog"))


def test_absence_in_an_image_is_absence_from_all_of_it(made):
    """The best row of an input counts; a region that lacks the concept does not make an image that has it a hit."""
    made.say("dog", {"a": 0.9, "b": 0.3})
    made.say("cat", {made.region("a", BOX): 0.9})
    expected = {"c": 1.0, "d": 1.0, "b": 0.7, "a": 0.1}
    assert made.scores(concept("dog", value=0.0)) == made.scores(~concept("dog")) == expected


def test_a_value_between_ranks_by_how_near_the_confidence_is(made):
    made.say("dog", {"a": 0.2, "b": 0.6, "c": 0.9})
    assert made.scores(concept("dog", value=0.5)) == {"b": 0.9, "a": 0.7, "c": 0.6}


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), True, "yes"])
def test_a_value_that_is_no_confidence_is_refused(made, value):
    made.say("dog", {"a": 1.0})
    with pytest.raises(QueryError, match="value is a number from 0 to 1"):
        made.photos.terms.concept("dog", value=value)


def test_several_names_must_all_be_there(made):
    made.say("dog", {"a": 0.9, "b": 0.4, "c": 1.0})
    made.say("cat", {"a": 0.4, "b": 0.9, "d": 1.0})
    made.say("sofa", {"a": 0.1, "b": 1.0})
    both = round((said(0.9) * said(0.4)) ** 0.5, 4)
    one = round(MISSES**0.5, 4)  # of which nothing is said of the other
    expected = {"a": both, "b": both, "c": one, "d": one}
    assert made.scores(concept("dog", "cat")) == made.scores(concept("dog") & concept("cat")) == expected
    assert made.ranked(concept("dog", "cat", "sofa"))[:2] == ["b", "a"]


def test_several_names_may_be_on_several_regions_of_an_image(made):
    made.say("dog", {made.region("a", BOX): 0.9, "b": 0.9})
    made.say("cat", {made.region("a", Box(0.5, 0.5, 1, 1)): 0.4})
    expected = {"a": (said(0.9) * said(0.4)) ** 0.5, "b": (said(0.9) * MISSES) ** 0.5}
    assert made.scores(concept("dog", "cat")) == pytest.approx(expected, abs=1e-4)


def test_each_name_may_have_a_value_of_its_own(made):
    made.say("people", {"a": 0.9, "b": 0.9, "c": 0.1})
    made.say("cat", {"a": 0.9})
    wanted = concept({"people": 1, "cat": 0})
    assert made.ranked(wanted) == ["b", "c", "a"]
    assert made.scores(wanted) == made.scores(concept("people") & ~concept("cat"))
    assert made.scores(concept({"people": 0.5})) == made.scores(concept("people", value=0.5))


def test_several_names_weigh_as_one_term(made):
    made.say("dog", {"a": 0.81, "b": 0.81})
    made.say("cat", {"a": 0.01, "b": 0.01})
    made.say("sofa", {"a": 0.9, "b": 0.1})
    assert made.scores(concept("dog", "cat") & concept("sofa"))["a"] == pytest.approx(
        ((said(0.81) * said(0.01)) ** 0.5 * said(0.9)) ** 0.5, abs=1e-4
    )


def test_a_hit_explains_each_of_several_names(made):
    made.say("dog", {"a": 0.9})
    made.say("cat", {"b": 0.5})
    hits = made.photos.search(concept({"dog": 1, "cat": 0}))
    assert hits.query == "concept({'dog': 1, 'cat': 0})"
    parts = [(part.term, round(part.score, 4), part.negated) for part in hits[0].parts]
    np.testing.assert_equal(parts, [("concept('dog')", 0.9, False), ("concept('cat')", np.nan, True)])


# whose word counts


def test_of_several_models_the_surest_counts(made):
    made.say("dog", {"a": 0.2, "b": 0.6}, source="model:one@1")
    made.say("dog", {"a": 0.7, "c": 0.3}, source="model:two@1")
    assert made.scores(concept("dog")) == {"a": 0.7, "b": 0.6, "c": 0.3}


def test_a_person_outweighs_every_model(made):
    made.say("dog", {"a": 0.99, "b": 0.5, "c": 0.01})
    made.say("dog", {"a": 0.0, "c": 1.0}, source="human:ann")
    assert made.scores(concept("dog")) == {"c": 1.0, "b": 0.5, "a": 0.0}


def test_where_people_disagree_their_mean_counts(made):
    made.say("dog", {"a": 0.9, "b": 0.6})
    for person, value in (("ann", 1.0), ("bob", 1.0), ("eve", 0.0)):
        made.say("dog", {"a": value}, source=f"human:{person}")
    assert made.scores(concept("dog")) == {"a": 0.6667, "b": 0.6}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("human", {"a": 0.5, "b": 1.0}),
        ("human:ann", {"b": 1.0, "a": 0.0}),
        ("model", {"a": 0.9, "c": 0.8}),
        ("model:one", {"a": 0.9, "c": 0.4}),
        ("model:one@2", {"c": 0.4}),
    ],
)
def test_the_source_says_whose_word_counts(made, source, expected):
    made.say("dog", {"a": 0.9}, source="model:one@1")
    made.say("dog", {"c": 0.4}, source="model:one@2")
    made.say("dog", {"c": 0.8}, source="model:onerous@1")
    made.say("dog", {"a": 0.0, "b": 1.0}, source="human:ann")
    made.say("dog", {"a": 1.0}, source="human:bob")
    assert made.scores(concept("dog", source=source)) == expected


def test_a_source_that_says_nothing_of_the_concept_is_named_beside_those_there_are(made):
    made.say("dog", {"a": 0.9})
    with pytest.raises(NotIndexedError) as caught:
        made.ranked(concept("dog", source="model:resnet"))
    message = "source 'model:resnet' has no annotation of 'dog'; the sources here: model:made-up@1"
    assert str(caught.value) == message


# labeled, then trained


def test_a_labeled_concept_without_a_model_says_which_call_makes_one(made):
    made.photos.annotate(["a", "b"], concept="porch")
    with pytest.raises(NotIndexedError) as caught:
        made.ranked(concept("porch"))
    assert str(caught.value) == (
        "concept 'porch' has 2 labels and no model yet: run photos.train('porch'), "
        "or rank by the labels alone with concept('porch', source='human')"
    )
    assert made.scores(concept("porch", source="human")) == {"a": 1.0, "b": 1.0}


def test_a_trained_concept_ranks_pictures_without_labels():
    names = [f"{kind}{number}" for kind in ("in", "out") for number in range(8)]
    angles = np.linspace(0, 0.5, 8)
    vectors = [(np.cos(angle), np.sin(angle), 0) for angle in angles]
    vectors += [(0, np.sin(angle), np.cos(angle)) for angle in angles]
    with MadeUp(*names) as made:
        made.embed(dict(zip(names, vectors, strict=True)))
        made.photos.annotate(names[:4], concept="porch")
        made.photos.annotate(names[8:12], concept="porch", value=0)
        made.photos.train("porch", progress=False)
        ranked = made.ranked(concept("porch"))
    assert set(ranked[:8]) == set(names[:8])
    assert set(ranked[-4:]) == set(names[8:12])  # labeled with a no: below what is only predicted


def test_the_error_of_a_concept_without_values_says_how_to_add_them(made):
    made.photos.concepts.add("dog")
    with pytest.raises(NotIndexedError, match=r"no model or annotation here has dog.*photos\.annotate"):
        made.ranked(concept("dog"))


def test_an_unknown_concept_is_refused_with_the_nearest_names(made):
    made.say("dog", {"a": 0.9})
    with pytest.raises(UnknownNameError, match="no concept named 'dogg'; did you mean 'dog'"):
        made.ranked(concept("dogg"))


# several meanings


def test_a_word_counts_all_concepts_that_it_names_and_the_hit_says_so(made):
    for meaning in ("crane-bird", "crane-machine"):
        made.photos.concepts.add(meaning, names={"en": ["crane"]})
    made.say("crane-bird", {"a": 0.9, "b": 0.2})
    made.say("crane-machine", {"b": 0.6, "c": 0.4})
    assert made.scores(concept("crane")) == {"a": 0.9, "b": 0.6, "c": 0.4}
    explained = str(made.photos.search(concept("crane")).explain(0))
    assert (
        "'crane' (en) means crane, by names; model:made-up@1: crane (crane-bird), crane (crane-machine)"
        in explained
    )


def test_one_meaning_with_a_model_is_enough(made):
    for meaning in ("crane-bird", "crane-machine"):
        made.photos.concepts.add(meaning, names={"en": ["crane"]})
    made.say("crane-bird", {"a": 0.9})
    made.say("crane-machine", {"b": 1.0}, source="human:ann")
    assert made.scores(concept("crane")) == {"b": 1.0, "a": 0.9}


def test_the_hit_shows_the_annotation_that_the_score_is_from(made):
    made.say("dog", {"a": 0.95}, source="model:one@1")
    made.say("dog", {"a": 0.6}, source="human:ann")
    made.say("cat", {"a": 1.0}, source="human:eve")
    (hit,) = made.photos.search(concept("dog"))
    assert (hit.annotation.source, round(hit.score, 4)) == ("human:ann", 0.6)
    (hit,) = made.photos.search(concept("dog", source="model"))
    assert (hit.annotation.source, round(hit.score, 4)) == ("model:one@1", 0.95)


def test_the_examples_of_its_page_run():
    assert examples_failed("docs/plugins/concepts.md") == ""


def test_a_concept_that_a_model_knows_but_found_nowhere_is_no_hit_and_no_error():
    white = np.full((32, 32, 3), 255, np.uint8)
    with toolkit.open() as photos:
        photos.add([white], progress=False)
        assert photos.search("concept:dark").total == 0
        assert photos.search("~concept:dark").scores.tolist() == [1.0]
