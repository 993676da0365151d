"""Many queries at once: what each alone would have found, scored once, over one revision."""

import numpy as np
import pytest
from made_up_collection import MadeUp, MeanColor, registry
from toolkit_visual.rankers import EmbeddingRanker

import toolkit
from toolkit.errors import ContractError, QueryError, UnknownNameError
from toolkit.images import encode_png, from_array
from toolkit.query import Term, fuse, topic
from toolkit.search import many
from toolkit.terms import concept, image, input
from toolkit.testing import RankerContract

VECTORS = dict(zip("abcdefgh", np.random.default_rng(3).normal(size=(8, 3)).tolist(), strict=True))


@pytest.fixture
def made():
    with MadeUp(*VECTORS) as made:
        made.embed({name: (np.array(v) / np.linalg.norm(v)).tolist() for name, v in VECTORS.items()})
        made.say("dog", {"a": 0.9, "c": 0.4, "d": 0.4, "h": 0.1})
        yield made


def queries():
    likes = [input(name) for name in "abcd"]
    dog = concept("dog")
    return [
        *likes,
        dog,
        dog & likes[0],
        fuse([dog, likes[1]]),
        ~dog,
        likes[2] + 2 * dog,
        likes[0],
        dog >= 0.4,
    ]


def test_each_ranking_is_that_of_the_query_alone(made):
    asked = queries()
    rankings = made.photos.search_many(asked, depth=5)
    for query, ranking in zip(asked, rankings, strict=True):
        alone = made.photos.search(query, limit=5)
        assert ranking.query == query
        assert ranking.ids == alone.ids
        assert ranking.total == alone.total
        np.testing.assert_allclose(ranking.scores, alone.scores, atol=1e-6)


@pytest.mark.parametrize("held", [1, 4 * 8 * 2, 2**20])
def test_how_much_is_held_at_a_time_changes_nothing(made, monkeypatch, held):
    expected = [ranking.ids for ranking in made.photos.search_many(queries())]
    monkeypatch.setattr(many, "HELD", held)
    assert [ranking.ids for ranking in made.photos.search_many(queries())] == expected


def test_hits_are_made_when_they_are_looked_at(made):
    (ranking,) = made.photos.search_many([concept("dog") & input("a")], depth=6)
    hits = ranking.hits(2)
    alone = made.photos.search(concept("dog") & input("a"), limit=2)
    assert (hits.ids, hits.total, hits[0].parts[0].term) == (alone.ids, alone.total, alone[0].parts[0].term)


def test_all_are_of_one_revision_and_say_which(made):
    rankings = made.photos.search_many(queries())
    made.add("later")
    assert rankings.revision == made.photos.snapshot().revision - 1
    assert "later" not in rankings[7].ids  # ~dog


def test_regions_are_ranked_too(made):
    asked = [concept("dog"), input("b")]
    rankings = made.photos.search_many(asked, level="region", depth=3)
    for query, ranking in zip(asked, rankings, strict=True):
        assert ranking.ids == list(made.rows(query, limit=3))


class Counting(EmbeddingRanker):
    name = "counting"

    def __init__(self):
        self.asked = []

    def rank(self, term, snapshot, context):
        self.asked.append(1)
        return super().rank(term, snapshot, context)

    def rank_many(self, terms, snapshot, context):
        self.asked.append(len(terms))
        return super().rank_many(terms, snapshot, context)


def test_equal_terms_are_scored_once_and_those_of_one_ranker_together(made):
    ranker = Counting()
    made.photos.registry.add(ranker)
    near = [Term("counting", (1.0, 0.0, float(k))) for k in range(3)]
    made.photos.search_many([near[0], near[0] & near[1], fuse([near[0], near[2]]), near[1]])
    assert ranker.asked == [3]


class TestCounting(RankerContract):
    ranker = Counting()


class TooFew(EmbeddingRanker):
    name = "too_few"

    def rank_many(self, terms, snapshot, context):
        return super().rank_many(terms, snapshot, context)[:1]


def test_a_ranker_that_forgets_a_term_is_named(made):
    made.photos.registry.add(TooFew())
    with pytest.raises(ContractError, match=r"ranker 'too_few': scores are one row per term, \(2, 8\)"):
        made.photos.search_many([Term("too_few", (1.0, 0.0, float(k))) for k in range(2)])


def test_a_mistake_in_one_of_many_says_in_which(made):
    with pytest.raises(UnknownNameError, match="no ranker named 'imagge'") as caught:
        made.photos.search_many([input("a"), Term("imagge", "b")])
    assert caught.value.__notes__ == ["in imagge('b')"]
    with pytest.raises(QueryError, match=r"topic\.input is empty"):
        made.photos.search_many([input(topic.input)])


@pytest.mark.parametrize("wrong", [{"depth": 0}, {"level": "row"}, {"minimum": 2}])
def test_what_cannot_be_asked_is_refused(made, wrong):
    with pytest.raises(QueryError):
        made.photos.search_many([input("a")], **wrong)


def test_no_queries_are_no_rankings(made):
    assert len(made.photos.search_many([])) == 0


def test_an_empty_collection_ranks_nothing():
    with toolkit.open() as photos:
        assert photos.search_many([Term("where", None, {"created_after": 0})])[0].ids == []


class CountingColor(MeanColor):
    def __init__(self):
        self.pictures = 0

    def embed(self, images):
        self.pictures += len(images)
        return super().embed(images)


def picture(shade):
    return encode_png(from_array(np.full((4, 4, 3), shade, np.uint8)))


def test_a_picture_that_is_asked_about_again_is_not_embedded_again(tmp_path):
    embedder = CountingColor()
    with toolkit.open(workflow="none", registry=registry(embedder)) as photos:
        photos.add([picture(shade) for shade in (10, 200)], progress=False)
        photos.index(embedder="color", progress=False)
        before = embedder.pictures
        (tmp_path / "q.png").write_bytes(picture(90))
        first = photos.search(image(picture(90)))
        assert photos.search(image(tmp_path / "q.png")).scores.tolist() == first.scores.tolist()
        assert embedder.pictures == before + 1
        photos.search(image(picture(90), box=(0, 0, 0.5, 0.5)))
        (tmp_path / "q.png").write_bytes(picture(91))  # its content is what counts, not its name
        photos.search(image(tmp_path / "q.png"))
        assert embedder.pictures == before + 3
