"""What a ranker's numbers become in a search: the order is theirs, the score is made of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_collection import MadeUp

from toolkit.errors import ContractError
from toolkit.plugins import Box
from toolkit.query import Term, fuse

NAMES = [f"{number:02}" for number in range(30)]
TOP, BOTTOM = Box(0, 0, 0.5, 1), Box(0.5, 0, 1, 1)


class Numbers:
    """Gives the rows the numbers of a list, in order."""

    name = "numbers"
    is_filter = False
    help = "Numbers of a test."
    parameters = ()
    values: np.ndarray

    def __init__(self, scale, values=()):
        self.scale = scale
        self.values = np.float32(values)

    def rank(self, term, snapshot, context):
        return np.resize(self.values, len(snapshot.rows))


numbers = Term("numbers")
everything = Term("where", None, {"status": "success"})


@pytest.fixture(scope="module")
def made():
    with MadeUp(*NAMES) as made:
        yield made


def ranked_by(made, scale, values):
    made.photos.registry.add(Numbers(scale, values))
    return made


any_numbers = st.lists(
    st.sampled_from([0.999999, 0.9999995, 1.0, 0.5, 0.0, float("nan")]) | st.floats(0, 1, width=32),
    min_size=30,
    max_size=30,
)


@given(st.sampled_from(["probability", "cosine", "raw"]), any_numbers)
def test_a_single_term_has_the_order_of_its_numbers_with_filters_and_weights_too(scale, values):
    expected = np.argsort(-np.float32(values), kind="stable")[: np.count_nonzero(~np.isnan(values))]
    with MadeUp(*NAMES) as made:
        ranked_by(made, scale, values)
        for query in (numbers, 3 * numbers, numbers & everything, (numbers & everything) ** 2):
            assert made.ranked(query) == [NAMES[place] for place in expected]


def test_numbers_too_near_to_differ_in_their_scores_keep_their_order(made):
    values = np.linspace(0.9999, 0.999999, len(NAMES), dtype=np.float32)
    hits = ranked_by(made, "cosine", values).photos.search(numbers & everything, limit=30)
    assert hits.ids == NAMES[::-1]
    assert all(0 <= score <= 1 for score in hits.scores)


def test_raw_numbers_score_by_their_rank(made):
    values = np.float32([1e6, *[-5.0] * 28, 3.0])
    hits = ranked_by(made, "raw", values).photos.search(numbers, limit=30)
    assert [round(hit.score, 3) for hit in hits[:2]] == [round(1 / 1.5, 3), round(1 / 2.5, 3)]
    assert hits[0].parts[0].raw == 1e6
    assert "value 1e+06, rank 1 of 30" in str(hits.explain(0))
    assert len({hit.score for hit in hits[2:]}) == 1


def test_cosines_of_no_space_score_beside_each_other(made):
    values = np.random.default_rng(0).normal(0.2, 0.05, len(NAMES))
    values[7] = 0.95
    hits = ranked_by(made, "cosine", values).photos.search(numbers, limit=2)
    assert hits[0].score > 0.9
    assert hits[1].score < 0.5


@pytest.mark.parametrize(
    ("scale", "value", "rule"),
    [
        ("probability", 1.1, "in \\[0, 1\\]"),
        ("cosine", -1.1, "in \\[-1, 1\\]"),
        ("raw", np.inf, "finite"),
        ("percent", 0.5, "one of probability, cosine, raw"),
    ],
)
def test_numbers_outside_their_scale_are_refused(made, scale, value, rule):
    with pytest.raises(ContractError, match=rule):
        ranked_by(made, scale, [value]).photos.search(numbers)


# levels


def test_what_is_absent_judges_the_whole_picture_at_both_levels():
    with MadeUp("worn", "alone") as made:
        tie, person = made.region("worn", TOP), made.region("worn", BOTTOM)
        other = made.region("alone", TOP)
        made.say("tie", {tie: 0.9, other: 0.6})
        made.say("person", {person: 0.9})
        query = Term("concept", "tie") & ~(Term("concept", "person") >= 0.5)
        assert made.ranked(query) == ["alone"]
        assert list(made.rows(query)) == [other]
        weighed = made.rows(Term("concept", "tie") & ~Term("concept", "person"))
        assert list(weighed) == [other, tie]
        hit = made.photos.search(Term("concept", "tie") & ~Term("concept", "person"), level="region")[1]
        assert (hit.region_id, hit.parts[1].score, hit.parts[1].box) == (tie, pytest.approx(0.9), BOTTOM)


def test_a_filter_counts_in_a_sum_and_in_a_fusion_at_the_level_of_regions():
    with MadeUp("a", "b") as made:
        regions = made.region("a", TOP), made.region("b", TOP)
        made.say("dog", {regions[0]: 0.8})
        made.say("seen", {regions[1]: 1.0}, source="human:ann")
        seen = Term("label", "seen")
        expected = {regions[1]: 0.5, regions[0]: 0.4}
        assert made.rows(Term("concept", "dog") + seen) == expected
        assert made.rows(fuse([Term("concept", "dog"), seen], method="sum")) == expected
        assert made.rows(Term("concept", "dog") & seen) == {}
