"""Whatever plan a search runs, the hits, their order, their scores and their number are those of scoring everything."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_collection import MadeUp
from pages import examples_failed
from strategies import queries

import toolkit
from toolkit.fusion.evaluate import Scored, evaluate
from toolkit.fusion.scales import Logistic
from toolkit.query import AllOf, Term, Weighted, fuse
from toolkit.search import best_places
from toolkit.search.cosine_terms import CosineTerm
from toolkit.search.mean_terms import mean_query
from toolkit.similarity.codes import are_available
from toolkit.similarity.cosines import cosines
from toolkit.snapshot import Space
from toolkit.store import NewAnnotation
from toolkit.values.types import Box, Concept
from toolkit.words.vocabularies import declare

PHOTOS = Path(__file__).parents[2] / "shared" / "photos-dev"
N, D = 160, 16
OF_BOXES = N + 10  # from here on vectors are of no whole input
NAMES = [f"{number:03}" for number in range(N)]
RANDOM = np.random.default_rng(12)


@pytest.fixture(autouse=True, scope="module")
def planned():
    """However few the rows are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(best_places, "PLANNED", 0)
        yield


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def made_up_vectors():
    """Of few clusters, with copies among them: their cosines tie."""
    centers = RANDOM.standard_normal((8, D))
    vectors = unit(centers[RANDOM.integers(0, 8, 2 * N)] + 0.4 * RANDOM.standard_normal((2 * N, D)))
    vectors[5], vectors[N - 1], vectors[N + 3] = vectors[2], vectors[2], vectors[2]
    return vectors


@cache
def real_vectors():
    """Means of two photos each, of a real network where photos-dev is there."""
    paths = sorted(PHOTOS.rglob("*.jpg"))[::60][:24]
    with toolkit.open(workflow="efficientnet") as photos:
        photos.add(paths, progress=False)
        (space,) = photos.snapshot().spaces.values()
        of_photos = np.array(space.vectors)
    pairs = RANDOM.integers(0, len(of_photos), (2, 2 * N))
    shares = RANDOM.random((2 * N, 1))
    return unit(shares * of_photos[pairs[0]] + (1 - shares) * of_photos[pairs[1]])


def collection(vectors, *, regions):
    """Inputs of which some are embedded, some predicted, some labeled; with parts of them, or without."""
    made = MadeUp(*NAMES, target=None)
    rows = list(NAMES)
    if regions:
        rows += [made.region(name, Box(0, 0, 1, 0.5)) for name in NAMES[::3]]
        rows += [made.region(name, Box(0, 0.5, 1, 1)) for name in NAMES[::9]]
    embedded = [row for row in rows if RANDOM.random() < 0.95]
    made.embed(dict(zip(embedded, vectors, strict=False)), space="color@1")
    for concept, share in (("dog", 0.5), ("cat", 0.1), ("hut", 0.02)):
        said = [row for row in rows if RANDOM.random() < share] or rows[:1]
        made.say(concept, {row: float(RANDOM.choice([0.0, 0.5, RANDOM.random()])) for row in said})
    labeled = [row for row in rows if RANDOM.random() < 0.08]
    made.say("best", dict.fromkeys(labeled, 1.0), source="human:eva")
    return made, vectors


@pytest.fixture(scope="module", params=["flat", "regions"])
def made(request):
    made, vectors = collection(made_up_vectors(), regions=request.param == "regions")
    with made:
        yield made, vectors


@pytest.fixture(scope="module", params=["flat", "regions"])
def real(request):
    if not PHOTOS.exists():
        pytest.skip("photos-dev is not here")
    made, vectors = collection(real_vectors(), regions=request.param == "regions")
    with made:
        yield made, vectors


def examined_some(made):
    """A model that was asked about every other input, and says of every sixth that there is a fox."""
    with made.store.write() as batch:
        keys = made.store.inputs.keys(NAMES)
        batch.progress.mark(keys[::2], "concept_model:some@1")
        found = [NewAnnotation(key, concepts={"fox": float(RANDOM.random())}) for key in keys[::6]]
        batch.annotations.add_many(found, source="model:some@1")


class Foxes:
    """A detector, as far as the store knows it."""

    name, version = "foxes", "1"
    concepts = (Concept("fox"),)

    def detect(self, images):
        return [[] for _ in images]


def detections(made, vectors):
    """Boxes in every third input, half of them not sure enough to count; some with a vector, if there are any."""
    with made.store.write() as batch:
        batch.concepts.add(Foxes.concepts)
        declare([Foxes()], made.store, batch)
        batch.progress.mark(made.store.inputs.keys(NAMES[::2]), "detector:foxes@1")
    boxes = [made.region(name, Box(0.1, 0.1, 0.6, 0.6)) for name in NAMES[::3]]
    keys = made._keys(boxes)
    confidences = np.where(np.arange(len(keys)) % 2, 0.1, 0.4 + 0.6 * RANDOM.random(len(keys)))
    with made.store.write() as batch:
        found = [
            NewAnnotation(key, concepts={"fox": float(value)}, info={"score": float(value)})
            for key, value in zip(keys, confidences, strict=True)
        ]
        batch.annotations.add_many(found, source="model:foxes@1")
    if len(vectors):
        made.embed(dict(zip(boxes[::2] + boxes[1::4], vectors, strict=False)), space="color@1")
    made.region_ids = [one.id for one in made.store.regions.by_key(made.photos.snapshot().rows.key.tolist())]


