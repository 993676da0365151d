"""The gallery, the labeler, the region picker and the explorer from Python."""

import gc
import json
import re
import threading
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from made_up_hits import hits as made_up
from made_up_hits import jpeg
from test_widgets_builder import asked, wait_for
from widget_photos import photos as made
from widget_photos import square

import toolkit.widgets
from toolkit.errors import QueryError, UnknownNameError
from toolkit.hits import Hits
from toolkit.query import Term
from toolkit.values.types import Box
from toolkit.widgets import Gallery, Widgets
from toolkit.widgets.message_widget import MessageWidget

DARK = Term("concept", "dark")
STATIC = Path(toolkit.widgets.__file__).parent / "static"
HALF = Box(0.0, 0.0, 0.5, 0.5)


def gallery(count=40, total=None, pictures=True):
    def shown(ids):
        return {id: jpeg() for id in ids} if pictures else {}

    return Gallery(
        Hits(made_up(count), query="concept('dog')", total=total or count, milliseconds=1.0, pictures=shown)
    )


@pytest.fixture
def photos():
    with made() as collection:
        yield collection


# ---- gallery


def test_only_what_is_seen_is_sent_with_each_picture_once():
    widget = gallery()
    answer, (buffer,) = asked(widget, "want", first=10, last=14, without=["id11"])
    assert [cell["rank"] for cell in answer["cells"]] == [11, 12, 13, 14]
    assert answer["names"] == ["id12", "id13", "id14"]
    assert sum(answer["sizes"]) == len(buffer) == 3 * len(jpeg())
    assert "id10" not in str(widget.get_state())


def test_a_greedy_page_gets_no_more_than_there_is():
    answer, _ = asked(gallery(300), "want", first=-5, last=10**9, without=[])
    assert (answer["first"], len(answer["cells"])) == (0, 200)


def test_a_picture_without_a_thumbnail_is_shown_as_missing():
    answer, _ = asked(gallery(pictures=False), "want", first=0, last=2, without=[])
    assert (answer["names"], answer["missing"]) == ([], ["id1", "id2"])


def test_a_cell_has_boxes_with_label_and_score():
    answer, _ = asked(gallery(), "want", first=0, last=1, without=[])
    (box,) = answer["cells"][0]["boxes"]
    assert box == {
        "box": [0.1, 0.2, 0.5, 0.6],
        "own": True,
        "region": "row",
        "label": "concept('dog')",
        "score": 0.99,
    }


def test_marks_and_selection_come_back_as_hits_and_as_a_table():
    widget = gallery()
    widget.mark([0, "id3"])
    widget.mark([1], 0.0)
    widget.select([2, 0])
    assert widget.relevant.ids == ["id1", "id3"]
    assert widget.irrelevant.ids == ["id2"]
    assert widget.selection.ids == ["id1", "id3"]
    assert repr(widget) == "Gallery(40 hits, 2 relevant, 1 not relevant, 2 selected)"
    pytest.importorskip("pandas")
    assert widget.frame()[["id", "mark", "selected"]].head(2).values.tolist() == [
        ["id1", 1.0, True],
        ["id2", 0.0, False],
    ]


def test_undo_takes_marks_back_one_after_the_other():
    widget = gallery()
    widget.mark([0, 1])
    widget.mark([0], None)
    widget.undo()
    assert widget.marks == {"id1": 1.0, "id2": 1.0}
    widget.undo()
    widget.undo()
    assert widget.marks == {}


@pytest.mark.parametrize("which", ["nobody", 40, -41])
def test_a_hit_that_is_not_shown_is_refused(which):
    with pytest.raises((UnknownNameError, QueryError)):
        gallery().mark([which])


def test_new_hits_forget_what_is_gone_and_an_old_answer_is_ignored():
    widget = gallery()
    widget.select([39])
    before = widget.version
    widget.show(Hits(made_up(3), query="", total=3, milliseconds=0.0))
    assert (widget.version, widget.selected, widget.count) == (before + 1, [], 3)


