"""Concepts learned from labels: predicted for what is there, and for whatever is added later."""

import numpy as np
import pytest
from made_up_models import CORNER, annotations, opened

from toolkit.collection import learning
from toolkit.errors import NotIndexedError, QueryError, UnknownNameError

WARM, COLD = (230, 60, 20), (20, 60, 230)


def plain(color, count, *, seed=0):
    """Pictures of nearly one color."""
    noise = np.random.default_rng([seed, *color]).integers(-20, 20, (count, 1, 1, 3))
    return list(np.clip(np.full((count, 6, 6, 3), color) + noise, 0, 255).astype(np.uint8))


@pytest.fixture
def photos():
    with opened() as collection:
        collection.add(plain(WARM, 6) + plain(COLD, 6), progress=False)
        yield collection


def label(photos, count=5):
    ids = list(photos)
    photos.annotate(ids[:count], concept="warm")
    photos.annotate(ids[6 : 6 + count], concept="warm", value=0)


def predicted(photos):
    """By input, what the trained concept says."""
    found = {id: [one for one in annotations(photos, id) if one.source.startswith("model:")] for id in photos}
    return {id: {one.source: dict(one.concepts) for one in said} for id, said in found.items()}


def test_every_row_is_predicted(photos):
    label(photos)
    model = photos.train("warm", progress=False)
    assert (model.concept, model.space, model.version) == ("warm", "colors@1", 1)
    assert (model.report.positives, model.report.negatives) == (5, 5)
    values = [said["model:trained-warm@1"]["warm"] for said in predicted(photos).values()]
    assert min(values[:6]) > 0.5 > max(values[6:])


def test_a_concept_whose_id_holds_what_parts_a_version_is_learned_like_any_other(photos):
    ids = list(photos)
    photos.annotate(ids[:5], concept="warm@home")
    photos.annotate(ids[6:11], concept="warm@home", value=0)
    for version in ("1", "2"):
        photos.train("warm@home", progress=False)
        assert {source for said in predicted(photos).values() for source in said} == {
            f"model:trained-warm@home@{version}"
        }
        assert photos.models["trained-warm@home"] == f"trained-warm@home@{version}"


def test_it_can_be_ranked_by(photos):
    label(photos)
    photos.train("warm", progress=False)
    unlabeled = photos.terms.concept("warm") & ~photos.terms.where(source="human")
    assert photos.search(unlabeled).ids == [list(photos)[5], list(photos)[11]]


def test_marked_rows_keep_their_place_however_often_it_is_learned(photos):
    ids = list(photos)
    for number, (yes, no) in enumerate([(ids[2:4], ids[8:9]), (ids[:2], ids[6:8]), (ids[4:5], [])]):
        photos.annotate(yes, concept="warm")
        if no:
            photos.annotate(no, concept="warm", value=0)
        before = photos.search(photos.terms.label("warm")).ids
        photos.train("warm", progress=False)
        ranked = photos.search(photos.terms.concept("warm"), limit=len(ids)).ids
        assert ranked[: len(before)] == before, number  # what was found is not lost
        assert set(photos.search(photos.terms.label("warm", value=0)).ids) <= set(ranked[-3:])


def test_labels_without_a_model_name_the_call_that_trains_one(photos):
    label(photos, 1)
    with pytest.raises(NotIndexedError, match=r"2 labels and no model yet: run photos.train\('warm'\)"):
        photos.search(photos.terms.concept("warm"))


def test_new_inputs_are_predicted_as_they_are_added(photos):
    label(photos)
    photos.train("warm", progress=False)
    photos.add(plain(WARM, 1, seed=1) + plain(COLD, 1, seed=1), detect="corner", progress=False)
    *_, warm, cold = predicted(photos).values()
    assert warm["model:trained-warm@1"]["warm"] > 0.5 > cold["model:trained-warm@1"]["warm"]
    boxes = {one.box for one in annotations(photos, list(photos)[-1]) if "trained" in one.source}
    assert boxes == {None, CORNER}