def like(vector):
    return Term("embedding", tuple(vector.tolist()))


def leaves(vectors, *more):
    likes = [like(vectors[index]) for index in (2, 7, 40)]
    ordinary = [
        Term("concept", "dog"),
        Term("concept", "cat"),
        Term("concept", "hut"),
        Term("label", "best"),
        *more,
    ]
    return st.sampled_from([*likes, *likes, *ordinary])


def conjunctions(parts):
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.builds(AllOf, several) | st.builds(
        lambda one, weight: Weighted(AllOf(one), weight), several, st.floats(0.1, 9)
    )


def answer(made, query, level, limit, minimum):
    hits = made.photos.search(query, level=level, limit=limit, minimum=minimum)
    return hits.total, [(hit.region_id, hit.score, [part.raw for part in hit.parts]) for hit in hits]


def by_scoring_everything(made, query, level, limit, minimum):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(best_places, "is_rowwise", lambda query: False)
        return answer(made, query, level, limit, minimum)


def by_each_ranker_alone(made, query, level, limit, minimum):
    """Every term is asked for the values of all rows, those that compare with a vector too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("toolkit.search.search"), "_needs_all", lambda *of: True)
        return answer(made, query, level, limit, minimum)


@contextmanager
def codes_of(made):
    """Vectors are bounded by their codes, however few they are."""
    codes = made.photos._resources.indexes.codes
    before, codes.least = codes.least, 1
    yield
    codes.least = before


@contextmanager
def bounded_by_means():
    """However many rows the mean of several pictures leaves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(best_places, "FEW_OF_MEAN", 1)
        yield


def same(one, other):
    return str(one) == str(other)  # NaN is not equal to itself


def holds(collection, data, *more):
    made, vectors = collection
    parts = leaves(vectors, *more)
    query = data.draw(queries(parts, most=6) | conjunctions(parts))
    level = data.draw(st.sampled_from(["input", "region"]))
    limit = data.draw(st.sampled_from([1, 3, 20, 400]))
    minimum = data.draw(st.sampled_from([0.0, 0.0, 0.0, 0.3]))
    asked = made, query, level, limit, minimum
    expected = by_scoring_everything(*asked)
    assert same(answer(*asked), expected)
    assert same(by_each_ranker_alone(*asked), expected)
    with bounded_by_means():
        assert same(answer(*asked), expected)
    if are_available():
        with codes_of(made):
            assert same(answer(*asked), expected)
            with bounded_by_means():
                assert same(answer(*asked), expected)


@settings(max_examples=70, deadline=None)
@given(data=st.data())
def test_every_plan_gives_the_same_hits_in_the_same_order(made, data):
    holds(made, data)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_plan_gives_the_same_hits_on_real_embeddings(real, data):
    holds(real, data)


@pytest.fixture(scope="module", params=["flat", "regions"])
def partly_examined(request):
    made, vectors = collection(made_up_vectors(), regions=request.param == "regions")
    with made:
        examined_some(made)
        yield made, vectors


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_every_plan_gives_the_same_hits_where_a_model_looked_at_some_inputs(partly_examined, data):
    holds(partly_examined, data, Term("concept", "fox"), Term("concept", "fox"))


@pytest.fixture(scope="module", params=["embedded", "not embedded"])
def detected(request):
    """Where weak detections are hidden: with vectors of their own, which the plans must not count, or without."""
    made, vectors = collection(made_up_vectors(), regions=False)
    with made:
        detections(made, vectors[OF_BOXES:] if request.param == "embedded" else ())
        yield made, vectors


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_every_plan_gives_the_same_hits_where_weak_detections_are_hidden(detected, data):
    holds(detected, data, Term("concept", "fox"), Term("concept", "fox"))


@pytest.mark.parametrize("level", ["input", "region"])
@pytest.mark.parametrize("with_another", [False, True])
def test_a_weak_detection_is_no_hit_by_any_plan(detected, level, with_another):
    made, vectors = detected
    hidden = {made.region_ids[row] for row in np.flatnonzero(made.photos.snapshot().hidden)}
    assert len(hidden) == 27
    like_it = like(vectors[OF_BOXES + 27])  # the first weak one's own, if it has one
    hits = made.photos.search(
        like_it & Term("concept", "dog") if with_another else like_it, level=level, limit=400
    )
    assert len(hits) == hits.total > N / 2
    assert not {hit.region_id for hit in hits} & hidden
    assert max(hit.parts[0].raw for hit in hits) < 0.999


