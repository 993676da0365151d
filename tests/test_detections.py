"""Detections that are stored however unsure, and count from a confidence on."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_models import CORNER, annotations, opened, write_pictures

import toolkit
from toolkit.errors import QueryError
from toolkit.plugins import LEAST_COUNTED, LEAST_STORED
from toolkit.terms import concept, input, label
from toolkit.values.types import Box, Concept, Detection

SURE, UNSURE = CORNER, Box(0.25, 0.25, 0.75, 0.75)
BOTH = Box(0.5, 0.5, 1.0, 1.0)


class Dogs:
    """Finds a sure dog, an unsure one, and what is surely a cat and hardly a dog."""

    name, version = "dogs", "1"
    concepts = (Concept("dog"), Concept("cat"))
    found = (
        Detection(BOTH, {"cat": 0.8, "dog": 0.1}, 0.8),
        Detection(SURE, {"dog": 0.6}, 0.6),
        Detection(UNSURE, {"dog": 0.2}, 0.2),
    )

    def detect(self, images):
        return [list(self.found) for _ in images]


class OlderDogs(Dogs):
    """Those of a year before: it left unsure ones out, and its cat lay elsewhere."""

    version = "0"
    found = (Detection(Box(0.0, 0.5, 0.5, 1.0), {"cat": 0.8}, 0.8), Detection(SURE, {"dog": 0.6}, 0.6))


@pytest.fixture
def photos(tmp_path):
    with opened(None, Dogs, detectors=("dogs",)) as photos:
        photos.add(write_pictures(tmp_path / "pictures", 2), progress=False)
        yield photos


def boxes(hits):
    return {hit.box for hit in hits}


def test_what_is_unsure_is_stored_and_counts_nowhere_by_default(photos):
    first = next(iter(photos))
    stored = {one.box: dict(one.concepts) for one in annotations(photos, first)}
    assert stored == {BOTH: {"cat": 0.8, "dog": 0.1}, SURE: {"dog": 0.6}, UNSURE: {"dog": 0.2}}
    assert boxes(photos.search(concept("dog"), level="region")) == {SURE}
    assert boxes(photos.search(~label("dog"), level="region")) == {None, SURE, BOTH}
    assert boxes(photos.search(input(first), level="region")) == {None, SURE, BOTH}
    assert boxes(photos.search(label("dog", source="model"), level="region")) == {SURE}
    assert set(photos.regions.of(first).values()) == {SURE, BOTH}
    assert len(photos.regions) == len(list(photos.regions)) == 4
    assert {one.box: dict(one.concepts) for one in photos.annotations.of([first])} == {
        BOTH: {"cat": 0.8},
        SURE: {"dog": 0.6},
    }


def test_a_call_lowers_the_cut(photos):
    first = next(iter(photos))
    hits = photos.search(concept("dog"), level="region", detections=0.05, limit=10)
    assert [(hit.box, round(hit.score, 2)) for hit in hits[:3:2]] == [(SURE, 0.6), (UNSURE, 0.2)]
    assert boxes(hits) == {SURE, UNSURE, BOTH}
    assert boxes(hits.page(2, size=2)) == {UNSURE}
    assert set(photos.regions.of(first, detections=0).values()) == {SURE, UNSURE, BOTH}
    assert len(photos.annotations.of([first], detections=0)) == 3


def test_the_collection_has_a_setting(tmp_path):
    paths = write_pictures(tmp_path / "pictures", 2)
    with opened(tmp_path / "photos.db", Dogs, detectors=("dogs",)) as photos:
        photos.add(paths, progress=False)
    with opened(tmp_path / "photos.db", Dogs, detections=0.7) as photos:
        assert boxes(photos.search(~label("dog"), level="region")) == {None, BOTH}
        # What counted when it was found is embedded: the nearest rows are asked for with it in mind.
        first = next(iter(photos))
        assert len(photos.search(input(first), level="region", limit=2)) == 2
        assert boxes(photos.search(input(first), level="region")) == {None, BOTH}
    with opened(tmp_path / "photos.db", Dogs, detections=0.0) as photos:
        assert boxes(photos.search(concept("dog"), level="region")) == {SURE, UNSURE, BOTH}


@pytest.mark.parametrize("wrong", [-0.1, 1.5, float("nan"), "0.3"])
def test_a_cut_that_is_no_confidence_is_refused(photos, wrong):
    with pytest.raises(QueryError, match="a confidence is a number from 0 to 1"):
        photos.search(concept("dog"), detections=wrong)
    with pytest.raises(QueryError, match="a confidence is a number from 0 to 1"):
        toolkit.Settings(detections=wrong)


def test_a_region_that_does_not_count_has_no_vector_until_a_person_labels_it(photos):
    first = next(iter(photos))
    embedded = len(photos.snapshot().spaces["colors@1"].rows)
    assert embedded == 6  # two pictures, and two boxes on each
    photos.annotate(first, concept="dog", box=UNSURE)
    assert len(photos.snapshot().spaces["colors@1"].rows) == embedded + 1
    assert boxes(photos.search(input(first), level="region")) == {None, SURE, BOTH, UNSURE}


def test_a_new_embedder_looks_at_what_counts(photos):
    photos.index(embedder="size", progress=False)
    assert len(photos.snapshot().spaces["size@1"].rows) == 6


def test_an_exporter_writes_what_counts(photos, tmp_path):
    from toolkit_formats import write_yolo

    assert write_yolo(photos, tmp_path / "usual", source="model").labels == 4
    assert write_yolo(photos, tmp_path / "all", source="model", detections=LEAST_STORED).labels == 8


def test_predictions_of_an_earlier_version_stay_until_the_later_has_looked_again(tmp_path):
    paths = write_pictures(tmp_path / "pictures", 2)
    with opened(tmp_path / "photos.db", OlderDogs, detectors=("dogs",)) as photos:
        photos.add(paths, progress=False)
    with opened(tmp_path / "photos.db", Dogs, detectors=("dogs",)) as photos:
        assert boxes(photos.search(concept("cat"), level="region")) == {Box(0.0, 0.5, 0.5, 1.0)}
        assert photos.models.detectors == {"model:dogs@0"}
        photos.index(progress=False)
        assert boxes(photos.search(concept("cat"), level="region")) == {BOTH}
        assert {one.source for one in annotations(photos, next(iter(photos)))} == {"model:dogs@1"}
        assert set(photos.regions.of(next(iter(photos)), detections=0).values()) == {SURE, UNSURE, BOTH}


def test_a_person_s_label_and_region_survive_a_later_version(tmp_path):
    paths = write_pictures(tmp_path / "pictures", 1)
    with opened(tmp_path / "photos.db", OlderDogs, detectors=("dogs",)) as photos:
        photos.add(paths, progress=False)
        photos.annotate(next(iter(photos)), concept="cat", box=Box(0.0, 0.5, 0.5, 1.0))
    with opened(tmp_path / "photos.db", Dogs, detectors=("dogs",)) as photos:
        photos.index(progress=False)
        found = annotations(photos, next(iter(photos)))
        assert ("human:me", Box(0.0, 0.5, 0.5, 1.0)) in {(one.source, one.box) for one in found}


def test_collections_without_unsure_detections_are_seen_as_they_are(tmp_path):
    with opened(None, detectors=("corner",)) as photos:
        photos.add(write_pictures(tmp_path / "pictures", 2), progress=False)
        assert photos.snapshot() is photos._resources.snapshots.latest()
        assert photos.snapshot() is photos.snapshot()


def test_the_view_shares_the_vectors_of_the_snapshot(photos):
    everything, counted = photos._resources.snapshots.latest(), photos.snapshot()
    assert counted is photos.snapshot()
    assert counted.spaces is everything.spaces
    assert np.flatnonzero(counted.hidden).tolist() == [
        row for row, box in enumerate(everything.rows.box) if np.allclose(box, list(UNSURE))
    ]


def test_the_defaults_are_named_once():
    assert (0.05, toolkit.Settings().detections) == (LEAST_STORED, LEAST_COUNTED)
