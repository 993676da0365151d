"""A collection of more rows than a snapshot may have: what it answers, how surely, and what it refuses."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
from made_up_collection import MadeUp
from pages import examples_failed
from small_engine import SmallEngine

from toolkit.errors import QueryError, TooManyRowsError
from toolkit.plugins.registry import Registry
from toolkit.query import Term, fuse
from toolkit.search import in_parts
from toolkit.similarity.engines import Engines

NAMES = [f"{number:03}" for number in range(120)]
ANGLES = np.linspace(0, np.pi, len(NAMES))


def like(at):
    return Term("embedding", (float(np.cos(ANGLES[at])), float(np.sin(ANGLES[at])), 0.0))


DOG, BEST = Term("concept", "dog"), Term("label", "best")


class Loud:
    """A third party's, which knows nothing but `rank`."""

    name, is_filter, help, parameters = "loud", False, "How loud a picture is.", ()

    def rank(self, term, snapshot, context):
        return ((snapshot.rows.key % 7) / np.float32(7)).astype(np.float32)


class Rare(Loud):
    name, needs_all_rows = "rare", True


@pytest.fixture(scope="module")
def made():
    with MadeUp(*NAMES) as made:
        made.embed(
            {name: (np.cos(angle), np.sin(angle), 0) for name, angle in zip(NAMES, ANGLES, strict=True)}
        )
        made.say("dog", {name: at / 40 for at, name in enumerate(NAMES[::3])})
        made.say("best", dict.fromkeys(NAMES[::20], 1.0), source="human:eva")
        with made.store.write() as batch:
            batch.datasets.add("odd", made.store.inputs.keys(NAMES[1::2]))
        for ranker in (Loud(), Rare()):
            made.photos.registry.add(ranker)
        made.photos._resources.backgrounds.refresh(made.photos._resources.snapshots.latest)
        yield made


@pytest.fixture
def large(made):
    """The same where only ten rows may be in a snapshot, with an engine; and what the whole one answers."""
    resources, registry = made.photos._resources, Registry()
    registry.add(SmallEngine)

    def whole(query, **options):
        resources.snapshots.most_rows, before = None, resources.snapshots.most_rows
        hits = made.photos.search(query, **options)
        resources.snapshots.most_rows = before
        return hits.ids, hits.scores.tolist()

    before = resources.engines
    resources.engines = Engines(made.store, registry, "small", lambda _: None)
    resources.snapshots.most_rows = 10
    made.whole = whole
    resources.snapshots._current = None
    yield made
    resources.snapshots.most_rows, resources.engines = None, before


@pytest.fixture
def answer(large):
    def answer(query, **options):
        expected = large.whole(query, **options)
        large.photos._resources.snapshots._current = None
        hits = large.photos.search(query, **options)
        assert (hits.ids, hits.scores.tolist()) == expected
        return hits

    return answer


@pytest.mark.parametrize(
    "query",
    [
        like(5),
        like(5) & DOG,
        like(5) | like(90),
        like(5) & ~like(9),
        like(5) + 2 * like(60),
        DOG,
        ~DOG & like(7),
    ],
    ids=str,
)
def test_what_is_sure_is_what_scoring_everything_gives(answer, query):
    hits = answer(query, limit=3)
    assert hits.exact
    assert hits.plan.folded < len(NAMES)
    assert "exact" in str(hits.explain())


def test_few_inputs_that_filters_leave_are_all_scored(answer):
    for query in (
        BEST & like(5),
        Term("where", options={"dataset": "odd"}) & DOG,
        BEST & ~Term("only", ("000",)),
    ):
        hits = answer(query, limit=3)
        assert (hits.exact, hits.counted, hits.plan.compared) == (True, True, in_parts.LEFT)


def test_a_ranker_that_knows_only_rank_scores_the_parts(answer):
    hits = answer(like(5) & Term("loud"), limit=2)
    assert [part.term.partition("(")[0] for part in hits[0].parts] == ["embedding", "loud"]


def test_an_input_that_the_query_names_is_looked_at(answer):
    assert answer(Term("input", NAMES[50]), limit=3).exact


def test_hits_that_are_not_counted_say_at_least(answer):
    hits = answer(like(5), limit=3)
    assert not hits.counted
    assert hits.total_text == f"at least {hits.total:,}"
    assert f"3 of at least {hits.total} hits" in hits.text()
    assert pickle.loads(pickle.dumps(hits)).total_text == hits.total_text
    assert hits.page(2, size=3).hits[0].rank == 4


def test_at_a_cap_the_hits_say_that_they_are_not_sure(large, monkeypatch):
    monkeypatch.setattr(in_parts, "MOST", 20)
    hits = large.photos.search(like(5) >= 0.0, limit=3)
    assert not hits.exact
    assert "13 combined" in hits.text()
    assert "not exact: rows that were not looked at may score as much" in str(hits.explain())


def test_ranks_are_fused_among_what_was_looked_at(large, monkeypatch):
    monkeypatch.setattr(in_parts, "FUSED", 30)
    hits = large.photos.search(fuse([like(5), DOG], method="rrf"), limit=3)
    assert (len(hits), hits.exact, hits.plan.doubt) == (3, False, "ranks are those among the rows looked at")


def test_an_approximate_engine_makes_nothing_sure(large, monkeypatch):
    rough = replace(SmallEngine.capabilities, exact=False)
    monkeypatch.setattr(SmallEngine, "capabilities", rough)
    doubt = large.photos.search(like(5), limit=3).plan.doubt
    assert doubt == "the engine 'small' is approximate; check_index measures by how much"
    large.photos._resources.snapshots.most_rows = None
    assert large.photos.check_index(k=5) == 1.0
    large.photos._resources.snapshots.most_rows = 10
    large.photos._resources.snapshots._current = None
    hits = large.photos.search(like(5), limit=3)
    assert hits.plan.doubt == "the engine 'small' finds 1.000 of the 5 nearest, as measured"
    assert not hits.exact


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (like(5) >> DOG, "ranks the best of all rows again"),
        (fuse([like(5), DOG], norm="minmax"), "the norm 'minmax' is made of the scores of all rows"),
        (like(5) & Term("rare"), "'rare' scores a row by all the others"),
    ],
    ids=["rerank", "norm", "ranker"],
)
def test_what_looks_at_all_rows_is_refused_in_words(large, query, words):
    with pytest.raises(QueryError, match=words):
        large.photos.search(query)


def test_the_engine_is_handed_out_however_many_rows_there_are(large):
    engine = large.photos.engine()
    keys, cosines = engine.nearest(next(iter(engine._held)), np.array([[1, 0, 0]], np.float32), 1)
    assert keys[0, 0] > 0
    assert cosines[0, 0] == pytest.approx(1)


def test_the_page_on_engines_shows_what_happens():
    assert examples_failed("docs/engines.md") == ""


def test_without_an_engine_a_picture_is_refused_in_words(made, large):
    large.photos._resources.engines = Engines(made.store, Registry(), None, lambda _: None)
    with pytest.raises(TooManyRowsError, match=r"120 rows are more than the 10 of Settings\.snapshot_rows"):
        large.photos.search(like(5))
    assert large.photos.search(DOG, limit=2).exact


def test_what_is_only_absent_is_refused_in_words(large):
    with pytest.raises(TooManyRowsError, match="through an engine"):
        large.photos.search(~like(5))
