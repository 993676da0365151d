"""Facets and the map: what is found in the background never undoes what is newer, and no click is lost."""

import threading

import pytest
from test_widgets_builder import asked, wait_for
from widget_photos import placed

from toolkit.query import Term
from toolkit.widgets import Widgets

DARK, BRIGHT = Term("concept", "dark"), Term("concept", "bright")
WINTER = Term("where", None, {"dataset": "winter"})


@pytest.fixture(scope="module")
def photos():
    with placed() as collection:
        collection.project("pca")
        collection.datasets.add("winter", list(collection)[:3])
        yield collection


class Held:
    """Holds up what a view looks for, until `go`."""

    def __init__(self, view, monkeypatch):
        self.finding, self._go, find = threading.Event(), threading.Event(), view._find

        def held(query):
            found = find(query)
            if threading.current_thread() is not threading.main_thread():
                self.finding.set()
                assert self._go.wait(10)
            return found

        monkeypatch.setattr(view, "_find", held)

    def go(self):
        self._go.set()


@pytest.fixture(params=["facets", "map"])
def view(request, photos):
    return Widgets(photos).map(projection="pca") if request.param == "map" else Widgets(photos).facets()


def test_what_is_followed_is_what_the_next_change_builds_upon(view, monkeypatch):
    view.show(DARK & BRIGHT)
    held = Held(view, monkeypatch)
    view.follow(DARK)
    assert held.finding.wait(10)
    view.clear()  # takes back what was chosen here: nothing
    held.go()
    wait_for(lambda: not view.busy)
    assert view.query == DARK


def test_a_query_that_is_shown_is_not_undone_by_one_that_was_followed_before(view, monkeypatch):
    held = Held(view, monkeypatch)
    view.follow(DARK)
    assert held.finding.wait(10)
    view.show(BRIGHT)
    bright = view.hits
    held.go()
    view.background.close()
    view.background._pools["run"].shutdown(wait=True)
    assert (view.query, view.hits, view.busy) == (BRIGHT, bright, False)


def test_a_click_is_kept_when_another_query_is_followed_before_it_is_counted(photos, monkeypatch):
    facets, told = Widgets(photos).facets(DARK), []
    facets.on_query(told.append)
    held = Held(facets, monkeypatch)
    asked(facets, "choose", facet="dataset", value="winter")
    assert held.finding.wait(10)
    facets.follow(BRIGHT)  # a search that ran since before the click has ended
    asked(facets, "choose", facet="dataset", value="winter", excluded=True)
    facets.follow(BRIGHT)
    assert (facets.query, told) == (BRIGHT & ~WINTER, [])
    held.go()
    wait_for(lambda: told)
    assert told == [BRIGHT & ~WINTER]
    facets.follow(DARK)  # and it is made once
    wait_for(lambda: not facets.busy)
    assert (facets.query, told) == (DARK, [BRIGHT & ~WINTER])


def test_a_click_that_cannot_be_is_an_error_and_spoils_nothing(photos):
    facets = Widgets(photos).facets(DARK)
    asked(facets, "limit", facet="score", low=0.9, high=0.1)
    assert facets.status["level"] == "error"
    facets.follow(BRIGHT)
    wait_for(lambda: not facets.busy)
    assert facets.query == BRIGHT


def test_a_search_that_still_runs_does_not_replace_a_newer_one(photos, monkeypatch):
    builder = Widgets(photos).query_builder(DARK)
    real, searching, go_on = photos.search, threading.Event(), threading.Event()

    def search(query, **options):
        hits = real(query, **options)
        if threading.current_thread() is not threading.main_thread():
            searching.set()
            assert go_on.wait(10)
        return hits

    monkeypatch.setattr(photos, "search", search)
    builder.search_later()
    assert searching.wait(10)
    builder.query = BRIGHT
    builder.search()
    go_on.set()
    builder.background._pools["run"].shutdown(wait=True)
    assert (builder.hits.expression, builder.busy) == (BRIGHT, False)