def test_a_filter_leaves_few_rows_to_compare(made):
    collection, vectors = made
    hits = collection.photos.search(Term("label", "best") & like(vectors[2]))
    assert hits.plan.compared == "the rows that the other terms leave"
    assert 0 < hits.plan.cosines < N / 3
    assert "the rows that the other terms leave" in str(hits.explain())


def test_a_rank_that_examined_every_row_rules_none_out(made):
    collection, vectors = made
    hits = collection.photos.search(Term("concept", "hut") & like(vectors[2]))
    assert hits.plan.cosines >= N


def test_most_rows_of_a_conjunction_are_not_folded(made):
    collection, vectors = made
    if not collection.photos.snapshot().rows.are_inputs:
        return
    hits = collection.photos.search(like(vectors[2]) & like(vectors[5]), limit=3)
    assert hits.plan.folded < N / 2


@pytest.mark.skipif(not are_available(), reason="the extra 'fast' is not installed")
def test_bounds_leave_few_rows_to_compare(made):
    collection, vectors = made
    query = like(vectors[2]) & like(vectors[7]) & ~like(vectors[40])
    with codes_of(collection):
        hits = collection.photos.search(query, limit=2)
    assert hits.plan.compared == "bounds of every cosine, from codes of one byte a number"
    assert 0 < hits.plan.cosines < N / 2


def test_pictures_that_are_wanted_together_are_bounded_by_their_mean(made):
    collection, vectors = made
    if not collection.photos.snapshot().rows.are_inputs:
        return
    for query in (
        like(vectors[2]) & like(vectors[7]) ** 3,
        ~like(vectors[40]) & like(vectors[2]) & like(vectors[7]),
    ):
        with bounded_by_means():
            hits = collection.photos.search(query, limit=2)
        assert hits.plan.compared.startswith("one bound for all pictures that are wanted together")
        assert 0 < hits.plan.cosines < N / 2


def test_a_score_is_never_above_its_bound_by_the_mean():
    random = np.random.default_rng(4)
    vectors = unit(random.standard_normal((500, D)))
    space = Space("color@1", vectors, np.arange(500, dtype=np.int32))
    for b in (2, 3, 7):
        terms = {
            like(one): CosineTerm(one, space, Logistic(*random.uniform(0.05, 0.5, 2), 0, 1), (), (), 0.0)
            for one in unit(random.standard_normal((b, D)))
        }
        query = AllOf(tuple(Weighted(term, float(random.uniform(0.1, 5))) for term in terms))
        mean = mean_query(query, terms)
        scored = {
            term: Scored(cosines(vectors, one.vector), scale=one.scale)
            for term, one in (*terms.items(), *mean.compared.items())
        }
        assert len(mean.compared) == 1
        assert (evaluate(query, scored.__getitem__) <= evaluate(mean.query, scored.__getitem__)).all()


def test_many_vectors_are_bounded_by_a_matrix_product(made):
    collection, vectors = made
    query = AllOf(tuple(like(vectors[index]) for index in (2, 3, 7, 11, 40)))
    hits = collection.photos.search(query, limit=2)
    assert hits.plan.compared == "bounds of every cosine, from one matrix product"
    asked = collection, query, "input", 400, 0.0
    assert same(answer(*asked), by_scoring_everything(*asked))


@pytest.mark.skipif(not are_available(), reason="the extra 'fast' is not installed")
def test_a_term_that_is_wanted_and_not_is_compared_exactly(made):
    collection, vectors = made
    with codes_of(collection):
        hits = collection.photos.search((like(vectors[2]) & like(vectors[7])) | ~like(vectors[2]))
    assert hits.plan.cosines >= N


def test_what_fuses_ranks_looks_at_every_row(made):
    collection, vectors = made
    hits = collection.photos.search(fuse([like(vectors[2]), Term("label", "best")]))
    assert hits.plan.cosines >= N


def test_vectors_of_a_ranker_must_be_of_unit_length(made):
    collection, vectors = made

    class Long:
        name, is_filter, scale, help, parameters = "long", False, "cosine", "Too long.", ()

        def query_vector(self, term, snapshot, context):
            return toolkit.plugins.QueryVector("color@1", 2 * vectors[0])

        def rank(self, term, snapshot, context):
            return context.similarities(2 * vectors[0], space="color@1")

    collection.photos.registry.add(Long())
    with pytest.raises(toolkit.errors.ContractError, match="length 1"):
        collection.photos.search(Term("long"))


def test_of_a_small_collection_everything_is_compared(made, monkeypatch):
    collection, vectors = made
    monkeypatch.setattr(best_places, "PLANNED", 5_000)
    hits = collection.photos.search(Term("label", "best") & like(vectors[2]))
    assert hits.plan.cosines >= N


def test_the_page_on_speed_shows_what_runs(monkeypatch):
    monkeypatch.setattr(best_places, "PLANNED", 5_000)
    assert examples_failed("docs/speed.md") == ""
