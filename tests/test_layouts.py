"""Layouts of pictures: made once, completed beside their neighbors, made again when they have become many more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from toolkit_filters.lasso import inside
from widget_photos import COUNT, photos, square

import toolkit
from toolkit.errors import NotIndexedError, QueryError, StoreError, UnknownNameError
from toolkit.learned.layout import Layout
from toolkit.query import Term

HALF = ((-1, -1), (0.5, -1), (0.5, 2), (-1, 2))


@pytest.fixture
def gray():
    with photos(workflow="pixels") as collection:
        yield collection


def shades(*levels):
    return [square(level, 32) for level in levels]


def test_it_is_made_once_and_the_same_seed_makes_the_same(gray):
    first = gray.project("pca")
    assert first.places.shape == (COUNT, 2)
    assert first.places.min() >= 0
    assert first.places.max() <= 1
    assert gray.project("pca", again=True).fit == first.fit
    assert Layout.from_dict(first.to_dict()).fit == first.fit


def test_what_is_added_is_put_beside_its_neighbors_and_nothing_else_moves(gray):
    before = gray.project("pca")
    gray.add([square(0, 40), square(255, 40)], progress=False)
    after = gray.project("pca")
    assert (after.fit, after.fitted, len(after.places)) == (before.fit, COUNT, COUNT + 2)
    assert np.array_equal(after.places[:COUNT], before.places)
    distances = np.linalg.norm(before.places[[0, COUNT - 1]] - after.places[COUNT:], axis=1)
    assert (distances < 0.2).all()


def test_half_as_many_more_are_laid_out_again_and_those_deleted_leave(gray):
    before = gray.project("pca")
    gray.delete(list(gray)[:2])
    fewer = gray.project("pca")
    there = fewer.of(gray.snapshot().inputs)
    assert (before.fit, len(there), np.isnan(there).any()) == (fewer.fit, COUNT - 2, False)
    gray.add(shades(*range(1, 40)), progress=False)
    assert gray.project("pca").fit != before.fit


def test_what_is_not_laid_out_has_no_place_and_says_what_to_call(gray):
    with pytest.raises(NotIndexedError, match=r"photos\.project\('tsne', space='pixels@1'\)"):
        gray.search(Term("lasso", HALF))
    with pytest.raises(UnknownNameError, match="tsn"):
        gray.project("tsn")
    with toolkit.open() as empty, pytest.raises(NotIndexedError):
        empty.project()


def test_a_lasso_finds_what_lies_inside_and_its_contrary_the_rest(gray):
    places = gray.project("pca").of(gray.snapshot().inputs)
    lasso = Term("lasso", HALF, {"projection": "pca"})
    found = gray.search(lasso, limit=COUNT)
    assert found.total == int((places[:, 0] < 0.5).sum()) > 0
    assert gray.search(~lasso, limit=1).total == COUNT - found.total
    assert gray.matches(lasso).tolist() == (places[:, 0] < 0.5).tolist()
    dark = Term("concept", "dark")
    assert gray.matches(dark & lasso).sum() == gray.search(dark & lasso, limit=1).total


def test_a_lasso_on_another_drawing_is_refused(gray):
    fit = gray.project("pca").fit
    drawn = Term("lasso", HALF, {"projection": "pca", "fit": fit})
    assert gray.search(drawn, limit=1).total > 0
    gray.add(shades(*range(1, 60)), progress=False)
    gray.project("pca")
    with pytest.raises(NotIndexedError, match="draw it again"):
        gray.search(drawn)


def test_two_words_in_any_language_are_axes(gray):
    places = gray.axes("dunkel", "bright")
    assert places.shape == (COUNT, 2)
    assert places[0, 0] > 0.9 > 0.5 > places[0, 1]
    right = Term("lasso", ((0.5, -1), (2, -1), (2, 2), (0.5, 2)), {"axes": ("暗い", "bright")})
    assert gray.matches(right).tolist() == (places[:, 0] > 0.5).tolist()
    with pytest.raises(UnknownNameError, match="xyzzy"):
        gray.axes("xyzzy", "dark")


@pytest.mark.parametrize("polygon", [[], [[0, 0], [1, 1]], "round", [[0, 0], [1, 0], [1, "a"]], {"a": 1}])
def test_what_is_no_polygon_is_refused(gray, polygon):
    gray.project("pca")
    with pytest.raises(QueryError, match="corners"):
        gray.search(gray.terms.lasso(polygon, projection="pca"))
    with pytest.raises(QueryError, match="two words"):
        gray.search(gray.terms.lasso([[0, 0], [1, 0], [1, 1]], axes="dark"))


def test_a_damaged_layout_is_made_again(gray):
    made = gray.project("pca")
    with gray._resources.store.write() as batch:
        batch.properties.set(f"layout:pca:{made.space}", {"keys": "no"})
    with pytest.raises(StoreError, match="lay it out again"):
        gray.search(Term("lasso", HALF, {"projection": "pca"}))
    assert gray.project("pca").fit == made.fit


@settings(max_examples=60, deadline=None)
@given(arrays(np.float32, (12, 2), elements=st.floats(0, 1, width=32)), st.permutations(range(4)))
def test_inside_a_rectangle_is_between_its_sides_wherever_the_line_began(places, order):
    corners = np.array([[0.25, 0.25], [0.75, 0.25], [0.75, 0.5], [0.25, 0.5]])
    strictly = (places > 0.25).all(axis=1) & (places[:, 0] < 0.75) & (places[:, 1] < 0.5)
    found = inside(places, np.roll(corners, order[0], axis=0))
    on_a_side = ((places == 0.25) | (places == 0.75) | (places == 0.5)).any(axis=1)
    assert np.array_equal(found[~on_a_side], strictly[~on_a_side])


def test_a_collection_that_can_only_be_read_is_laid_out_for_the_session(tmp_path):
    path = tmp_path / "p.db"
    with toolkit.open(path, workflow="pixels") as written:
        written.add(shades(*range(0, 250, 10)), progress=False)
    with toolkit.open(path, readonly=True) as photos:
        plane = photos.widgets.map(projection="pca")
        assert (plane.total, plane.status["text"]) == (
            25,
            "This collection can only be read: the layout is made anew the next time it is opened.",
        )
        first = photos.layout("pca")
        assert (first.is_stored, photos.project("pca").fit) == (False, first.fit)
        lasso = Term("lasso", HALF, {"projection": "pca", "fit": first.fit})
        assert 0 < photos.search(lasso, limit=1).total < 25
    with toolkit.open(path) as photos:
        with pytest.raises(NotIndexedError):
            photos.layout("pca")
        plane = photos.widgets.map(projection="pca")
        assert (photos.layout("pca").is_stored, plane.status["text"]) == (True, "")
    with toolkit.open(path, readonly=True) as photos:  # one that was stored before is read
        assert (photos.project("pca").is_stored, photos.widgets.map(projection="pca").status["text"]) == (
            True,
            "",
        )
