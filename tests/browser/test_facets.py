"""Facets in a page: a click adds, excludes and is taken back, a brush limits, and photos and every count follow."""

from __future__ import annotations

import pytest
from widget_photos import square

import toolkit
from toolkit.query import Term
from toolkit.widgets import Gallery, Widgets

from .bridge import Bridge, eventually

BRIGHT = Term("concept", "bright") | Term("concept", "dark")
COUNT = 40


@pytest.fixture(scope="module")
def photos():
    with toolkit.open(workflow="pixels") as collection:
        for part, name in ((range(26), "summer"), (range(26, COUNT), "winter")):
            collection.add(
                [
                    {
                        "image": square(6 * at),
                        "metadata": {
                            "kind": ("map", "poster", "<b>bold</b>")[at % 3],
                            "iso": 100 * (at % 7),
                            "taken_at": f"2024-{1 + at % 12:02}-{1 + at % 28:02}T10:00:00",
                        },
                    }
                    for at in part
                ],
                datasets=[name],
                progress=False,
            )
        ids = list(collection)
        collection.annotate(ids[:9], concept="porch")
        yield collection


def counts(page, name):
    rows = page.locator(f'section[aria-label="{name}"] .tk-value')
    return [row.inner_text().replace("\n", " ").split() for row in rows.all()]


def test_a_click_adds_another_excludes_and_the_chip_takes_back(bridge, photos):
    panel, gallery = Widgets(photos).facets(), Gallery(photos=photos)
    panel.link(gallery)
    page = bridge.show(panel, gallery)
    page.get_by_role("button", name="summer 26 / 26").click()
    eventually(bridge, lambda: gallery.hits.total == 26)
    page.get_by_text("26 of 40").wait_for()
    assert counts(page, "Datasets") == [["summer", "26", "/", "26"], ["winter", "14", "/", "14"]]
    page.get_by_role("button", name="Exclude map").click()
    eventually(bridge, lambda: gallery.hits.total == 17)
    assert panel.query == photos.terms.where(dataset="summer") & ~photos.terms.where({"kind": "map"})
    page.get_by_role("button", name="Remove Datasets: summer").click()
    eventually(bridge, lambda: gallery.hits.total == 26)
    page.get_by_role("button", name="Clear: choose nothing").click()
    eventually(bridge, lambda: gallery.hits.total == COUNT)
    assert panel.query is None
    page.locator(".tk-choice").first.wait_for(state="detached")


def test_a_brush_over_numbers_is_followed_while_it_is_drawn(bridge, photos):
    panel, gallery = Widgets(photos).facets(BRIGHT), Gallery(photos=photos)
    panel.link(gallery)
    page = bridge.show(panel, gallery)
    everything = gallery.hits.total
    plot = page.locator('section[aria-label="Score"] .tk-plot')
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20, steps=6)
    eventually(bridge, lambda: 0 < gallery.hits.total < everything)
    page.mouse.up()
    low, high = panel.chosen["score"].limits
    assert all(low - 1e-6 <= hit.score <= high + 1e-6 for hit in gallery.hits)
    eventually(bridge, lambda: panel.hits == gallery.hits.total)
    page.get_by_text(f"{panel.hits} of 40").wait_for()
    assert page.locator('section[aria-label="Score"] .tk-cutoff').is_visible()
    page.mouse.click(box["x"] + 5, box["y"] + 20)  # a click takes the brush away
    eventually(bridge, lambda: gallery.hits.total == everything)


def test_limits_are_typed_and_a_date_is_a_whole_day(bridge, photos):
    panel = Widgets(photos).facets(names=["taken", "metadata:iso"])
    page = bridge.show(panel)
    page.get_by_label("Least iso").fill("300")
    page.keyboard.press("Tab")
    eventually(bridge, lambda: panel.hits == 22)
    page.get_by_label("Greatest Taken").fill("2024-03-31")
    page.keyboard.press("Tab")
    eventually(bridge, lambda: "taken" in panel.chosen)
    eventually(bridge, lambda: panel.hits == photos.search(panel.query, limit=1).total)
    assert photos.search(panel.query, limit=50).total == sum(
        at % 7 >= 3 and at % 12 < 3 for at in range(COUNT)
    )


def test_it_is_used_by_keys_and_the_focus_stays(bridge, photos):
    panel = Widgets(photos).facets()
    page = bridge.show(panel)
    page.get_by_role("button", name="winter 14 / 14").focus()
    page.keyboard.press("Enter")
    eventually(bridge, lambda: panel.hits == 14)
    page.get_by_text("14 of 40").wait_for()
    focused = "() => document.activeElement.dataset.key"
    assert page.evaluate(focused) == "dataset winter"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    eventually(bridge, lambda: panel.hits == 26)
    assert page.evaluate(focused) == "not dataset winter"
    page.locator('section[aria-label="kind"] .tk-fold').press("Enter")
    eventually(bridge, lambda: panel.folded == ["metadata:kind"])
    page.get_by_text("poster").first.wait_for(state="hidden")


def test_a_value_with_markup_is_text(bridge, photos):
    page = bridge.show(Widgets(photos).facets())
    assert page.get_by_text("<b>bold</b>").first.is_visible()


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1100), ("dark", 1100), ("light", 400), ("dark", 400)]
)
def test_axe_finds_no_fault_and_nothing_is_cut_off(
    page_of, monkeypatch, photos, axe, artifacts, scheme, width
):
    bridge = Bridge(page_of(scheme, width=width), monkeypatch)
    panel = Widgets(photos).facets(BRIGHT & photos.terms.where(dataset="summer"))
    page = bridge.show(panel)
    page.add_style_tag(content=":root{color-scheme:light dark}body{background:Canvas;color:CanvasText}")
    page.get_by_role("button", name="Exclude map").click()
    page.get_by_text("not map").wait_for()
    page.screenshot(path=artifacts / f"facets-{scheme}-{width}.png", full_page=True)
    page.evaluate(axe)
    faults = page.evaluate(
        "async () => (await axe.run(document)).violations.map((v) => [v.id, v.nodes[0].html])"
    )
    assert faults == []
    wide = page.evaluate(
        "() => [...document.querySelectorAll('.tk, .tk *')].filter((n) => n.getClientRects().length && "
        "n.getBoundingClientRect().right > innerWidth + 1).map((n) => n.outerHTML.slice(0, 120))"
    )
    assert wide == []
    assert bridge.errors == []
