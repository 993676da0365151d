"""The similarity index is asked where its neighbors are enough, and only there."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import numpy as np
import pytest
from made_up_collection import MadeUp, registry
from sklearn.base import clone
from sklearn.neighbors import KNeighborsTransformer, NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from toolkit_sklearn.exact import ExactIndex

from toolkit.errors import ContractError, UnknownNameError
from toolkit.plugins.interfaces import Capabilities
from toolkit.query import Term, fuse, rewrite
from toolkit.search import best_places
from toolkit.similarity.cosines import cosines
from toolkit.similarity.indexes import SimilarityIndexes
from toolkit.snapshot import Space
from toolkit.values.settings import Settings
from toolkit.values.types import Box

NAMES = [f"{number:02}" for number in range(40)]
QUERY = Term("embedding", (1.0, 0.0, 0.0))


def unit(m, d=3, seed=0):
    vectors = np.random.default_rng(seed).standard_normal((m, d), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def space(vectors, rows=None, key=1):
    rows = np.arange(len(vectors)) if rows is None else rows
    return Space("color@1", vectors, np.asarray(rows, np.int32), key)


class Plain(NearestNeighbors):
    """What a stranger registers: scikit-learn's contract and no word more."""

    name = "plain"
    asked: list[int] = []  # noqa: RUF012 -- shared by all, which is the point
    fitted: list[int] = []  # noqa: RUF012

    def __init__(self, metric="cosine"):
        super().__init__(metric=metric)

    def fit(self, X, y=None):
        self.fitted.append(len(X))
        return super().fit(X)

    def kneighbors(self, X, n_neighbors):
        self.asked.append(n_neighbors)
        return super().kneighbors(X, n_neighbors)


@pytest.fixture(autouse=True)
def fresh():
    Plain.asked.clear()
    Plain.fitted.clear()


def knowing(index):
    plugins = registry()
    plugins.add(index, kind="similarity_indexes")
    return plugins


def opened(index) -> MadeUp:
    made = MadeUp(*NAMES, registry=knowing(index), settings=Settings(similarity=index.name))
    made.embed(dict(zip(NAMES, unit(len(NAMES)), strict=True)))
    return made


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "minkowski"])
def test_an_index_that_follows_only_scikit_learns_contract_finds_the_hits(metric, monkeypatch):
    monkeypatch.setattr(Plain, "__init__", lambda self: NearestNeighbors.__init__(self, metric=metric))
    with MadeUp(*NAMES) as exact, opened(Plain) as made:
        exact.embed(dict(zip(NAMES, unit(len(NAMES)), strict=True)))
        assert made.scores(QUERY, limit=5) == exact.scores(QUERY, limit=5)
        assert Plain.asked == [6], "one more, to see a tie with the last"
        assert made.photos.check_index(k=3) == 1.0


def test_pages_and_the_total_do_not_end_where_the_neighbors_do():
    with opened(Plain) as made:
        hits = made.photos.search(QUERY, limit=5)
        assert hits.total == 40
        assert hits.ids + hits.page(2, size=5).ids == made.ranked(QUERY, limit=10)
        assert made.photos.search(QUERY, limit=5, offset=40).ids == []


def test_the_index_is_fitted_once_for_all_queries_of_a_revision():
    with opened(Plain) as made:
        for _ in range(3):
            made.ranked(QUERY, limit=5)
        assert Plain.fitted == [40]


def test_two_vectors_an_absent_one_or_a_comparison_are_compared_with_every_row():
    for query in (QUERY & OTHER, ~QUERY, QUERY >= 0.2, fuse([QUERY, Term("concept", "dog")])):
        with MadeUp(*NAMES) as exact, opened(Plain) as made:
            exact.embed(dict(zip(NAMES, unit(len(NAMES)), strict=True)))
            for one in (exact, made):
                one.say("dog", {"03": 0.9})
            assert made.scores(query, limit=5) == exact.scores(query, limit=5)
            assert (Plain.asked, Plain.fitted) == ([], [])


PHOTOS = Term("where", None, (("status", "success"),))
MANY = [f"{number:04}" for number in range(600)]


