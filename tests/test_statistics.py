"""Statistics by group: the values of scipy and statsmodels, and an experiment in which nothing is better."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from toolkit.errors import QueryError
from toolkit.evaluation.corrections import corrected
from toolkit.evaluation.groups import Groups
from toolkit.evaluation.significance import p_values

seeds = st.integers(0, 2**32 - 1)


@settings(deadline=None, max_examples=20)
@given(seeds, st.integers(2, 10))
def test_sign_flips_equal_those_of_scipy(seed, groups):
    differences = np.random.default_rng(seed).normal(0.3, 1, (groups, 2)).round(2)
    for p, column in zip(p_values(differences), differences.T, strict=True):
        # Exact: scipy tries every flip. Its two-sided p is twice the smaller side, the same by symmetry.
        exact = stats.permutation_test(
            (column,),
            lambda x, axis: x.sum(axis=axis),
            permutation_type="samples",
            vectorized=True,
            n_resamples=np.inf,
        ).pvalue
        assert p == pytest.approx(exact, abs=1e-12)


def test_random_flips_come_near_to_all_flips():
    differences = np.random.default_rng(5).normal(0.4, 1, (15, 4))
    signs = 1 - 2 * (np.arange(2**15)[:, None] >> np.arange(15) & 1)
    exact = (np.abs(signs @ differences) >= np.abs(differences.sum(axis=0)) * (1 - 1e-12)).mean(axis=0)
    np.testing.assert_allclose(p_values(differences), exact, atol=0.01)


@settings(deadline=None, max_examples=20)
@given(seeds, st.integers(3, 40))
def test_t_and_wilcoxon_are_those_of_scipy(seed, groups):
    differences = np.random.default_rng(seed).normal(0.2, 1, (groups, 3))
    np.testing.assert_allclose(
        p_values(differences, test="t"), stats.ttest_1samp(differences, 0).pvalue, rtol=1e-12
    )
    np.testing.assert_allclose(
        p_values(differences, test="wilcoxon"), [stats.wilcoxon(c).pvalue for c in differences.T]
    )


def test_the_bootstrap_agrees_with_t_where_differences_are_normal():
    differences = np.random.default_rng(1).normal(0.25, 1, (60, 5))
    np.testing.assert_allclose(
        p_values(differences, test="bootstrap"), p_values(differences, test="t"), atol=0.02
    )


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.sampled_from(["holm", "bonferroni", "bh"]))
def test_corrections_are_those_of_statsmodels(p, method):
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    name = {"bh": "fdr_bh"}.get(method, method)
    np.testing.assert_allclose(
        corrected(np.array(p), method), multitest.multipletests(p, method=name)[1], rtol=1e-12
    )


@settings(deadline=None, max_examples=20)
@given(seeds, st.integers(2, 12), st.integers(12, 60))
def test_intervals_are_those_of_statsmodels_clustered_by_group(seed, groups, topics):
    api = pytest.importorskip("statsmodels.api")
    random = np.random.default_rng(seed)
    codes = np.concatenate([np.arange(groups), random.integers(0, groups, topics)])
    values = random.normal(size=groups)[codes] + random.normal(size=len(codes))
    fit = api.OLS(values, np.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": codes}, use_t=True
    )
    found = Groups.of([str(code) for code in codes]).interval(values, confidence=0.9)
    np.testing.assert_allclose([found.low, found.high], fit.conf_int(0.1)[0], rtol=1e-9)


def test_a_group_of_its_own_for_each_topic_gives_the_usual_interval():
    values = np.random.default_rng(2).normal(size=30)
    found = Groups.of([str(k) for k in range(30)]).interval(values)
    usual = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx(tuple(usual))


def test_a_single_group_says_nothing_of_its_width():
    assert Groups.of("aaa").interval(np.array([0.1, 0.2, 0.3])).high == np.inf


def test_equal_systems_are_not_called_different():
    for test in ("permutation", "t", "wilcoxon", "bootstrap"):
        assert p_values(np.zeros((8, 2)), test=test).tolist() == [1, 1]


def test_means_of_groups():
    groups = Groups.of(["b", "a", "b"])
    assert groups.names == ("b", "a")
    assert groups.means(np.array([[1.0, 0], [5, 0], [3, 1]])).tolist() == [[2, 0.5], [5, 0]]


def classes(random, count, each, dimension):
    """Vectors of classes, some of them tight and some of them spread out, so that topics of one class are alike."""
    centers = random.normal(size=(count, 1, dimension))
    spread = random.uniform(0.8, 2.2, (count, 1, 1))
    return (centers + spread * random.normal(size=(count, each, dimension))).reshape(-1, dimension)


def average_precision(vectors, labels, queries):
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    scores = vectors[queries] @ vectors.T
    scores[np.arange(len(queries)), queries] = -np.inf
    relevant = labels[np.argsort(-scores, axis=1)[:, :-1]] == labels[queries][:, None]
    at = np.cumsum(relevant, axis=1) / np.arange(1, relevant.shape[1] + 1)
    return (at * relevant).sum(axis=1) / relevant.sum(axis=1)


def test_of_pairs_of_equals_few_are_called_and_a_true_difference_nearly_always():
    """16 random subspaces of one space are as good as each other: 120 pairs, of which .05 should be called."""
    random = np.random.default_rng(0)
    count, each, dimension = 40, 15, 48
    labels = np.repeat(np.arange(count), each)
    vectors = classes(random, count, each, dimension)
    queries = (np.arange(count)[:, None] * each + np.arange(10)).ravel()
    groups = Groups.of([str(label) for label in labels[queries]])
    subspaces = [random.permutation(dimension)[: dimension // 2] for _ in range(16)]
    values = np.stack(
        [average_precision(vectors[:, chosen], labels, queries) for chosen in subspaces], axis=1
    )
    pairs = [(a, b) for a in range(16) for b in range(a)]
    differences = np.stack([values[:, a] - values[:, b] for a, b in pairs], axis=1)
    naive = (stats.ttest_1samp(differences, 0).pvalue < 0.05).sum()
    by_group = (p_values(groups.means(differences)) < 0.05).sum()
    assert len(pairs) == 120
    assert by_group <= 15 < naive
    found = 0
    for seed in range(20):  # a system that sees two thirds of the numbers against one that sees a sixth
        mine = np.random.default_rng(seed)
        asked = (np.arange(count)[:, None] * each + mine.integers(0, each, (count, 2))).ravel()
        better, worse = (
            average_precision(vectors[:, mine.permutation(dimension)[:n]], labels, asked) for n in (32, 8)
        )
        means = Groups.of([str(label) for label in labels[asked]]).means((better - worse)[:, None])
        found += p_values(means)[0] < 0.05
    assert found >= 18


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: p_values(np.zeros((3, 1)), test="z"),
        lambda: p_values(np.zeros((1, 1))),
        lambda: corrected(np.ones(2), "sidak"),
        lambda: Groups.of([]),
    ],
)
def test_what_has_no_meaning_is_refused(wrong):
    with pytest.raises(QueryError):
        wrong()
