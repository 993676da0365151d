"""What an engine finds, by region key, gives the hits of scoring everything: the same, in the same order, as many."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_engine import SmallEngine
from strategies import queries
from test_plans import (
    by_scoring_everything,
    collection,
    conjunctions,
    leaves,
    made_up_vectors,
    real_vectors,
    same,
)

ENGINES = Registry()
ENGINES.add(SmallEngine)
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


@settings(max_examples=70, deadline=None)
@given(data=st.data())
def test_an_engine_gives_the_same_hits_in_the_same_order(made, data):
    holds(made, data)


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_an_engine_gives_the_same_hits_on_real_embeddings(real, data):
    holds(real, data)
