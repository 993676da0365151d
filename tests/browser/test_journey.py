"""A whole afternoon in one test: open, facet, lasso, compare, snapshot, close, open again, go on where one stopped."""

from __future__ import annotations

import numpy as np

import toolkit
from toolkit.demo.photographs import bundled_photographs
from toolkit.demo.views import views

from .bridge import Bridge, eventually, settled
from .test_map import around

OUTDOORS = {"tower", "blossom", "rocket", "grass"}
STYLE = (
    ":root { color-scheme: light dark } h1 { display: none } body { background: Canvas; color: CanvasText }"
)


def an_album(path):
    """A collection in a file: ten views of each photograph that packages bring, some of which a person labeled."""
    with toolkit.open(path, workflow="pixels") as photos:
        shown = views(bundled_photographs())
        photos.add([np.asarray(one.picture.resize((160, 120))) for one in shown], progress=False)
        ids = [id for id, one in zip(photos, shown, strict=True) if one.shows in OUTDOORS]
        photos.annotate(ids, concept="outdoors", user="ada")
        return len(shown), len(ids)


class Afternoon:
    """A page with the explorer of a collection, and a picture of each stop."""

    def __init__(self, page, monkeypatch, photos, artifacts):
        self.bridge = Bridge(page, monkeypatch)
        self.explorer = photos.widgets.explorer()
        self.explorer.map._projection = "pca"  # in no time
        self.page = self.bridge.show(self.explorer)
        self.page.add_style_tag(content=STYLE)
        self.page.wait_for_selector(".tk-frame img")
        self._artifacts = artifacts

    def hits_become(self, condition):
        eventually(self.bridge, lambda: condition(self.explorer.hits.total))
        return self.explorer.hits.total

    def picture(self, name):
        self.page.wait_for_function(
            "[...document.querySelectorAll('.tk-cell img')].every((picture) => picture.complete)"
        )
        settled(self.page)
        self.page.screenshot(path=self._artifacts / f"journey-{name}.png")


def choose_a_facet(visit, total):
    visit.page.locator('section[aria-label="Labels"]').get_by_role("button", name="outdoors").first.click()
    found = visit.hits_become(lambda hits: hits < total)
    visit.picture("2-facet")
    return found


def draw_a_lasso(visit, found):
    page, explorer = visit.page, visit.explorer
    page.get_by_role("button", name="Show or hide the map").click()
    eventually(visit.bridge, lambda: explorer.map.hits == found)
    page.wait_for_function(
        f"document.querySelector('.tk-points')?.dataset.marked === '{explorer.map.marked}'"
    )
    settled(page)
    page.locator(".tk-points").scroll_into_view_if_needed()
    around(page, page.locator(".tk-points").bounding_box(), 0.02, 0.02, 0.5, 0.98)
    inside = visit.hits_become(lambda hits: 0 < hits < found)
    assert [one.query.ranker for one in explorer.builder.rows] == ["label", "lasso"]
    visit.picture("3-lasso")
    return inside


def compare_two(visit):
    page = visit.page
    for at in (0, 1):
        page.locator(f'.tk-cell[data-at="{at}"]').click(modifiers=["Control"])
    page.get_by_role("button", name="Compare the first two selected").click()
    page.locator(".tk-two img").nth(1).wait_for()
    page.wait_for_function("[...document.querySelectorAll('.tk-two img')].every((one) => one.naturalWidth)")
    visit.picture("4-compare")
    page.keyboard.press("Escape")
    page.locator(".tk-two").wait_for(state="hidden")


def take_a_snapshot(visit, page_of, path, inside, artifacts):
    # Beside a map there is little room: what is done with all pictures is behind a button.
    visit.page.get_by_role("button", name="View: how the pictures are shown").click()
    with visit.page.expect_download() as saving:
        visit.page.get_by_role("button", name="Snapshot: one file that opens offline").click()
    saving.value.save_as(path)
    seen = page_of(offline=True)
    seen.goto(path.as_uri())
    seen.wait_for_function("document.images.length && document.images[0].naturalWidth > 0")
    assert seen.get_by_role("status").inner_text() == f"{inside} of {inside} pictures"
    seen.screenshot(path=artifacts / "journey-5-snapshot.png")


def test_an_afternoon_with_a_collection(page_of, monkeypatch, tmp_path, artifacts):
    path = tmp_path / "photos.db"
    total, outdoors = an_album(path)

    with toolkit.open(path) as photos:
        photos.project("pca")
        visit = Afternoon(
            page_of(width=1280, height=900, accept_downloads=True), monkeypatch, photos, artifacts
        )
        assert visit.explorer.hits.total == total
        visit.picture("1-open")
        assert choose_a_facet(visit, total) == outdoors
        inside = draw_a_lasso(visit, outdoors)
        compare_two(visit)
        take_a_snapshot(visit, page_of, tmp_path / "hits.html", inside, artifacts)
        before = visit.explorer.hits.ids
        visit.explorer.close()
        assert visit.bridge.errors == []

    with toolkit.open(path) as photos:
        again = Afternoon(page_of(width=1280, height=900), monkeypatch, photos, artifacts)
        assert again.explorer.hits.total == total
        again.page.get_by_role("button", name="Go on with").click()
        eventually(again.bridge, lambda: again.explorer.hits.ids == before)
        again.page.get_by_text(f"{inside} of {inside} hits", exact=True).wait_for()
        eventually(again.bridge, lambda: again.explorer.map.hits == inside)
        field = again.page.get_by_role("combobox", name="Concept that marks are labels of")
        field.fill("a walk")
        field.press("Tab")
        again.page.locator(
            f'.tk-cell[data-at="0"][data-key="{before[0]}"]'
        ).focus()  # what was there before is gone
        again.page.keyboard.press("r")
        eventually(again.bridge, lambda: again.explorer.labeler.yes == 2)  # the two are selected still
        again.picture("6-go-on")
        assert photos.search(toolkit.terms.label("a walk")).ids == before[:2]
        again.explorer.close()
        assert again.bridge.errors == []
