"""What cosines of unrelated pictures are, and what a cosine scores beside them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_collection import MadeUp, MeanColor, registry

import toolkit
from toolkit.fusion.scales import AS_PROBABILITY, ByRank, HalfCosine, Logistic
from toolkit.plugins import UsualCosines
from toolkit.query import Term
from toolkit.similarity.background import Background, fit, scale_of
from toolkit.snapshot import Space
from toolkit.values.settings import Workflow

USUAL = UsualCosines(median=0.3, width=0.07, location=6.0)


def unit(rows, dimension, *, seed=0, shared=0.0):
    """Unit vectors (rows, dimension), of which a part is the same in all."""
    vectors = np.random.default_rng(seed).standard_normal((rows, dimension)).astype(np.float32)
    vectors += np.float32(shared)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def space(vectors):
    return Space("net@1", vectors, np.arange(len(vectors), dtype=np.int32))


def each_its_own(vectors):
    return np.arange(len(vectors), dtype=np.int32)


# the background


def test_it_is_the_median_and_the_lower_half_width_of_random_pairs():
    vectors = unit(5000, 64, shared=0.5)
    found = fit(space(vectors), each_its_own(vectors), USUAL)
    cosines = (vectors[:2000] @ vectors[2000:4000].T).ravel()
    assert found.median == pytest.approx(np.median(cosines), abs=0.01)
    assert found.width == pytest.approx(np.median(cosines) - np.quantile(cosines, 0.16), rel=0.05)
    assert found.rows == 5000


def test_it_is_the_same_for_the_same_vectors_and_says_by_which_seed():
    vectors = unit(3000, 16)
    one, again = (fit(space(vectors.copy()), each_its_own(vectors), USUAL) for _ in range(2))
    assert one == again
    assert Background.from_dict(one.to_dict()) == one
    assert fit(space(vectors), each_its_own(vectors), USUAL, seed=1) != one


def test_copies_do_not_move_it():
    vectors = unit(400, 64)
    copied = np.concatenate([vectors, vectors[:100], vectors[:100]])
    before, after = (fit(space(some), each_its_own(some), USUAL) for some in (vectors, copied))
    assert after.median == pytest.approx(before.median, abs=0.02)
    assert after.width == pytest.approx(before.width, rel=0.1)


def test_rows_of_one_input_are_not_compared():
    vectors = np.concatenate([unit(100, 64), unit(100, 64)])  # every input has two rows that are the same
    row_input = np.tile(np.arange(100, dtype=np.int32), 2)
    found = fit(space(vectors), row_input, USUAL)
    assert found.median == pytest.approx(fit(space(vectors[:100]), row_input[:100], USUAL).median, abs=0.15)


def test_a_small_collection_has_what_the_embedder_states_and_a_large_one_what_it_is():
    for rows, share in ((0, 0.0), (1, 0.0), (50, 0.5), (5000, 0.99)):
        vectors = unit(rows, 64)
        found = fit(space(vectors), each_its_own(vectors), USUAL)
        assert found.median == pytest.approx((1 - share) * 0.3, abs=0.02)


def test_a_copy_scores_high_even_where_all_pictures_are_of_one_kind():
    for shared in (0.0, 1.0, 3.0):
        vectors = unit(500, 8, shared=shared)
        found = fit(space(vectors), each_its_own(vectors), USUAL)
        assert found.midpoint < 1
        assert found.scale(np.array([1.0]))[0] > 0.75
        assert found.scale(np.array([found.median]))[0] < 0.01


@pytest.mark.parametrize(
    ("rows", "still"), [(100, True), (149, True), (150, False), (60, False), (67, True), (0, False)]
)
def test_it_is_measured_again_when_the_collection_has_grown_by_half(rows, still):
    assert Background(0.1, 0.1, 6.0, rows=100).fits(rows) is still


@pytest.mark.parametrize(
    "damaged", [None, [], "x", {}, {"median": 0.1}, {**Background(0, 1, 6, 1).to_dict(), "width": 0}]
)
def test_a_damaged_one_is_none(damaged):
    assert Background.from_dict(damaged) is None


# kept with the collection


def test_it_is_kept_in_the_store_once_pictures_are_added(tmp_path):
    colors = np.random.default_rng(0).integers(0, 255, (40, 3))
    pictures = [np.full((8, 8, 3), color, np.uint8) for color in colors]
    with MadeUp(target=tmp_path / "a.db", workflow=Workflow(embedders=("color",))) as made:
        made.photos.add(pictures[:20], progress=False)
        first = made.photos._resources.backgrounds.of("color@1", made.photos.snapshot())
        assert first.rows == 20
        assert made.store.properties.get("background:color@1") == first.to_dict()
        made.photos.add(pictures[20:29], progress=False)
        assert made.photos._resources.backgrounds.of("color@1", made.photos.snapshot()) == first
        made.photos.add(pictures[29:], progress=False)
        grown = made.photos._resources.backgrounds.of("color@1", made.photos.snapshot())
        assert grown.rows == 40
    with MadeUp(target=tmp_path / "a.db", workflow=None) as made:
        assert made.photos._resources.backgrounds.of("color@1", made.photos.snapshot()) == grown


def test_a_search_writes_nothing_and_measures_for_itself():
    with MadeUp(*(f"{n:02}" for n in range(30))) as made:
        made.embed({f"{n:02}": vector for n, vector in enumerate(unit(30, 3))})
        revision = made.store.revision()
        scores = made.scores(Term("input", "03"))
        assert made.scores(Term("input", "03")) == scores
        assert made.store.revision() == revision
        assert made.store.properties.get("background:color@1") is None


def test_the_location_is_the_embedders_to_state_and_no_embedder_is_made_to_ask():
    class Stated(MeanColor):
        usual_cosines = UsualCosines(median=0.9, width=0.05, location=2.0)

        def __init__(self, argument=""):
            raise AssertionError("made to be asked")

    with MadeUp("a", registry=registry(Stated)) as made:
        made.embed({"a": [1, 0, 0]})
        found = made.photos._resources.backgrounds.of("color@1", made.photos.snapshot())
        assert (found.median, found.width, found.location) == (0.9, 0.05, 2.0)


# scales

values = st.lists(st.floats(-1, 1, width=32) | st.just(float("nan")), max_size=30).map(np.float32)
scales = st.sampled_from(
    [
        AS_PROBABILITY,
        HalfCosine(),
        Logistic(midpoint=0.6, width=0.05, usual=0.3, around=0.05),
        Logistic(midpoint=0.1, width=1e-4, usual=0.0, around=0.05),
        "raw",
    ]
)


@given(values, scales)
def test_a_scale_keeps_the_order_and_what_is_missing(raw, scale):
    raw = np.abs(raw) if scale is AS_PROBABILITY else raw
    made = ByRank.of(raw) if scale == "raw" else scale
    scores = made(raw)
    assert np.array_equal(np.isnan(scores), np.isnan(raw))
    known = ~np.isnan(raw)
    assert ((scores[known] >= 0) & (scores[known] <= 1)).all()
    order = np.argsort(raw[known], kind="stable")
    assert (np.diff(scores[known][order]) >= 0).all()


def test_by_rank_the_best_two_percent_score_one_half_and_more():
    scores = ByRank.of(np.arange(1000, dtype=np.float32))(np.arange(1000, dtype=np.float32))
    assert (scores >= 0.5).sum() == 20
    assert scores.max() > 0.97
    assert scores.min() < 0.02


def test_cosines_of_no_space_are_set_against_each_other():
    cosines = np.random.default_rng(0).normal(0.2, 0.05, 2000).astype(np.float32)
    scale = scale_of("cosine", cosines, None)
    assert scale(np.float32([0.2]))[0] < 0.01
    assert scale(np.float32([0.8]))[0] > 0.99


def test_after_an_add_vectors_are_counted_only_if_a_space_may_have_outgrown_its_background(monkeypatch):
    pictures = [
        {"id": str(shade), "image": np.full((8, 8, 3), shade, np.uint8)} for shade in range(0, 240, 8)
    ]
    with toolkit.open(workflow=Workflow(embedders=("pixels",))) as photos:
        photos.add(pictures[:20], progress=False)
        store = photos._resources.store
        counted, all_of = [], type(store.spaces).all

        def counting(spaces):
            counted.append(1)
            return all_of(spaces)

        monkeypatch.setattr(type(store.spaces), "all", counting)
        photos.add(pictures[20:22], progress=False)
        assert counted == []
        photos.add(pictures[22:], progress=False)
        assert counted
        assert store.properties.get("background:pixels@1")["rows"] == len(pictures)