@pytest.mark.parametrize("regions", [False, True])
@pytest.mark.parametrize(
    ("query", "first"),
    [
        pytest.param(QUERY, 4, id="image"),
        pytest.param(QUERY & PHOTOS, 12, id="image & a filter that many rows meet"),
        pytest.param(QUERY & Term("concept", "dog"), 12, id="image & concept"),
        pytest.param(QUERY & Term("label", "best"), None, id="image & a filter that few rows meet"),
    ],
)
def test_an_index_is_asked_for_more_until_no_other_row_can_be_among_the_hits(query, first, regions):
    vectors = unit(len(MANY) + 90, d=8)
    asked = Term("embedding", tuple(vectors[0].tolist())) if query == QUERY else None
    query = rewrite(
        query, lambda part: Term("embedding", tuple(vectors[0].tolist())) if part == QUERY else part
    )
    with (
        MadeUp(*MANY) as exact,
        MadeUp(*MANY, registry=knowing(Plain), settings=Settings(similarity="plain")) as made,
    ):
        for one in (exact, made):
            rows = list(MANY)
            if regions:  # many of the nearest rows are of one input
                rows += [one.region("0000", Box(0, 0, 1, side / 100)) for side in range(1, 91)]
            near = np.concatenate([vectors[: len(MANY)], np.repeat(vectors[:1], 90, axis=0)])
            one.embed(dict(zip(rows, near, strict=False)))
            one.say("dog", {name: 0.5 + int(name) / 2000 for name in MANY[::2]})
            one.say("best", dict.fromkeys(MANY[::50], 1.0), source="human:eva")
        expected = exact.photos.search(query, limit=3)
        hits = made.photos.search(query, limit=3)
        assert (hits.ids, hits.scores.tolist(), hits.total) == (
            expected.ids,
            expected.scores.tolist(),
            expected.total,
        )
    if first is None:
        assert Plain.asked == []
        return
    if regions and asked is not None:
        first = 12
    assert Plain.asked[0] == first
    assert Plain.asked == [first * 4**step for step in range(len(Plain.asked))]
    assert len(Plain.asked) > 1 or not regions
    if hits.plan.index:
        assert (hits.plan.index, hits.plan.exact) == ("plain", True)
        assert "index 'plain'; exact" in str(hits.explain())


def test_an_index_that_is_not_exact_says_so():
    with MadeUp(*MANY, settings=Settings(similarity="binary")) as made:
        made.embed(dict(zip(MANY, unit(len(MANY), d=64), strict=True)))
        hits = made.photos.search(Term("input", "0007"), limit=3)
        assert "index 'binary'; approximate, as its index" in str(hits.explain())


def test_a_minimum_or_a_limit_of_all_rows_asks_no_index():
    with opened(Plain) as made:
        made.ranked(QUERY, minimum=0.5)
        made.ranked(QUERY, limit=40)
        assert Plain.asked == []


def test_where_inputs_have_regions_the_nearest_rows_may_all_be_of_one_input():
    with opened(Plain) as made:
        parts = [made.region("00", Box(0, 0, 1, side / 10)) for side in range(1, 9)]
        made.embed(dict.fromkeys(parts, (1, 0, 0)))
        assert len(set(made.ranked(QUERY, limit=5))) == 5
        assert Plain.asked == [20]
        assert list(made.rows(QUERY, limit=5)) == parts[:5], "of those that tie, the first"
        assert Plain.asked == [20, 6], "all six tie, so there may be more"


def test_a_weight_on_the_only_term_changes_nothing():
    with opened(Plain) as made:
        made.ranked(2 * QUERY, limit=5)
        assert Plain.asked == [6]


def test_opening_a_collection_imports_no_scikit_learn_and_a_search_by_similarity_does():
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from made_up_collection import MadeUp\n"
        "from toolkit.query import Term\n"
        "with MadeUp('a', 'b') as made:\n"
        "    made.say('dog', {'a': 1.0})\n"
        "    made.embed({'a': [1, 0, 0], 'b': [0, 1, 0]})\n"
        "    print(made.ranked(Term('concept', 'dog')), 'sklearn' in sys.modules)\n"
        "    print(made.ranked(Term('embedding', (1.0, 0.0, 0.0))), 'sklearn' in sys.modules)\n"
    )
    tests = Path(__file__).parent
    folders = map(str, (tests, tests.parent, tests.parent / "plugins"))
    done = subprocess.run([sys.executable, "-c", code, *folders], capture_output=True, text=True, check=True)
    assert done.stdout == "['a'] False\n['a', 'b'] True\n"


