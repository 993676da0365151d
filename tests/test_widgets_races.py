"""What is found in the background never takes the place of what is newer, in any widget; a held-up search shows it."""

import threading

import numpy as np
import pytest
from test_widgets_builder import asked, wait_for
from widget_photos import COUNT, placed, square

from toolkit.query import Term
from toolkit.widgets import Gallery, Map, Widgets

DARK, BRIGHT = Term("concept", "dark"), Term("concept", "bright")
WINTER = Term("where", None, {"dataset": "winter"})


@pytest.fixture
def photos():
    with placed(workflow="pixels") as collection:
        collection.project("pca")
        collection.datasets.add("winter", list(collection)[:3])
        yield collection


class Held:
    """Holds up a function that a background thread calls, until `go`; what the main thread calls goes on."""

    def __init__(self, monkeypatch, owner, name):
        real, self.begun, self._go = getattr(owner, name), threading.Event(), threading.Event()

        def held(*arguments, **options):
            result = real(*arguments, **options)
            if threading.current_thread() is not threading.main_thread():
                self.begun.set()
                assert self._go.wait(30)
            return result

        monkeypatch.setattr(owner, name, held)

    def go(self, widget):
        """Let it end, and what it was for."""
        self._go.set()
        widget.background._pool("run").submit(lambda: None).result(30)


def test_a_page_that_is_still_looked_for_does_not_come_over_new_hits(photos, monkeypatch):
    gallery = Gallery(photos.search(DARK, limit=2), photos=photos)
    held = Held(monkeypatch, type(gallery.hits), "page")
    asked(gallery, "page", number=2)
    assert held.begun.wait(10)
    gallery.show(photos.search(BRIGHT, limit=2))
    held.go(gallery)
    assert (gallery.hits.expression, gallery.page_number, gallery.busy) == (BRIGHT, 1, False)


def test_the_best_that_are_still_looked_for_do_not_come_over_new_hits(photos, monkeypatch):
    gallery = Gallery(photos.search(DARK, limit=2), photos=photos)
    held = Held(monkeypatch, type(gallery.hits), "page")
    asked(gallery, "best", count=4)
    assert held.begun.wait(10)
    gallery.show(photos.search(BRIGHT, limit=2))
    held.go(gallery)
    assert (gallery.hits.expression, gallery.count) == (BRIGHT, 2)


def test_a_search_that_still_runs_does_not_come_over_the_whole_collection(photos, monkeypatch):
    explorer = Widgets(photos).explorer(DARK, limit=4)
    held = Held(monkeypatch, photos, "search")
    explorer.builder.search_later()
    assert held.begun.wait(10)
    explorer.builder.set_rows(())
    explorer.browse()
    held.go(explorer.builder)
    assert explorer.hits.total == COUNT
    assert (explorer.query, explorer.builder.busy) == (None, False)


def test_a_row_that_is_added_while_a_concept_is_learned_stays(photos, monkeypatch):
    explorer = Widgets(photos).explorer(DARK, limit=COUNT)
    explorer.labeler.concept = "porch"
    explorer.gallery.mark(range(3), 1.0)
    explorer.gallery.mark(range(3, 6), 0.0)
    held = Held(monkeypatch, photos, "train")
    asked(explorer.labeler, "refine")
    assert held.begun.wait(10)
    explorer.builder.add(WINTER)
    held.go(explorer.labeler)
    assert [row.query for row in explorer.builder.rows] == [DARK, WINTER, photos.terms.concept("porch")]
    assert explorer.hits.expression == explorer.query


def test_what_follows_training_waits_for_its_turn(photos, monkeypatch):
    explorer = Widgets(photos).explorer(DARK, limit=COUNT)
    explorer.labeler.concept = "porch"
    explorer.gallery.mark(range(3), 1.0)
    held = Held(monkeypatch, photos, "train")
    asked(explorer.labeler, "refine")
    assert held.begun.wait(10)
    with explorer.together.turn:  # an act of a person is under way
        held._go.set()
        explorer.builder.background._pool("aside").submit(lambda: None).result(10)
        before = [row.query for row in explorer.builder.rows]
    held.go(explorer.labeler)
    assert before == [DARK]
    assert len(explorer.builder.rows) == 2


def test_more_values_of_a_facet_lose_no_click_that_is_still_counted(photos, monkeypatch):
    facets, told = Widgets(photos).facets(DARK), []
    facets.on_query(told.append)
    held = Held(monkeypatch, facets, "_find")
    asked(facets, "choose", facet="dataset", value="winter")
    assert held.begun.wait(10)
    asked(facets, "more", facet="dataset")
    held.go(facets)
    wait_for(lambda: told)
    assert (told, facets.query) == ([DARK & WINTER], DARK & WINTER)


def test_a_layout_that_comes_late_does_not_come_over_newer_axes(photos, monkeypatch):
    plane = Map(photos, projection="pca", later=True)
    held = Held(monkeypatch, plane, "_layout")
    plane.follow(DARK)
    assert held.begun.wait(10)
    plane.axes = ["dark", "bright"]
    words = plane._points_of.copy()
    held.go(plane)
    wait_for(lambda: not plane.busy)
    assert np.array_equal(plane._points_of, words, equal_nan=True)
    assert plane.query == DARK


def test_pictures_that_are_added_meanwhile_are_placed_when_the_axes_or_the_colors_change(photos):
    plane = Widgets(photos).map(projection="pca")
    photos.add([square(3, 20), square(250, 20)], progress=False)
    plane.color = "dataset"
    assert plane.total == COUNT
    plane.axes = ["dark", "bright"]
    assert (plane.total, len(plane._points_of)) == (COUNT + 2, COUNT + 2)


def test_a_click_on_places_that_are_gone_opens_no_other_picture(photos):
    places, opened = Widgets(photos).places(photos.search(DARK, limit=5)), []
    places.on_act(lambda verb, hit: opened.append(hit))
    before = places.version
    places.show(photos.search(BRIGHT, limit=5))
    asked(places, "act", verb="open", at=0, version=before)
    asked(places, "choose", at=0, version=before)
    assert (opened, places.chosen) == ([], {})
    asked(places, "act", verb="open", at=0, version=places.version)
    assert opened == [places.hits[0]]


def test_a_click_on_points_of_another_drawing_opens_no_other_picture(photos):
    plane, opened = Widgets(photos).map(projection="pca"), []
    plane.on_open(opened.append)
    before = plane.version
    plane.axes = ["dark", "bright"]
    asked(plane, "open", at=[2], version=before)
    assert opened == []
    asked(plane, "open", at=[2], version=plane.version)
    assert opened == [list(photos)[2]]


def test_a_search_of_a_tree_or_a_picture_that_still_runs_does_not_come_over_a_newer_one(photos, monkeypatch):
    first, second = list(photos)[:2]
    picker = Widgets(photos).region_picker(first)
    held = Held(monkeypatch, photos, "search")
    asked(picker, "act", verb="search")
    assert held.begun.wait(10)
    picker.show(second)
    newer = picker.search()
    held.go(picker)
    assert picker.hits is newer
