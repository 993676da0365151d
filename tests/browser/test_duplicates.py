"""Deciding in a page which near-duplicates stay."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import toolkit
from toolkit.widgets import Widgets

from .bridge import Bridge, eventually


@pytest.fixture(scope="module")
def doubled():
    """60 pictures, the eighth three times more, edited."""
    random = np.random.default_rng(0)
    blocks = random.integers(0, 256, (60, 8, 8, 3)).astype(np.uint8)
    some = [Image.fromarray(one).resize((96, 96), Image.Resampling.BICUBIC) for one in blocks]
    edits = [some[7].resize((60, 60)), some[7].resize((80, 80)), some[7].crop((4, 4, 92, 92))]
    with toolkit.open(workflow="pixels") as photos:
        photos.add([*some, *edits], progress=False)
        yield photos


def test_a_click_puts_a_picture_into_the_dataset_and_undo_takes_it_back(bridge, doubled):
    reviewer = Widgets(doubled).near_duplicates()
    page = bridge.show(reviewer)
    page.wait_for_selector(".tk-dup img")
    assert page.locator(".tk-dup").count() == 4
    page.locator(".tk-dup input").nth(1).click()
    eventually(bridge, lambda: len(reviewer.leaving) == 1)
    page.get_by_text("1 in dataset “duplicates”").wait_for()
    page.get_by_role("button", name="Only the first stays of group 1").click()
    eventually(bridge, lambda: len(reviewer.leaving) == 3)
    page.wait_for_function("() => document.querySelectorAll('.tk-leaves').length === 3")
    for left in (1, 0):
        page.get_by_role("button", name="Undo the last decision").click()
        eventually(bridge, lambda left=left: len(reviewer.leaving) == left)
    page.wait_for_function("() => !document.querySelector('.tk-leaves')")
    assert len(doubled) == 63


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault(page_of, monkeypatch, doubled, axe, scheme, artifacts):
    bridge = Bridge(page_of(scheme), monkeypatch)
    reviewer = Widgets(doubled).near_duplicates()
    reviewer.leave_rest(0)
    page = bridge.show(reviewer)
    page.add_style_tag(content=":root{color-scheme:light dark}body{background:Canvas;color:CanvasText}")
    page.wait_for_selector(".tk-dup img")
    page.evaluate(axe)
    found = page.evaluate(
        "async () => (await axe.run(document)).violations.map((v) => [v.id, v.nodes[0].html])"
    )
    page.screenshot(path=artifacts / f"duplicates-{scheme}.png", full_page=True)
    frames = "nodes => nodes.map((node) => node.getBoundingClientRect().toJSON())"
    (tiles,) = page.locator(".tk-dup-tiles").evaluate_all(frames)
    first, *_, last = page.locator(".tk-dup").evaluate_all(frames)
    assert last["top"] == first["top"]
    assert tiles["left"] == first["left"]
    reviewer.undo()
    assert found == []
