"""The query builder from Python: every click is a method."""

import io
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from strategies import queries
from widget_photos import photos as made

import toolkit as tk
from toolkit.errors import QueryError, UnknownNameError
from toolkit.grammar import parse
from toolkit.plugins.parameters import Parameter
from toolkit.query import Term, from_json
from toolkit.widgets import QueryBuilder, Row, Widgets
from toolkit.widgets.suggestions import complete

DARK, BRIGHT = Term("concept", "dark"), Term("concept", "bright")


@pytest.fixture(scope="module")
def photos():
    with made() as collection:
        yield collection


@pytest.fixture
def builder(photos):
    widget = QueryBuilder(photos)
    yield widget
    widget.close()


def wait_for(condition):
    end = time.monotonic() + 10
    while not condition():
        if time.monotonic() > end:
            pytest.fail("nothing came within 10 seconds")
        time.sleep(0.005)


def asked(widget, kind, buffers=(), **question):
    """What the page is answered."""
    sent = []
    widget.send = lambda content, buffers=None: sent.append((content, buffers or []))
    widget._received(widget, {"kind": kind, "rid": "v.1", **question}, [memoryview(one) for one in buffers])
    wait_for(lambda: sent)
    return sent[0]


LEAVES = st.sampled_from(
    [DARK, BRIGHT, Term("image", b"\0" * 2000), Term("where", None, {"status": "success"})]
)


@settings(max_examples=60, deadline=None)
@given(query=queries(LEAVES))
def test_a_query_that_is_set_is_drawn_and_comes_back(photos, query):
    widget = QueryBuilder(photos, query)
    assert widget.query == query
    assert widget.text == query.text()
    again = QueryBuilder(photos)
    again.from_dict(json.loads(json.dumps(widget.to_dict())))
    assert again.query == query
    widget.close()
    again.close()


def test_rows_are_added_weighted_moved_switched_off_and_removed(builder):
    builder.add(DARK)
    builder.add("concept:bright", weight=2, negated=True)
    assert builder.query == DARK & ~(BRIGHT**2)
    builder.move(1, 0)
    assert builder.rows == (Row(BRIGHT, 2.0, negated=True), Row(DARK))
    builder.join = "any"
    assert builder.query == (~BRIGHT) ** 2 | DARK
    builder.change(0, replace(builder.rows[0], on=False))
    assert builder.query == DARK
    builder.remove(0)
    assert builder.rows == (Row(DARK),)


def test_undo_takes_back_one_change_at_a_time_and_redo_makes_it_again(builder):
    builder.add(DARK)
    builder.add(BRIGHT)
    builder.undo()
    assert (builder.query, builder.can_undo, builder.can_redo) == (DARK, True, True)
    builder.undo()
    assert (builder.query, builder.can_undo) == (None, False)
    builder.redo()
    builder.redo()
    builder.redo()
    assert (builder.query, builder.can_redo) == (DARK & BRIGHT, False)
    builder.undo()
    builder.add(~DARK)
    assert not builder.can_redo


def test_a_whole_expression_is_one_row(builder):
    builder.add(DARK | BRIGHT, negated=True)
    builder.add(DARK)
    assert builder.rows == (Row(DARK | BRIGHT, negated=True), Row(DARK))


def test_the_line_of_text_always_states_the_query(builder):
    builder.query = "concept:暗い@ja & ~concept:bright"
    assert builder.text == "concept('暗い', language='ja') & ~concept('bright')"
    assert repr(builder) == "QueryBuilder(concept('暗い', language='ja') & ~concept('bright'))"
    builder.query = None
    assert builder.text == ""


def test_the_query_is_copied_in_three_forms_that_rebuild_it(builder):
    builder.query = DARK & ~(BRIGHT**2)
    scope = {}
    exec(builder.code(), scope)
    assert scope["query"] == builder.query
    assert from_json(builder.code("json")) == builder.query
    assert parse(builder.code("text")) == builder.query


def test_copying_nothing_or_in_another_form_is_refused(builder):
    with pytest.raises(QueryError, match="no query to copy yet"):
        builder.code()
    builder.query = DARK
    with pytest.raises(QueryError, match="no form 'yaml'; there are: python, json, text"):
        builder.code("yaml")


def test_searching_gives_hits_and_says_how_many(builder):
    builder.query = DARK
    seen = []
    builder.observe(lambda change: seen.append(change["new"]), "hits")
    hits = builder.search()
    assert hits[0].score == 1.0
    assert seen == [hits]
    assert builder.status["text"].startswith(f"{len(hits)} of {hits.total} hits in ")


def test_searching_without_a_rank_says_what_to_do(builder):
    with pytest.raises(QueryError, match="add a rank"):
        builder.search()


def test_a_row_that_is_not_filled_in_takes_no_part(builder):
    builder.set_rows([Row(DARK), Row(Term("concept")), Row(Term("image"))])
    assert builder.query == DARK
    assert builder.problems == ["", "", ""]


def test_a_row_that_cannot_be_says_why(builder):
    builder.set_rows([Row(Term("concept", "dark", {"value": 2})), Row(Term("nobody", "x"))])
    assert "value is a number from 0 to 1" in builder.problems[0]
    assert "no ranker named 'nobody'" in builder.problems[1]


