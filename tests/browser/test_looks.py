"""For everyone: axe-core finds nothing, light and dark, wide and narrow; the pictures are kept to be looked at."""

from __future__ import annotations

import pytest

from toolkit.query import Term
from toolkit.values.types import Box
from toolkit.widgets import Widgets

from .bridge import Bridge

DARK = Term("concept", "dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault(page_of, monkeypatch, photos, axe, scheme, artifacts):
    bridge = Bridge(page_of(scheme), monkeypatch)
    explorer = Widgets(photos).explorer(
        DARK & ~(Term("concept", "bright") ** 2) & Term("where", None, {"status": "success"}), limit=12
    )
    explorer.gallery.set_marks({explorer.hits.ids[0]: 1.0, explorer.hits.ids[1]: 0.0})
    explorer.picker.show(explorer.hits[0], box=Box(0.1, 0.1, 0.6, 0.6))
    page = bridge.show(explorer.builder, explorer.labeler, explorer.picker, explorer.gallery)
    page.add_style_tag(content=":root{color-scheme:light dark}body{background:Canvas;color:CanvasText}")
    page.wait_for_selector(".tk-frame img")
    page.locator(".tk-cell").first.focus()
    page.evaluate(axe)
    faults = page.evaluate(
        "async () => (await axe.run(document)).violations.map((v) => [v.id, v.nodes[0].html])"
    )
    page.screenshot(path=artifacts / f"explorer-{scheme}.png", full_page=True)
    assert faults == []
    explorer.gallery.enlarge(0)
    page.wait_for_selector('[role="dialog"] table')
    assert page.evaluate("async () => (await axe.run('[role=dialog]')).violations.map((v) => v.id)") == []
    page.screenshot(path=artifacts / f"opened-{scheme}.png", full_page=True)


def test_nothing_is_cut_off_at_400_pixels(page_of, monkeypatch, photos, artifacts):
    bridge = Bridge(page_of(width=400), monkeypatch)
    explorer = Widgets(photos).explorer(
        DARK & ~Term("concept", "bright") & Term("image", {"input": photos.search(DARK)[0].input.id}),
        limit=12,
    )
    page = bridge.show(explorer.builder, explorer.labeler, explorer.gallery)
    page.wait_for_selector(".tk-frame img")
    page.screenshot(path=artifacts / "explorer-400.png", full_page=True)
    wide = page.evaluate(
        "() => [...document.querySelectorAll('.tk, .tk *')].filter((n) => n.getClientRects().length && "
        "n.getBoundingClientRect().right > innerWidth + 1).map((n) => n.outerHTML.slice(0, 120))"
    )
    assert wide == []


def test_with_forced_colors_nothing_is_shown_by_color_alone(page_of, monkeypatch, photos, axe, artifacts):
    bridge = Bridge(page_of(forced_colors="active"), monkeypatch)
    explorer = Widgets(photos).explorer(DARK & ~Term("concept", "bright"), limit=6)
    explorer.gallery.set_marks({explorer.hits.ids[0]: 1.0, explorer.hits.ids[1]: 0.0})
    explorer.gallery.select([2])
    page = bridge.show(explorer.builder, explorer.labeler, explorer.gallery)
    page.wait_for_selector(".tk-frame img")
    page.screenshot(path=artifacts / "explorer-forced-colors.png", full_page=True)
    assert page.locator(".tk-mark").all_inner_texts() == ["✓", "✗"]
    outline = "node => getComputedStyle(node).outlineStyle"
    assert page.eval_on_selector('.tk-cell[aria-selected="true"]', outline) == "solid"
    fill = "node => getComputedStyle(node).backgroundColor"
    assert page.eval_on_selector(".tk-bars > i > i", fill) != page.eval_on_selector(".tk-bars > i", fill)
    page.evaluate(axe)
    assert page.evaluate("async () => (await axe.run(document)).violations.map((v) => v.id)") == []