def test_pages_are_searched_for(photos):
    widget = Widgets(photos).gallery(photos.search(~DARK, limit=10))
    assert (widget.count, widget.total, widget.pages) == (10, 24, 3)
    assert [hit.rank for hit in widget.page(3)] == [21, 22, 23, 24]
    asked(widget, "page", number=2)
    wait_for(lambda: widget.page_number == 2 and not widget.busy)
    assert widget.hits[0].rank == 11


def test_a_hit_is_opened_large_with_why_it_is_there(photos):
    widget = Widgets(photos).gallery(photos.search(Term("concept", "dunkel", {"language": "de"}), limit=3))
    widget.enlarge(0)
    answer, (picture,) = asked(widget, "open", key=widget.opened)
    assert picture[:2] == b"\xff\xd8"
    assert answer["why"][0]["notes"]
    assert dict(answer["concepts"])["dark"] == 1.0


def test_without_the_collection_the_small_picture_is_shown_and_it_says_so():
    answer, (picture,) = asked(gallery(), "open", key="id1")
    assert picture == jpeg()
    assert answer["note"].startswith("Only the small picture is left")


def test_the_static_form_is_beside_the_widget():
    data, _ = gallery(2)._repr_mimebundle_()
    assert data["text/plain"] == "Gallery(2 hits)"
    assert "data:image/jpeg" in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data


def test_a_snapshot_is_the_same_to_the_byte_and_can_be_written(tmp_path):
    widget = gallery(2)
    still = widget.snapshot(tmp_path / "hits.html")
    assert still == gallery(2).snapshot()
    assert still._repr_html_() in (tmp_path / "hits.html").read_text()


def test_a_snapshot_is_a_picture_too_with_marks_under_the_names(tmp_path):
    widget = gallery(2)
    plain = widget.snapshot(tmp_path / "hits.png")
    assert plain._repr_png_() == (tmp_path / "hits.png").read_bytes()
    assert plain._repr_html_() is None
    assert plain.png[:4] == b"\x89PNG"
    widget.mark([0])
    assert widget.snapshot(form="png").png != plain.png


def test_without_hits_there_is_no_picture_and_other_forms_are_none():
    with pytest.raises(QueryError, match="Gallery has no hits to make a picture of"):
        Gallery().snapshot(form="png")
    with pytest.raises(QueryError, match="no form 'pdf' of a snapshot; there are: html, png"):
        gallery().snapshot("hits.pdf")


# ---- what a person has set, as JSON


def test_what_is_set_in_a_gallery_is_written_and_read_back():
    widget = gallery()
    widget.mark([0])
    widget.select([1, 2])
    widget.enlarge(3)
    widget.size, widget.boxes, widget.least = "l", False, 0.5
    written = json.loads(json.dumps(widget.to_dict()))
    again = gallery()
    again.from_dict(written)
    assert (
        again.to_dict()
        == written
        == {
            "size": "l",
            "boxes": False,
            "least": 0.5,
            "order": "best",
            "grouped": False,
            "marks": {"id1": 1.0},
            "selected": ["id2", "id3"],
            "opened": "id4",
        }
    )


@pytest.mark.parametrize("wrong", [{"colour": "red"}, {"size": "xl"}, {"least": 2.0}, {"boxes": "yes"}])
def test_what_no_gallery_wrote_is_refused_and_changes_nothing(wrong):
    widget = gallery()
    before = widget.to_dict()
    with pytest.raises(QueryError):
        widget.from_dict({"marks": {"id1": 1.0}, **wrong})
    assert widget.to_dict() == before


