"""The map of the pictures in a page: it follows the query, a lasso is a filter, drawn with and without WebGL."""

from __future__ import annotations

import numpy as np
import pytest

import toolkit
from toolkit.query import Term
from toolkit.testing import pictures
from toolkit.widgets import Gallery, Widgets

from .bridge import Bridge, eventually, settled

COUNT = 24
BRIGHT = Term("concept", "bright")
NO_WEBGL = """() => { const original = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
    return kind.startsWith("webgl") ? null : original.call(this, kind, ...more); }; }"""
ANY_WEBGL = """() => { const original = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, options) {
    return original.call(this, kind, { ...options, failIfMajorPerformanceCaveat: false }); }; }"""
PIXELS = """() => { const canvas = document.querySelector('.tk-points canvas');
  const copy = document.createElement('canvas'); copy.width = canvas.width; copy.height = canvas.height;
  const flat = copy.getContext('2d'); flat.drawImage(canvas, 0, 0);
  const data = flat.getImageData(0, 0, copy.width, copy.height).data;
  let [bright, gray] = [0, 0];
  for (let at = 0; at < data.length; at += 4) {
    if (!data[at + 3]) continue;
    const [red, green, blue] = data.slice(at, at + 3);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) bright += 1; else gray += 1; }
  return [bright, gray]; }"""


ROOM = 70  # pixels around all points, and the line of the frame


@pytest.fixture(scope="module")
def photos():
    with toolkit.open(workflow="pixels") as collection:
        collection.add(pictures(COUNT), progress=False)
        ids = list(collection)
        collection.annotate(ids[:9], concept="porch")
        collection.annotate(ids[9:12], concept="night")
        yield collection


def shown(bridge, plane, *more):
    page = bridge.show(plane, *more)
    page.wait_for_function(f"() => document.querySelector('.tk-points')?.dataset.marked === '{plane.marked}'")
    settled(page)
    return page, page.locator(".tk-points").bounding_box()


def around(page, frame, left, top, right, bottom):
    """A line around a part of the frame, given as shares of it."""
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    at = [(frame["x"] + frame["width"] * x, frame["y"] + frame["height"] * y) for x, y in corners]
    page.mouse.move(*at[0])
    page.mouse.down()
    for corner in at[1:]:
        page.mouse.move(*corner, steps=5)
    page.mouse.up()


@pytest.mark.parametrize("webgl", [True, False])
def test_hits_are_bright_and_the_rest_is_gray_with_and_without_webgl(bridge, photos, artifacts, webgl):
    bridge.page.evaluate(ANY_WEBGL if webgl else NO_WEBGL)
    plane = Widgets(photos).map(projection="pca")
    page, _ = shown(bridge, plane)
    kind = page.locator(".tk-points").get_attribute("data-kind")
    assert webgl or kind == "2d"
    everything, none = page.evaluate(PIXELS)
    assert everything > 300
    assert none == 0
    plane.show(BRIGHT)
    page.get_by_text(f"{plane.hits} of {COUNT}").wait_for()
    page.wait_for_function(f"() => document.querySelector('.tk-points')?.dataset.marked === '{plane.marked}'")
    settled(page)
    bright, gray = page.evaluate(PIXELS)
    assert 0 < bright < everything
    assert gray > 0
    page.screenshot(path=artifacts / f"map-{kind}.png")


@pytest.mark.parametrize("webgl", [True, False])
def test_a_lasso_is_a_filter_that_gallery_and_facets_follow(bridge, photos, webgl):
    bridge.page.evaluate(ANY_WEBGL if webgl else NO_WEBGL)
    plane, gallery, facets = (
        Widgets(photos).map(projection="pca"),
        Gallery(photos=photos),
        Widgets(photos).facets(),
    )
    plane.link(gallery, facets)
    page, frame = shown(bridge, plane, facets, gallery)
    around(page, frame, 0.01, 0.01, 0.5, 0.99)
    eventually(bridge, lambda: 0 < gallery.hits.total < COUNT)
    assert plane.query.ranker == "lasso"
    assert plane.hits == facets.hits == gallery.hits.total
    where = dict(zip(photos, photos.layout("pca").places[:, 0].tolist(), strict=True))
    inside = set(photos.search(plane.query, limit=COUNT).ids)
    assert max(where[id] for id in inside) <= min(where[id] for id in where if id not in inside)
    facets.choose("label", photos.concepts.id_of("porch"))
    page.get_by_role("button", name="Remove the lasso").click()
    eventually(bridge, lambda: plane.hits == 9)
    assert facets.chosen == {"label": facets.chosen["label"]}


