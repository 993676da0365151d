"""A simulated user who marks what is shown."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits

import toolkit
from toolkit.errors import ContractError, QueryError, UnknownNameError
from toolkit.evaluation import Topics, topics_from_labels

STRATEGIES = ["rocchio", "nearest", "logistic", "refine"]


@pytest.fixture(scope="module")
def experiment():
    data = load_digits()
    drawn = (255 - data.images[:300] * 15.9).astype(np.uint8).repeat(6, axis=1).repeat(6, axis=2)
    with toolkit.open(workflow="pixels") as photos:
        photos.add([np.stack([one] * 3, axis=-1) for one in drawn], progress=False)
        ids = list(photos)
        for number in range(10):
            photos.annotate(
                [ids[at] for at in np.flatnonzero(data.target[:300] == number)], concept=str(number)
            )
        yield photos, *topics_from_labels(photos, per_concept=2, seed=0)


def test_marking_finds_more_than_scrolling_on(experiment):
    photos, topics, judgments = experiment
    result = photos.simulate(STRATEGIES, topics, judgments, rounds=3, shown=8)
    assert result.systems == ("none", *STRATEGIES)
    assert [one.name for one in result.measures] == ["P@16", "P@24"]
    means = {name: result.mean(name, "P@24") for name in result.systems}
    assert all(means[name] > means["none"] for name in ("rocchio", "nearest", "refine")), means
    assert len(result.differences) == 8
    assert {one.baseline for one in result.differences} == {"none"}


def test_no_picture_is_looked_at_twice_nor_the_one_that_was_asked_with(experiment):
    photos, topics, judgments = experiment
    result = photos.simulate(STRATEGIES, topics, judgments, rounds=2, shown=5)
    for run in result.runs.values():
        for topic in topics:
            assert len(set(run[topic.id].ids)) == 10
            assert not set(run[topic.id].ids) & set(topic.exclude)


def test_the_first_round_is_the_same_for_all(experiment):
    photos, topics, judgments = experiment
    result = photos.simulate(STRATEGIES, topics, judgments, rounds=2, shown=5)
    for topic in topics:
        assert len({run[topic.id].ids[:5] for run in result.runs.values()}) == 1


def test_more_than_is_relevant_is_refused(experiment):
    photos, topics, judgments = experiment
    with pytest.raises(QueryError, match="show 80 pictures, but only"):
        photos.simulate(["rocchio"], topics, judgments, rounds=10, shown=8)


def test_a_strategy_of_ones_own_is_a_system(experiment):
    photos, topics, judgments = experiment

    class Backwards:
        name = "backwards"
        help = "The least like the query first."

        def rank_again(self, marks):
            return -(marks.vectors @ marks.query)

    result = photos.simulate(["rocchio", Backwards()], topics, judgments, rounds=2, shown=5)
    assert result.mean("backwards", "P@10") < result.mean("none", "P@10")


def test_a_strategy_that_breaks_its_contract_is_named(experiment):
    photos, topics, judgments = experiment

    class Short:
        name = "short"
        help = "Too few."

        def rank_again(self, marks):
            return np.zeros(3)

    with pytest.raises(ContractError, match="short"):
        photos.simulate([Short()], topics, judgments, rounds=2, shown=5)


def test_an_unknown_strategy_names_the_nearest(experiment):
    photos, topics, judgments = experiment
    with pytest.raises(UnknownNameError, match="rocchio"):
        photos.simulate(["rochio"], topics, judgments)


def test_a_topic_without_a_picture_says_what_it_takes(experiment):
    photos, topics, judgments = experiment
    without = Topics.of([{"id": one.id, "text": "x"} for one in topics])
    with pytest.raises(QueryError, match="column 'input'"):
        photos.simulate(["rocchio"], without, judgments, rounds=2, shown=5)


def test_what_was_looked_at_is_saved_and_compared_again(experiment, tmp_path):
    from toolkit.evaluation import read_recipe
    from toolkit.evaluation.compare import compare

    photos, topics, judgments = experiment
    result = photos.simulate(["rocchio"], topics, judgments, rounds=2, shown=5)
    read = read_recipe(result.save(tmp_path / "runs"))
    again = compare(dict(read.runs), read.topics, read.judgments, **read.options)
    assert again.to_dict()["rows"] == result.to_dict()["rows"]
