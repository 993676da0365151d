"""The gallery in a page: the real Python object, the real script, a real browser, no Jupyter."""

from __future__ import annotations

import pytest
from widget_photos import photos as made

from toolkit.query import Term
from toolkit.terms import fuse
from toolkit.values.types import Box
from toolkit.widgets import Gallery, Widgets

from .bridge import Bridge, eventually, settled
from .many_hits import hits_of


def test_only_visible_cells_exist_however_many_hits_there_are(bridge):
    gallery = Gallery(hits_of(5000))
    page = bridge.show(gallery)
    page.wait_for_selector(".tk-frame img")
    assert page.locator(".tk-cell").count() <= 60
    page.eval_on_selector(".tk-grid", "grid => { grid.scrollTop = grid.scrollHeight; }")
    page.wait_for_selector('.tk-cell[data-rank="5000"] img')
    assert page.locator(".tk-cell").count() <= 60


def test_the_grid_is_walked_marked_and_selected_by_keys(bridge):
    gallery = Gallery(hits_of(40))
    page = bridge.show(gallery)
    page.wait_for_selector(".tk-frame img")
    page.locator(".tk-cell").first.focus()
    page.keyboard.press("r")
    eventually(bridge, lambda: gallery.marks == {"id0": 1})
    page.keyboard.press("ArrowRight")
    page.keyboard.press("n")
    eventually(bridge, lambda: gallery.marks == {"id0": 1, "id1": 0})
    page.keyboard.press("z")
    eventually(bridge, lambda: gallery.marks == {"id0": 1})
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    eventually(bridge, lambda: gallery.selected == ["id1", "id2"])
    page.keyboard.press("End")
    page.wait_for_selector('.tk-cell[data-rank="40"]:focus')
    page.keyboard.press("Escape")
    eventually(bridge, lambda: gallery.selected == [])


def test_a_hit_is_opened_by_enter_walked_and_closed_by_escape(bridge):
    gallery = Gallery(hits_of(10))
    page = bridge.show(gallery)
    page.wait_for_selector(".tk-frame img")
    page.locator(".tk-cell").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('[role="dialog"] img')
    assert "why: term" in page.locator('[role="dialog"]').inner_text()
    page.keyboard.press("ArrowRight")
    eventually(bridge, lambda: gallery.opened == "id1")
    page.keyboard.press("Escape")
    eventually(bridge, lambda: gallery.opened == "")
    assert page.evaluate("document.activeElement.classList.contains('tk-cell')")


def test_clicks_ask_for_more_and_less_like_a_hit_or_a_box(bridge):
    gallery, seen = Gallery(hits_of(5)), []
    gallery.on_act(lambda verb, hit, box: seen.append((verb, hit.input.id, box)))
    page = bridge.show(gallery)
    page.wait_for_selector(".tk-frame img")
    page.locator(".tk-cell").nth(1).hover()
    page.locator(".tk-cell").nth(1).get_by_title("Less like this").click()
    page.locator(".tk-frame").first.click()
    page.get_by_role("button", name="Region 0.90 concept('dog')").click()
    page.get_by_role("dialog").get_by_role("button", name="More like this").click()
    eventually(bridge, lambda: seen == [("less", "id1", None), ("more", "id0", Box(0.1, 0.2, 0.5, 0.6))])


def test_two_views_of_one_gallery_stay_in_step(bridge):
    gallery = Gallery(hits_of(3))
    page = bridge.show(gallery, gallery)
    page.wait_for_function("document.querySelectorAll('.tk-frame img').length === 6")
    page.locator(".tk-cell").first.focus()
    page.keyboard.press("r")
    page.wait_for_function("document.querySelectorAll('.tk-mark').length === 2")


