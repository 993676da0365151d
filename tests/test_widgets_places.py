"""The map from Python: where the pictures were taken, and an area to search in."""

import numpy as np
import pytest
from test_widgets_builder import asked, wait_for
from widget_photos import COUNT, placed, square
from widget_photos import photos as made

import toolkit
from toolkit.errors import QueryError
from toolkit.query import Term
from toolkit.values.types import GeoPoint
from toolkit.widgets import Places, Widgets
from toolkit.widgets.areas import area_text

DARK = Term("concept", "dark")


@pytest.fixture(scope="module")
def photos():
    with placed() as collection:
        yield collection


def test_every_input_that_has_a_place_is_a_point(photos):
    globe = Widgets(photos).places()
    _, (points,) = asked(globe, "points")
    degrees = np.frombuffer(points, np.float32).reshape(-1, 2)
    assert repr(globe) == f"Places({COUNT} places)"
    assert np.allclose(degrees[:, 0], 48 + np.arange(COUNT) / 100, atol=1e-4)
    assert np.allclose(degrees[:, 1], 11 + np.arange(COUNT) / 100, atol=1e-4)


def test_of_hits_only_theirs_are_shown_and_those_without_a_place_are_counted():
    with toolkit.open() as photos:
        photos.add([square(0), {"image": square(9), "lat": 1, "lon": 2}], progress=False)
        globe = photos.widgets.places(photos.search(DARK))
        assert (globe.count, globe.total, [hit.input.geo for hit in globe.hits]) == (1, 2, [GeoPoint(1, 2)])


def test_a_circle_and_a_box_are_filters_that_find_what_is_in_them(photos):
    globe = Widgets(photos).places()
    globe.near(48.0, 11.0, 3)
    assert globe.query == photos.terms.where(near=[48.0, 11.0, 3.0])
    assert globe.search().total == 3
    globe.within((48.095, 11.0), GeoPoint(48.2, 11.5))
    assert globe.search().total == globe.found.total == 11
    globe.clear()
    with pytest.raises(QueryError, match="no area yet"):
        globe.search()


@pytest.mark.parametrize(
    "area",
    [
        {"near": [1, 2]},
        {"near": [91, 0, 1]},
        {"near": [1, 2, 0]},
        {"near": [1, 2, float("nan")]},
        {"near": "everywhere"},
        {"near": [1, 2, 3], "within": [1, 2, 3, 4]},
        {"within": [0, 0, 0, 200]},
        {"within": [True, 0, 1, 1]},
        {"country": "Italy"},
    ],
)
def test_an_area_that_cannot_be_is_refused_and_the_one_before_stays(photos, area):
    globe = Widgets(photos).places()
    globe.near(48, 11, 3)
    with pytest.raises(QueryError):
        globe.area = area
    assert globe.area == {"near": [48.0, 11.0, 3.0]}


def test_an_area_has_a_text():
    assert area_text({"within": [-1.5, -2, 3, 4.25]}) == "between 1.5°S 2°W and 3°N 4.25°E"
    assert area_text({"near": [0, 0, 1500]}) == "within 1500 km of 0°N 0°E"


def test_one_points_at_a_picture_and_sees_it(photos):
    globe = Widgets(photos).places()
    hit = globe.choose(2)
    assert globe.chosen == {
        "at": 2,
        "version": globe.version,
        "name": hit.input.id,
        "latitude": pytest.approx(48.02, abs=1e-5),
        "longitude": pytest.approx(11.02, abs=1e-5),
    }
    _, (picture,) = asked(globe, "picture", at=2)
    assert picture == photos.thumbnail(hit.input.id)
    with pytest.raises(QueryError, match=f"no picture {COUNT} on the map: there are {COUNT}"):
        globe.choose(COUNT)


def test_alone_it_searches(photos):
    globe = Widgets(photos).places()
    globe.near(48, 11, 3)
    asked(globe, "act", verb="search")
    wait_for(lambda: globe.found is not None and not globe.busy)
    assert globe.found.total == 3


def test_in_an_explorer_the_area_is_one_rank_and_a_new_one_takes_its_place(photos):
    explorer = Widgets(photos).explorer(DARK, limit=5)
    other = photos.terms.where(near=[48, 11, 99], region=False)
    explorer.builder.add(other)
    explorer.places.near(48, 11, 3)
    asked(explorer.places, "act", verb="only")
    assert explorer.query == DARK & other & photos.terms.where(near=[48.0, 11.0, 3.0])
    explorer.places.within((47, 10), (48.005, 12))
    assert explorer.only_here().total == 1
    assert explorer.query == DARK & other & photos.terms.where(within=[47.0, 10.0, 48.005, 12.0])
    assert (explorer.places.count, explorer.places.of_hits) == (1, True)
    explorer.places.choose(0)
    asked(explorer.places, "act", verb="open")
    assert explorer.gallery.opened == explorer.hits.ids[0]


def test_before_anything_is_searched_an_explorer_shows_every_place_once_it_is_unfolded(photos):
    explorer = Widgets(photos).explorer()
    assert (explorer.places.count, explorer.places.folded) == (0, True)
    explorer.places.folded = False
    assert (explorer.places.count, explorer.places.of_hits) == (COUNT, False)
    explorer.places.near(48, 11, 3)
    assert explorer.only_here().total == 3


def test_without_any_place_an_explorer_shows_no_map():
    with made() as photos:
        explorer = Widgets(photos).explorer(DARK)
        assert "places" in explorer.hidden
        assert "places" not in explorer.snapshot().html


def test_its_static_form_has_points_and_lines_and_no_script(photos):
    html = Places(photos).snapshot().html
    assert html.count("background-color:#3b82c4") == COUNT
    assert "11.2°E" in html
    assert "<svg" not in html
    assert "<script" not in html


def test_two_places_on_either_side_of_the_date_line_are_drawn():
    with toolkit.open() as photos:
        photos.add([{"image": square(0), "lat": 0, "lon": 179}, {"image": square(9), "lat": 0, "lon": -179}])
        assert photos.widgets.places().static_html().count("#3b82c4") == 2
