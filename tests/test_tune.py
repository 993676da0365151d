"""Choices left open in a query, and tuning that makes them only where it helps."""

import numpy as np
import pytest
from made_up_collection import MadeUp
from test_compare import BAD, GOOD, fill

from toolkit.errors import QueryError
from toolkit.evaluation import topics_from_labels
from toolkit.evaluation.groups import Groups
from toolkit.evaluation.tune import choose_candidate
from toolkit.grammar import to_text
from toolkit.query import Fuse, Term, choose, from_json, fuse
from toolkit.terms import concept, image

a, b = Term("image", "a"), Term("image", "b")
WEIGHTS = choose("w", [0, 0.5, 2])
QUERY = fuse([a, WEIGHTS * b], method="sum", norm=choose("norm", [None, "minmax"]))


def test_a_query_names_the_choices_it_leaves_open():
    assert QUERY.choices == {"norm": (None, "minmax"), "w": (0, 0.5, 2)}
    assert (a & b).choices == {}


def test_made_they_give_the_query_one_would_have_written():
    assert QUERY.with_choices(w=2, norm="minmax") == fuse([a, 2 * b], method="sum", norm="minmax")
    assert QUERY.with_choices(w=0, norm=None) == fuse([a], method="sum")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (a & b**WEIGHTS, a & b**2),
        (a + WEIGHTS * b, a + 2 * b),
        (~(WEIGHTS * b) & a, ~(2 * b) & a),
        (b * WEIGHTS, 2 * b),
        ((a >= choose("w", [0.5, 2])), a >= 2),
        ((a < choose("w", [0.5, 2])), a < 2),
        (choose("w", ["x", 2], [a, b]), b),
        (concept("dog", value=choose("w", [0.5, 1])), None),
        (image("a", space=choose("w", ["x", "y"])) & b, None),
    ],
)
def test_a_choice_stands_wherever_a_parameter_does(written, expected):
    values = written.choices["w"]
    made = [written.with_choices(w=value) for value in values if value != 0]
    assert all(one.choices == {} for one in made)
    assert made[-1] == expected or expected is None
    assert from_json(written.to_json()) == written
    assert (
        eval(repr(written), {"choose": choose, "fuse": fuse, "image": image, "concept": concept}) == written
    )


def test_a_weight_of_0_leaves_the_part_out():
    assert (a & b**WEIGHTS).with_choices(w=0) == a
    with pytest.raises(QueryError, match="nothing is left"):
        (WEIGHTS * b).with_choices(w=0)


def test_what_is_no_choice_is_refused():
    for wrong in (
        lambda: choose("w", []),
        lambda: choose("w", [1, 1]),
        lambda: choose("a b", [1]),
        lambda: choose("w", ["x"]) * a,
    ):
        with pytest.raises(QueryError):
            wrong()
    with pytest.raises(QueryError, match=r"one of 0, 0\.5, 2: give w="):
        QUERY.with_choices(w=3, norm=None)
    with pytest.raises(QueryError, match="different values in two places"):
        (WEIGHTS * a & choose("w", [1, 2]) * b).choices  # noqa: B018
    with pytest.raises(QueryError, match="has no text"):
        to_text(QUERY)


@pytest.fixture(scope="module")
def photos():
    with fill(MadeUp()) as made:
        yield made.photos


def test_an_open_choice_is_not_ranked(photos):
    with pytest.raises(QueryError, match=r"choice 'w' is open.*photos\.tune"):
        photos.search(WEIGHTS * GOOD.fill(input="i00"))


def test_tuning_finds_the_part_that_helps_and_says_how_sure_it_is(photos):
    topics, judgments = topics_from_labels(photos, per_concept=4)
    query = fuse([BAD, choose("w", [0, 1, 4]) * GOOD], method="sum", norm=choose("norm", [None, "minmax"]))
    tuned = photos.tune(query, topics, judgments, measure="AP", baseline=BAD, folds=4)
    assert tuned.kept and tuned.picks["w"] == 4
    assert isinstance(tuned.query, Fuse)
    assert tuned.gain.low > 0 and tuned.agreeing == 4
    assert len(tuned.candidates) == 6
    assert "on topics not tuned on; 4 of 4 folds agree; use" in repr(tuned)


def test_where_nothing_helps_the_baseline_stays_and_few_topics_are_said(photos):
    topics, judgments = topics_from_labels(photos, per_concept=1)
    tuned = photos.tune(
        GOOD + choose("w", [0, 0.5, 1]) * BAD, topics, judgments, measure="AP", baseline=GOOD, folds=4
    )
    assert not tuned.kept and tuned.query == GOOD
    assert "the baseline stays; only 8 topics, so all of this is uncertain" in repr(tuned)


def test_of_candidates_that_only_differ_by_chance_hardly_one_is_chosen_to_harm():
    """The rule on noise: what is chosen loses little on other topics of the same kind."""
    lost = []
    for seed in range(100):
        random = np.random.default_rng(seed)
        true = random.normal(-0.01, 0.01, 12)
        groups = Groups.of([str(k // 2) for k in range(20)])
        effects = random.normal(0, 0.1, (12, 10))
        gains = true[:, None] + effects[:, groups.codes] + random.normal(0, 0.1, (12, 20))
        chosen = choose_candidate(gains, groups, folds=5, seed=0)
        lost.append(0.0 if chosen is None else true[chosen])
    assert np.mean(lost) > -0.005


@pytest.mark.parametrize("wrong", [{"folds": 1}, {"folds": 50}, {"measure": "milliseconds"}])
def test_what_cannot_be_tuned_is_refused(photos, wrong):
    asked = topics_from_labels(photos)
    with pytest.raises(QueryError):
        photos.tune(WEIGHTS * GOOD + BAD, *asked, **wrong)
    with pytest.raises(QueryError, match="nothing to tune"):
        photos.tune(GOOD, *asked)