def test_a_page_that_is_loaded_again_shows_the_same(bridge):
    gallery = Gallery(hits_of(3))
    gallery.mark([1])
    page = bridge.show(gallery)
    page.wait_for_selector(".tk-mark")
    page.evaluate("tk.cleanups.splice(0).forEach((cleanup) => cleanup())")
    bridge.show(gallery)
    page.wait_for_function("document.querySelectorAll('.tk-frame img').length === 3")
    assert page.locator(".tk-mark").count() == 1


def test_object_urls_are_given_back_when_a_view_goes(bridge):
    bridge.page.evaluate(
        "() => { window.urls = new Set(); const [make, free] = [URL.createObjectURL, URL.revokeObjectURL];"
        " URL.createObjectURL = (blob) => { const url = make.call(URL, blob); urls.add(url); return url; };"
        " URL.revokeObjectURL = (url) => { urls.delete(url); free.call(URL, url); }; }"
    )
    page = bridge.show(Gallery(hits_of(30)))
    page.wait_for_selector(".tk-frame img")
    assert page.evaluate("urls.size") > 0
    page.evaluate("tk.cleanups.splice(0).forEach((cleanup) => cleanup())")
    assert page.evaluate("urls.size") == 0


def test_an_answer_about_hits_that_are_gone_is_dropped(bridge):
    gallery = Gallery(hits_of(30, name="old.jpg"))
    page = bridge.show(gallery)
    gallery.show(hits_of(2, name="new.jpg"))
    page.wait_for_selector('.tk-cell:has-text("new.jpg") img')
    settled(page)
    assert page.locator(".tk-cell").count() == 2
    assert page.get_by_text("old.jpg").count() == 0


def test_boxes_below_a_score_are_not_drawn(bridge):
    gallery = Gallery(hits_of(3))
    page = bridge.show(gallery)
    page.wait_for_selector(".tk-frame img")
    boxes = page.locator(".tk-cell .tk-box:visible")
    assert boxes.count() == 3
    slider = page.get_by_role("slider", name="Least score of a box that is drawn")
    slider.fill("0.95")
    eventually(bridge, lambda: gallery.least == 0.95)
    assert boxes.count() == 0
    gallery.least = 0.9
    page.wait_for_function("document.querySelectorAll('.tk-cell .tk-box:not([hidden])').length === 3")
    gallery.least = 0.95
    gallery.enlarge(0)
    page.wait_for_selector('[role="dialog"] img')
    assert page.locator('[role="dialog"] .tk-box:visible').count() == 0


def test_every_term_has_a_bar_and_a_line_of_the_legend_in_one_color_here_and_in_the_table(bridge, photos):
    query = [Term("concept", name) for name in ("dark", "bright", "red", "grayscale", "blue", "low contrast")]
    found = photos.search(fuse(query), limit=3)
    page = bridge.show(Widgets(photos).gallery(found))
    page.wait_for_selector(".tk-frame img")
    colors = "nodes => nodes.map((node) => getComputedStyle(node).backgroundColor)"
    legend = page.locator(".tk-legend i").evaluate_all(colors)
    assert len(set(legend)) == 6
    bars = page.locator(".tk-cell").first.locator(".tk-bars > i > i")
    assert bars.evaluate_all(colors) == legend
    page.locator(".tk-cell").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").locator("table").wait_for()
    assert page.locator(".tk-why .tk-swatch").evaluate_all(colors) == legend


@pytest.mark.parametrize("width", [1280, 900, 400])
def test_no_number_is_broken_however_narrow_it_is(page_of, monkeypatch, width, artifacts):
    bridge = Bridge(page_of(width=width), monkeypatch)
    with made() as photos:
        long = "a concept whose name is long and goes on and on"
        photos.concepts.add("dark", names={"fr": [long]})
        query = (
            Term("concept", long)
            & Term("concept", "grayscale") ** 0.95
            & Term("where", None, {"status": "success"})
        )
        explorer = Widgets(photos).explorer(query, limit=3)
        explorer.gallery.enlarge(0)
        page = bridge.show(explorer)
        page.get_by_role("dialog").locator("table").wait_for()
        page.screenshot(path=artifacts / f"numbers-{width}.png")
        _whole_numbers(page)


