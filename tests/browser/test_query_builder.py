"""The query builder in a page."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from widget_photos import photos as made

from toolkit.query import Term
from toolkit.widgets import Widgets

from .bridge import eventually, settled
from .drop import DROP

DARK = Term("concept", "dark")


def test_a_concept_is_named_in_japanese_excluded_and_searched(bridge, photos):
    explorer = Widgets(photos).explorer(limit=10)
    explorer.builder.folded = False
    page = bridge.show(explorer.builder, explorer.gallery)
    page.get_by_role("button", name="Add a rank: concept.").click()
    page.locator("[role=combobox]:focus").wait_for()  # the new row is drawn a moment after the click
    page.keyboard.insert_text("暗い")
    page.get_by_role("option", name="暗い").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    eventually(bridge, lambda: explorer.query == Term("concept", "暗い", {"language": "ja"}))
    page.get_by_role("button", name="Add a rank: concept.").click()
    page.keyboard.insert_text("bright")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="NOT: ask for the contrary of rank 2").click()
    eventually(bridge, lambda: explorer.builder.text.endswith("& ~concept('bright')"))
    page.get_by_role("button", name="Search", exact=True).click()
    page.locator(".tk-builder .tk-said", has_text="hits in").wait_for()
    page.wait_for_selector(".tk-frame img")
    assert explorer.hits.query == "concept('暗い', language='ja') & ~concept('bright')"


def test_a_suggestion_that_comes_too_late_is_not_shown(bridge, photos):
    builder = Widgets(photos).query_builder(Term("concept", "x"))
    sent, late = builder.send, []
    builder.send = lambda content, buffers=None: late.append(content) if not late else sent(content, buffers)
    page = bridge.show(builder)
    field = page.get_by_role("combobox", name="name")
    field.fill("dun")
    eventually(bridge, lambda: late)
    field.fill("bri")
    page.get_by_role("option", name="bright").first.wait_for()
    assert [one["name"] for one in late[0]["found"]] == ["dunkel"]
    sent(late[0])
    settled(page)
    assert page.get_by_role("option", name="bright").count() > 0
    assert page.get_by_role("option", name="dunkel").count() == 0


def test_an_answer_that_comes_while_one_types_leaves_the_field_alone(bridge, photos):
    builder = Widgets(photos).query_builder(Term("concept", "x"))
    page = bridge.show(builder)
    field = page.get_by_role("combobox", name="name")
    field.focus()
    field.press("End")
    page.keyboard.type("yz")
    builder.add(DARK)
    eventually(bridge, lambda: page.locator(".tk-query").text_content().endswith("concept('dark')"))
    page.keyboard.type("w")
    assert page.locator(".tk-row").count() == 1
    page.keyboard.press("Tab")
    page.wait_for_function("document.querySelectorAll('.tk-row').length === 2")
    eventually(bridge, lambda: builder.query == Term("concept", "xyzw") & DARK)


def test_rows_are_weighted_switched_moved_and_undone_in_the_page(bridge, photos):
    builder = Widgets(photos).query_builder(DARK & Term("concept", "bright"))
    page = bridge.show(builder)
    page.get_by_role("slider", name="Weight of rank 1").focus()
    page.keyboard.press("End")
    eventually(bridge, lambda: builder.rows[0].weight == 4)
    page.get_by_role("button", name="Move rank 1: arrow up").focus()
    page.keyboard.press("ArrowDown")
    eventually(bridge, lambda: builder.rows[1].weight == 4)
    assert page.evaluate("document.activeElement.dataset.path") == "1/grip"
    page.get_by_role("checkbox", name="Use rank 1").uncheck()
    eventually(bridge, lambda: builder.query == DARK**4)
    page.get_by_role("combobox", name="How ranks are joined").select_option("any")
    eventually(bridge, lambda: builder.join == "any")
    for _ in range(4):
        page.get_by_role("button", name="Undo").click()
    eventually(bridge, lambda: builder.query == DARK & Term("concept", "bright"))
    page.get_by_role("button", name="Remove rank 1", exact=True).click()
    eventually(bridge, lambda: builder.query == Term("concept", "bright"))


def test_rows_follow_a_query_set_from_python_and_nested_groups_are_shown_whole(bridge, photos):
    builder = Widgets(photos).query_builder()
    page = bridge.show(builder)
    builder.query = DARK & ~(Term("concept", "red") | Term("concept", "blue"))
    page.locator(".tk-rows").get_by_text("concept('red') | concept('blue')", exact=True).wait_for()
    assert page.locator(".tk-row").count() == 2
    page.get_by_role("checkbox", name="Use rank 2").uncheck()
    eventually(bridge, lambda: builder.query == DARK)


def test_a_picture_is_chosen_downscaled_upright_and_ranked_by(bridge, photos, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    sent = np.random.default_rng(0).integers(0, 255, (600, 2400, 3), np.uint8)
    Image.fromarray(sent).save(tmp_path / "wide.jpg", exif=exif)
    explorer = Widgets(photos).explorer(limit=5)
    explorer.builder.folded = False
    page = bridge.show(explorer.builder, explorer.gallery)
    page.get_by_role("button", name="Add a rank: picture.").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="File: choose a picture for source").click()
    chooser.value.set_files(tmp_path / "wide.jpg")
    eventually(bridge, lambda: explorer.query is not None)
    assert Path(explorer.query.subject).name == "wide.jpg"
    with Image.open(explorer.query.subject) as picture:
        assert (picture.size, picture.format) == ((256, 1024), "JPEG")
    page.wait_for_selector(".tk-thumb[src]")
    page.get_by_role("button", name="Search", exact=True).click()
    page.locator(".tk-builder .tk-said", has_text="hits in").wait_for()
    page.wait_for_selector(".tk-frame img")


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_a_picture_is_dropped_or_pasted(bridge, photos, how):
    builder = Widgets(photos).query_builder(DARK)
    page = bridge.show(builder)
    file = io.BytesIO()
    Image.new("RGB", (32, 32), (9, 9, 9)).save(file, "PNG")
    page.evaluate(DROP, ["q.png", list(file.getvalue()), "image/png", how])
    eventually(bridge, lambda: len(builder.rows) == 2)
    assert builder.query.terms()[1].ranker == "image"


def test_a_file_that_is_no_picture_is_refused_in_words(bridge, photos):
    builder = Widgets(photos).query_builder(DARK)
    page = bridge.show(builder)
    page.evaluate(DROP, ["notes.png", [1, 2, 3], "image/png", "drop"])
    page.get_by_role("alert").get_by_text("notes.png is not a picture that the browser can open.").wait_for()
    assert len(builder.rows) == 1


def test_a_strangers_ranker_gets_controls_by_itself(bridge):
    from test_widgets_builder import Stripes

    with made() as photos:
        photos.registry.add(Stripes())
        builder = Widgets(photos).query_builder()
        page = bridge.show(builder)
        page.get_by_role("combobox", name="Add another rank").select_option("stripes")
        page.get_by_role("combobox", name="direction").select_option("along")
        page.get_by_role("combobox", name="Say more of rank 1").select_option("count")
        page.get_by_role("spinbutton", name="count").fill("5")
        page.keyboard.press("Tab")
        eventually(bridge, lambda: builder.query == Term("stripes", "along", {"count": 5}))
        builder.close()


def test_the_query_is_copied(bridge, photos):
    builder = Widgets(photos).query_builder(DARK)
    page = bridge.show(builder)
    page.get_by_role("combobox", name="Copy the query").select_option("python")
    page.get_by_role("textbox", name="The query to copy").wait_for()
    eventually(
        bridge, lambda: page.get_by_role("textbox", name="The query to copy").input_value() == builder.code()
    )


def test_errors_are_an_alert_and_a_restarted_kernel_says_so(bridge, photos):
    builder = Widgets(photos).query_builder(Term("concept", "no such thing"))
    page = bridge.show(builder)
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("alert").get_by_text("no concept named 'no such thing'").wait_for()
    bridge.restart()
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("alert").get_by_text("run this cell again").wait_for()


def test_a_kernel_that_is_busy_says_so(bridge, photos):
    builder = Widgets(photos).query_builder(DARK)
    page = bridge.show(builder)
    builder.asks = {}  # nobody answers
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_text("The kernel is busy; the answer will follow.").wait_for()


def test_no_plain_key_leaves_the_widgets_but_shift_enter_does(bridge, photos):
    explorer = Widgets(photos).explorer(DARK, limit=5)
    explorer.builder.folded = False
    page = bridge.show(explorer.builder, explorer.labeler, explorer.gallery)
    page.wait_for_selector(".tk-frame img")
    page.evaluate(
        "() => { window.leaked = []; document.addEventListener('keydown', (e) => leaked.push(e.key)); }"
    )
    for selector in (".tk-grip", ".tk-switch", ".tk-main", ".tk-cell", "select"):
        page.locator(selector).first.focus()
        for key in ("a", "x", "d", "Escape"):
            page.keyboard.press(key)
    assert page.evaluate("leaked") == []
    page.keyboard.press("Shift+Enter")
    assert page.evaluate("leaked") == ["Shift", "Enter"] or page.evaluate("leaked") == ["Enter"]
