"""The explorer as one widget, in a page."""

from __future__ import annotations

from toolkit.query import Term
from toolkit.widgets import Widgets

from .bridge import eventually

DARK = Term("concept", "dark")


def test_an_explorer_is_one_widget_and_its_parts_are_drawn_in_it(bridge, photos):
    explorer = Widgets(photos).explorer(DARK, limit=6)
    page = bridge.show(explorer)
    page.wait_for_selector(".tk-explorer .tk-gallery .tk-frame img")
    assert page.locator("#views > div").count() == 1
    assert page.locator(".tk-explorer .tk-builder").count() == 1
    page.locator(".tk-cell").first.focus()
    page.keyboard.press("Space")
    eventually(bridge, lambda: len(explorer.gallery.selection) == 1)


def test_all_parts_speak_in_one_status_line_and_the_last_is_heard(bridge, photos):
    explorer = Widgets(photos).explorer(limit=6)
    page = bridge.show(explorer)
    page.locator(".tk-cell, .tk-empty").first.wait_for()
    explorer.labeler.set_status("Written.")
    page.locator(".tk-status").get_by_text("Written.").wait_for()
    explorer.builder.set_status("Found.")
    page.locator(".tk-status").get_by_text("Found.").wait_for()
    assert not page.get_by_text("Written.").is_visible()
    explorer.gallery.set_status("It broke.", level="error")
    page.get_by_role("alert").get_by_text("It broke.").wait_for()
    assert not page.get_by_text("Found.").is_visible()
    explorer.gallery.set_status("Mended.")
    page.locator(".tk-status").get_by_text("Mended.").wait_for()
    assert page.locator(".tk-foot:not(.tk-status *)").count() == 0


def test_a_view_that_goes_takes_its_parts_with_it_and_comes_back_whole(bridge, photos):
    explorer = Widgets(photos).explorer(DARK, limit=6)
    page = bridge.show(explorer)
    page.wait_for_selector(".tk-frame img")
    page.evaluate("tk.cleanups.splice(0).forEach((cleanup) => cleanup())")
    assert page.locator(".tk").count() == 0
    bridge.show(explorer)
    page.wait_for_selector(".tk-explorer .tk-frame img")
    assert page.locator(".tk-gallery").count() == 1


def test_a_picture_to_draw_on_is_shown_only_while_one_draws(bridge, photos):
    explorer = Widgets(photos).explorer(DARK, limit=6)
    page = bridge.show(explorer)
    page.wait_for_selector(".tk-frame img")
    assert not page.locator(".tk-picker").is_visible()
    explorer.gallery.act("region", 0)
    page.locator(".tk-picker").wait_for()
    page.locator(".tk-picker").get_by_role("button", name="Close").first.click()
    eventually(bridge, lambda: "picker" in explorer.hidden)
    page.locator(".tk-picker").wait_for(state="hidden")


def test_facets_and_the_map_beside_the_photographs_are_rows_of_the_query(bridge, photos):
    photos.project("pca")
    explorer = Widgets(photos).explorer(DARK, limit=30)
    explorer.map._projection = "pca"
    page = bridge.show(explorer)
    page.wait_for_selector(".tk-frame img")
    found = explorer.hits.total
    row = page.locator('section[aria-label="Concepts"]').get_by_role("button", name="Exclude black")
    row.click()
    eventually(bridge, lambda: explorer.hits.total < found)
    assert len(explorer.builder.rows) == 2
    eventually(bridge, lambda: explorer.facets.hits == explorer.hits.total)
    assert not page.locator(".tk-points").is_visible()
    page.get_by_role("button", name="Show or hide the map").click()
    page.locator(".tk-points").wait_for()
    eventually(bridge, lambda: explorer.map.hits == explorer.hits.total)
    explorer.map.lasso([[-1, -1], [2, -1], [2, 2], [-1, 2]])
    assert [one.query.ranker for one in explorer.builder.rows] == ["concept", "label", "lasso"]
    explorer.facets.clear()
    eventually(bridge, lambda: explorer.hits.total == found)
    explorer.map.clear()
    assert explorer.query == DARK