def test_an_explorer_is_taken_up_where_it_was_left(photos):
    explorer = Widgets(photos).explorer(~DARK, limit=6)
    explorer.labeler.concept = "porch"
    explorer.gallery.mark([0, 1])
    explorer.gallery.select([2])
    explorer.gallery.act("region", 0)
    explorer.picker.pick(HALF)
    explorer.builder.folded = False
    explorer.hide("facets")
    explorer.hide("map", hidden=False)
    written = json.loads(json.dumps(explorer.to_dict()))
    again = Widgets(photos).explorer()
    again.from_dict(written)
    assert again.to_dict() == written
    assert repr(again) == repr(explorer)
    assert again.hits.ids == explorer.hits.ids
    assert (again.labeler.yes, again.picker.query) == (2, explorer.picker.query)
    assert (again.builder.folded, "facets" in again.hidden, "map" in again.hidden) == (False, True, False)


def test_the_style_travels_once_with_what_is_shown_as_one(photos):
    explorer = Widgets(photos).explorer()
    assert explorer._css
    assert not any(one._css for one in explorer._members.values())
    explorer.gallery._repr_mimebundle_()  # shown by itself
    assert explorer.gallery._css == explorer._css == Widgets(photos).facets()._css


@pytest.mark.parametrize(
    "wrong",
    [
        {"browser": {}},
        {"gallery": []},
        {"places": {"area": {"near": [1]}}},
        {"closed": "map"},
        {"closed": ["gallery"]},
    ],
)
def test_what_no_explorer_wrote_is_refused(photos, wrong):
    with pytest.raises(QueryError):
        Widgets(photos).explorer(DARK).from_dict(wrong)


def test_an_annotator_is_taken_up_where_it_was_left(photos):
    hits = photos.search(~DARK, limit=3)
    widget = Widgets(photos).annotator(hits, concept="gate", user="ana")
    widget.gallery.mark([0])
    again = Widgets(photos).annotator(hits)
    again.from_dict(widget.to_dict())
    assert repr(again) == "Annotator(Labeler('gate', 1 yes, 0 no), Gallery(3 hits, 1 relevant))"


# ---- labels


def labels(photos, concept="porch"):
    snapshot = photos.snapshot()
    columns = snapshot.columns.of(snapshot.concept_index.get(concept, -1))
    return {
        snapshot.sources[column.source]: sorted(np.round(column.values.astype(float), 3).tolist())
        for column in columns
    }


def test_marks_are_written_as_they_are_made_and_undo_takes_them_back(photos):
    widget = Widgets(photos).annotator(photos.search(~DARK, limit=6), concept="porch")
    widget.gallery.mark([0, 1])
    widget.gallery.mark([2], 0.0)
    assert labels(photos) == {"human:me": [0.0, 1.0, 1.0]}
    assert (widget.labeler.yes, widget.labeler.no) == (2, 1)
    widget.gallery.undo()
    assert labels(photos) == {"human:me": [1.0, 1.0]}
    widget.gallery.undo()
    assert labels(photos) == {}
    assert widget.gallery.marks == {}


def test_undo_restores_the_labels_of_the_same_person(photos):
    widget = Widgets(photos).annotator(photos.search(~DARK, limit=3), concept="porch")
    widget.gallery.mark([0], 0.0)
    widget.gallery.mark([0], 1.0)
    widget.gallery.undo()
    assert labels(photos) == {"human:me": [0.0]}
    assert list(widget.gallery.marks.values()) == [0.0]


def test_taking_a_label_back_leaves_other_concepts_alone(photos):
    hits = photos.search(~DARK, limit=3)
    photos.annotate(hits[0].input.id, concept="window")
    widget = Widgets(photos).annotator(hits, concept="porch")
    widget.gallery.mark([0])
    widget.gallery.mark([0], None)
    assert labels(photos, "window") == {"human:me": [1.0]}
    assert labels(photos) == {}


