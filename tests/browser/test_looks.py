"""For everyone: axe-core finds nothing, light and dark, wide and narrow; the pictures are kept to be looked at."""

from __future__ import annotations

import pytest
from widget_photos import photos as made

from toolkit.hits.cutoff import Cutoff
from toolkit.query import Term, fuse
from toolkit.values.types import Box
from toolkit.widgets import Widgets

from .bridge import Bridge, eventually

DARK = Term("concept", "dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault(page_of, monkeypatch, photos, axe, scheme, artifacts):
    bridge = Bridge(page_of(scheme), monkeypatch)
    explorer = Widgets(photos).explorer(
        DARK & ~(Term("concept", "bright") ** 2) & Term("where", None, {"status": "success"}), limit=12
    )
    explorer.gallery.set_marks({explorer.hits.ids[0]: 1.0, explorer.hits.ids[1]: 0.0})
    explorer.picker.show(explorer.hits[0], box=Box(0.1, 0.1, 0.6, 0.6))
    explorer.builder.folded = False
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


class Five:
    """Suggests the best five, as judged topics might."""

    def suggest(self, scores, *, miss=None):
        return Cutoff(5, float(scores[4]), 2, min(9, len(scores)), "as this test says")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_scores_fusions_and_what_ranks_again_look_as_they_should(
    page_of, monkeypatch, photos, axe, scheme, artifacts
):
    bridge = Bridge(page_of(scheme), monkeypatch)
    made = fuse([DARK, 2 * Term("concept", "bright")], method="sum", norm="rank")
    explorer = Widgets(photos).explorer(made, limit=8)
    explorer.gallery.learned = Five()
    explorer.builder.folded = False
    page = bridge.show(explorer.builder, explorer.gallery)
    page.add_style_tag(content=":root{color-scheme:light dark}body{background:Canvas;color:CanvasText}")
    page.wait_for_selector(".tk-frame img")
    page.get_by_role("button", name="Scores of all hits").click()
    page.get_by_role("button", name="Show the best 5").wait_for()
    page.get_by_role("combobox", name="Method of fusion").select_option("mnz")
    eventually(
        bridge,
        lambda: explorer.builder.join == {"fuse": {"method": "mnz", "norm": "rank", "missing": "zero"}},
    )
    page.get_by_role("combobox", name="Norm of scores").select_option("zscore")
    eventually(bridge, lambda: explorer.builder.query.norm == "zscore")
    page.evaluate(axe)
    page.screenshot(path=artifacts / f"scores-{scheme}.png", full_page=True)
    assert page.evaluate("async () => (await axe.run(document)).violations.map((v) => v.id)") == []
    page.get_by_role("combobox", name="How ranks are joined").select_option("then")
    eventually(bridge, lambda: explorer.builder.query == DARK >> 2 * Term("concept", "bright"))
    page.get_by_role("spinbutton", name="How many are ranked again").fill("5")
    page.keyboard.press("Tab")
    eventually(bridge, lambda: explorer.builder.query == DARK.rerank(2 * Term("concept", "bright"), k=5))
    page.screenshot(path=artifacts / f"again-{scheme}.png", full_page=True)
    page.get_by_role("button", name="Show the best 5").click()
    eventually(bridge, lambda: len(explorer.gallery.hits) == 5)


def test_nothing_is_cut_off_at_400_pixels(page_of, monkeypatch, photos, artifacts):
    bridge = Bridge(page_of(width=400), monkeypatch)
    explorer = Widgets(photos).explorer(
        DARK & ~Term("concept", "bright") & Term("image", {"input": photos.search(DARK)[0].input.id}),
        limit=12,
    )
    explorer.builder.folded = False
    page = bridge.show(explorer.builder, explorer.labeler, explorer.gallery)
    page.wait_for_selector(".tk-frame img")
    page.screenshot(path=artifacts / "explorer-400.png", full_page=True)
    wide = page.evaluate(
        "() => [...document.querySelectorAll('.tk, .tk *')].filter((n) => n.getClientRects().length && "
        "n.getBoundingClientRect().right > innerWidth + 1).map((n) => n.outerHTML.slice(0, 120))"
    )
    assert wide == []


def test_in_a_dark_vs_code_its_own_colors_count_and_not_those_of_the_light_jupyter_it_brings_along(
    bridge, photos
):
    page = bridge.show(Widgets(photos).gallery(photos.search(DARK, limit=2)))
    page.add_style_tag(
        content=":root { --jp-layout-color1: white; --jp-ui-font-color1: black; --vscode-editor-background: #1f1f1f;"
        " --vscode-editor-foreground: #cccccc; } .cell-output-ipywidget-background { background: white !important; }"
    )
    page.evaluate(
        "() => { document.body.className = 'vscode-dark';"
        " document.getElementById('views').className = 'cell-output-ipywidget-background'; }"
    )
    look = page.evaluate(
        """() => { const look = getComputedStyle(document.querySelector('.tk'));
          const around = getComputedStyle(document.getElementById('views'));
          return [look.backgroundColor, look.color, look.colorScheme, around.backgroundColor]; }"""
    )
    assert look == ["rgb(31, 31, 31)", "rgb(204, 204, 204)", "dark", "rgba(0, 0, 0, 0)"]


def test_with_forced_colors_nothing_is_shown_by_color_alone(page_of, monkeypatch, photos, axe, artifacts):
    bridge = Bridge(page_of(forced_colors="active"), monkeypatch)
    explorer = Widgets(photos).explorer(DARK & ~Term("concept", "bright"), limit=6)
    explorer.gallery.set_marks({explorer.hits.ids[0]: 1.0, explorer.hits.ids[1]: 0.0})
    explorer.gallery.select([2])
    explorer.builder.folded = False
    page = bridge.show(explorer.builder, explorer.labeler, explorer.gallery)
    page.wait_for_selector(".tk-frame img")
    page.screenshot(path=artifacts / "explorer-forced-colors.png", full_page=True)
    assert page.locator(".tk-mark").all_inner_texts() == ["✓", "✗"]
    ring = "node => getComputedStyle(node, '::after').borderTopStyle"
    assert page.eval_on_selector('.tk-cell[aria-selected="true"] .tk-frame', ring) == "solid"
    assert page.eval_on_selector('.tk-cell[aria-selected="false"] .tk-frame', ring) != "solid"
    fill = "node => getComputedStyle(node).backgroundColor"
    assert page.eval_on_selector(".tk-bars > i > i", fill) != page.eval_on_selector(".tk-bars > i", fill)
    page.evaluate(axe)
    assert page.evaluate("async () => (await axe.run(document)).violations.map((v) => v.id)") == []


@pytest.mark.parametrize("look", [{"scheme": "light"}, {"scheme": "dark"}, {"forced_colors": "active"}])
def test_axe_finds_no_fault_in_the_whole_explorer_nor_in_its_large_view(
    page_of, monkeypatch, axe, look, artifacts
):
    bridge = Bridge(page_of(**look), monkeypatch)
    with made() as photos:
        explorer = Widgets(photos).explorer(DARK & ~(Term("concept", "bright") ** 2), limit=12)
        photos.annotate(explorer.hits.ids[3], concept="porch", value=1.0, user="ada")
        explorer.labeler.concept = "porch"
        explorer.gallery.mark([0])
        explorer.labeler.concept = ""
        explorer.gallery.mark([1])
        explorer.gallery.mark([2], 0.0)
        page = bridge.show(explorer)
        page.add_style_tag(content=":root{color-scheme:light dark}body{background:Canvas;color:CanvasText}")
        page.wait_for_selector(".tk-frame img")
        page.get_by_text("2 marks wait").wait_for()
        page.evaluate(axe)
        name = "-".join(look.values())
        page.screenshot(path=artifacts / f"whole-{name}.png")
        violations = "async () => (await axe.run(document)).violations.map((v) => [v.id, v.nodes[0].html])"
        assert page.evaluate(violations) == []
        explorer.gallery.enlarge(0)
        page.get_by_role("dialog").locator("table").wait_for()
        page.screenshot(path=artifacts / f"whole-{name}-large.png")
        assert page.evaluate(violations) == []
        explorer.close()
    assert [url for url in bridge.requests if not url.startswith(("blob:", "data:"))] == []
    assert bridge.errors == []


@pytest.mark.parametrize("look", [{"scheme": "light"}, {"scheme": "dark"}, {"forced_colors": "active"}])
@pytest.mark.parametrize("width", [1280, 400])
def test_axe_finds_no_fault_with_facets_and_map_open(page_of, monkeypatch, axe, look, width, artifacts):
    bridge = Bridge(page_of(width=width, height=900, **look), monkeypatch)
    with made() as photos:
        explorer = Widgets(photos).explorer(DARK, limit=12)
        page = bridge.show(explorer)
        page.add_style_tag(content=":root{color-scheme:light dark}body{background:Canvas;color:CanvasText}")
        page.wait_for_selector(".tk-frame img")
        facets = page.get_by_role("button", name="Show or hide the facets")
        if width == 400:
            assert facets.get_attribute("aria-expanded") == "false"
            facets.click()
        assert facets.get_attribute("aria-expanded") == "true"
        page.get_by_role("button", name="Show or hide the map").click()
        page.wait_for_function("document.querySelector('.tk-points')?.dataset.marked > 0")
        page.locator(".tk-plot").first.wait_for()
        page.evaluate(axe)
        page.screenshot(path=artifacts / f"panels-{width}-{'-'.join(look.values())}.png", full_page=True)
        assert (
            page.evaluate(
                "async () => (await axe.run(document)).violations.map((v) => [v.id, v.nodes[0].html])"
            )
            == []
        )
        explorer.close()
    assert bridge.errors == []
