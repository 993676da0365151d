"""Where a ranking may be cut, by scores alone or by judged topics; and hits that are unlike one another."""

from __future__ import annotations

import pickle
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_collection import MadeUp
from scipy import stats

from toolkit.errors import QueryError
from toolkit.evaluation import Judgments, Topics
from toolkit.evaluation.cutoffs import EDGES, LearnedCutoff
from toolkit.evaluation.topics import Topic
from toolkit.hits.cutoff import _chance_above, _quantiles, cutoff_without_labels, log_odds, robust_z
from toolkit.hits.diverse import diverse_order
from toolkit.query import Term, topic

ANY = Term("embedding", topic.vector)


def scores_of(relevant, others, seed, above=6.0):
    """Falling scores of pictures that stand out by so many deviations, among others, and which are relevant."""
    random = np.random.default_rng(seed)
    odds = np.concatenate([random.normal(above, 1, relevant), random.gamma(9, 1 / 3, others) - 3])
    order = np.argsort(-odds)
    return 1 / (1 + np.exp(-odds[order])), order < relevant


@pytest.mark.parametrize("seed", range(5))
def test_without_labels_what_stands_out_is_found(seed):
    scores, relevant = scores_of(30, 1000, seed, above=7)
    count = cutoff_without_labels(scores).count
    assert relevant[:count].sum() >= 27
    assert count <= 50


@pytest.mark.parametrize("seed", range(5))
def test_without_labels_little_is_left_where_nothing_stands_out(seed):
    assert cutoff_without_labels(scores_of(0, 1000, seed)[0]).count <= 25


def test_without_labels_it_says_that_it_is_unknown_how_far_off_it_is():
    suggested = cutoff_without_labels(scores_of(10, 100, 0)[0])
    assert (suggested.fewest, suggested.most) == (None, None)
    assert "unknown without judged topics" in str(suggested)
    with pytest.raises(QueryError, match="19 hits are too few"):
        cutoff_without_labels(np.linspace(1, 0, 19))


def test_equal_scores_have_a_cutoff_too():
    assert cutoff_without_labels(np.full(50, 0.5)).count == 1


def learned(groups, per_group=2, seed=0):
    """Learned from groups whose relevant ones stand out differently."""
    random = np.random.default_rng(seed)
    found, seen, best, stood, weights = np.zeros(len(EDGES) - 1), np.zeros(len(EDGES) - 1), [], [], []
    for _ in range(groups):
        above = random.normal(5, 2)
        z = np.sort(random.normal(above, 1, 20 * per_group))
        stood.append(z)
        weights.append(np.full(len(z), 1 / len(z)))
        best.append(above - 1)
        bins = np.searchsorted(EDGES, z, side="right") - 1
        found += np.bincount(bins, minlength=len(found))
        seen += np.bincount(bins, minlength=len(found))
    seen += 100 * (EDGES[:-1] < 3)
    chance = np.maximum.accumulate(np.divide(found, seen, out=np.zeros(len(seen)), where=seen > 0))
    return LearnedCutoff(chance, np.array(best), stood, weights)


def recall_at(model, miss, seed):
    random = np.random.default_rng(1000 + seed)
    z = random.normal(random.normal(5, 2), 1, 20)
    return (z >= model._least(miss)).mean()


@pytest.mark.parametrize("miss", [0.1, 0.3])
def test_what_is_missed_of_new_groups_is_as_little_as_was_asked_on_average(miss):
    recalls = [recall_at(learned(30, seed=seed), miss, seed) for seed in range(400)]
    assert 1 - miss - 0.02 <= np.mean(recalls) <= 1 - miss + 0.12


def test_missing_less_takes_more_hits_and_what_too_few_groups_cannot_hold_is_refused():
    model, scores = learned(20), scores_of(20, 500, 1)[0]
    counts = [model.suggest(scores, miss=miss).count for miss in (0.6, 0.3, 0.1, 0.05)]
    assert counts == sorted(counts)
    with pytest.raises(QueryError, match="needs 99 groups"):
        model.suggest(scores, miss=0.01)
    for wrong in (0, 1, -1, inf):
        with pytest.raises(QueryError, match="a share between 0 and 1"):
            model.suggest(scores, miss=wrong)


