"""The offer to classify regions: for the hits that are shown now, once, and stopped where a person cancels."""

from threading import Event

import numpy as np
import pytest

import toolkit
from toolkit.query import Term
from toolkit.values.types import Box
from toolkit.widgets.region_offer import RegionOffer

BRIGHT = Term("concept", "bright")
RIGHT = Box(0.0, 0.5, 1.0, 1.0)


def filled(target=None, *, count=2):
    photos = toolkit.open(target, workflow="pixels")
    photos.add([np.full((16, 16, 3), 255 - 40 * at, np.uint8) for at in range(count)], progress=False)
    for id in photos:
        photos.add_region(id, RIGHT)
    return photos


@pytest.fixture
def photos():
    with filled() as photos:
        yield photos


def finished(offer):
    """Wait for what runs in the background."""
    for name in ("aside", "run"):
        offer.background._pool(name).submit(lambda: None).result(30)


def test_it_counts_for_a_query_with_a_concept_and_for_no_other(photos):
    offer = RegionOffer(photos)
    offer.look(photos.search(BRIGHT, limit=1))
    finished(offer)
    assert (offer.count, repr(offer)) == (
        1,
        "RegionOffer(1 region of these pictures has no concepts yet)",
    )
    offer.look(photos.search(Term("input", next(iter(photos)))))
    assert offer.count == 0
    offer.look(None)
    assert (offer.count, offer.static_html()) == (0, "")


def test_classifying_takes_the_offer_back_and_tells_who_waits(photos):
    offer, told = RegionOffer(photos), []
    offer.after = lambda: told.append(offer.count)
    offer.look(photos.search(BRIGHT))
    finished(offer)
    assert (offer.count, offer.classify().regions, told) == (2, 2, [0])
    offer.look(photos.search(BRIGHT))
    finished(offer)
    assert offer.count == 0


def test_a_count_that_comes_late_does_not_take_the_place_of_a_newer_one(photos, monkeypatch):
    offer, go = RegionOffer(photos), Event()
    real = type(photos.regions).unclassified

    def slow(regions, inputs):
        go.wait(30)
        return real(regions, inputs)

    monkeypatch.setattr(type(photos.regions), "unclassified", slow)
    offer.look(photos.search(BRIGHT))
    offer.look(None)
    go.set()
    finished(offer)
    assert offer.count == 0


def test_a_second_click_starts_nothing_and_cancel_stops_it(photos, monkeypatch):
    offer, started, go, runs = RegionOffer(photos), Event(), Event(), []

    def index(*, regions, progress, report):
        runs.append(regions)
        started.set()
        go.wait(30)
        report(0.5)  # raises, for a person has cancelled
        runs.append("went on")

    monkeypatch.setattr(photos, "index", index)
    offer._classify({}, [])
    started.wait(30)
    offer._classify({}, [])
    offer.cancel()
    go.set()
    finished(offer)
    assert runs == [True]
    assert (offer.busy, offer.status["text"]) == (False, "Cancelled.")


def test_what_cannot_be_written_is_not_offered(tmp_path):
    filled(tmp_path / "p.db").close()
    with toolkit.open(tmp_path / "p.db", readonly=True) as photos:
        offer = RegionOffer(photos)
        offer.look(photos.search(BRIGHT))
        assert offer.count == 0
