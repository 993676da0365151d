"""The labeler and the region picker in a page."""

from __future__ import annotations

import numpy as np
from widget_photos import COUNT
from widget_photos import photos as made

from toolkit.query import Term
from toolkit.widgets import Widgets

from .bridge import eventually

DARK = Term("concept", "dark")


def test_ten_marks_refine_the_query(bridge):
    with made() as photos:
        explorer = Widgets(photos).explorer(~DARK, limit=COUNT)
        page = bridge.show(explorer.builder, explorer.labeler, explorer.gallery)
        page.wait_for_selector(".tk-frame img")
        field = page.get_by_role("combobox", name="Concept that marks are labels of")
        field.fill("porch")
        field.press("Enter")
        field.blur()
        eventually(bridge, lambda: explorer.labeler.concept == "porch")
        for at, key in enumerate("rrrrrnnnnn"):
            page.locator(f'.tk-cell[data-at="{at}"]').focus()
            page.keyboard.press(key)
        eventually(bridge, lambda: (explorer.labeler.yes, explorer.labeler.no) == (5, 5))
        page.get_by_role("button", name="Refine").click()
        page.get_by_text("Learned 'porch' from 5 yes and 5 no").wait_for(
            timeout=90_000
        )  # imports scikit-learn
        assert explorer.query == ~DARK & Term("concept", "porch")
        explorer.close()


def test_a_region_is_drawn_moved_by_keys_and_used(bridge, photos):
    picker = Widgets(photos).region_picker(photos.search(DARK, limit=1)[0])
    page = bridge.show(picker)
    page.wait_for_selector(".tk-canvas img:not([hidden])")
    frame = page.locator(".tk-canvas").bounding_box()
    page.mouse.move(frame["x"] + frame["width"] * 0.25, frame["y"] + frame["height"] * 0.25)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] * 0.5, frame["y"] + frame["height"] * 0.75, steps=4)
    page.mouse.up()
    eventually(bridge, lambda: np.allclose(picker.box or [0] * 4, [0.25, 0.25, 0.75, 0.5], atol=0.02))
    page.locator(".tk-chosen").focus()
    left = picker.box[1]
    page.keyboard.press("ArrowLeft")
    eventually(bridge, lambda: abs(picker.box[1] - (left - 0.02)) < 1e-3)
    page.get_by_role("button", name="Search by this region").click()
    eventually(bridge, lambda: picker.hits is not None)


def test_labels_by_another_person_appear_and_the_counts_move(bridge):
    with made() as photos:
        explorer = Widgets(photos).explorer(DARK, limit=5)
        explorer.labeler.concept = "porch"
        page = bridge.show(explorer)
        page.wait_for_selector(".tk-frame img")
        photos.annotate(explorer.hits.ids[1], concept="porch", value=1.0, user="ada")
        page.locator(".tk-cell .tk-theirs").get_by_text("✓ ada").wait_for()
        page.get_by_text("1 by others").wait_for()
        photos.annotate(explorer.hits.ids[0], concept="porch", value=0.0)  # by the same person, elsewhere
        page.locator('.tk-cell[data-at="0"] .tk-wrong').wait_for()
        explorer.close()