def test_a_search_asked_by_the_page_runs_in_the_background(builder):
    builder.query = DARK
    assert asked(builder, "search") == ({"kind": "answer", "rid": "v.1"}, [])
    wait_for(lambda: builder.hits is not None and not builder.busy)
    assert builder.hits.query == "concept('dark')"


def test_only_the_latest_of_several_searches_is_shown(builder, monkeypatch):
    shown = []
    builder.observe(lambda change: shown.append(change["new"].query), "hits")
    real = builder._photos.search

    def slow(query, **options):
        time.sleep(0.05)
        return real(query, **options)

    monkeypatch.setattr(builder._photos, "search", slow)
    for query in (DARK, BRIGHT, DARK & BRIGHT):
        builder.query = query
        builder._received(builder, {"kind": "search", "rid": "1"}, [])
    wait_for(lambda: shown and not builder.busy)
    assert shown == ["concept('dark') & concept('bright')"]


def test_a_search_that_is_cancelled_shows_nothing(builder, monkeypatch):
    monkeypatch.setattr(builder._photos, "search", lambda *_, **__: time.sleep(0.1))
    builder.query = DARK
    builder._received(builder, {"kind": "search", "rid": "1"}, [])
    builder._received(builder, {"kind": "cancel", "rid": "2"}, [])
    time.sleep(0.15)
    assert (builder.hits, builder.busy, builder.status["text"]) == (None, False, "Cancelled.")


def test_an_error_is_a_line_in_the_widget(builder):
    builder.query = Term("concept", "no such thing")
    builder._received(builder, {"kind": "search", "rid": "1"}, [])
    wait_for(lambda: builder.status.get("level") == "error")
    assert "no concept named 'no such thing'" in builder.status["text"]
    assert "trace" not in builder.status


def test_a_fault_of_ours_brings_its_traceback(builder, monkeypatch):
    monkeypatch.setattr(builder._photos, "search", lambda *_, **__: 1 / 0)
    builder.query = DARK
    builder._received(builder, {"kind": "search", "rid": "1"}, [])
    wait_for(lambda: builder.status.get("level") == "error")
    assert builder.status["text"] == "ZeroDivisionError: division by zero"
    assert "Traceback" in builder.status["trace"]


@pytest.mark.parametrize("message", [None, 5, "search", [], {}, {"kind": "_search"}, {"kind": "__init__"}])
def test_messages_that_mean_nothing_are_left_alone(builder, message):
    builder._received(builder, message, [])
    assert builder.status == {}


def test_an_invalid_state_from_the_page_is_shown_and_nothing_breaks(builder):
    builder.state = {"join": "all", "rows": [{"query": "<img>"}]}
    assert builder.status["level"] == "error"
    builder.query = DARK
    assert builder.text == "concept('dark')"


# ---- pictures


def jpeg(color=(200, 30, 30)):
    file = io.BytesIO()
    Image.new("RGB", (64, 48), color).save(file, "JPEG")
    return file.getvalue()


def test_an_uploaded_picture_becomes_a_rank_and_never_travels_in_a_trait(builder):
    encoded = jpeg()
    answer, _ = asked(builder, "upload", [encoded], name="../a cat.jpg")
    builder.state = {"join": "all", "rows": [{"query": {"term": "image", "subject": answer["subject"]}}]}
    assert Path(builder.query.subject).read_bytes() == encoded
    assert builder.shown == "image('a cat.jpg')"
    assert builder.code() == f"from toolkit.terms import image\n\nquery = {builder.query!r}"
    assert len(builder.code()) < 200
    assert builder.search().total == 24


def test_the_same_picture_is_there_once_whatever_it_is_called(builder):
    first, again, other = (
        asked(builder, "upload", [jpeg((200, 30, red))], name="cat.jpg")[0]["subject"] for red in (1, 1, 200)
    )
    assert first == again != other


def test_a_picture_that_can_be_kept_nowhere_stays_with_the_row(builder, tmp_path):
    with tk.open(tmp_path / "photos.db") as written:
        written.add([np.zeros((48, 48, 3), np.uint8)], progress=False)
    with tk.open(tmp_path / "photos.db", readonly=True) as photos:
        answer, _ = asked(Widgets(photos).query_builder(), "upload", [jpeg()], name="cat.jpg")
        assert list(answer["subject"]) == ["$picture"]


def test_what_a_person_reads_has_names_and_what_is_searched_for_has_ids(builder):
    photos = builder._photos
    photos.concepts.add("n02084071", names={"en": ["hound"]})
    builder.query = Term("concept", "n02084071") & Term("image", "https://example.org/a%20dog.jpg?size=2")
    assert builder.shown == "concept('hound') & image('a dog.jpg')"
    assert builder.text.startswith("concept('n02084071') & image('https:")
    assert builder.labels == ["concept('hound')", "image('a dog.jpg')"]


