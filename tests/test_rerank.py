"""``a >> b``: the best k of ``a`` in the order of ``b``, which looks at nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_collection import MadeUp
from strategies import groups

from toolkit.errors import QueryError
from toolkit.query import Rerank, Term, choose, from_json, fuse, normal
from toolkit.terms import concept, input
from toolkit.values.types import Box

NAMES = "abcdefghijkl"


@pytest.fixture(scope="module")
def made():
    random = np.random.default_rng(5)
    with MadeUp(*NAMES) as made:
        vectors = random.normal(size=(len(NAMES), 3))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        made.embed(dict(zip(NAMES, vectors.tolist(), strict=True)))
        for word in ("dog", "cat", "red"):
            said = random.choice(list(NAMES), 8, replace=False)
            made.say(word, dict(zip(said, random.choice([0.2, 0.5, 0.7, 0.9], 8).tolist(), strict=True)))
        ranker = Slow()
        made.photos.registry.add(ranker)
        made.ranker = ranker
        yield made


class Slow:
    """Scores row by row, and counts the rows."""

    name, parameters, is_filter, help = "slow", (), False, "Later ones first."

    def __init__(self):
        self.looked_at = []

    def rank(self, term, snapshot, context):
        scores = np.full(len(snapshot.rows), np.nan, np.float32)
        for row in context.rows:
            self.looked_at.append(int(row))
            scores[row] = (1 + row) / len(scores)
        return scores


slow = Term("slow")
leaf = st.sampled_from([concept("dog"), concept("cat"), concept("red"), input("a"), input("b")])
query = st.recursive(
    leaf,
    lambda parts: (
        groups(parts) | parts.map(lambda part: ~part) | st.lists(parts, min_size=1, max_size=2).map(fuse)
    ),
    max_leaves=3,
)
sizes = st.integers(1, len(NAMES) + 2)


def alone(made, by, ids):
    """The scores by one query, as if there were only some pictures: by all that is no fusion, it is the same."""
    return {name: score for name, score in made.scores(by).items() if name in ids}


@settings(max_examples=60, deadline=None)
@given(query, st.recursive(leaf, groups, max_leaves=3), sizes)
def test_the_best_k_of_the_first_have_the_order_and_the_scores_of_the_second(made, first, second, k):
    found = made.scores(first.rerank(second, k=k))
    best = made.ranked(first)[:k]
    assert found == alone(made, second, best)
    assert list(found) == list(alone(made, second, best))


@settings(max_examples=40, deadline=None)
@given(query, query, query, sizes, sizes)
def test_it_is_associative(made, one, two, three, k, m):
    assert one.rerank(two.rerank(three, k=m), k=k) == one.rerank(two, k=k).rerank(three, k=m)
    assert len(made.ranked(one.rerank(two, k=k).rerank(three, k=m))) <= min(k, m)


@settings(max_examples=40, deadline=None)
@given(query, query, sizes)
def test_many_queries_at_once_rank_it_as_one_alone_does(made, first, second, k):
    asked = [first.rerank(second, k=k), second, (first & second).rerank(~first, k=k)]
    for one, ranking in zip(asked, made.photos.search_many(asked), strict=True):
        hits = made.photos.search(one, limit=100)
        assert ranking.ids == hits.ids
        assert [hit.input.id for hit in ranking.hits(50)] == hits.ids[:50]


@settings(max_examples=40, deadline=None)
@given(query, query, sizes)
def test_ranking_all_again_is_ranking_by_the_second_what_the_first_finds(made, first, second, k):
    everything = first.rerank(second, k=100)
    assert set(made.ranked(everything)) <= set(made.ranked(first))
    assert from_json(everything.to_json()) == everything
    assert normal(~everything) == ~normal(everything)


def test_the_second_looks_at_k_rows_and_no_others(made):
    made.ranker.looked_at.clear()
    near = made.ranked(input("a"))[:4]
    found = made.ranked(input("a").rerank(slow, k=4))
    assert sorted(made.ranker.looked_at) == sorted(NAMES.index(name) for name in near)
    assert found == sorted(near, reverse=True)
    made.ranker.looked_at.clear()
    made.photos.search_many([input(name).rerank(slow, k=3) for name in "abcd"])
    assert len(made.ranker.looked_at) == 12


def test_what_also_stands_elsewhere_is_ranked_once_and_everywhere(made):
    made.ranker.looked_at.clear()
    made.ranked(input("a").rerank(slow, k=4) + slow)
    assert made.ranker.looked_at == list(range(len(NAMES)))


def test_similarities_are_computed_for_k_rows(made):
    hits = made.photos.search(concept("dog").rerank(input("a"), k=3), limit=10)
    assert len(hits) == hits.total == 3
    assert hits.ids == [name for name in made.ranked(input("a")) if name in hits.ids]


def test_a_filter_holds_before_or_among_the_k(made):
    only = concept("dog") >= 0.5
    first = made.ranked((input("a") & only).rerank(slow, k=3))
    among = made.ranked(input("a").rerank(slow, k=3) & only)
    dogs = [name for name in made.ranked(input("a")) if name in made.ranked(only)]
    assert first == sorted(dogs[:3], reverse=True)
    assert among == sorted(set(made.ranked(input("a"))[:3]) & set(dogs), reverse=True)


def test_the_negation_of_what_is_ranked_again_is_a_hit_everywhere(made):
    ranked = input("a").rerank(slow, k=4)
    assert len(made.ranked(~ranked)) == len(NAMES)


def test_explaining_a_hit_shows_both_and_says_what_was_looked_at(made):
    text = str(made.photos.search(input("a").rerank(slow, k=4)).explain(0))
    assert "input('a')" in text
    assert "only the best 4 of input('a') were looked at" in text


def test_a_norm_in_the_second_is_of_the_k_alone(made):
    best = made.ranked(input("a"))[:5]
    found = made.scores(input("a").rerank(fuse([input("b")], method="sum", norm="minmax"), k=5))
    assert sorted(found) == sorted(best)
    assert (max(found.values()), min(found.values())) == (1, 0)


def test_regions_are_ranked_again_as_regions():
    with MadeUp("a", "b") as made:
        corner = made.region("a", Box(0, 0, 0.5, 0.5))
        other = made.region("b", Box(0, 0, 0.5, 0.5))
        made.embed({corner: [1, 0, 0], other: [0, 1, 0]})
        made.say("dog", {corner: 0.6, other: 0.9})
        near = Term("embedding", (1.0, 0.0, 0.0))
        assert list(made.rows(concept("dog"))) == [other, corner]
        assert list(made.rows(concept("dog").rerank(near, k=2))) == [corner, other]
        assert list(made.rows(concept("dog").rerank(near, k=1))) == [other]


def test_k_may_be_a_choice():
    open_ = concept("dog").rerank(input("a"), k=choose("k", [20, 50]))
    assert open_.choices == {"k": (20, 50)}
    assert open_.with_choices(k=50) == concept("dog").rerank(input("a"), k=50)


def test_what_ranks_again_has_no_other_inside():
    with pytest.raises(QueryError, match="what ranks again has no >> inside"):
        Rerank(concept("dog"), ~(concept("cat") >> concept("red")))
    with pytest.raises(TypeError):
        concept("dog") >> 3