# the default index is scikit-learn's own


@pytest.fixture
def asked(monkeypatch):
    """What the default index is asked for, by method."""
    calls: Counter[str] = Counter()

    def counted(name, ask):
        def counting(self, *arguments):
            assert isinstance(self, NearestNeighbors)
            assert self.n_samples_fit_ == 40
            calls[name] += 1
            return ask(self, *arguments)

        return counting

    for name in ("similarities", "similarities_at"):
        monkeypatch.setattr(ExactIndex, name, counted(name, getattr(ExactIndex, name)))
    return calls


OTHER = Term("embedding", (0.0, 1.0, 0.0))
FEW = Term("label", "best")
ASKED = [
    pytest.param(QUERY, {"similarities": 1}, id="unfiltered"),
    pytest.param(QUERY & FEW, {"similarities_at": 1}, id="filtered"),
    # One pass for the mean of the two, whose bound rules out none of these ten; then one for both.
    pytest.param(QUERY & OTHER, {"similarities": 2, "similarities_at": 1}, id="composed of two"),
    pytest.param(QUERY & ~OTHER & Term("concept", "dog"), {"similarities": 1}, id="composed"),
    pytest.param(QUERY >= 0.2, {"similarities": 1}, id="compared"),
    pytest.param(fuse([QUERY, OTHER]), {"similarities": 1}, id="fused"),
]


@pytest.mark.parametrize(("query", "expected"), ASKED)
def test_every_cosine_is_asked_of_a_fitted_nearest_neighbors(asked, query, expected, monkeypatch):
    monkeypatch.setattr(best_places, "PLANNED", 0)
    with MadeUp(*NAMES) as made:
        vectors = unit(len(NAMES))
        made.embed(dict(zip(NAMES, vectors, strict=True)))
        made.say("dog", {"03": 0.9, "07": 0.2})
        made.say("best", {"03": 1.0, "09": 1.0}, source="human:eva")
        (first, *_) = made.photos.search(query)
        assert asked == expected
        assert first.parts[0].raw == pytest.approx(float(vectors[int(first.input.id)][0]), abs=1e-6)


def test_the_index_is_handed_out_and_scikit_learn_goes_on_with_it():
    vectors = unit(len(NAMES))
    with MadeUp(*NAMES) as made:
        made.embed(dict(zip(NAMES, vectors, strict=True)))
        index = made.photos.similarity_index("color")
        hits = made.photos.search(QUERY, limit=5)
        assert isinstance(index, NearestNeighbors)
        plain = NearestNeighbors(algorithm="brute", metric="euclidean").fit(vectors)
        distances, found = index.kneighbors(hits.vectors, 4)
        np.testing.assert_array_equal(found, plain.kneighbors(hits.vectors, 4)[1])
        np.testing.assert_allclose(distances, plain.kneighbors(hits.vectors, 4)[0], atol=1e-3)
        assert [NAMES[at] for at in index.kneighbors(unit(1, seed=3), 1, return_distance=False)[0]]
        for ask in ("radius_neighbors_graph", "kneighbors_graph"):
            assert (getattr(index, ask)(vectors) != getattr(plain, ask)(vectors)).nnz == 0
        radii = [one.radius_neighbors(hits.vectors, 0.5)[1] for one in (index, plain)]
        assert [set(a) for a in radii[0]] == [set(b) for b in radii[1]]
        assert clone(index).get_params() == index.get_params()
        graph = make_pipeline(KNeighborsTransformer(n_neighbors=3), FunctionTransformer()).fit_transform(
            vectors
        )
        assert (index.kneighbors_graph(n_neighbors=3) != (graph > 0)).nnz <= graph.nnz


