"""What a person does without typing Python beyond ``explorer()``: from the first rank to the copied query."""

from __future__ import annotations

import io

import pytest

from toolkit.demo.scenes import scenes

from .bridge import settled
from .drop import DROP
from .lab import execute

SETUP = """from pathlib import Path

import toolkit as tk
from toolkit.demo.scenes import write_scenes

photos = tk.open(workflow="regions")
added = photos.add(write_scenes(54, Path("scenes")), progress=False)"""
EXPLORER = "explorer = photos.widgets.explorer()\nexplorer.builder.folded = False\nexplorer"
SCENES = {f"{scene.name}.png": scene for scene in scenes(54)}


def has_house(name):
    return any(thing == "house" for thing, _ in SCENES[name].things)


def a_house():
    """A PNG of one house, cut out of a scene."""
    scene = SCENES["day-meadow-09.png"]
    box = next(box for thing, box in scene.things if thing == "house")
    area = box.pixels(width=scene.picture.width, height=scene.picture.height)
    file = io.BytesIO()
    scene.picture.crop(area).save(file, "PNG")
    return list(file.getvalue())


def test_a_query_is_composed_looked_at_marked_refined_and_copied(notebook, artifacts):
    page = notebook(SETUP, EXPLORER)
    page.set_viewport_size({"width": 1280, "height": 1500})
    page.locator(".tk-builder").wait_for()
    query = page.locator(".tk-builder code.tk-query")

    # A concept in Japanese, by its beginning.
    page.get_by_role("button", name="Add a rank: concept.").click()
    page.locator("[role=combobox]:focus").wait_for()
    page.keyboard.insert_text("明る")
    page.get_by_role("option", name="明るい").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    query.get_by_text("concept('明るい', language='ja')", exact=True).wait_for()

    # A picture, dropped; and more of it.
    page.evaluate(DROP, ["house.png", a_house(), "image/png", "drop"])
    page.locator(".tk-builder .tk-thumb[src]").wait_for()
    page.get_by_role("slider", name="Weight of rank 2").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")

    # A concept that is not to be there.
    page.get_by_role("button", name="Add a rank: concept.").click()
    page.locator("[role=combobox]:focus").wait_for()
    page.keyboard.insert_text("white")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="NOT: ask for the contrary of rank 3").click()
    page.get_by_role("button", name="Search", exact=True).click()

    # Boxes, and why.
    page.wait_for_selector(".tk-frame .tk-box")
    page.locator(".tk-cell").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('[role="dialog"] table')
    why = page.locator('[role="dialog"]').inner_text()
    assert "明るい" in why
    assert "not white" in why
    page.screenshot(path=artifacts / "done-when-why.png")
    page.keyboard.press("Escape")

    # Ten marks.
    field = page.get_by_role("combobox", name="Concept that marks are labels of")
    field.fill("house")
    field.press("Tab")
    page.get_by_role("button", name="Refine").and_(page.locator(":enabled")).wait_for()
    names = page.locator(".tk-cell .tk-caption bdi").evaluate_all("nodes => nodes.map((node) => node.title)")
    marked = [*range(6), *range(11, 15)]
    for at in marked:
        page.locator(f'.tk-cell[data-at="{at}"]').focus()
        page.keyboard.press("r" if has_house(names[at]) else "n")
    yes = sum(has_house(names[at]) for at in marked)
    page.get_by_text(f"✓ {yes}  ✗ {10 - yes} as").wait_for()

    # Learned, added, searched again.
    page.get_by_role("button", name="Refine").click()
    page.get_by_text(f"Learned 'house' from {yes} yes and {10 - yes} no").wait_for()
    page.locator(".tk-chip-text:text-is('house')").wait_for()

    # And taken along.
    page.get_by_role("button", name="Show or hide the ranks").click()
    page.get_by_role("combobox", name="Copy the query").select_option("python")
    page.get_by_role("textbox", name="The query to copy").wait_for()
    page.wait_for_function("document.querySelector('.tk-copied').value.includes('query = ')")
    code = page.get_by_role("textbox", name="The query to copy").input_value()
    assert code.startswith(
        "from toolkit.terms import concept, image\n\nquery = concept('明るい', language='ja') & "
    )
    assert "& ~concept('white') & concept('house')" in code
    assert execute(page, f"{code}\nprint(query == explorer.query, len(explorer.gallery.marks))") == "True 10"


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_its_picture_for_the_first_page(notebook, artifacts, theme):
    page = notebook(SETUP, EXPLORER, "None")
    page.set_viewport_size({"width": 1180, "height": 1700})
    page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    page.evaluate(DROP, ["house.png", a_house(), "image/png", "drop"])
    page.locator(".tk-builder .tk-thumb[src]").wait_for()
    execute(
        page,
        """from dataclasses import replace
from toolkit.terms import concept
house = explorer.builder.rows[0]
explorer.query = concept("明るい", language="ja") & house.query ** 2 & ~concept("white")
explorer.gallery.size = "m"
explorer.builder.limit = 12
hits = explorer.search()
explorer.labeler.concept = "house"
explorer.gallery.mark([0, 1, 2])
explorer.gallery.mark([7], 0.0)""",
    )
    page.wait_for_function("document.querySelectorAll('.tk-cell img').length >= 12")
    page.wait_for_function(
        "[...document.querySelectorAll('.tk-cell img')].every((picture) => picture.complete)"
    )
    settled(page)
    page.locator(".tk-explorer").first.screenshot(
        path=artifacts / f"first-page-{theme.split()[-1].lower()}.png"
    )