@given(st.integers(0, 50), st.integers(2, 200))
def test_the_range_holds_the_suggestion_and_everything_is_one_hit_at_least(seed, others):
    scores = scores_of(5, others, seed)[0]
    suggested = learned(12, seed=seed).suggest(scores)
    assert 1 <= suggested.fewest <= suggested.count <= suggested.most <= len(scores)
    assert suggested.score == scores[suggested.count - 1]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0.1, 10), st.floats(-5, 5))
def test_a_robust_z_does_not_depend_on_where_and_how_wide_the_scores_are(values, scale, shift):
    odds = np.round(log_odds(np.array(values)), 3)
    if np.median(np.abs(odds - np.median(odds))) > 0:
        np.testing.assert_allclose(robust_z(scale * odds + shift), robust_z(odds), atol=1e-6)


@pytest.fixture(scope="module")
def made():
    """Three groups of four, and others; vectors of a group are near one another."""
    random = np.random.default_rng(2)
    names = [f"{group}{one}" for group in "abc" for one in range(4)] + [f"x{one}" for one in range(30)]
    with MadeUp(*names) as made:
        centers = {"a": [1, 0, 0], "b": [0, 1, 0], "c": [0, 0, 1]}
        vectors = {
            n: np.add(centers.get(n[0], random.normal(size=3) * 2), random.normal(size=3) * 0.05)
            for n in names
        }
        made.embed({n: (v / np.linalg.norm(v)).tolist() for n, v in vectors.items()})
        made.centers = centers
        yield made


def test_hits_suggest_from_the_scores_of_all_that_was_found(made):
    hits = made.photos.search(Term("embedding", (1.0, 0.0, 0.0)), limit=3)
    suggested = hits.suggest_cutoff()
    assert 1 <= suggested.count <= hits.total
    with pytest.raises(QueryError, match="judged topics only"):
        hits.suggest_cutoff(miss=0.3)
    with pytest.raises(QueryError, match="no collection"):
        pickle.loads(pickle.dumps(hits)).suggest_cutoff()


def test_a_collection_learns_from_judged_topics_where_to_cut(made):
    topics = Topics([Topic(g, values={"vector": c}, group=g) for g, c in made.centers.items()])
    judgments = Judgments({g: {f"{g}{one}": 1 for one in range(4)} for g in "abc"})
    model = made.photos.learn_cutoff(ANY, topics, judgments)
    assert repr(model) == "<LearnedCutoff of 3 topics in 3 groups>"
    hits = made.photos.search(Term("embedding", (0.0, 1.0, 0.0)), limit=3)
    suggested = hits.suggest_cutoff(model)
    assert suggested.fewest <= suggested.count <= suggested.most
    assert hits.suggest_cutoff(model, miss=0.5).count >= 2
    with pytest.raises(QueryError, match="nothing relevant is judged"):
        made.photos.learn_cutoff(ANY, topics, Judgments({g: {"x1": 0} for g in "abc"}))


def test_hits_can_be_unlike_one_another(made):
    query = Term("embedding", (1.0, 0.2, 0.1))
    hits = made.photos.search(query, limit=12)
    varied = hits.diverse(0.3)
    assert hits.diverse(1) is hits
    assert varied[0] == hits[0]
    assert sorted(varied.ids) == sorted(hits.ids)
    assert {hit.rank for hit in varied} == {hit.rank for hit in hits}
    nearest = [
        float(np.sort(made_.vectors[:4] @ made_.vectors[:4].T)[:, -2].mean()) for made_ in (varied, hits)
    ]
    assert nearest[0] < nearest[1]
    with pytest.raises(QueryError, match="a number from 0 to 1"):
        hits.diverse(2)


@given(st.integers(0, 100), st.integers(0, 12))
def test_every_hit_is_there_once_and_the_best_is_first(seed, count):
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(count, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    scores = np.sort(random.random(count))[::-1]
    order = diverse_order(scores, vectors, 0.5)
    assert sorted(order) == list(range(count))
    assert order[:1] == [0][:count]
    assert diverse_order(scores, vectors, 1.0) == list(range(count))


@pytest.mark.parametrize("skew", [0.0, 1e-6, 1e-4, 0.3, 1.0, 2.0])
def test_the_distribution_of_the_usual_scores_is_that_of_scipy(skew):
    shares, values = np.array([0.1, 0.5, 0.9]), np.linspace(-4, 8, 50)
    assert np.allclose(_quantiles(shares, skew), stats.pearson3.ppf(shares, skew), rtol=1e-6, atol=1e-6)
    assert np.allclose(_chance_above(values, skew), stats.pearson3.sf(values, skew), rtol=1e-5, atol=1e-12)