def _whole_numbers(page):
    cells = page.locator(
        ".tk-why td + td, .tk-why th, .tk-score, .tk-count, .tk-weight output, .tk-why strong"
    )
    assert cells.count() >= 8
    lines = cells.evaluate_all(
        """nodes => nodes.filter((node) => node.getClientRects().length).map((node) => {
          const range = document.createRange(); range.selectNodeContents(node);
          const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.bottom)));
          return [node.textContent, lines.size]; })"""
    )
    assert [text for text, count in lines if count > 1] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_wheel_at_the_end_of_the_grid_moves_the_page(bridge):
    bridge.page.set_viewport_size({"width": 900, "height": 500})
    page = bridge.show(Gallery(hits_of(60)), Gallery(hits_of(60)))
    page.wait_for_selector(".tk-frame img")
    page.locator(".tk-grid").first.hover()
    page.eval_on_selector(".tk-grid", "grid => { grid.scrollTop = grid.scrollHeight; }")
    for _ in range(5):
        page.mouse.wheel(0, 400)
        settled(page)
    page.wait_for_function("scrollY > 0")


def test_after_a_restart_every_part_says_so_not_only_the_one_that_was_touched(bridge, photos):
    photos.project("pca")
    explorer = Widgets(photos).explorer(Term("concept", "dark"), limit=3)
    explorer.map._projection = "pca"
    explorer.hide("map", hidden=False)
    explorer.picker.show(explorer.hits[0])
    explorer.hide("picker", hidden=False)
    page = bridge.show(explorer)
    page.wait_for_selector(".tk-frame img")
    page.locator(".tk-points").wait_for()
    bridge.restart()
    page.locator(".tk-cell").first.focus()
    page.keyboard.press("r")
    page.get_by_role("alert").get_by_text("run this cell again").wait_for()
    drawn = page.locator("section.tk").evaluate_all(
        "nodes => nodes.map((node) => [node.className.match(/tk-(?!dead)[a-z-]+/)[0], "
        "node.classList.contains('tk-dead')])"
    )
    parts = ("builder", "explorer", "facets", "gallery", "labeler", "map", "picker")
    assert {f"tk-{part}" for part in parts} <= {name for name, _ in drawn}
    assert all(is_dead for _, is_dead in drawn)


def test_marks_without_a_name_are_drawn_as_waiting_and_the_name_is_asked_for_beside_them(bridge):
    with made() as photos:
        explorer = Widgets(photos).explorer(Term("concept", "dark"), limit=5)
        page = bridge.show(explorer)
        page.wait_for_selector(".tk-frame img")
        page.locator(".tk-cell").first.focus()
        page.keyboard.press("r")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("n")
        page.get_by_text("2 marks wait: what do they show?").wait_for()
        assert page.locator(".tk-mark.tk-pending").count() == 2
        field = page.get_by_label("What the marked pictures show")
        field.fill("porch")
        field.press("Enter")
        page.wait_for_function(
            "!document.querySelector('.tk-pending') && document.querySelectorAll('.tk-mark').length === 2"
        )
        assert explorer.labeler.concept == "porch"
        assert (explorer.labeler.yes, explorer.labeler.no) == (1, 1)
        explorer.close()


def test_enter_in_the_name_of_the_concept_leaves_the_focus_there(bridge):
    with made() as photos:
        explorer = Widgets(photos).explorer(Term("concept", "dark"), limit=5)
        page = bridge.show(explorer)
        field = page.get_by_role("combobox", name="Concept that marks are labels of")
        field.fill("porch")
        field.press("Enter")
        eventually(bridge, lambda: explorer.labeler.title == "porch")
        settled(page)
        assert (
            page.evaluate("document.activeElement.getAttribute('aria-label')")
            == "Concept that marks are labels of"
        )
        explorer.close()
