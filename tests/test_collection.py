"""What a notebook asks of an open collection: searching by what people write, saved queries, rankers from a cell."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_collection import MadeUp

from toolkit.errors import ContractError, NotIndexedError, QueryError, StoreError, UnknownNameError
from toolkit.plugins.parameters import Parameter
from toolkit.query import Term, from_json
from toolkit.terms import constructor
from toolkit.values.types import Box


@pytest.fixture
def made():
    with MadeUp("a", "b", "c", "d") as made:
        made.say("dog", {"a": 0.9, "b": 0.6, "c": 0.3})
        made.say("cat", {"b": 0.8, "d": 0.7})
        made.embed({"a": [1, 0, 0], "b": [0, 1, 0], "c": [0, 0, 1], "d": [1, 1, 0]})
        yield made


@pytest.fixture
def photos(made):
    return made.photos


# asking


def test_an_expression_its_text_and_its_json_ask_the_same(photos):
    concept = photos.terms.concept
    query = concept("dog") & ~concept("cat") | 2 * photos.terms.embedding([1, 0, 0])
    expected = photos.search(query)
    as_text = photos.search("concept:dog & ~concept:cat | 2*embedding[[1.0, 0.0, 0.0]]")
    as_json = photos.search(query.to_dict())
    assert expected.ids == as_text.ids == as_json.ids == ["a", "d", "c", "b"]
    assert expected.scores.tolist() == as_text.scores.tolist() == as_json.scores.tolist()
    assert expected.query == as_text.query == as_json.query
    assert photos.search(from_json(query.to_json())).ids == expected.ids


def test_a_bare_word_is_a_concept(photos):
    assert photos.search("dog").ids == ["a", "b", "c"]
    assert photos.search("dog - cat", limit=1).ids == ["a"]


@pytest.mark.parametrize(
    "query", ["", "   ", "dog &", {}, {"all": []}, {"term": "concept", "x": 1}, None, 3, ["dog"]]
)
def test_what_is_no_query_is_refused(photos, query):
    with pytest.raises(QueryError):
        photos.search(query)


def test_a_term_without_its_subject_is_refused(photos):
    with pytest.raises(QueryError, match="concept needs name"):
        photos.search(Term("concept"))


def test_an_unknown_ranker_is_refused_with_the_nearest(photos):
    with pytest.raises(UnknownNameError, match="no ranker named 'concpet'; did you mean 'concept'"):
        photos.search({"term": "concpet", "subject": "dog"})
    with pytest.raises(QueryError, match="did you mean 'concept'"):
        photos.search("concpet:dog")


def test_a_closed_collection_says_so(made):
    made.photos.close()
    with pytest.raises(StoreError, match="open it again"):
        made.photos.search("dog")


# hits


def test_hits_come_with_the_input_the_annotation_and_a_column_for_each_term(photos):
    hits = photos.search("dog & ~cat", limit=2)
    assert hits[0].input == photos["a"]
    assert dict(hits[0].annotation.concepts) == {"dog": pytest.approx(0.9)}
    assert (hits.level, hits.total) == ("input", 3)
    frame = pytest.importorskip("pandas", reason="pandas is not installed") and hits.frame()
    assert frame["id"].tolist() == ["a", "c"]
    assert frame["concept('dog')"].round(4).tolist() == [0.9, 0.3]
    assert frame["concept('cat')"].isna().tolist() == [True, True]


def test_a_page_of_hits_is_searched_for_on_the_collection_as_it_is_now(made):
    hits = made.photos.search("dog", limit=1)
    made.say("dog", {"d": 0.8})
    assert hits.page(2, size=1).ids == ["d"]


def test_a_label_changes_the_ranking_at_once(photos):
    photos.annotate("c", concept="dog")
    assert photos.search("dog").ids == ["c", "a", "b"]
    photos.annotate("a", concept="dog", value=0)
    assert photos.search("dog").ids == ["c", "b", "a"]


def test_a_deleted_input_is_no_hit(photos):
    photos.delete("a")
    assert photos.search("dog").ids == ["b", "c"]


def test_level_and_minimum_pass_through_the_collection(made):
    region = made.region("d", Box(0, 0, 0.5, 0.5))
    made.say("dog", {region: 1.0})
    assert [hit.region_id for hit in made.photos.search("dog", level="region")] == [region, "a", "b", "c"]
    assert made.photos.search("dog", minimum=0.5).ids == ["d", "a", "b"]


# saved queries


def test_a_saved_query_comes_back_the_same(photos):
    concept = photos.terms.concept
    photos.queries["dogs alone"] = query = concept("dog", source="model") ** 2 & ~concept("cat")
    assert photos.queries["dogs alone"] == query
    assert photos.search(photos.queries["dogs alone"]).ids == photos.search(query).ids
    photos.queries["dogs alone"] = concept("cat")
    assert dict(photos.queries) == {"dogs alone": concept("cat")}
    del photos.queries["dogs alone"]
    assert (len(photos.queries), "dogs alone" in photos.queries) == (0, False)


def test_an_unknown_saved_query_is_refused_with_the_nearest(photos):
    photos.queries["dogs"] = photos.terms.concept("dog")
    for touch in (photos.queries.__getitem__, photos.queries.__delitem__):
        with pytest.raises(UnknownNameError, match="no saved query named 'dgos'; did you mean 'dogs'"):
            touch("dgos")


# the index


def test_check_index_measures_the_index_on_the_collections_own_vectors(photos):
    assert photos.check_index() == 1.0
    assert photos.check_index(k=1, sample=2, space="color") == 1.0


@pytest.mark.parametrize("wrong", [{"k": 0}, {"sample": 0}])
def test_check_index_refuses_to_look_for_nothing(photos, wrong):
    with pytest.raises(QueryError, match="give 1 or more"):
        photos.check_index(**wrong)


def test_check_index_needs_vectors():
    with MadeUp("a") as made:
        with pytest.raises(NotIndexedError, match="nothing is embedded"):
            made.photos.check_index()
        with made.store.write() as batch:
            batch.spaces.add("color@1", embedder="color", dimension=3)
        with pytest.raises(NotIndexedError, match=r"space 'color@1' is empty: .*photos\.add"):
            made.photos.check_index()


# a ranker from a cell


class Oldest:
    name = "oldest"
    is_filter = False
    help = "The oldest first."
    parameters = (Parameter("least", "number", "What the newest scores.", 0.0, minimum=0, maximum=1),)

    def rank(self, term, snapshot, context):
        n = len(snapshot.inputs)
        return np.linspace(1, term["least"], n, dtype=np.float32)[snapshot.rows.input]


def test_a_ranker_registered_from_a_cell_is_a_word_of_every_query(photos):
    photos.registry.add(Oldest())
    oldest = photos.terms.oldest
    np.testing.assert_allclose(photos.search(oldest(0.4)).scores, [1, 0.8, 0.6, 0.4], atol=1e-6)
    assert photos.search(oldest() & ~photos.terms.concept("dog")).ids == ["b", "c", "a", "d"]
    assert photos.search("oldest[0.4] & cat").ids == ["b", "d", "a", "c"]
    assert "oldest" in dir(photos.terms)
    photos.queries["by age"] = oldest(0.4)
    assert photos.search(photos.queries["by age"])[0].parts[0].term == "oldest(0.4)"


def test_running_the_cell_again_replaces_the_ranker(photos):
    photos.registry.add(Oldest())

    class Oldest2(Oldest):
        def rank(self, term, snapshot, context):
            return 1 - super().rank(term, snapshot, context)

    Oldest2.__qualname__, Oldest2.__module__ = Oldest.__qualname__, Oldest.__module__
    photos.registry.add(Oldest2())
    assert photos.search("oldest[]").ids == ["d", "c", "b", "a"]


def test_a_ranker_from_a_cell_that_breaks_its_contract_is_named(photos):
    class Doubling(Oldest):
        name = "doubling"

        def rank(self, term, snapshot, context):
            return 2 * super().rank(term, snapshot, context)

    photos.registry.add(Doubling())
    with pytest.raises(ContractError, match=r"ranker 'doubling': scores are in \[0, 1\].*from 0 to 2"):
        photos.search(constructor(Doubling())())