def test_training_again_replaces_what_was_predicted(photos):
    label(photos)
    photos.train("warm", progress=False)
    photos.annotate(list(photos)[5], concept="warm")
    model = photos.train("warm", progress=False)
    assert (model.version, model.report.positives) == (2, 6)
    assert {source for said in predicted(photos).values() for source in said} == {"model:trained-warm@2"}
    photos.add(plain(WARM, 1, seed=2), progress=False)
    assert list(predicted(photos)[list(photos)[-1]]) == ["model:trained-warm@2"]


def test_what_is_embedded_while_it_trains_is_predicted_too(photos, monkeypatch):
    label(photos)
    fit = learning.fit_concept

    def slow_fit(*args, **others):
        photos.add(plain(WARM, 2, seed=3), progress=False)
        return fit(*args, **others)

    monkeypatch.setattr(learning, "fit_concept", slow_fit)
    photos.train("warm", progress=False)
    assert [list(said) for said in predicted(photos).values()] == [["model:trained-warm@1"]] * 14


def test_two_positives_and_no_negative_are_enough(photos):
    photos.annotate(list(photos)[:2], concept="warm")
    model = photos.train("warm", progress=False)
    values = np.array([said["model:trained-warm@1"]["warm"] for said in predicted(photos).values()])
    assert values[:6].min() > values[6:].max()
    assert (model.report.positives, model.report.negatives) == (2, 0)


def test_too_few_labels_are_counted_and_nothing_is_written(photos):
    photos.annotate(next(iter(photos)), concept="warm")
    before = photos.info()
    with pytest.raises(QueryError, match=r"at least 2 positive labels; there are 1: photos\.annotate"):
        photos.train("warm", progress=False)
    assert photos.info() == before


def test_a_label_of_a_region_teaches_and_the_picture_around_it_is_no_evidence_against(photos):
    ids = list(photos)
    photos.annotate(ids[:3], concept="warm", box=CORNER)
    snapshot = photos.snapshot()
    examples = learning.examples_of("warm", snapshot, snapshot.spaces["colors@1"])
    assert (len(examples.vectors), len(examples.unlabeled)) == (3, 9)
    photos.train("warm", progress=False)
    hits = photos.search(photos.terms.concept("warm"), level="region", limit=20)
    assert set(hits.ids[:9]) == set(ids[:6])
    assert hits.total == len(snapshot.rows)


def test_an_unknown_concept(photos):
    with pytest.raises(UnknownNameError, match="no concept named 'warmth'"):
        photos.train("warmth", progress=False)


def test_a_space_that_is_not_there(photos):
    label(photos)
    with pytest.raises(NotIndexedError, match="index"):
        photos.train("warm", space="size", progress=False)


def test_the_majority_counts_and_a_tie_teaches_nothing(photos):
    one, two, three, *_ = photos
    for user, value in (("ann", 1), ("bob", 1), ("eve", 0)):
        photos.annotate(one, concept="warm", value=value, user=user)
    photos.annotate(two, concept="warm", value=1, user="ann")
    photos.annotate(two, concept="warm", value=0, user="bob")
    photos.annotate(three, concept="warm", value=0.4, user="ann")
    snapshot = photos.snapshot()
    examples = learning.examples_of("warm", snapshot, snapshot.spaces["colors@1"])
    assert (examples.labels.tolist(), examples.vectors.shape) == ([True, False], (2, 3))
    assert len(examples.unlabeled) == 12 - 3


def test_a_concept_can_be_named_in_the_collections_language(photos):
    photos.concepts.add("c1", names={"en": "warm"})
    label(photos)
    assert photos.train("warm", progress=False).concept == "c1"


def test_a_damaged_model_is_made_anew_by_training(photos):
    label(photos)
    photos.train("warm", progress=False)
    with photos._resources.store.write() as batch:
        batch.models.save("warm", {"damaged": True})
    assert photos.train("warm", progress=False).version == 3