@pytest.mark.parametrize("parameters", [{"metric": "manhattan"}, {"algorithm": "kd_tree", "n_neighbors": 3}])
def test_an_estimator_of_ones_own_is_used_as_it_is(parameters, monkeypatch):
    vectors = unit(len(NAMES))
    own = NearestNeighbors(**parameters)
    with MadeUp(*NAMES, settings=Settings(similarity=own)) as made:
        made.embed(dict(zip(NAMES, vectors, strict=True)))
        fitted = made.photos.similarity_index()
        expected = NearestNeighbors(**parameters).fit(vectors).kneighbors([[1, 0, 0]], 5)[1][0]
        assert type(fitted) is NearestNeighbors
        assert fitted.get_params() == own.get_params()
        assert set(made.ranked(QUERY, limit=5)) == {NAMES[at] for at in expected}
        assert made.photos.info()["similarity"] == "NearestNeighbors"


# what an index may declare


class Dense(Plain):
    name = "dense"
    capabilities = Capabilities(exact=True, dense=True)
    scored: list[int] = []  # noqa: RUF012

    def fit(self, X, y=None):
        self.vectors = X
        return super().fit(X)

    def similarities(self, queries):
        self.scored.append(len(queries))
        return cosines(self.vectors, queries)


def test_a_dense_index_scores_every_row_itself():
    Dense.scored.clear()
    with opened(Dense) as made:
        assert made.ranked(QUERY, limit=5) == made.ranked(QUERY & QUERY, limit=5)
        assert (len(Dense.scored), Plain.asked) == (2, [])


class Growing(Plain):
    name = "growing"
    capabilities = Capabilities(exact=True, incremental=True)
    grown: list[int] = []  # noqa: RUF012

    def fit(self, X, y=None):
        self.vectors = X
        return super().fit(X)

    def partial_fit(self, X):
        self.grown.append(len(X))
        self.vectors = np.concatenate([self.vectors, X])
        return NearestNeighbors.fit(self, self.vectors)


def test_an_incremental_index_takes_only_what_is_new():
    Growing.grown.clear()
    with opened(Growing) as made:
        made.ranked(QUERY, limit=5)
        made.add("new")
        made.embed({"new": [1, 0, 0]})
        assert made.ranked(QUERY, limit=5)[0] == "new"
        assert (Plain.fitted, Growing.grown) == ([40], [1])


def test_an_index_is_fitted_again_where_vectors_changed_or_went():
    Growing.grown.clear()
    with opened(Growing) as made:
        first = made.ranked(QUERY, limit=5)[0]
        made.embed({first: [-1, 0, 0]})
        assert first not in made.ranked(QUERY, limit=5)
        second = made.ranked(QUERY, limit=5)[0]
        made.photos.delete(second)
        assert second not in made.ranked(QUERY, limit=5)
        assert (Plain.fitted, Growing.grown) == ([40, 40, 39], [])


def test_a_plain_index_is_fitted_again_when_there_is_more():
    with opened(Plain) as made:
        made.ranked(QUERY, limit=5)
        made.add("new")
        made.embed({"new": [1, 0, 0]})
        assert made.ranked(QUERY, limit=5)[0] == "new"
        assert Plain.fitted == [40, 41]


# many searches at once, and an index that grows


class Waiting(Growing):
    """Grows as `Growing` does, and waits inside a search until the test lets it go on."""

    name = "waiting"

    def __init__(self, metric="cosine"):
        super().__init__(metric)
        self.searching, self.go_on, self.growing = Event(), Event(), Event()
        self.go_on.set()

    def partial_fit(self, X):
        self.growing.set()
        return super().partial_fit(X)

    def kneighbors(self, X, n_neighbors):
        self.searching.set()
        assert self.go_on.wait(10)
        return super().kneighbors(X, n_neighbors)


def older_and_newer():
    vectors = np.concatenate([unit(10), unit(5, seed=1)])
    return space(vectors[:10]), space(vectors)


def ids(scores):
    return np.flatnonzero(~np.isnan(scores)).tolist()


def nearest_rows(of, vector, k):
    return sorted(np.argsort(-(of.vectors @ vector), kind="stable")[:k].tolist())


