"""Duplicates, wrong labels, outliers and what a model is unsure of, as terms."""

from __future__ import annotations

from contextlib import contextmanager

import numpy as np
import pytest
from pages import examples_failed
from sklearn.datasets import load_digits
from toolkit_curation import Duplicate, Mislabeled, Outlier, Uncertain

import toolkit
from toolkit.errors import NotIndexedError, QueryError
from toolkit.query import Term
from toolkit.terms import duplicate, mislabeled, outlier, uncertain
from toolkit.testing import RankerContract, snapshot

COUNT = 400


class TestDuplicate(RankerContract):
    ranker = Duplicate()


class TestOutlier(RankerContract):
    ranker = Outlier()


class TestUncertain(RankerContract):
    ranker = Uncertain()
    subject = "dog"


class TestMislabeled(RankerContract):
    ranker = Mislabeled()

    def rank(self, on, subject=None):
        return super().rank(labeled(on) if on.spaces else on, subject)

    def test_scores_are_from_0_to_1_in_the_order_of_the_values(self):
        scores = self.rank(snapshot())
        hits = scores[~np.isnan(scores)]
        assert ((hits >= 0) & (hits <= 1)).all()


def labeled(on):
    """The small snapshot with a label of a person on each of its rows that has an embedding."""
    from dataclasses import replace

    from toolkit.snapshot import ConceptColumns

    rows = np.sort(on.spaces["stub@1"].rows)
    human = next(index for index, source in enumerate(on.sources) if source.is_human)
    columns = ConceptColumns(
        concept=np.zeros(1, np.int32),
        source=np.full(1, human, np.int32),
        start=np.array([0, len(rows)], np.int64),
        rows=rows.astype(np.int32),
        values=(np.arange(len(rows)) % 2).astype(np.float32),
    )
    return replace(on, columns=columns)


@contextmanager
def labeled_digits():
    """400 digits, each labeled with its name, 20 of them with a wrong one, and the ids of those."""
    data = load_digits()
    drawn = (255 - data.images[:COUNT] * 15.9).astype(np.uint8).repeat(6, axis=1).repeat(6, axis=2)
    wrong = np.random.default_rng(0).choice(COUNT, 20, replace=False)
    with toolkit.open(workflow="pixels") as photos:
        photos.add([np.stack([one] * 3, axis=-1) for one in drawn], progress=False)
        ids = list(photos)
        named = data.target[:COUNT].copy()
        named[wrong] = (named[wrong] + 5) % 10
        for number in range(10):
            photos.annotate([ids[at] for at in np.flatnonzero(named == number)], concept=f"digit {number}")
        yield photos, ids, {ids[at] for at in wrong}


@pytest.fixture(scope="module")
def digits():
    """The collection of those tests that write nothing."""
    with labeled_digits() as made:
        yield made


def test_wrong_labels_come_first(digits):
    photos, _, wrong = digits
    first = photos.search(mislabeled(), limit=20).ids
    assert len(wrong & set(first)) >= 16


def test_wrong_labels_of_one_concept_are_labels_of_that_concept(digits):
    photos, _, wrong = digits
    hits = photos.search(mislabeled("digit 3"), limit=200)
    there = set(photos.search(Term("label", "digit 3"), limit=200).ids)
    assert set(hits.ids) == there
    assert hits[0].input.id in wrong


def test_without_labels_the_error_says_how_many_it_takes():
    with toolkit.open(workflow="pixels") as photos:
        photos.add(np.zeros((32, 32, 3), np.uint8), progress=False)
        with pytest.raises(QueryError, match="takes 10 or more"):
            photos.search(mislabeled())


def test_what_is_unlike_the_others_comes_first(digits):
    photos, ids, _ = digits
    random = np.random.default_rng(1)
    with toolkit.open(workflow="pixels") as mixed:
        mixed.add([photos.image(id) for id in ids[:150]], progress=False)
        strange = random.integers(0, 256, (5, 6, 6, 3)).astype(np.uint8).repeat(8, axis=1).repeat(8, axis=2)
        mixed.add(list(strange), progress=False)
        found = mixed.search(outlier(), limit=5).ids
        assert set(found) == set(list(mixed)[-5:])


def test_an_outlier_of_a_concept_is_among_what_is_labeled_with_it(digits):
    photos, _, wrong = digits
    hits = photos.search(outlier(among="digit 0"), limit=200)
    assert set(hits.ids) == set(photos.search(Term("label", "digit 0"), limit=200).ids)
    assert wrong & set(hits.ids[:5])


def test_what_a_trained_concept_is_least_sure_of_comes_first_and_nothing_that_is_labeled():
    data = load_digits().target
    with labeled_digits() as (photos, ids, _):
        photos.annotate([ids[at] for at in np.flatnonzero(data[:60] == 3)], concept="three")
        with pytest.raises(NotIndexedError, match="train"):
            photos.search(uncertain("three"))
        model = photos.train("three", progress=False)
        hits = photos.search(uncertain("three"), limit=COUNT)
        value = {
            hit.input.id: hit.annotation.concepts["three"]
            for hit in photos.search(Term("concept", "three", (("source", model.source),)), limit=COUNT)
        }
        assert np.allclose(hits.scores, [1 - abs(2 * value[id] - 1) for id in hits.ids], atol=1e-4)
        assert not set(hits.ids) & set(photos.search(Term("label", "three"), limit=COUNT).ids)


def test_an_edited_picture_and_a_copy_of_the_file_are_duplicates(digits, tmp_path):
    random = np.random.default_rng(0)
    drawn = random.integers(0, 256, (60, 8, 8, 3)).astype(np.uint8).repeat(8, axis=1).repeat(8, axis=2)
    with toolkit.open(workflow="pixels") as photos:
        photos.add([*drawn, drawn[7][::2, ::2]], progress=False)
        ids = list(photos)
        hits = photos.search(duplicate(ids[7]), minimum=0.5)
        assert hits.ids == [ids[7], ids[60]]
        assert hits[0].score == 1
        assert hits[1].score > 0.9


def test_the_examples_of_the_page_run():
    assert examples_failed("docs/plugins/curation.md") == ""