def test_several_people_do_not_overwrite_one_another(photos):
    hits = photos.search(~DARK, limit=4)
    ana = Widgets(photos).annotator(hits, concept="porch", user="ana")
    bo = Widgets(photos).annotator(hits, concept="porch", user="bo")
    threads = [
        threading.Thread(
            target=lambda one=one, value=value: [one.gallery.mark([at], value) for at in range(4)]
        )
        for one, value in ((ana, 1.0), (bo, 0.0))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bo.labeler.undo()
    assert labels(photos) == {"human:ana": [1.0] * 4, "human:bo": [0.0] * 3}


def test_labels_from_before_are_shown(photos):
    hits = photos.search(~DARK, limit=3)
    photos.annotate(hits[1].input.id, concept="porch", value=0)
    widget = Widgets(photos).annotator(hits)
    assert widget.gallery.marks == {}
    widget.labeler.concept = "porch"
    assert widget.gallery.marks == {hits[1].input.id: 0.0}


def test_marks_without_a_concept_wait_and_are_written_once_it_has_a_name(photos):
    widget = Widgets(photos).annotator(photos.search(~DARK, limit=3))
    keys = list(widget.gallery._index)
    for key, value in zip(keys, (1, 0, 1), strict=True):
        asked(widget.gallery, "mark", keys=[key], value=value, concept="")
    assert widget.gallery.pending == {keys[0]: 1, keys[1]: 0, keys[2]: 1}
    assert (widget.gallery.marks, widget.labeler.yes) == ({}, 0)
    assert widget.labeler.status["text"] == "3 marks to write once the concept has a name."
    asked(widget.gallery, "undo")
    asked(widget.gallery, "name", concept="porch")
    assert widget.gallery.pending == {}
    assert widget.gallery.marks == {keys[0]: 1, keys[1]: 0}
    assert photos.annotations.frame().query("concept == 'porch'").value.tolist() == [1, 0]


def test_a_mark_brings_the_name_of_its_concept(photos):
    widget = Widgets(photos).annotator(photos.search(~DARK, limit=3))
    key = widget.gallery.key(0)
    asked(widget.gallery, "mark", keys=[key], value=1, concept="porch")
    assert (widget.labeler.concept, widget.gallery.marks) == ("porch", {key: 1})


def test_a_mark_of_a_hit_that_a_search_took_away_meanwhile_is_written(photos):
    widget = Widgets(photos).annotator(photos.search(~DARK, limit=3), concept="porch")
    key = widget.gallery.key(0)
    widget.gallery.show(photos.search(DARK, limit=3))
    asked(widget.gallery, "mark", keys=[key], value=1)
    assert [one.concepts for one in photos.annotations.of([key]) if one.source.startswith("human")] == [
        {"porch": 1}
    ]


def test_a_message_brings_the_edits_that_it_overtook_and_they_do_not_undo_what_it_did(photos):
    widget = Widgets(photos).explorer(DARK, limit=3)
    state = widget.builder.state
    edited = {**state, "rows": [{**state["rows"][0], "weight": 2.0}]}
    key = widget.gallery.key(0)
    asked(widget.gallery, "act", verb="more", key=key, edits={"builder": {"state": edited}})
    assert widget.query == DARK**2 & Term("input", key)
    widget.builder.set_state({"state": edited})  # the edit itself, late
    assert widget.query == DARK**2 & Term("input", key)
    widget.builder.set_state({"state": edited})  # and edited so by a person
    assert widget.query == DARK**2


def test_an_edit_that_a_slow_question_brings_does_not_undo_one_made_while_it_waited(photos):
    widget = Widgets(photos).explorer(DARK, limit=3)
    shown, answers, turn = widget.gallery, [], threading.Event()
    shown.send = lambda content, buffers: answers.append(content)
    shown.background.run_apart(turn.wait)  # what is slow has to wait
    question = {"kind": "open", "rid": "v.1", "key": shown.key(0), "edits": {"builder": {"limit": 5}}}
    shown._received(shown, question, [])
    widget.builder.set_state({"limit": 5})  # the edit itself, late
    widget.builder.set_state({"limit": 7})  # and a newer one
    assert answers == []
    turn.set()
    wait_for(lambda: answers)
    assert (answers[0]["rid"], widget.builder.limit) == ("v.1", 7)


def test_a_wrong_edit_of_a_slow_question_is_an_error_in_the_status_line(photos):
    widget = Widgets(photos).explorer(DARK, limit=3)
    asked(widget.gallery, "open", key=widget.gallery.key(0), edits={"builder": {"limit": -1}})
    assert (widget.builder.limit, widget.gallery.status["level"]) == (3, "error")


def test_an_explorer_of_a_query_that_cannot_be_read_is_an_error_and_nothing_else(photos):
    with pytest.raises(QueryError, match="expected a term"):
        Widgets(photos).explorer("dog &")
    gc.collect()  # an error while it is closed would fail the test


def test_hits_of_a_query_that_has_changed_are_stale_until_it_is_searched(photos):
    widget = Widgets(photos).explorer(DARK, limit=3)
    assert not widget.gallery.stale
    widget.builder.add(Term("concept", "bright"))
    assert widget.gallery.stale
    widget.builder.undo()
    assert not widget.gallery.stale
    widget.builder.limit = 5
    assert widget.gallery.stale
    widget.search()
    assert not widget.gallery.stale


def test_what_succeeds_takes_an_error_out_of_the_line_of_all(photos):
    widget = Widgets(photos).explorer(limit=3)
    asked(widget.gallery, "act", verb="more", key="gone")
    assert widget.gallery.status["level"] == "error"
    asked(widget.builder, "paste", text="concept:dark")
    assert (widget.gallery.status, widget.builder.status) == ({}, {})


def test_regions_are_labeled_as_regions():
    with made(workflow="regions") as photos:
        input = photos.add([_two()], progress=False) and photos.search(
            Term("where", None, {"region": True}), level="region"
        )
        widget = Widgets(photos).annotator(input, concept="spot")
        widget.gallery.mark([0])
        (label,) = photos.search(Term("label", "spot"), level="region")
        assert label.box == input[0].box


def _two():
    picture = square(255, 96)
    picture[20:50, 20:50] = (200, 0, 0)
    return picture


def test_refining_learns_from_the_marks_and_says_what_changed(photos):
    explorer = Widgets(photos).explorer(~DARK, limit=24)
    explorer.labeler.concept = "porch"
    explorer.gallery.mark(range(4))
    explorer.gallery.mark(range(20, 24), 0.0)
    sentence = explorer.refine()
    assert sentence.startswith("Learned 'porch' from 4 yes and 4 no")
    assert "Added to the query: 0 new among the first 24" in sentence
    assert explorer.query == ~DARK & Term("concept", "porch")
    assert "Added" not in explorer.refine()


def test_too_few_labels_are_a_sentence(photos):
    explorer = Widgets(photos).explorer(~DARK)
    with pytest.raises(QueryError, match="name the concept"):
        explorer.refine()
    explorer.labeler.concept = "porch"
    explorer.gallery.mark([0])
    asked(explorer.labeler, "refine")
    wait_for(lambda: explorer.labeler.status.get("level") == "error")


# ---- explorer and region picker


def test_more_and_less_like_a_hit_become_rows(photos):
    explorer = Widgets(photos).explorer(DARK, limit=5)
    first, second = explorer.hits.ids[:2]
    explorer.more_like(0)
    assert explorer.query == DARK & Term("input", first)
    asked(explorer.gallery, "act", verb="less", key=second)
    assert explorer.query == DARK & Term("input", first) & ~Term("input", second)


def test_a_box_on_a_hit_becomes_a_row_by_its_region(photos):
    explorer = Widgets(photos).explorer(DARK, limit=5)
    id = explorer.hits.ids[0]
    explorer.more_like(0, box=HALF)
    assert explorer.builder.rows[-1].query == Term("image", {"input": id}, {"box": (0.0, 0.0, 0.5, 0.5)})
    region = photos.add_region(id, HALF)
    explorer.more_like(id, box=HALF)
    assert explorer.builder.rows[-1].query == Term("region", getattr(region, "id", region))


def test_a_region_is_picked_searched_and_labeled(photos):
    explorer = Widgets(photos).explorer(DARK, limit=5)
    explorer.labeler.concept = "corner"
    explorer.gallery.act("region", 0)
    assert explorer.picker.input == explorer.hits.ids[0]
    explorer.picker.pick(HALF)
    asked(explorer.picker, "act", verb="label")
    (label,) = photos.search(Term("label", "corner"), level="region")
    assert label.box == HALF
    asked(explorer.picker, "act", verb="more")
    assert explorer.builder.rows[-1].query.ranker in {"region", "image"}


def test_a_picker_alone_searches(photos):
    picker = Widgets(photos).region_picker(photos.search(DARK, limit=1)[0])
    picker.pick([0.0, 0.0, 0.5, 0.5])
    assert picker.search().total == 24
    assert repr(picker) == f"RegionPicker('{picker.input}', 0.00 0.00 0.50 0.50)"
    assert "data:image/jpeg" in picker.snapshot().html


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ([0, 0, 2, 1], "box (0, 0, 2, 1) is not inside the image"),
        ([0.5, 0, 0.5, 1], "box (0.5, 0, 0.5, 1) is inverted or empty"),
        ([0, float("nan"), 1, 1], "box (0, nan, 1, 1) is not inside the image"),
        ([0, 0, 1], "a box is [top_row, left_col, bottom_row, right_col], not [0, 0, 1]"),
        (["a", 0, 1, 1], "a box is [top_row, left_col, bottom_row, right_col], not ['a', 0, 1, 1]"),
    ],
)
def test_a_box_that_cannot_be_is_refused_and_the_one_before_stays(photos, box, said):
    picker = Widgets(photos).region_picker(photos.search(DARK, limit=1)[0])
    picker.pick(HALF)
    with pytest.raises(QueryError, match=re.escape(said)):
        picker.pick(box)
    assert picker.box == list(HALF)


