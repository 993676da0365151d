"""What an engine finds, by region key, gives the hits of scoring everything: the same, in the same order, as many."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st
from small_engine import SmallEngine
from strategies import queries
from test_plans import (
    NAMES,
    by_scoring_everything,
    collection,
    conjunctions,
    leaves,
    made_up_vectors,
    real_vectors,
    same,
)

from toolkit.errors import QueryError, TooManyRowsError
from toolkit.plugins.registry import Registry
from toolkit.query import Term
from toolkit.similarity.engines import Engines

ENGINES = Registry()
ENGINES.add(SmallEngine)
PHASES = [phase for phase in Phase if phase != Phase.explain]  # explaining a failure took minutes
PHOTOS = Path(__file__).parents[2] / "shared" / "photos-dev"


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


@contextmanager
def through_an_engine(made):
    resources = made.photos._resources
    before, resources.engines = resources.engines, Engines(made.store, ENGINES, "small", lambda _: None)
    yield resources.engines.made()
    resources.engines = before


@contextmanager
def too_large(made):
    """No snapshot of everything is made, so the hits are found in parts."""
    made.photos._resources.backgrounds.refresh(made.photos._resources.snapshots.latest)
    snapshots = made.photos._resources.snapshots
    snapshots._current, snapshots.most_rows = None, 1
    yield
    snapshots.most_rows = None


def found_and(expected, made, query, level, limit, minimum):
    """What is found, and what is expected: as many hits in all, or at least so many where they are not counted."""
    hits = made.photos.search(query, level=level, limit=limit, minimum=minimum)
    total, _ = expected
    assert hits.exact
    assert hits.total <= total
    found = [(hit.region_id, hit.score, [part.raw for part in hit.parts]) for hit in hits]
    return (hits.total if hits.counted else total, found), expected


def holds(collection, data):
    made, vectors = collection
    parts = leaves(vectors)
    query = data.draw(queries(parts, most=6) | conjunctions(parts))
    level = data.draw(st.sampled_from(["input", "region"]))
    limit = data.draw(st.sampled_from([1, 3, 20]))
    minimum = data.draw(st.sampled_from([0.0, 0.0, 0.0, 0.3]))
    asked = made, query, level, limit, minimum
    expected = by_scoring_everything(*asked)
    with through_an_engine(made):
        assert same(*found_and(expected, *asked))


@settings(max_examples=25, deadline=None, phases=PHASES)
@given(data=st.data())
def test_an_engine_gives_the_same_hits_in_the_same_order(made, data):
    holds(made, data)


@settings(max_examples=8, deadline=None, phases=PHASES)
@given(data=st.data())
def test_an_engine_gives_the_same_hits_on_real_embeddings(real, data):
    holds(real, data)


def in_parts_holds(collection, data):
    made, vectors = collection
    parts = leaves(vectors, Term("concept", "hut", {"value": 0.5}), Term("only", tuple(NAMES[:9])))
    query = data.draw(queries(parts, most=6, again=False) | conjunctions(parts))
    level = data.draw(st.sampled_from(["input", "region"]))
    limit = data.draw(st.sampled_from([1, 3, 20]))
    minimum = data.draw(st.sampled_from([0.0, 0.0, 0.3]))
    with through_an_engine(made):
        made.photos._resources.backgrounds.refresh(made.photos._resources.snapshots.latest)
        total, expected = by_scoring_everything(made, query, level, limit, minimum)
        with too_large(made):
            try:
                hits = made.photos.search(query, level=level, limit=limit, minimum=minimum)
            except (TooManyRowsError, QueryError) as refused:
                event(f"refused: {str(refused)[:40]}")
                return
    event("exact" if hits.exact else f"not sure: {hits.plan.doubt}")
    if hits.exact:
        assert same([(hit.region_id, hit.score, [part.raw for part in hit.parts]) for hit in hits], expected)
        assert hits.total == total if hits.counted else hits.total <= total


@settings(max_examples=25, deadline=None, phases=PHASES)
@given(data=st.data())
def test_parts_of_a_large_collection_give_the_same_hits_where_they_are_sure(made, data):
    in_parts_holds(made, data)


@settings(max_examples=8, deadline=None, phases=PHASES)
@given(data=st.data())
def test_parts_give_the_same_hits_on_real_embeddings(real, data):
    in_parts_holds(real, data)
