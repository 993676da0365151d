"""Searching: which rows are hits at which level, in which order, and what a hit says of itself."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from made_up_collection import MODEL, MadeUp

from toolkit.errors import ContractError, NotIndexedError, QueryError, UnknownNameError
from toolkit.fusion.joined import MISSES
from toolkit.plugins.parameters import Parameter
from toolkit.query import Term, fuse
from toolkit.values.source import Source
from toolkit.values.types import Box

TOP, BOTTOM = Box(0, 0, 0.5, 1), Box(0.5, 0, 1, 1)
HUGE = 10**15


def concept(name, **options) -> Term:
    return Term("concept", name, tuple(options.items()))


def label(name) -> Term:
    return Term("label", name)


def embedding(*numbers) -> Term:
    return Term("embedding", numbers)


def said(confidence) -> float:
    """What a concept counts inside ``&``, where its model may miss things."""
    return MISSES + (1 - MISSES) * confidence


@pytest.fixture
def made(target):
    with MadeUp("a", "b", "c", "d", target=target) as made:
        yield made


# order


def test_equal_scores_keep_the_order_of_creation(made):
    made.say("dog", {"d": 0.5, "b": 0.5, "c": 0.9, "a": 0.5})
    assert made.ranked(concept("dog")) == ["c", "a", "b", "d"]


def test_many_equal_scores_keep_the_order_of_creation_on_every_page():
    names = [f"{number:03}" for number in range(90)]
    with MadeUp(*names) as made:
        made.say("dog", dict.fromkeys(reversed(names), 0.5))
        hits = made.photos.search(concept("dog"), limit=20)
        pages = [hits.page(number, size=20).ids for number in range(1, 6)]
    assert [id for page in pages for id in page] == names


def test_the_same_query_on_the_same_revision_gives_the_same_hits(made):
    made.say("dog", {"a": 0.3, "b": 0.8})
    made.embed({"a": [1, 0, 0], "b": [0, 1, 0], "c": [1, 1, 0]})
    query = (concept("dog") | embedding(1, 0, 0)) ** 2 + ~concept("dog")
    first, second = made.photos.search(query), made.photos.search(query)
    assert first.ids == second.ids
    assert first.scores.tolist() == second.scores.tolist()
    assert [hit.annotation for hit in first] == [hit.annotation for hit in second]


def test_what_a_model_has_looked_at_is_what_the_store_recorded(made):
    made.say("dog", {"a": 0.9})
    made.add("late")
    made.embed({"a": [1, 0, 0], "b": [0.9, 0.1, 0], "late": [0.9, 0.1, 0]})
    both = concept("dog") & embedding(1, 0, 0)
    assert made.ranked(both) == [
        "a",
        "b",
    ]  # of "late" the model said nothing yet: it is unknown, not left out
    with made.store.write() as batch:
        batch.progress.mark(made.store.inputs.keys(["late"]), "concept_model:made-up@1")
    assert made.ranked(both) == ["a", "b", "late"]


def test_predictions_without_a_record_of_what_was_looked_at_leave_the_rest_unknown(made):
    (id,) = made.say("dog", {"a": 0.9}, source="human:importer")
    made.photos.annotations.put(
        [replace(made.photos.annotations[id], id="", source=Source("model:elsewhere@1"))]
    )
    made.photos.annotations.delete([id])
    made.embed({"a": [1, 0, 0], "b": [1, 0, 0]})
    assert made.ranked(concept("dog") & embedding(1, 0, 0)) == ["a"]


def test_a_composed_query_ranks_by_all_its_terms(made):
    made.say("dog", {"a": 0.9, "b": 0.9, "c": 0.9, "d": 0.1})
    made.say("cat", {"a": 0.8})
    made.embed({"a": [1, 0, 0], "b": [0, 1, 0], "c": [1, 0, 0], "d": [1, 0, 0]})
    query = concept("dog") & ~concept("cat") & embedding(1, 0, 0)
    scores = made.scores(query)
    near = made.scores(embedding(1, 0, 0))
    assert near["a"] > 0.8
    assert near["b"] < 0.001
    assert list(scores) == ["c", "d", "a", "b"]
    assert scores["c"] == pytest.approx((said(0.9) * near["c"]) ** (1 / 3), abs=1e-3)
    assert scores["a"] == pytest.approx((said(0.9) * 0.2 * near["a"]) ** (1 / 3), abs=1e-3)


def test_a_term_that_stands_in_a_query_twice_is_ranked_once(made):
    calls = []

    class Counting:
        name = "counting"
        is_filter = False
        help = "Counts."
        parameters = ()

        def rank(self, term, snapshot, context):
            calls.append(term)
            return np.ones(len(snapshot.rows), np.float32)

    made.photos.registry.add(Counting())
    made.say("dog", {"a": 0.5})
    term = Term("counting")
    made.ranked((term & (concept("dog") | ~term)) + term)
    assert len(calls) == 1


def test_fusions_of_rankings_are_ranked_too(made):
    made.say("dog", {"a": 0.9, "b": 0.5, "c": 0.1})
    made.say("cat", {"c": 0.9, "b": 0.5, "d": 0.1})
    assert made.ranked(fuse([concept("dog"), concept("cat")], method="min")) == ["b", "c", "a", "d"]


# the window


def test_limit_and_offset_cut_the_ranking(made):
    made.say("dog", {"a": 0.1, "b": 0.4, "c": 0.3, "d": 0.2})
    assert made.ranked(concept("dog"), limit=2) == ["b", "c"]
    hits = made.photos.search(concept("dog"), limit=2, offset=1)
    assert [(hit.rank, hit.input.id) for hit in hits] == [(2, "c"), (3, "d")]
    assert hits.total == 4


def test_an_offset_past_the_end_leaves_nothing_but_the_total(made):
    made.say("dog", {"a": 0.1, "b": 0.4})
    for offset in (2, HUGE):
        hits = made.photos.search(concept("dog"), offset=offset)
        assert (hits.ids, hits.total) == ([], 2)


@pytest.mark.parametrize("query", [concept("dog"), embedding(1, 0, 0), label("dog")])
def test_a_huge_limit_gives_all_there_are(made, query):
    made.say("dog", {"a": 1.0, "b": 0.9}, source="human:ann")
    made.say("dog", {"a": 0.9, "b": 0.9})
    made.embed({"a": [1, 0, 0], "b": [0, 1, 0]})
    assert made.ranked(query, limit=HUGE) == ["a", "b"]


@pytest.mark.parametrize(
    "window",
    [{"limit": 0}, {"limit": -1}, {"limit": 2.5}, {"limit": "3"}, {"limit": True}, {"offset": -1}]
    + [{"offset": None}, {"level": "row"}, {"level": None}]
    + [{"minimum": value} for value in (-0.1, 1.1, math.nan, "0.5", None, True)],
)
def test_a_window_that_cannot_be_is_refused(made, window):
    made.say("dog", {"a": 0.5})
    ((name, value),) = window.items()
    with pytest.raises(QueryError, match=re.escape(f"{name}={value!r}: ")):
        made.photos.search(concept("dog"), **window)


def test_numpy_integers_are_whole_numbers(made):
    made.say("dog", {"a": 0.5, "b": 0.4})
    assert made.ranked(concept("dog"), limit=np.int64(1), offset=np.uint8(1)) == ["b"]


def test_minimum_leaves_out_what_scores_less(made):
    made.say("dog", {"a": 0.9, "b": 0.899, "c": 0.1, "d": 1.0})
    hits = made.photos.search(concept("dog"), minimum=0.9)
    assert (hits.ids, hits.total) == (["d", "a"], 2)
    assert made.ranked(concept("dog"), minimum=1) == ["d"]
    assert made.ranked(label_of(made, "a"), minimum=1) == ["a"]


def label_of(made, *rows):
    made.say("seen", dict.fromkeys(rows, 1.0), source="human:ann")
    return label("seen")


def test_a_page_beyond_the_hits_is_searched_for(made):
    made.say("dog", {"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1})
    hits = made.photos.search(concept("dog"), limit=1, minimum=0.15)
    assert hits.page(2, size=2).ids == ["c"]
    assert [hit.rank for hit in hits.page(2, size=2)] == [3]


# an empty collection


def test_an_empty_collection_has_no_hits():
    with MadeUp() as made:
        for level in ("input", "region"):
            hits = made.photos.search(Term("where", None, (("status", "success"),)), level=level)
            assert (hits.ids, hits.total) == ([], 0)
        made.photos.concepts.add("dog")
        with pytest.raises(NotIndexedError, match="no model or annotation here has dog"):
            made.ranked(concept("dog"))


# levels


@pytest.fixture
def regions(made):
    """The regions by name; input `a` has two, `b` one."""
    return {"a1": made.region("a", TOP), "a2": made.region("a", BOTTOM), "b1": made.region("b", TOP)}


def test_an_input_scores_as_its_best_row_and_shows_it(made, regions):
    made.say("dog", {"a": 0.2, regions["a1"]: 0.4, regions["a2"]: 0.9, "b": 0.6, regions["b1"]: 0.5})
    hits = made.photos.search(concept("dog"))
    assert [(hit.input.id, round(hit.score, 4), hit.box) for hit in hits] == [
        ("a", 0.9, BOTTOM),
        ("b", 0.6, None),
    ]
    assert hits[0].region_id == regions["a2"]
    assert (hits[0].annotation.box, dict(hits[0].annotation.concepts)) == (BOTTOM, {"dog": 0.9})
    assert hits[0].parts[0].box == BOTTOM


def test_each_term_takes_its_own_best_row_of_an_input(made, regions):
    made.say("dog", {regions["a1"]: 0.9, "b": 0.5})
    made.say("cat", {regions["a2"]: 0.4, "b": 0.5})
    (first, _) = made.photos.search(concept("dog") & concept("cat"))
    assert (first.input.id, first.box) == ("a", TOP)
    assert first.score == pytest.approx((said(0.9) * said(0.4)) ** 0.5)
    assert [part.box for part in first.parts] == [TOP, BOTTOM]
    (first, _) = made.photos.search(concept("dog") & concept("cat") ** 5)
    assert first.input.id == "b"


def test_of_several_terms_the_hit_shows_the_row_of_the_one_that_gave_most(made, regions):
    made.say("dog", {regions["a1"]: 0.5})
    made.say("cat", {regions["a2"]: 0.4})
    assert made.photos.search(concept("dog") + concept("cat"))[0].box == TOP
    assert made.photos.search(concept("dog") + 2 * concept("cat"))[0].box == BOTTOM
    assert made.photos.search(concept("cat") & ~concept("dog"))[0].box == BOTTOM
    seen = label_of(made, regions["a1"])
    assert made.photos.search(seen & concept("cat"))[0].box == BOTTOM  # a rank before a filter


def test_a_hit_for_absence_shows_the_whole_image(made, regions):
    made.say("dog", {regions["a1"]: 0.3, "b": 0.9, "c": 0.9, "d": 0.9})
    hit = made.photos.search(~concept("dog"))[0]
    assert (hit.input.id, hit.box, round(hit.score, 4)) == ("a", None, 0.7)


def test_at_the_level_of_regions_every_row_is_a_hit_of_its_own(made, regions):
    made.say("dog", {"a": 0.2, regions["a2"]: 0.9, "b": 0.6})
    assert made.rows(concept("dog")) == {regions["a2"]: 0.9, "b": 0.6, "a": 0.2}


def test_a_region_without_a_score_has_that_of_its_whole_image_in_the_other_terms(made, regions):
    made.say("dog", {regions["a1"]: 0.9, regions["a2"]: 0.4, regions["b1"]: 0.9})
    made.say("night", {"a": 0.4})
    query = concept("dog") & concept("night")
    expected = {
        regions["a1"]: (said(0.9) * said(0.4)) ** 0.5,
        regions["a2"]: said(0.4),
        regions["b1"]: (said(0.9) * MISSES) ** 0.5,  # of which the model was silent about the night
        "a": (said(0.4) * MISSES) ** 0.5,
    }
    rows = made.rows(query)
    assert list(rows) == list(expected)
    assert rows == pytest.approx(expected, abs=1e-4)
    first = made.photos.search(query, level="region")[0]
    assert [(part.score, part.box) for part in first.parts] == [
        (pytest.approx(0.9), TOP),
        (pytest.approx(0.4), None),  # said of the image as a whole
    ]


def test_a_region_that_no_term_scored_is_no_hit_because_its_image_is_one(made, regions):
    made.say("dog", {"a": 0.9, "b": 0.8})
    made.say("cat", {regions["b1"]: 0.1})
    made.say("odd", {"d": 1.0})
    assert list(made.rows(concept("dog"))) == ["a", "b"]
    assert list(made.rows(concept("dog") & ~concept("odd"))) == ["a", "b"]
    assert list(made.rows(concept("dog") - concept("odd"))) == ["a", "b"]
    assert list(made.rows(concept("dog") & ~concept("cat"))) == ["a", "b"]
    assert set(made.rows(concept("dog") | concept("cat"))) == {"a", "b", regions["b1"]}
    whole = Term("where", None, (("status", "success"),))
    assert list(made.rows(concept("dog") & whole)) == ["a", "b"]
    assert list(made.rows(concept("dog") >= 0.5)) == ["a", "b"]
    assert list(made.rows(fuse([concept("dog"), concept("odd")], method="rrf"))) == ["a", "d", "b"]


def test_absence_alone_says_something_of_every_region(made, regions):
    made.say("dog", {"a": 0.9, regions["b1"]: 0.6})
    assert made.rows(~concept("dog")) == {
        "c": 1.0,
        "d": 1.0,
        "b": 0.4,  # what is absent judges the whole picture, whose best row is a region
        regions["b1"]: 0.4,
        "a": 0.1,
        regions["a1"]: 0.1,  # of these nobody said more than of their image
        regions["a2"]: 0.1,
    }
    assert made.rows(concept("dog", value=0.0)) == made.rows(~concept("dog"))


def test_a_filter_holds_on_the_very_row(made, regions):
    made.say("dog", {"a": 0.5, regions["a1"]: 0.9, regions["a2"]: 0.7, regions["b1"]: 0.8})
    seen = label_of(made, "a", regions["a2"])
    assert made.rows(concept("dog") & seen) == {regions["a2"]: 0.7, "a": 0.5}
    assert list(made.rows(concept("dog") & ~seen)) == [regions["a1"], regions["b1"]]
    made.say("late", {regions["b1"]: 1.0}, source="human:ann")
    assert list(made.rows(label("late") | concept("dog") & seen)) == [regions["b1"], regions["a2"], "a"]


def test_an_image_term_ranks_the_regions_that_are_embedded(made, regions):
    made.embed({"a": [1, 1, 0], regions["a1"]: [1, 0, 0], "c": [0, 1, 0]})
    assert list(made.rows(embedding(1, 0, 0))) == [regions["a1"], "a", "c"]
    assert made.ranked(embedding(1, 0, 0)) == ["a", "c"]


# why


def test_a_hit_explains_what_each_term_gave_it(made):
    made.say("dog", {"a": 0.9, "b": 0.4})
    made.embed({"a": [1, 0, 0], "b": [0, 1, 0]})
    made.say("cat", {"c": 1.0})
    query = concept("dog") ** 2 & ~concept("cat") & Term("input", "b")
    hits = made.photos.search(query)
    parts = [(part.term, round(part.score, 4), part.weight, part.negated) for part in hits[0].parts]
    np.testing.assert_equal(
        parts,
        [
            ("concept('dog')", 0.4, 2.0, False),
            ("concept('cat')", math.nan, 1.0, True),
            ("input('b')", 0.9891, 1.0, False),
        ],
    )
    assert all(part.milliseconds > 0 for part in hits[0].parts)
    assert hits.milliseconds >= max(part.milliseconds for part in hits[0].parts)
    explained = str(hits.explain(0)).splitlines()
    assert explained[0].startswith(
        f"rank 1, score {hits[0].score:.3f}: b.jpg (input b, annotated by {MODEL})"
    )
    assert explained[2].split()[:3] == ["concept('dog')", "0.400", "2"]
    assert explained[3].split()[:3] == ["not", "concept('cat')", "none"]


def test_every_place_of_a_term_is_explained_in_the_order_of_the_query(made):
    made.say("dog", {"a": 0.9})
    made.say("cat", {"a": 0.4})
    dog, cat = concept("dog"), concept("cat")
    (hit,) = made.photos.search((dog & cat) | (dog & 2 * dog), limit=1)
    assert [(part.term, part.weight) for part in hit.parts] == [
        ("concept('dog')", 1.0),
        ("concept('cat')", 1.0),
        ("concept('dog')", 2.0),
    ]


def test_what_a_ranker_notes_is_explained(made):
    class Noted:
        name = "noted"
        is_filter = False
        help = "Says why."
        parameters = (Parameter("word", "text", "Anything."),)

        def rank(self, term, snapshot, context):
            context.note(f"because of {term['word']}")
            return np.ones(len(snapshot.rows), np.float32)

    made.photos.registry.add(Noted())
    hits = made.photos.search(Term("noted", "luck"))
    assert hits[0].parts[0].notes == ("because of luck",)
    assert str(hits.explain(0)).splitlines()[-1] == "noted('luck'): because of luck"


# rankers that break their contract


def ranker(scored, *, is_filter=False):
    class Odd:
        name = "odd"
        help = "Is odd."
        parameters = ()

        def rank(self, term, snapshot, context):
            return scored(snapshot)

    Odd.is_filter = is_filter
    return Odd()


@pytest.mark.parametrize(
    ("scored", "message"),
    [
        (lambda snapshot: 1 / 0, "rank() returns scores; got ZeroDivisionError: division by zero"),
        (lambda snapshot: None, "scores are a NumPy array; got NoneType"),
        (lambda snapshot: [1.0] * 4, "scores are a NumPy array; got list"),
        (lambda snapshot: np.ones(4), "scores are float32; got float64"),
        (lambda snapshot: np.ones(3, np.float32), "scores are one per row, of shape (4,); got shape (3,)"),
        (lambda snapshot: np.ones((4, 1), np.float32), "of shape (4,); got shape (4, 1)"),
        (lambda snapshot: np.full(4, 1.1, np.float32), "scores are in [0, 1]"),
        (lambda snapshot: np.float32([0, -0.1, np.nan, 1]), "scores are in [0, 1]"),
        (lambda snapshot: np.full(4, np.inf, np.float32), "scores are in [0, 1]"),
        (lambda snapshot: snapshot.inputs.key.sort(), "got ValueError"),  # would write into the snapshot
    ],
)
def test_a_ranker_that_breaks_its_contract_is_named_and_nothing_changes(made, scored, message):
    made.say("dog", {"a": 0.5})
    made.photos.registry.add(ranker(scored))
    before = made.store.revision(), made.store.counts(), made.ranked(concept("dog"))
    for query in (Term("odd"), concept("dog") & ~Term("odd")):
        with pytest.raises(ContractError, match="ranker 'odd': ") as caught:
            made.photos.search(query)
        assert message in str(caught.value)
    assert (made.store.revision(), made.store.counts(), made.ranked(concept("dog"))) == before


def test_a_filter_that_scores_is_named(made):
    made.photos.registry.add(ranker(lambda snapshot: np.full(4, 0.5, np.float32), is_filter=True))
    with pytest.raises(ContractError, match="ranker 'odd': a filter's scores are 1"):
        made.photos.search(Term("odd"))


def test_a_mistake_in_the_last_term_is_raised_before_the_first_is_ranked(made):
    def never(snapshot):
        pytest.fail("ranked although the query cannot be")

    made.photos.registry.add(ranker(never))
    with pytest.raises(QueryError, match="no option named 'vlaue'; did you mean 'value'"):
        made.photos.search(Term("odd") & Term("concept", "dog", (("vlaue", 0),)))
    with pytest.raises(UnknownNameError, match="no ranker named 'concpet'; did you mean 'concept'"):
        made.photos.search(Term("odd") & Term("concpet", "dog"))


# terms that stand for queries


def test_a_ranker_may_write_a_term_out_as_a_query(made):
    class Pets:
        name = "pets"
        is_filter = False
        help = "Dogs and cats."
        parameters = (Parameter("least", "number", "How sure.", 0.0),)

        def expand(self, term):
            return None if term["least"] else concept("dog") | concept("cat")

        def rank(self, term, snapshot, context):
            return np.full(len(snapshot.rows), term["least"], np.float32)

    made.photos.registry.add(Pets())
    made.say("dog", {"a": 0.5})
    made.say("cat", {"b": 0.9})
    pets = Term("pets")
    assert made.scores(pets) == made.scores(concept("dog") | concept("cat"))
    assert made.scores(~pets) == made.scores(~(concept("dog") | concept("cat")))
    assert made.ranked(pets >= 0.6) == ["b"]
    assert made.ranked(fuse([2 * pets, ~concept("cat")], method="product")) == ["a", "b", "c", "d"]
    assert made.scores(Term("pets", 0.25))["d"] == 0.25
    hits = made.photos.search(pets & ~concept("cat"))
    assert hits.query == "pets() & ~concept('cat')"
    assert [part.term for part in hits[0].parts] == ["concept('dog')", "concept('cat')", "concept('cat')"]


def test_a_term_is_bound_once_however_often_it_stands_in_a_query(made):
    class Counting:
        name = "counting"
        is_filter = False
        help = "Counts how often its parameters are read."
        read = 0

        @property
        def parameters(self):
            type(self).read += 1
            return (Parameter("least", "number", "How sure.", 0.0),)

        def expand(self, term):
            return None

        def rank(self, term, snapshot, context):
            return np.full(len(snapshot.rows), term["least"], np.float32)

    made.photos.registry.add(Counting())
    low, high = Term("counting", 0.25), Term("counting", 0.75)
    before = Counting.read
    made.photos.search((low & ~high) | (2 * low) | (high >= 0.5))
    assert Counting.read - before == 2


def test_a_ranker_that_a_cell_registers_again_scores_the_next_search(made):
    def constant(score):
        class Constant:
            name = "constant"
            is_filter = False
            help = "The same for every row."
            parameters = ()

            def rank(self, term, snapshot, context):
                return np.full(len(snapshot.rows), score, np.float32)

        return Constant()

    found = []
    for score in (0.25, 0.75, 0.25):
        made.photos.registry.add(constant(score))
        found.append(made.photos.search(made.photos.terms.constant())[0].score)
    assert found == [0.25, 0.75, 0.25]


# while others write


def test_a_hit_that_is_deleted_while_it_is_ranked_is_not_there(made):
    class Deleting:
        name = "deleting"
        is_filter = False
        help = "Deletes what it ranks first."
        parameters = ()

        def rank(self, term, snapshot, context):
            if len(snapshot.inputs) == 4:
                made.photos.delete("a")
            return np.linspace(1, 0, len(snapshot.rows), dtype=np.float32)

    made.photos.registry.add(Deleting())
    assert made.ranked(Term("deleting")) == ["b", "c", "d"]
