"""What is typed in the one box: an address or a path of a picture is a chip with that picture, and is searched by."""

from __future__ import annotations

import io

import pytest
from test_fetch import sends, serving

import toolkit
from toolkit.testing import pictures
from toolkit.widgets import Widgets

from .bridge import eventually

PICTURES = pictures(8)


def opened(**options):
    photos = toolkit.open(workflow="pixels", **options)
    photos.add(PICTURES, progress=False)
    photos.search(PICTURES[0])  # the first search of a process by likeness imports for seconds
    return photos


@pytest.fixture(scope="module")
def photos():
    with opened() as collection:
        yield collection


def encoded(at):
    file = io.BytesIO()
    PICTURES[at].save(file, "PNG")
    return file.getvalue()


def typed(page, text):
    field = page.get_by_role("combobox", name="Search")
    field.fill(text)
    field.press("Enter")


def test_an_address_that_is_allowed_is_fetched_and_searched_by(bridge):
    with serving(**{"white.png": sends(200, encoded(7))}) as root:
        settings = toolkit.Settings(allow_urls=(f"{root}/",))
        with opened(settings=settings) as photos:
            explorer = Widgets(photos).explorer(limit=6)
            page = bridge.show(explorer)
            typed(page, f"{root}/white.png")
            eventually(bridge, lambda: explorer.query == photos.terms.image(f"{root}/white.png"))
            eventually(bridge, lambda: explorer.hits.expression == explorer.query)
            assert explorer.hits[0].input.id == list(photos)[-1]
            chip = page.locator(".tk-chip")
            chip.locator("img.tk-chip-picture").wait_for()
            assert chip.get_by_text("white.png").is_visible()
            assert page.get_by_role("combobox", name="Search").input_value() == ""
            typed(page, "-dark")  # and chips combine
            eventually(bridge, lambda: len(explorer.builder.rows) == 2)
            explorer.close()


def test_an_address_that_is_not_allowed_is_refused_with_what_to_do(bridge, photos):
    asked = []
    with serving(**{"white.png": lambda server: (asked.append(1), server.answer(200))}) as root:
        explorer = Widgets(photos).explorer(limit=6)
        page = bridge.show(explorer)
        page.wait_for_selector(".tk-frame img")
        typed(page, f"{root}/white.png")
        page.get_by_role("alert").filter(has_text="allow_urls", visible=True).first.wait_for()
        assert asked == []


@pytest.mark.parametrize("name", ["night.png", "a night, (2) & more.png"])
def test_a_path_is_searched_by(bridge, photos, tmp_path, name):
    (tmp_path / name).write_bytes(encoded(0))
    explorer = Widgets(photos).explorer(limit=6)
    page = bridge.show(explorer)
    typed(page, str(tmp_path / name))
    eventually(bridge, lambda: explorer.query == photos.terms.image(str(tmp_path / name)))
    eventually(bridge, lambda: explorer.hits.expression == explorer.query)
    assert explorer.hits[0].input.id == next(iter(photos))
    page.locator(".tk-chip img.tk-chip-picture").wait_for()
    assert page.locator(".tk-chip").get_by_text(name[:7]).first.is_visible()


def test_a_path_where_nothing_is_finds_no_file_and_says_so(bridge, photos, tmp_path):
    explorer = Widgets(photos).explorer(limit=6)
    page = bridge.show(explorer)
    page.wait_for_selector(".tk-frame img")
    typed(page, str(tmp_path / "gone.png"))
    page.get_by_role("alert").filter(has_text="gone.png", visible=True).first.wait_for()