def test_an_index_does_not_grow_under_a_search_that_is_asking_it():
    older, newer = older_and_newer()
    query = newer.vectors[12]
    indexes = SimilarityIndexes(knowing(Waiting), "waiting")
    with indexes.over(older) as index:
        pass
    index.go_on.clear()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(indexes.nearest, older, query, 3, rows=15)
        assert index.searching.wait(10)
        second = pool.submit(indexes.nearest, newer, query, 3, rows=15)
        # The second has to wait for the first, so the index must not grow however long the first takes.
        assert not index.growing.wait(0.2)
        index.go_on.set()
        assert ids(first.result(10)) == nearest_rows(older, query, 3)
        assert ids(second.result(10)) == nearest_rows(newer, query, 3)
    assert index.growing.is_set()


@pytest.mark.parametrize("dense", [False, True])
def test_a_search_of_an_earlier_snapshot_than_the_index_has_grown_to_is_answered_exactly(dense):
    older, newer = older_and_newer()
    query = newer.vectors[12]

    class Both(Growing):
        name = "both"
        capabilities = Capabilities(exact=True, incremental=True, dense=dense)

        def similarities(self, queries):
            return cosines(self.vectors, queries)

    indexes = SimilarityIndexes(knowing(Both), "both")
    for of in (older, newer, older, newer):
        assert ids(indexes.nearest(of, query, 3, rows=15)) == nearest_rows(of, query, 3)
        expected = np.full(15, np.nan, np.float32)
        expected[: len(of.vectors)] = of.vectors @ query
        np.testing.assert_allclose(indexes.similarities(of, query, rows=15), expected, atol=1e-6)
    assert Plain.fitted == [10], "it was fitted once, and grew once"


def test_searches_ask_one_index_at_the_same_time():
    of = space(unit(10))
    together = Barrier(3, timeout=10)  # breaks unless three searches are inside at once

    class Meeting(Plain):
        name = "meeting"

        def kneighbors(self, X, n_neighbors):
            together.wait()
            return super().kneighbors(X, n_neighbors)

    indexes = SimilarityIndexes(knowing(Meeting), "meeting")
    with ThreadPoolExecutor(3) as pool:
        found = [pool.submit(indexes.nearest, of, of.vectors[row], 2, rows=10) for row in range(3)]
        assert [ids(one.result(10)) for one in found] == [
            nearest_rows(of, of.vectors[row], 2) for row in range(3)
        ]
    assert Plain.fitted == [10]


def test_fitting_for_a_newer_snapshot_does_not_hold_up_a_search_of_the_earlier():
    older, newer = older_and_newer()
    fitting, go_on = Event(), Event()

    class Slow(Plain):
        name = "slow"

        def fit(self, X, y=None):
            if len(X) == len(newer.vectors):
                fitting.set()
                assert go_on.wait(10)
            return super().fit(X, y)

    indexes = SimilarityIndexes(knowing(Slow), "slow")
    query = newer.vectors[12]
    assert ids(indexes.nearest(older, query, 3, rows=15)) == nearest_rows(older, query, 3)
    with ThreadPoolExecutor(1) as pool:
        later = pool.submit(indexes.nearest, newer, query, 3, rows=15)
        assert fitting.wait(10)
        assert ids(indexes.nearest(older, query, 3, rows=15)) == nearest_rows(older, query, 3)
        go_on.set()
        assert ids(later.result(10)) == nearest_rows(newer, query, 3)


def test_an_index_that_fails_while_it_grows_is_fitted_anew_by_the_next_search():
    older, newer = older_and_newer()

    class Failing(Growing):
        name = "failing"

        def partial_fit(self, X):
            super().partial_fit(X[:1])
            raise MemoryError("halfway")

    indexes = SimilarityIndexes(knowing(Failing), "failing")
    query = newer.vectors[12]
    indexes.nearest(older, query, 3, rows=15)
    with pytest.raises(ContractError, match=r"similarity index 'failing': .* MemoryError: halfway"):
        indexes.nearest(newer, query, 3, rows=15)
    assert ids(indexes.nearest(newer, query, 3, rows=15)) == nearest_rows(newer, query, 3)
    assert Plain.fitted == [10, 15]


