"""What a designer would mend, screen by screen: nothing cut, covered, or lost where colors are forced."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from widget_photos import photos as made
from widget_photos import placed

import toolkit
from toolkit.query import Term
from toolkit.values.types import Box
from toolkit.widgets import Gallery, Widgets

from .bridge import Bridge, settled
from .many_hits import hits_of

DARK, BRIGHT = Term("concept", "dark"), Term("concept", "bright")
LONG = "more than one line, surely"
# Fields whose placeholder is wider than the field; names that go beyond their place.
CUT = """() => {
  const pen = document.createElement('canvas').getContext('2d');
  const seen = (selector) => [...document.querySelectorAll(selector)].filter((node) => node.getClientRects().length);
  const fields = seen('.tk input[placeholder]').filter((node) => {
    const style = getComputedStyle(node);
    pen.font = style.font;
    const room = node.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return !node.value && pen.measureText(node.placeholder).width > room + 1; }).map((node) => node.placeholder);
  const names = seen('.tk-value bdi, .tk-choice *').filter((node) => node.scrollWidth > node.clientWidth + 1
    && getComputedStyle(node).display !== 'inline').map((node) => node.textContent);
  return [...fields, ...names]; }"""
FRAMES = """nodes => nodes.map((node) => node.getBoundingClientRect())
  .map(({ left, top, right, bottom }) => [left, top, right, bottom])"""
BACKGROUND = "node => getComputedStyle(node).backgroundColor"


def shown(page_of, monkeypatch, make, width=1280, **look):
    bridge = Bridge(page_of(width=width, height=900, **look), monkeypatch)
    widget = make()
    page = bridge.show(widget)
    page.add_style_tag(content="h1 { display: none } body { margin: 8px }")
    return bridge, widget, page


@pytest.fixture
def photos():
    with made() as collection:
        ids = list(collection)
        collection.annotate(ids[:9], concept=LONG)
        yield collection


@pytest.mark.parametrize("width", [1280, 900, 400])
def test_nothing_is_cut_in_a_field_or_a_facet(page_of, monkeypatch, photos, width, artifacts):
    _, explorer, page = shown(page_of, monkeypatch, lambda: Widgets(photos).explorer(DARK, limit=12), width)
    page.locator(".tk-value").first.wait_for(state="attached")
    if width == 400:
        page.get_by_role("button", name="Show or hide the facets").click()
    else:
        page.get_by_role("button", name="Show or hide the map").click()
        page.wait_for_function("document.querySelector('.tk-points')?.dataset.marked > 0")
    explorer.facets.choose("label", photos.concepts.id_of(LONG), excluded=True)
    page.locator(".tk-choice").get_by_text(LONG).wait_for()
    settled(page)
    page.screenshot(path=artifacts / f"nothing-cut-{width}.png", full_page=True)
    assert page.evaluate(CUT) == []


def test_legend_reasons_and_boxes_say_what_the_chip_says(page_of, monkeypatch, photos):
    query = DARK & ~BRIGHT & Term("label", photos.concepts.id_of(LONG))
    bridge, explorer, page = shown(page_of, monkeypatch, lambda: Widgets(photos).explorer(query, limit=6))
    page.wait_for_selector(".tk-legend li")
    assert page.locator(".tk-legend li").all_inner_texts() == ["1: dark", "2: not bright"]
    explorer.gallery.enlarge(0)
    page.get_by_role("dialog").locator("table").wait_for()
    why = page.get_by_role("dialog").locator("tbody td bdi").all_inner_texts()
    assert why == ["dark", "not bright", f"label {LONG}"]
    explorer.close()
    assert photos.widgets.explorer().last == f"dark, not bright, label {LONG}"
    assert bridge.errors == []


def test_words_that_two_terms_share_are_told_apart(page_of, monkeypatch, photos):
    query = DARK & Term("concept", "dark", (("source", "model"),))
    shown(page_of, monkeypatch, lambda: Widgets(photos).explorer(query, limit=6))[2].wait_for_function(
        "new Set([...document.querySelectorAll('.tk-legend li')].map((node) => node.textContent.slice(3))).size === 2"
    )


@pytest.mark.parametrize("width", [1280, 400])
def test_suggestions_end_where_the_window_does_and_their_counts_are_flush(
    page_of, monkeypatch, photos, width
):
    query = DARK & ~BRIGHT
    _, _, page = shown(page_of, monkeypatch, lambda: Widgets(photos).explorer(query, limit=6), width)
    page.wait_for_selector(".tk-legend li")
    page.get_by_role("combobox", name="Search").press_sequentially("b")
    page.locator(".tk-searchbox").get_by_role("option").first.wait_for()
    left, _, right, _ = page.locator(".tk-searchbox .tk-list").evaluate_all(FRAMES)[0]
    assert 0 <= left < right <= width
    counts = page.locator(".tk-searchbox [role=option] .tk-count").evaluate_all(FRAMES)
    assert len({round(right) for _, _, right, _ in counts}) == 1


def test_with_forced_colors_what_is_chosen_is_readable_and_bars_are_seen(page_of, monkeypatch, photos):
    look = {"forced_colors": "active"}
    _, explorer, page = shown(page_of, monkeypatch, lambda: Widgets(photos).explorer(DARK, limit=12), **look)
    page.locator(".tk-value").first.wait_for()
    page.get_by_role("button", name="Show or hide the map").click()
    page.wait_for_function("document.querySelector('.tk-points')?.dataset.marked > 0")
    explorer.map.color = "label"
    explorer.facets.choose("label", photos.concepts.id_of(LONG))
    page.locator(".tk-in").wait_for()
    pairs = """nodes => nodes.map((node) =>
      [getComputedStyle(node).color, getComputedStyle(node.closest('button')).backgroundColor])"""
    for text, behind in page.locator(".tk-in .tk-value > :is(bdi, span)").evaluate_all(pairs):
        assert text != behind
    legend = page.locator(".tk-map-legend button bdi")
    legend.first.wait_for()
    canvas = page.eval_on_selector(
        ".tk-map-legend", "node => getComputedStyle(document.body).backgroundColor"
    )
    colors = legend.evaluate_all("nodes => nodes.map((node) => getComputedStyle(node).color)")
    assert canvas not in colors
    page.get_by_role("button", name="View: how the pictures are shown").click()
    page.get_by_role("button", name="Scores of all hits").click()
    page.locator(".tk-histogram > span").first.wait_for(state="attached")
    assert page.eval_on_selector(".tk-histogram > span", BACKGROUND) != page.eval_on_selector(
        ".tk-histogram", BACKGROUND
    )
    assert page.eval_on_selector(".tk-ghost", BACKGROUND) != page.eval_on_selector(".tk-solid", BACKGROUND)


def test_where_the_keyboard_is_and_what_is_selected_is_drawn_over_the_picture(page_of, monkeypatch):
    _, gallery, page = shown(page_of, monkeypatch, lambda: Gallery(hits_of(6)))
    page.wait_for_selector(".tk-frame img")
    gallery.select([1, 2])
    page.locator(".tk-cell").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelectorAll('.tk-cell[aria-selected=true]').length === 2")
    over = """nodes => nodes.map((node) => { const ring = getComputedStyle(node, '::after');
      return [ring.content, ring.position, parseFloat(ring.borderTopWidth), ring.inset]; })"""
    rings = page.locator(".tk-cell .tk-frame").evaluate_all(over)
    assert rings[:3] == [['""', "absolute", 3, "0px"]] * 3
    assert all(ring[0] == "none" for ring in rings[3:])


def test_marks_are_round(page_of, monkeypatch):
    def marked():
        gallery = Gallery(hits_of(4))
        gallery.set_marks({gallery.hits.ids[0]: 1.0, gallery.hits.ids[1]: 0.0})
        return gallery

    _, gallery, page = shown(page_of, monkeypatch, marked)
    page.wait_for_selector(".tk-mark")
    gallery.pending = {gallery.hits.ids[2]: 1.0}
    page.wait_for_selector(".tk-pending")
    for left, top, right, bottom in page.locator(".tk-mark").evaluate_all(FRAMES):
        assert abs((right - left) - (bottom - top)) <= 1
    page.get_by_text("1 mark waits: what does it show?").wait_for()


@pytest.mark.parametrize("width", [900, 400])
def test_what_can_be_done_with_a_large_picture_is_one_row(page_of, monkeypatch, photos, width):
    _, explorer, page = shown(page_of, monkeypatch, lambda: Widgets(photos).explorer(DARK, limit=6), width)
    page.wait_for_selector(".tk-frame img")
    explorer.gallery.enlarge(0)
    page.get_by_role("dialog").locator("table").wait_for()
    buttons = page.get_by_role("dialog").locator("> .tk-bar > button")
    assert buttons.count() == 9
    assert len({round(top) for _, top, _, _ in buttons.evaluate_all(FRAMES)}) == 1
    page.get_by_role("button", name="Less like this").first.wait_for()


def test_hits_side_by_side_stand_alone_and_what_opens_below_the_window_is_brought_into_it(
    page_of, monkeypatch
):
    with placed() as photos:
        _, explorer, page = shown(page_of, monkeypatch, lambda: Widgets(photos).explorer(DARK, limit=12), 400)
        page.wait_for_selector(".tk-frame img")
        page.get_by_role("button", name="Places: show or hide them").wait_for()
        explorer.compare(0, 1)
        page.locator(".tk-two").wait_for()
        page.get_by_role("button", name="Places: show or hide them").wait_for(state="hidden")
        page.get_by_role("button", name="Close the comparison").click()
        page.get_by_role("button", name="Places: show or hide them").wait_for()
        page.evaluate("document.body.style.paddingTop = '700px'; scrollTo(0, 0)")
        explorer._act("region", explorer.hits[0], None)
        page.wait_for_function(
            "document.querySelector('.tk-slot-picker')?.getBoundingClientRect().top < innerHeight - 100"
        )


def test_an_empty_collection_says_how_pictures_come_and_offers_nothing_to_do_with_them(page_of, monkeypatch):
    with toolkit.open() as photos:
        _, _, page = shown(page_of, monkeypatch, lambda: Widgets(photos).explorer())
        page.get_by_text("No pictures yet: photos.add(folder)").wait_for()
        page.get_by_role("button", name="Snapshot: one file that opens offline").wait_for(state="hidden")


def test_an_error_with_a_mark_under_a_letter_is_of_letters_of_one_width(page_of, monkeypatch, photos):
    _, _, page = shown(page_of, monkeypatch, lambda: Widgets(photos).explorer(), 400)
    box = page.get_by_role("combobox", name="Search")
    box.fill("(concept:dark & ")
    box.press("Enter")
    alert = page.locator(".tk-alert").filter(has_text="^")
    alert.wait_for()
    assert "monospace" in alert.evaluate("node => getComputedStyle(node).fontFamily")
    (at, *_), (of_the_row, *_) = (
        page.locator(one).evaluate_all(FRAMES)[0] for one in (".tk-lines", ".tk-labeler")
    )
    assert at == of_the_row


def test_without_a_kernel_each_part_fades_once_and_the_reason_not_at_all(page_of, monkeypatch, photos):
    bridge, _, page = shown(page_of, monkeypatch, lambda: Widgets(photos).explorer(DARK, limit=6))
    page.wait_for_selector(".tk-frame img")
    bridge.restart()
    page.get_by_role("button", name="Show or hide the map").click()
    alert = page.get_by_text("The kernel was restarted").filter(visible=True)
    alert.wait_for()
    opacity = """(node) => { let all = 1;
      for (let at = node; at instanceof Element; at = at.parentElement) all *= +getComputedStyle(at).opacity;
      return all; }"""
    assert alert.evaluate(opacity) == 1
    for part in (".tk-grid", ".tk-searchbox", ".tk-facets-list", ".tk-saved"):
        assert page.eval_on_selector(part, opacity) == pytest.approx(0.45)


@pytest.mark.parametrize("width", [1280, 400])
def test_places_that_would_cover_one_another_are_one_dot_and_no_degree_is_cut(page_of, monkeypatch, width):
    with placed() as photos:
        _, _, page = shown(page_of, monkeypatch, lambda: Widgets(photos).places(), width)
        page.locator(".tk-dot").first.wait_for()
        dots = page.locator(".tk-dot").evaluate_all(
            "nodes => nodes.map((n) => ['cx', 'cy', 'r'].map((a) => +n.getAttribute(a)))"
        )
        frame = page.locator(".tk-globe").bounding_box()
        texts = page.locator(".tk-globe text").evaluate_all(FRAMES)
        bars = page.locator(".tk-places .tk-bar:not(span)").evaluate_all(FRAMES)
    assert len(dots) > 1
    for at, (x, y, r) in enumerate(dots):
        assert all(np.hypot(x - a, y - b) >= r + s - 0.2 for a, b, s in dots[:at])
    assert all(right <= frame["x"] + frame["width"] for _, _, right, _ in texts)
    rows = sorted((top, bottom) for _, top, _, bottom in bars if bottom > top)
    assert all(below[0] >= above[1] + 4 for above, below in pairwise(rows))


def test_a_map_holds_its_thumbnails(page_of, monkeypatch, photos):
    _, plane, page = shown(page_of, monkeypatch, lambda: Widgets(photos).map(axes=["dark", "bright"]), 400)
    page.wait_for_function("document.querySelector('.tk-points')?.dataset.marked > 0")
    plane.pictures = True
    page.wait_for_function("document.querySelectorAll('.tk-thumbs img').length > 3")
    settled(page)
    frame = page.locator(".tk-points").bounding_box()
    for left, top, right, bottom in page.locator(".tk-thumbs img").evaluate_all(FRAMES):
        assert left >= frame["x"]
        assert top >= frame["y"]
        assert right <= frame["x"] + frame["width"]
        assert bottom <= frame["y"] + frame["height"]


def test_the_one_thing_to_do_is_the_main_button(page_of, monkeypatch, photos):
    id = next(iter(photos))
    for make in (lambda: Widgets(photos).region_picker(id), lambda: Widgets(photos).concept_tree()):
        _, _, page = shown(page_of, monkeypatch, make)
        button = page.get_by_role("button", name="Search")
        assert "tk-main" in button.get_attribute("class").split()


def test_a_branch_of_the_tree_counts_kinds_and_pictures(page_of, monkeypatch, photos):
    photos.concepts.add("light")
    photos.concepts.relate("dark", "hypernym", "light")
    found = photos.search(Term("concept", "light"), limit=1).total
    _, _, page = shown(page_of, monkeypatch, lambda: Widgets(photos).concept_tree("light"))
    page.get_by_role("treeitem", name=f"light 1 kind · {found} pictures").wait_for()


def test_what_a_saved_notebook_shows_begins_with_the_hits_and_fits_a_narrow_page(page_of):
    with placed() as photos:
        explorer = photos.widgets.explorer(DARK, limit=4)
        explorer.picker.show(explorer.hits[0], box=Box(0.1, 0.1, 0.6, 0.6))
        still = explorer.static_html()
        explorer.close()
    page = page_of(width=400, height=900)
    page.set_content(still)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert "no concept" not in still
    assert "0 of 0" not in still
    assert re.search(r"<img[^>]+src=\"data:", still).start() < still.index("places")
