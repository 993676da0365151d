"""The widgets in JupyterLab, end to end: cells run, clicks, keys, a busy and a restarted kernel."""

from __future__ import annotations

import pytest

from .lab import READY, execute

SETUP = """from widget_photos import photos as made
from toolkit.widgets import Widgets
from toolkit.terms import concept
photos = made()
widgets = Widgets(photos)"""
EXPLORER = "e = widgets.explorer(concept('dark'), limit=12)\ne.builder.folded = False\ne"


def test_an_explorer_is_shown_searched_marked_and_asked_from_python(notebook):
    page = notebook(SETUP, EXPLORER)
    page.wait_for_selector(".tk-frame img")
    page.get_by_role("button", name="Add a rank: concept.").click()
    page.keyboard.insert_text("bright")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="NOT: ask for the contrary of rank 2").click()
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_text("concept('dark') & ~concept('bright')", exact=True).first.wait_for()
    page.wait_for_selector(".tk-frame img")
    page.locator(".tk-cell").first.hover()
    page.locator(".tk-cell .tk-pick").first.click()
    page.wait_for_function("document.querySelector('.tk-cell[aria-selected=true]')")
    assert (
        execute(page, "print(len(e.gallery.selection), e.query)") == "1 concept('dark') & ~concept('bright')"
    )


def test_plain_keys_stay_in_the_widget(notebook):
    page = notebook(SETUP, EXPLORER)
    page.wait_for_selector(".tk-frame img")
    before = page.locator(".jp-Notebook .jp-Cell").count()
    for selector in (".tk-grip", ".tk-switch", ".tk-cell"):
        page.locator(selector).first.focus()
        for key in ("a", "b", "x", "d", "d"):
            page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert page.locator(".jp-Notebook .jp-Cell").count() == before


def test_a_click_is_answered_while_a_cell_is_running(notebook):
    page = notebook(SETUP, EXPLORER)
    page.wait_for_selector(".tk-frame img")
    page.evaluate(
        """() => { const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
          kernel.requestExecute({ code: 'import time; time.sleep(6)' }); }"""
    )
    page.wait_for_timeout(300)
    page.locator(".tk-cell").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('[role="dialog"] table', timeout=4000)
    page.get_by_role("button", name="Close the large picture").click()


def test_a_restarted_kernel_says_so(notebook):
    page = notebook(SETUP, EXPLORER)
    page.wait_for_selector(".tk-frame img")
    page.evaluate(
        "async () => { await window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(); }"
    )
    page.wait_for_timeout(1000)
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_text("run this cell again").first.wait_for(timeout=8000)


def test_a_gallery_works_with_ipywidgets_around_it(notebook):
    page = notebook(
        SETUP,
        "import ipywidgets as w\ng = widgets.gallery(photos.search(concept('dark')))\n"
        "t = w.Text(description='opened')\n"
        "w.link((g, 'opened'), (t, 'value'))\nw.VBox([t, g])",
    )
    page.wait_for_selector(".tk-frame img")
    page.locator(".tk-cell").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "[...document.querySelectorAll('.widget-text input')].some((node) => node.value.length > 4)"
    )


@pytest.mark.parametrize("theme", ["Light", "Dark", "Dark High Contrast"])
def test_it_is_looked_at_in_every_theme_and_axe_finds_no_fault(notebook, theme, axe):
    page = notebook(
        SETUP,
        "e = widgets.explorer(concept('dark') & ~concept('bright') ** 2, limit=12)\n"
        "e.labeler.concept = 'porch'\ne.gallery.mark([0])\ne.gallery.mark([1], 0.0)\n"
        "e.gallery.select([2])\ne",
    )
    page.wait_for_selector(".tk-frame img")
    page.evaluate(
        "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })",
        f"JupyterLab {theme}",
    )
    page.wait_for_timeout(800)
    color = page.eval_on_selector(".tk-gallery", "node => getComputedStyle(node).backgroundColor")
    assert ("rgb(255, 255, 255)" in color) == (theme == "Light")
    page.evaluate(axe)
    faults = page.evaluate(
        "async () => (await axe.run({ include: [['.tk-builder'], ['.tk-labeler'], ['.tk-gallery']] }))"
        ".violations.map((v) => [v.id, v.nodes[0].html, v.nodes[0].any[0]?.message])"
    )
    assert faults == []


def test_a_page_that_is_loaded_again_shows_what_was_there(notebook):
    page = notebook(SETUP, EXPLORER)
    page.wait_for_selector(".tk-frame img")
    execute(page, "e.gallery.select([1])\ne.gallery.least = 0.5")
    page.evaluate("async () => { await window.jupyterapp.shell.currentWidget.context.save(); }")
    page.reload()
    page.wait_for_function(READY)
    page.wait_for_selector('.tk-cell[data-rank="2"][aria-selected="true"] img')
    assert page.get_by_role("slider", name="Least score of a box that is drawn").input_value() == "0.5"
    page.get_by_text("concept('dark')", exact=True).first.wait_for()