def test_each_row_has_the_color_of_its_scores_and_a_filter_has_none(builder):
    builder.query = Term("where", None, {"status": "success"}) & DARK & (BRIGHT | DARK) ** 1.0
    assert builder.colors == [-1, 0, 1]
    builder.query = DARK & BRIGHT
    assert builder.colors == [0, 1]


def test_a_picture_set_from_python_is_put_aside_too(builder):
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    builder.query = builder._photos.terms.image(noise) & DARK
    assert len(json.dumps(builder.state)) < 300
    assert builder.query == builder._photos.terms.image(noise) & DARK


def test_what_is_no_picture_is_refused_in_words(builder):
    answer, _ = asked(builder, "upload", [b"<svg onload=alert(1)>"])
    assert "SVG files are not opened" in answer["error"]
    assert builder.status["level"] == "error"


def test_a_picture_is_previewed_small(builder):
    id = builder._photos.search(DARK, limit=1)[0].input.id
    _, (encoded,) = asked(builder, "preview", source={"input": id})
    assert Image.open(io.BytesIO(encoded)).size == (48, 48)
    _, (part,) = asked(builder, "preview", source={"input": id}, box=[0, 0, 0.5, 0.5])
    assert Image.open(io.BytesIO(part)).size == (24, 24)


# ---- concepts in any language


def test_concepts_are_completed_in_every_language_with_how_often_they_are_there(photos):
    found = complete(photos, "dun")
    assert [(one["name"], one["language"], one["concept"]) for one in found] == [("dunkel", "de", "dark")]
    assert found[0]["gloss"].startswith("dark")
    assert found[0]["count"] > 0
    assert complete(photos, "暗")[0]["concept"] == "dark"


def test_a_language_narrows_what_is_completed(photos):
    assert {one["language"] for one in complete(photos, "", language="ja")} == {"ja"}
    assert complete(photos, "dun", language="en") == []


def test_a_later_word_of_a_name_and_an_id_are_completed_too():
    with made() as photos:
        photos.concepts.add("guide-dog", names={"en": ["guide dog"]})
        photos.annotate(photos.search(DARK).ids[:1], concept="dogs-of-mine")
        found = [(one["name"], one["language"]) for one in complete(photos, "dog")]
        assert found == [("guide dog", "en"), ("dogs-of-mine", "")]


def test_one_concept_is_suggested_once_and_counts_what_a_search_for_it_finds():
    with made() as photos:
        photos.concepts.add(
            "insect", names={"en": ["insect"], "de": ["Insekt"], "fr": ["insecte"], "ja": ["昆虫"]}
        )
        photos.concepts.relate("dark", "hypernym", "insect")
        count = photos.search(photos.terms.concept("昆虫", language="ja")).total
        assert [(one["name"], one["count"]) for one in complete(photos, "inse")] == [("insect", count)]
        assert [(one["name"], one["count"]) for one in complete(photos, "昆虫")] == [("昆虫", count)]
        assert count > 0


def test_a_percent_sign_is_a_letter_like_any_other(photos):
    assert complete(photos, "%") == complete(photos, "_") == complete(photos, "*") == []


# ---- a stranger's ranker


class Stripes:
    name = "stripes"
    is_filter = False
    help = "How many stripes."
    parameters = (
        Parameter("direction", "choice", "Which way.", "across", choices=("across", "along")),
        Parameter("count", "integer", "How many.", 3, minimum=1),
        Parameter("wide", "flag", "Wide ones.", None),
    )

    def rank(self, term, snapshot, context):
        return np.linspace(0, 1, len(snapshot.rows), dtype=np.float32)


def test_a_strangers_ranker_appears_by_itself():
    with made() as photos:
        photos.registry.add(Stripes())
        builder = Widgets(photos).query_builder()
        kind = next(one for one in builder.kinds if one["name"] == "stripes")
        builder.add(Term("stripes", "along", {"count": 5}))
        assert [one["kind"] for one in kind["parameters"]] == ["choice", "integer", "flag"]
        assert builder.problems == [""]
        assert builder.search().total == 24
        builder.close()


def test_a_misspelt_ranker_is_named(builder):
    with pytest.raises((UnknownNameError, QueryError), match="concpet"):
        builder.add("concpet:dog")


def test_what_a_builder_kept_says_by_which_scores(photos):
    widget = QueryBuilder(photos, Term("image", "q.jpg") >= 0.5)
    widget.minimum = 0.4
    kept = widget.to_dict()
    assert kept["scores"] == 2
    widget.from_dict(kept)
    assert (widget.minimum, widget.query) == (0.4, Term("image", "q.jpg") >= 0.5)


def test_a_builder_of_earlier_scores_converts_comparisons_and_leaves_the_least_score_out(photos):
    widget = QueryBuilder(photos, Term("image", "q.jpg") >= 0.9)
    widget.minimum = 0.4
    earlier = {name: value for name, value in widget.to_dict().items() if name != "scores"}
    widget.from_dict(earlier)
    assert widget.query.value != 0.9  # (1 + cos) / 2 was .9: another score now
    assert widget.query.part == Term("image", "q.jpg")
    assert widget.minimum == 0
    assert "was one of earlier scores, and is left out" in widget.status["text"]
