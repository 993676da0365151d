"""The widgets in JupyterLab, end to end: cells run, clicks, keys, a busy and a restarted kernel."""

from __future__ import annotations

import pytest

from .lab import execute, ready

SETUP = """from widget_photos import photos as made
from toolkit.widgets import Widgets
from toolkit.terms import concept
photos = made()
widgets = Widgets(photos)"""
KERNEL = "const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;"
EXPLORER = "e = widgets.explorer(concept('dark'), limit=12)\ne.builder.folded = False\ne"


def test_an_explorer_is_shown_searched_marked_and_asked_from_python(notebook):
    page = notebook(SETUP, EXPLORER)
    page.wait_for_selector(".tk-frame img")
    page.get_by_role("button", name="Add a rank: concept.").click()
    page.locator("[role=combobox]:focus").wait_for()
    page.keyboard.insert_text("bright")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="NOT: ask for the contrary of rank 2").click()
    page.get_by_role("button", name="Search", exact=True).click()
    page.locator(".tk-chip-text", has_text="bright").wait_for()  # the ranks fold after a search
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
    assert execute(page, "print('there')") == "there"  # what the keys have asked for is done
    assert page.locator(".jp-Notebook .jp-Cell").count() == before


def test_a_click_is_answered_while_a_cell_is_running(notebook):
    page = notebook(SETUP, EXPLORER)
    page.wait_for_selector(".tk-frame img")
    page.evaluate(
        f"() => {{ {KERNEL} window.ended = false;"
        "kernel.requestExecute({ code: 'from threading import Event; Event().wait(300)' })"
        ".done.then(() => { window.ended = true; }); }"
    )
    page.wait_for_function(f"() => {{ {KERNEL} return kernel.status === 'busy'; }}")
    page.locator(".tk-cell").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('[role="dialog"] table')
    assert not page.evaluate("window.ended")
    page.get_by_role("button", name="Close the large picture").click()
    page.evaluate(f"() => {{ {KERNEL} return kernel.interrupt(); }}")
    page.wait_for_function("window.ended")


def test_a_restarted_kernel_says_so(notebook):
    page = notebook(SETUP, EXPLORER)
    page.wait_for_selector(".tk-frame img")
    page.evaluate(
        "async () => { await window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(); }"
    )
    page.get_by_role("alert").filter(has_text="run this cell again", visible=True).wait_for()


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
    page.wait_for_function(
        "(light) => (getComputedStyle(document.querySelector('.tk-explorer')).backgroundColor"
        " === 'rgb(255, 255, 255)') === light",
        arg=theme == "Light",
    )
    page.wait_for_function("document.getAnimations().every((each) => each.playState !== 'running')")
    page.evaluate(axe)
    faults = page.evaluate(
        "async () => (await axe.run({ include: [['.tk-explorer']] }))"
        ".violations.map((v) => [v.id, v.nodes[0].html, v.nodes[0].any[0]?.message])"
    )
    assert faults == []


def test_a_page_that_is_loaded_again_shows_what_was_there(notebook):
    page = notebook(SETUP, EXPLORER)
    page.wait_for_selector(".tk-frame img")
    execute(page, "e.gallery.select([1])\ne.gallery.least = 0.5")
    page.evaluate("async () => { await window.jupyterapp.shell.currentWidget.context.save(); }")
    page.reload()
    ready(page)
    page.wait_for_selector('.tk-cell[data-rank="2"][aria-selected="true"] img')
    assert page.get_by_role("slider", name="Least score of a box that is drawn").input_value() == "0.5"
    page.get_by_text("concept('dark')", exact=True).first.wait_for()