def test_an_explorer_shows_itself_without_a_widget_too(photos):
    explorer = Widgets(photos).explorer(DARK, limit=3)
    bundle, _ = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == "Explorer(concept('dark'); Gallery(3 hits))"
    assert bundle["text/html"].count("data:image/jpeg") == 3
    assert "<script" not in explorer.snapshot().html
    explorer.close()


def test_no_script_parses_markup_and_each_is_small():
    for widget in (Gallery(), Widgets(made()).query_builder(), Widgets(made()).explorer()):
        assert len(widget._esm.encode()) < 40_000
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|https?://(?!www\.w3\.org)",
            widget._esm,
        )


DECLARED = re.compile(r"^(?:export )?(?:async )?(?:const|let|var|class|function)\s+(\w+)", re.MULTILINE)


def kinds_of(kind):
    for one in kind.__subclasses__():
        yield one
        yield from kinds_of(one)


def test_no_two_scripts_of_one_widget_declare_the_same_name():
    """They are joined into one module, which a browser refuses as a whole if a name is declared twice."""
    for part in STATIC.parent.glob("*.py"):
        import_module(f"toolkit.widgets.{part.stem}")
    kinds = {kind for kind in kinds_of(MessageWidget) if kind.__module__.startswith("toolkit.")}
    assert {"DuplicateReviewer", "Explorer", "Gallery"} <= {kind.__name__ for kind in kinds}
    for kind in kinds:
        names = [
            name
            for script in ("common.js", *kind.scripts)
            for name in DECLARED.findall((STATIC / script).read_text(encoding="utf-8"))
        ]
        assert len(names) > 5
        assert sorted(names) == sorted(set(names)), kind.__name__