def test_an_index_that_a_cell_registers_again_is_asked_at_once():
    of = space(unit(10))
    plugins = knowing(Plain)
    indexes = SimilarityIndexes(plugins, "plain")
    assert ids(indexes.nearest(of, of.vectors[0], 2, rows=10)) == nearest_rows(of, of.vectors[0], 2)

    class Again(Plain):
        def kneighbors(self, X, n_neighbors):
            return None, np.array([[7]])

    Again.__qualname__, Again.__module__ = Plain.__qualname__, Plain.__module__  # as the same cell, run again
    plugins.add(Again, kind="similarity_indexes")
    assert ids(indexes.nearest(of, of.vectors[0], 2, rows=10)) == [7]


# the binary index


def test_the_binary_index_is_approximate_and_says_how_good_it_is():
    names = [f"{number:04}" for number in range(300)]
    vectors = unit(300, 64)
    with MadeUp(*names, settings=Settings(similarity="binary")) as made:
        made.embed(dict(zip(names, vectors, strict=True)))
        assert made.photos.check_index(k=5, sample=20) >= 0.95
        hits = made.photos.search(Term("input", "0007"), limit=5)
    assert (hits[0].input.id, round(hits[0].parts[0].raw, 5), hits.total) == ("0007", 1.0, 300)
    expected = np.sort(vectors @ vectors[7])[:-6:-1]
    np.testing.assert_allclose([hit.parts[0].raw for hit in hits], expected, atol=1e-6)


# rows and vectors


def test_rows_that_are_not_embedded_have_no_cosine():
    of = space(unit(3), rows=[5, 0, 2])
    indexes = SimilarityIndexes(registry(), "sklearn")
    scores = indexes.similarities(of, of.vectors[0], rows=7)
    assert np.isnan(scores).tolist() == [False, True, False, True, True, False, True]
    assert scores[5] == pytest.approx(1)
    near = SimilarityIndexes(knowing(Plain), "plain").nearest(of, of.vectors[0], 2, rows=7)
    assert np.flatnonzero(~np.isnan(near)).tolist() == sorted([5, [0, 2][np.argmax(scores[[0, 2]])]])
    np.testing.assert_allclose(near[5], 1, atol=1e-6)


def test_an_empty_space_scores_nothing():
    empty = space(np.empty((0, 3), np.float32))
    for index in (Plain, Dense):
        indexes = SimilarityIndexes(knowing(index), index.name)
        assert not indexes.answers_top_k(empty, 5)
        assert np.isnan(indexes.similarities(empty, unit(1)[0], rows=4)).all()


def test_scores_are_the_callers_own_to_overwrite():
    of = space(unit(10))
    indexes = SimilarityIndexes(registry(), "sklearn")
    first = indexes.similarities(of, of.vectors[0], rows=10)
    first[:] = 0
    assert indexes.similarities(of, of.vectors[0], rows=10)[0] == pytest.approx(1)


# indexes that break their contract


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda: 1 / 0, "it takes vectors and finds neighbors; got ZeroDivisionError"),
        (lambda: (None, np.array([[0, 40]])), "neighbors are indices .* up to 40"),
        (lambda: (None, np.array([[0.0, 1.0]])), "neighbors are indices .* got float64"),
        (lambda: (None, np.array([0, 1])), r"neighbors are indices .* shape \(2,\)"),
    ],
)
def test_an_index_that_breaks_its_contract_is_named(answer, message, monkeypatch):
    monkeypatch.setattr(Plain, "kneighbors", lambda self, X, n_neighbors: answer())
    with opened(Plain) as made, pytest.raises(ContractError, match=f"similarity index 'plain': {message}"):
        made.ranked(QUERY, limit=2)


def test_an_index_that_finds_fewer_than_asked_is_done_without(monkeypatch):
    monkeypatch.setattr(Plain, "kneighbors", lambda self, X, n_neighbors: (None, np.array([[3, -1, -1]])))
    with opened(Plain) as made:
        nearest = np.argsort(-unit(len(NAMES))[:, 0])[:3]
        assert made.ranked(QUERY, limit=3) == [NAMES[at] for at in nearest]


def test_an_unknown_index_is_refused_with_those_there_are():
    with (
        MadeUp("a", settings=Settings(similarity="skleran")) as made,
        pytest.raises(UnknownNameError, match="no similarity index named 'skleran'; did you mean 'sklearn'"),
    ):
        made.embed({"a": [1, 0, 0]})
        made.ranked(QUERY)
