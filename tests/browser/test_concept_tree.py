"""The tree of concepts in a page: opened and chosen by keys and by pointer."""

from __future__ import annotations

import pytest
from widget_photos import placed

from toolkit.widgets import Widgets

from .bridge import eventually

HOSTILE = "<img src=x onerror=window.hit=1>"


@pytest.fixture(scope="module")
def photos():
    with placed() as collection:
        collection.concepts.add("light", names={"en": ["light"]}, definition=HOSTILE)
        collection.concepts.add("gloom", names={"en": [HOSTILE]})
        for one in ("dark", "bright", "gloom"):
            collection.concepts.relate(one, "hypernym", "light")
        yield collection


def test_it_is_walked_opened_and_chosen_by_keys(bridge, photos):
    tree = Widgets(photos).concept_tree()
    page = bridge.show(tree)
    page.get_by_role("treeitem", name="light 3 kinds").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("treeitem", name="bright").wait_for()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    eventually(bridge, lambda: tree.concept == "dark")
    page.get_by_role("treeitem", name="dark", selected=True).wait_for()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.get_by_role("treeitem", name="dark").wait_for(state="hidden")


def test_a_branch_is_searched_by_pointer(bridge, photos):
    tree = Widgets(photos).concept_tree()
    page = bridge.show(tree)
    search = page.get_by_role("button", name="Search for the chosen concept")
    assert search.is_disabled()
    page.get_by_text("light", exact=True).click()
    eventually(bridge, lambda: tree.concept == "light")
    search.click()
    eventually(bridge, lambda: tree.hits is not None)
    page.get_by_text("hits: tree.hits").wait_for()


def test_names_and_definitions_are_text(bridge, photos):
    page = bridge.show(Widgets(photos).concept_tree())
    page.locator(".tk-twisty").first.click()
    page.get_by_text(HOSTILE, exact=True).wait_for()
    assert page.locator("[role=tree] img").count() == 0
    assert page.evaluate("window.hit") is None


def test_axe_finds_no_fault_in_an_opened_tree(bridge, photos, axe):
    page = bridge.show(Widgets(photos).concept_tree())
    page.locator(".tk-twisty").first.click()
    page.get_by_role("treeitem", name="bright").wait_for()
    page.evaluate(axe)
    assert page.evaluate("async () => (await axe.run(document)).violations.map((v) => v.id)") == []
