"""The gallery in a page: the real Python object, the real script, a real browser, no Jupyter."""

from __future__ import annotations

from toolkit.values.types import Box
from toolkit.widgets import Gallery

from .bridge import eventually
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
    page.wait_for_timeout(100)
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
