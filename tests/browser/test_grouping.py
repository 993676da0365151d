"""Near-duplicates, and the parts of one picture, behind the best of them; and the orders of a page."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import toolkit
from toolkit.query import Term
from toolkit.values.types import Box
from toolkit.widgets import Gallery

from .bridge import eventually

EDITS = 3
EVERY = Term("where", None, {"region": False})


@pytest.fixture(scope="module")
def photos():
    """Twelve pictures of growing size, the first three times more, edited; and two boxes on the second."""
    random = np.random.default_rng(0)
    blocks = random.integers(0, 256, (12, 8, 8, 3)).astype(np.uint8)
    some = [
        Image.fromarray(one).resize((96 + 8 * at, 96 + 8 * at), Image.Resampling.BICUBIC)
        for at, one in enumerate(blocks)
    ]
    edits = [some[0].resize((60, 60)), some[0].resize((80, 80)), some[0].crop((4, 4, 92, 92))]
    with toolkit.open(workflow="pixels") as collection:
        named = [{"image": one, "id": f"p{at:02}"} for at, one in enumerate([*some, *edits])]
        collection.add(named[:12], progress=False)
        collection.add(named[12:], progress=False)
        for box in (Box(0, 0, 0.5, 0.5), Box(0.5, 0.5, 1, 1)):
            collection.add_region("p01", box)
        yield collection


def keys(page):
    return page.locator(".tk-cell[data-key]").evaluate_all("cells => cells.map((cell) => cell.dataset.key)")


def group(page):
    page.get_by_role("checkbox", name="group").click()


def test_near_duplicates_stand_behind_the_best_and_a_click_unfolds_them(bridge, photos):
    gallery = Gallery(photos.search(EVERY, limit=30), photos=photos)
    page = bridge.show(gallery)
    page.wait_for_function("() => document.querySelectorAll('.tk-cell[data-key]').length === 15")
    group(page)
    page.wait_for_function("() => document.querySelectorAll('.tk-cell[data-key]').length === 12")
    others = page.get_by_role("button", name=f"{EDITS} more like it", include_hidden=True)
    assert others.count() == 1
    assert keys(page) == [f"p{at:02}" for at in range(12)]
    others.click()
    page.wait_for_function("() => document.querySelectorAll('.tk-cell.tk-member').length === 3")
    assert keys(page)[:5] == ["p00", "p12", "p13", "p14", "p01"]
    assert gallery.opened == ""
    page.get_by_role("button", name=f"{EDITS} more like it", include_hidden=True).click()
    page.wait_for_function("() => document.querySelectorAll('.tk-cell[data-key]').length === 12")
    group(page)
    page.wait_for_function("() => document.querySelectorAll('.tk-cell[data-key]').length === 15")


def test_the_parts_of_one_picture_are_one_group(bridge, photos):
    like = photos.terms.image({"input": "p01"})
    gallery = Gallery(photos.search(like, level="region", limit=30), photos=photos)
    parts = [hit.region_id for hit in gallery.hits if hit.input.id == "p01"]
    assert len(parts) == 3
    page = bridge.show(gallery)
    page.wait_for_function(
        f"() => document.querySelectorAll('.tk-cell[data-key]').length === {gallery.count}"
    )
    group(page)
    eventually(bridge, lambda: gallery.grouped)
    page.get_by_role("button", name="2 more like it", include_hidden=True).wait_for()
    assert [key for key in keys(page) if key.partition("/")[0] == "p01"] == parts[:1]
    page.get_by_role("button", name="2 more like it", include_hidden=True).click()
    page.wait_for_function("() => document.querySelectorAll('.tk-cell.tk-member').length === 2")
    assert keys(page)[:3] == parts


@pytest.mark.parametrize(
    ("order", "first"),
    [("newest", "p12"), ("oldest", "p00"), ("largest", "p11"), ("name", None), ("best", "p00")],
)
def test_a_page_is_sorted(bridge, photos, order, first):
    gallery = Gallery(photos.search(EVERY, limit=30), photos=photos)
    gallery.order = "largest" if order != "largest" else "best"
    page = bridge.show(gallery)
    page.wait_for_selector(".tk-frame img")
    page.get_by_label("Order of the pictures").select_option(order)
    eventually(bridge, lambda: gallery.order == order)
    first = first or gallery.hits[0].input.id
    page.wait_for_function(f"() => document.querySelector('.tk-cell[data-key]')?.dataset.key === '{first}'")
    assert page.locator(".tk-cell[data-key]").first.get_attribute("data-rank") == str(gallery.hits[0].rank)
    assert keys(page) == [hit.input.id for hit in gallery.hits][: len(keys(page))]
