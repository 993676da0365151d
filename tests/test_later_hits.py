"""Hits become objects when they are looked at, and say what was so when they were found."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from made_up_collection import MadeUp

from toolkit.hits.later_hits import LaterHits
from toolkit.query import Term

DOG = Term("concept", "dog")


@pytest.fixture
def made(target):
    with MadeUp("a", "b", "c", target=target) as made:
        made.say("dog", {"a": 0.9, "b": 0.5, "c": 0.1})
        yield made


def test_hits_say_what_was_so_when_they_were_found_whatever_happens_before_they_are_looked_at(made):
    hits = made.photos.search(DOG)
    before = [(hit.score, hit.input, hit.annotation) for hit in made.photos.search(DOG)]
    made.say("cat", {"a": 1.0})
    made.photos.delete("b")
    assert [(hit.score, hit.input, hit.annotation) for hit in hits] == before
    assert hits.explain(1).hit.input.id == "b"


def test_ids_and_scores_are_those_of_the_hits(made):
    hits = made.photos.search(DOG)
    ids, scores = hits.ids, hits.scores
    assert isinstance(hits.hits, LaterHits)
    assert ids == [hit.input.id for hit in hits] == [hit.input.id for hit in hits[:3]]
    assert scores.tolist() == hits[:3].scores.tolist()


def test_what_is_done_to_the_ids_and_scores_changes_no_hits(made):
    hits = made.photos.search(DOG)
    hits.ids.clear()
    hits.scores[:] = 0
    assert len(hits) == len(hits.ids) == 3
    assert hits.scores.tolist() == [pytest.approx(hit.score) for hit in hits]


def test_hits_that_were_not_looked_at_can_be_pickled(made):
    hits = made.photos.search(DOG)
    assert list(pickle.loads(pickle.dumps(hits))) == list(hits)


def test_hits_are_made_once():
    asked = []
    with MadeUp("a") as made:
        made.say("dog", {"a": 0.9})
        [hit] = made.photos.search(DOG)

    def make():
        asked.append(1)
        return [hit]

    later = LaterHits([hit.input.id], np.array([hit.score]), make)
    assert len(later) == 1
    assert asked == []
    assert later[0] is later[-1] is hit
    assert asked == [1]
