"""Facets: what is counted is what a search with that filter finds, and a facet leaves its own choice out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from widget_photos import square

import toolkit
from toolkit.errors import QueryError, UnknownNameError
from toolkit.facets import Bars, Chosen, Facet, joined, split
from toolkit.facets.bars import placed
from toolkit.facets.chosen import filters
from toolkit.query import Term
from toolkit.widgets import Widgets

DARK = Term("concept", "dark")
COUNT = 30
KINDS = ("map", "poster", 'a "quoted" {one}')


def metadata(at):
    day = f"2024-{1 + at % 12:02}-{1 + at % 28:02}T10:00:00"
    made = {"kind": KINDS[at % 3], "iso": 100 * (at % 7), "tags": ["a", "b"][: at % 3], "sure": at % 2 == 0}
    return {**made, "taken_at": day, **({"inner": {"iso": 3}} if at % 5 == 0 else {})}


@pytest.fixture(scope="module")
def photos():
    with toolkit.open(workflow="pixels") as collection:
        for part, name in ((range(18), "summer"), (range(18, COUNT), "winter")):
            collection.add(
                [{"image": square(8 * at), "metadata": metadata(at)} for at in part],
                datasets=[name],
                progress=False,
            )
        ids = list(collection)
        collection.annotate(ids[:9], concept="porch")
        collection.annotate(ids[6:12], concept="night", user="ann")
        collection.annotate(ids[12:14], concept="porch", value=0.0)
        yield collection


def total(photos, query):
    return photos.search(query, limit=1).total if query is not None else len(photos)


def words(found):
    return [(facet.name, row) for facet in found.values() if isinstance(facet, Facet) for row in facet.rows]


@pytest.mark.parametrize("query", [None, DARK, DARK & ~Term("where", None, {"dataset": "winter"})])
def test_a_row_counts_what_a_search_with_it_finds(photos, query):
    base, chosen = split(query)
    checked = 0
    for name, row in words(photos.facets(query)):
        others = {facet: one for facet, one in chosen.items() if facet != name}
        for picked, expected in (
            (Chosen(only=(row.value,)), row.hits),
            (Chosen(without=(row.value,)), total(photos, joined(base, others)) - row.hits),
        ):
            assert total(photos, joined(base, {**others, name: picked})) == expected, (name, row)
            checked += 1
    assert checked > 30


def test_rows_with_totals_are_what_was_put_in(photos):
    found = photos.facets(most=50)
    rows = {(name, row.title): (row.hits, row.total) for name, row in words(found)}
    assert rows["label", "porch"] == (9, 9)
    assert rows["label", "night"] == (6, 6)
    assert rows["dataset", "summer"] == (18, 18)
    assert rows["source", "human:ann"] == (6, 6)
    assert rows["metadata:kind", "map"] == (10, 10)
    assert rows["metadata:tags[]", "b"] == (10, 10)
    assert (found.hits, found.total) == (COUNT, COUNT)
    assert "score" not in found


def test_the_choice_of_a_facet_leaves_its_own_rows_and_counts_in_the_others(photos):
    query = joined(None, {"dataset": Chosen(only=("summer",))})
    found = photos.facets(query)
    assert [(row.title, row.hits, row.chosen) for row in found["dataset"].rows] == [
        ("summer", 18, True),
        ("winter", 12, None),
    ]
    assert sum(row.hits for row in found["metadata:kind"].rows) == found.hits == 18


@pytest.mark.parametrize("name", ["taken", "metadata:iso", "score"])
def test_a_brush_keeps_what_the_bars_say(photos, name):
    found = photos.facets(DARK)
    bars = found[name]
    assert isinstance(bars, Bars)
    assert sum(bars.hits) == found.hits == 12
    assert len(bars.edges) == len(bars.hits) + 1 <= 49
    base, _ = split(DARK)
    filled = np.flatnonzero(bars.hits)
    first, last = filled[1], filled[-2]
    limits = bars.edges[first], np.nextafter(bars.edges[last + 1], -np.inf)
    query = joined(base, {name: Chosen(limits=(float(limits[0]), float(limits[1])))})
    again = photos.facets(query)
    assert again.hits == total(photos, query) == sum(bars.hits[first : last + 1])
    assert list(again[name].hits) == list(bars.hits)  # its own brush leaves the bars as they are
    assert sum(again["dataset"].rows[at].hits for at in range(2)) == again.hits


def test_the_suggested_cut_off_is_among_the_scores(photos):
    query = DARK | Term("concept", "bright")
    bars = photos.facets(query, names=["score"])["score"]
    assert bars.cutoff == pytest.approx(photos.search(query).suggest_cutoff().score)
    assert (
        photos.facets(DARK, names=["score"])["score"].cutoff is None
    )  # of too few hits the scores say nothing


def test_a_nested_key_of_the_same_name_is_not_the_number(photos):
    found = photos.search(Term("where", None, {"between": {"iso": [3, 3]}}))
    assert found.total == 0
    assert photos.search(Term("where", None, {"between": {"iso": [600, None]}})).total == 4


@pytest.mark.parametrize(
    "between", [{}, {"iso": 3}, {"iso": [5, 1]}, {"iso": ["a", 1]}, {"iso": [1]}, [1, 2]]
)
def test_limits_that_cannot_be_are_refused(photos, between):
    with pytest.raises(QueryError, match="between"):
        photos.search(Term("where", None, {"between": between}))


def test_an_unknown_facet_is_named(photos):
    with pytest.raises(UnknownNameError, match="kinds"):
        photos.facets(names=["metadata:kinds"])
    with pytest.raises(UnknownNameError, match="score"):
        photos.facets(names=["score"])


CHOICES = st.dictionaries(
    st.sampled_from(["concept", "label", "dataset", "source", "status", "metadata:kind", "metadata:tags[]"]),
    st.tuples(
        st.lists(st.text(min_size=1, max_size=3), unique=True, max_size=2),
        st.lists(st.text(min_size=1, max_size=3), unique=True, max_size=2),
    ).map(lambda two: Chosen(only=tuple(two[0]), without=tuple(two[1]))),
    max_size=3,
)
LIMIT = st.none() | st.integers(0, 10**9).map(float)
NUMBERS = st.dictionaries(
    st.sampled_from(["taken", "added", "metadata:iso", "score"]),
    st.tuples(LIMIT, LIMIT).filter(lambda pair: pair != (None, None)).map(lambda pair: Chosen(limits=pair)),
    max_size=3,
)


@settings(max_examples=150, deadline=None)
@given(CHOICES, NUMBERS)
def test_what_is_chosen_is_read_back_from_the_query(words, numbers):
    chosen = {name: one for name, one in {**words, **numbers}.items() if one}
    base, again = split(joined(DARK, chosen))
    assert (base, again) == (DARK, chosen)


def test_a_filter_that_no_facet_writes_stays_with_what_ranks():
    place = Term("where", None, {"near": [48, 11, 3]})
    assert split(DARK & place) == (DARK & place, {})
    assert split((DARK >= 0.5) & place)[1] == {}
    assert split(None) == (None, {})


def test_a_value_is_chosen_excluded_and_taken_back():
    one = Chosen().with_value("a")
    assert one == Chosen(only=("a",))
    assert one.with_value("b", excluded=True) == Chosen(only=("a",), without=("b",))
    assert one.with_value("a", excluded=True) == Chosen(without=("a",))
    assert not one.with_value("a")
    assert filters("score", Chosen(limits=(0.5, None)), None) == []


@given(
    st.lists(st.floats(-3, 9, allow_subnormal=False) | st.just(float("nan")), max_size=40),
    st.sets(st.integers(0, 5), min_size=2),
)
def test_numbers_are_in_the_bars_of_numpys_histograms(numbers, edges):
    values, edges = np.array(numbers), np.array(sorted(edges), float)
    among = np.arange(len(values)) % 2 == 0
    found = placed(values, edges)
    assert found.total.tolist() == np.histogram(values[~np.isnan(values)], edges)[0].tolist()
    assert found.count(among).tolist() == np.histogram(values[among & ~np.isnan(values)], edges)[0].tolist()


def test_what_a_notebook_keeps_of_the_panel_has_a_line_for_each_count(photos):
    still = Widgets(photos).facets().static_html()
    assert "\\n" not in still
    assert "<div>Concepts</div>" in still
