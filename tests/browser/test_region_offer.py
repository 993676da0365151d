"""Regions without concepts: a concept query says so, a click has them classified, and then draws their boxes."""

from __future__ import annotations

import numpy as np
import pytest

import toolkit
from toolkit.query import Term
from toolkit.values.types import Box
from toolkit.widgets import Widgets

from .bridge import eventually

WHITE = Term("concept", "white")
LEFT, RIGHT = Box(0.0, 0.0, 1.0, 0.5), Box(0.0, 0.5, 1.0, 1.0)


@pytest.fixture
def halves():
    """Three pictures, dark on the left and white on the right, each with both halves as regions."""
    with toolkit.open(workflow="pixels") as photos:
        for shade in range(3):
            picture = np.full((32, 32, 3), 10 * shade, np.uint8)
            picture[:, 16:] = 255
            photos.add(picture, progress=False)
        for id in photos:
            photos.add_region(id, LEFT)
            photos.add_region(id, RIGHT)
        yield photos


def test_a_click_classifies_the_regions_and_the_hits_have_boxes(bridge, halves, artifacts):
    explorer = Widgets(halves).explorer(WHITE, limit=6, level="region")
    page = bridge.show(explorer)
    page.get_by_text("6 regions of these pictures have no concepts yet").wait_for()
    assert all(hit.box is None for hit in explorer.hits)
    page.screenshot(path=artifacts / "region-offer.png")
    page.get_by_role("button", name="Have the concept models look at every region").click()
    eventually(bridge, lambda: {hit.box for hit in explorer.hits[:3]} == {RIGHT})
    page.get_by_text("regions of these pictures").wait_for(state="hidden")
    page.locator(".tk-cell .tk-box").first.wait_for()
    assert explorer.offer.count == 0


def test_nothing_is_offered_for_other_queries(bridge, halves):
    explorer = Widgets(halves).explorer(WHITE, limit=6)
    page = bridge.show(explorer)
    page.get_by_text("6 regions of these pictures have no concepts yet").wait_for()
    explorer.query = Term("where", None, (("status", "success"),))
    explorer.search()
    page.get_by_text("regions of these pictures").wait_for(state="hidden")