def test_the_lasso_survives_a_change_of_view_and_is_drawn_where_it_was_drawn(bridge, photos):
    plane = Widgets(photos).map(projection="pca")
    page, frame = shown(bridge, plane)
    around(page, frame, 0.01, 0.01, 0.5, 0.99)
    eventually(bridge, lambda: plane.hits < COUNT)
    inside = plane.hits
    page.get_by_role("combobox", name="Axis to the right").fill("red")
    page.get_by_role("combobox", name="Axis to the top").fill("bright")
    page.get_by_role("button", name="Place the pictures by these two words").click()
    eventually(bridge, lambda: plane.axes == ["red", "bright"])
    page.get_by_text("red →").wait_for()
    assert (plane.hits, plane.drawn) == (inside, [])
    assert (
        page.get_by_role("button", name="Remove the lasso").count() == 0
        or not page.get_by_role("button", name="Remove the lasso").is_visible()
    )
    plane.lasso([[0.5, -1], [2, -1], [2, 2], [0.5, 2]])
    assert len(plane.query.parts) == 2
    page.get_by_role("button", name="Place the pictures by likeness").click()
    eventually(bridge, lambda: plane.axes == [])
    assert len(plane.drawn) == 1
    page.get_by_role("button", name="Remove the lasso").click()
    eventually(bridge, lambda: plane.query.ranker == "lasso")
    assert dict(plane.query.options)["axes"] == ("red", "bright")


def test_a_word_that_nothing_here_means_leaves_the_map_and_says_so(bridge, photos):
    plane = Widgets(photos).map(projection="pca")
    page, _ = shown(bridge, plane)
    page.get_by_role("combobox", name="Axis to the right").fill("xyzzy")
    page.get_by_role("combobox", name="Axis to the top").fill("red")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("xyzzy").wait_for()
    assert (plane.axes, plane.hits) == ([], COUNT)


def test_the_legend_counts_hides_and_isolates(bridge, photos):
    plane = Widgets(photos).map(projection="pca")
    plane.color = "label"
    page, _ = shown(bridge, plane)
    assert page.locator(".tk-map-legend button").all_text_contents() == [
        "porch 9 / 9",
        "night 3 / 3",
        "others 12 / 12",
    ]
    all_bright, _ = page.evaluate(PIXELS)
    page.get_by_role("button", name="porch").click()
    eventually(bridge, lambda: plane.off == [0])
    settled(page)
    fewer, _ = page.evaluate(PIXELS)
    assert 0 < fewer < all_bright
    page.get_by_role("button", name="night").dblclick()
    eventually(bridge, lambda: sorted(plane.off) == [0, 2])
    page.get_by_role("button", name="night").press("o")
    eventually(bridge, lambda: plane.off == [])
    plane.show(BRIGHT)
    page.get_by_role("button", name="porch").get_by_text("/ 9").wait_for()
    assert sum(row[1] for row in plane.legend) == plane.hits


def test_it_is_used_by_keys_alone_and_points_name_themselves(bridge, photos):
    plane = Widgets(photos).map(projection="pca")
    page, frame = shown(bridge, plane)
    page.locator(".tk-points").focus()
    for key in ("+", "+", "ArrowLeft", "-", "0", "+"):
        page.keyboard.press(key)
    page.keyboard.press("b")
    eventually(bridge, lambda: plane.query is not None and plane.query.ranker == "lasso")
    page.keyboard.press("Escape")
    eventually(bridge, lambda: plane.query is None)
    page.keyboard.press("0")
    settled(page)
    page.mouse.move(*map(float, points_of(plane, frame)[0]))
    page.locator(".tk-tip img").wait_for()


