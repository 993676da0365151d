"""The map in a page: dragged over, clicked, walked by keys, and read aloud."""

from __future__ import annotations

import pytest
from widget_photos import placed

from toolkit.query import Term
from toolkit.widgets import Widgets

from .bridge import eventually

DARK = Term("concept", "dark")


@pytest.fixture(scope="module")
def photos():
    with placed() as collection:
        yield collection


def shown(bridge, globe):
    page = bridge.show(globe)
    page.wait_for_selector(".tk-dot")
    return page, page.locator(".tk-globe").bounding_box()


def test_a_box_that_is_dragged_is_the_area_and_finds_what_is_in_it(bridge, photos):
    globe = Widgets(photos).places()
    page, frame = shown(bridge, globe)
    page.mouse.move(frame["x"] + 2, frame["y"] + 2)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] - 2, frame["y"] + frame["height"] / 2, steps=4)
    page.mouse.up()
    eventually(bridge, lambda: "within" in globe.area)
    page.get_by_text("between 48.1").wait_for()
    page.get_by_role("button", name="Search in this area").click()
    eventually(bridge, lambda: globe.found is not None)
    assert globe.found.total == 12  # the northern half


def test_a_click_on_a_point_chooses_its_picture_and_a_circle_around_it(bridge, photos):
    globe = Widgets(photos).places(photos.search(DARK, limit=1))
    page, frame = shown(bridge, globe)
    page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    eventually(bridge, lambda: "near" in globe.area and globe.chosen)
    place = globe.hits[0].input.geo
    assert tuple(globe.area["near"][:2]) == (round(place.latitude, 4), round(place.longitude, 4))
    page.get_by_role("spinbutton", name="Kilometers around a place").fill("7")
    page.keyboard.press("Enter")
    eventually(bridge, lambda: globe.area["near"][2] == 7)
    assert page.locator(".tk-pointed").get_by_text(globe.hits[0].input.id).is_visible()
    page.wait_for_selector(".tk-pointed img:not([hidden])")


def test_it_is_used_by_keys_alone_and_no_key_leaves_it(bridge, photos):
    globe = Widgets(photos).places()
    page, _ = shown(bridge, globe)
    page.evaluate(
        "() => { window.leaked = []; document.addEventListener('keydown', (e) => leaked.push(e.key)); }"
    )
    page.locator(".tk-globe").focus()
    page.keyboard.press("PageDown")
    eventually(bridge, lambda: globe.chosen.get("at") == 0)
    page.keyboard.press("PageUp")
    eventually(bridge, lambda: globe.chosen.get("at") == len(globe.hits) - 1)
    page.wait_for_selector(".tk-pointed-at")
    page.keyboard.press("Enter")
    eventually(bridge, lambda: "near" in globe.area)
    page.keyboard.press("Escape")
    eventually(bridge, lambda: globe.area == {})
    for key in ("0", "+", "ArrowUp", "b"):
        page.keyboard.press(key)
    eventually(bridge, lambda: "within" in globe.area)
    south, _, north, _ = globe.area["within"]
    assert south > 48.05
    assert north < 48.4
    assert page.evaluate("leaked") == []


def test_points_that_would_lie_on_one_another_are_one_dot_with_a_number(bridge, photos):
    globe = Widgets(photos).places()
    page, _ = shown(bridge, globe)
    for _ in range(8):
        page.get_by_role("button", name="Farther").click()
    assert page.locator(".tk-dot").count() == 1
    assert page.locator(".tk-dot-count").text_content() == str(len(globe.hits))
    page.get_by_role("button", name="All: show every place").click()
    page.wait_for_function("document.querySelectorAll('.tk-dot').length > 5")


def test_in_an_explorer_it_is_unfolded_and_narrows_the_query(bridge, photos):
    explorer = Widgets(photos).explorer(DARK, limit=5)
    page = bridge.show(explorer.builder, explorer.places, explorer.gallery)
    page.wait_for_selector(".tk-frame img")
    page.get_by_text("5 of 5 hits have a place.").wait_for()
    page.get_by_role("button", name="Places: show or hide them").click()
    page.wait_for_selector(".tk-dot")
    explorer.places.near(48.0, 11.0, 3)
    page.get_by_role("button", name="Only here: add the area to the query").click()
    eventually(bridge, lambda: explorer.hits.total == 3)
    page.get_by_text("3 of 3 hits have a place.").wait_for()
    assert page.locator(".tk-row").count() == 2


def test_axe_finds_no_fault_in_it(bridge, photos, axe, artifacts):
    globe = Widgets(photos).places()
    globe.near(48.1, 11.1, 5)
    globe.choose(3)
    page, _ = shown(bridge, globe)
    page.evaluate(axe)
    faults = page.evaluate(
        "async () => (await axe.run(document)).violations.map((v) => [v.id, v.nodes[0].html])"
    )
    page.screenshot(path=artifacts / "places.png")
    assert faults == []