def test_a_word_of_an_axis_is_completed_as_in_the_builder(bridge, photos):
    plane = Widgets(photos).map(axes=["red", "bright"])
    page, _ = shown(bridge, plane)
    right = page.get_by_role("combobox", name="Axis to the right")
    right.fill("whi")
    page.get_by_role("option", name="white").first.wait_for()
    right.press("ArrowDown")
    right.press("Enter")
    eventually(bridge, lambda: plane.axes == ["white", "bright"])
    assert right.input_value() == "white"
    assert page.get_by_role("listbox").count() == 0
    right.fill("gra")
    page.locator(".tk-list").get_by_role("option").first.wait_for()
    right.press("Escape")
    page.locator(".tk-list").get_by_role("option").first.wait_for(state="hidden")
    assert plane.axes == ["white", "bright"]


def points_of(plane, frame):
    """Where each picture is drawn when all are in view, in pixels of the page."""
    places = plane._points_of
    low, high = places.min(axis=0), places.max(axis=0)
    scale = min((frame["width"] - ROOM) / (high - low)[0], (frame["height"] - ROOM) / (high - low)[1])
    away = (places - (low + high) / 2) * scale * (1, -1)
    middle = np.array([frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2])
    return away + middle


def test_a_click_on_a_point_opens_that_picture_large_whether_it_is_a_hit_of_the_page_or_not(bridge, photos):
    plane, gallery = Widgets(photos).map(projection="pca"), Gallery(photos=photos)
    plane.link(gallery, limit=4)
    page, frame = shown(bridge, plane, gallery)
    ids = list(photos)
    opened = next(at for at, id in enumerate(ids) if id not in gallery.hits.ids)
    for at, rank in ((opened, "not among these hits"), (ids.index(gallery.hits.ids[0]), "rank 1, score")):
        page.mouse.click(*map(float, points_of(plane, frame)[at]))
        eventually(bridge, lambda at=at: gallery.opened == ids[at])
        dialog = page.get_by_role("dialog")
        dialog.locator("img").wait_for()
        dialog.get_by_text(rank).wait_for()
        assert plane.query is None
        page.keyboard.press("Escape")
        eventually(bridge, lambda: gallery.opened == "")


def test_thumbnails_are_shown_where_there_is_room(bridge, photos):
    plane = Widgets(photos).map(projection="pca")
    page, _ = shown(bridge, plane)
    page.get_by_role("button", name="Pictures: show thumbnails").click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.tk-thumbs img')].filter((one) => one.naturalWidth).length > 5"
    )
    page.get_by_role("button", name="Pictures: show thumbnails").click()
    page.wait_for_function("() => !document.querySelector('.tk-thumbs img')")


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1100), ("dark", 1100), ("light", 400), ("dark", 400)]
)
def test_axe_finds_no_fault_and_nothing_is_cut_off(
    page_of, monkeypatch, photos, axe, artifacts, scheme, width
):
    bridge = Bridge(page_of(scheme, width=width), monkeypatch)
    plane = Widgets(photos).map(projection="pca")
    plane.color = "concept"
    plane.pictures = True
    page, frame = shown(bridge, plane)
    page.add_style_tag(content=":root{color-scheme:light dark}body{background:Canvas;color:CanvasText}")
    around(page, frame, 0.02, 0.02, 0.6, 0.98)
    eventually(bridge, lambda: plane.hits < COUNT)
    page.locator(".tk-thumbs img").first.wait_for()
    settled(page)
    page.screenshot(path=artifacts / f"map-{scheme}-{width}.png", full_page=True)
    page.evaluate(axe)
    faults = page.evaluate(
        "async () => (await axe.run(document)).violations.map((v) => [v.id, v.nodes[0].html])"
    )
    assert faults == []
    wide = page.evaluate(
        "() => [...document.querySelectorAll('.tk, .tk *')].filter((n) => n.getClientRects().length && "
        "!n.closest('.tk-points') && n.getBoundingClientRect().right > innerWidth + 1)"
        ".map((n) => n.outerHTML.slice(0, 120))"
    )
    assert wide == []
    assert bridge.errors == []
