"""The widgets in JupyterLab, end to end: cells run, clicks, keys, a busy and a restarted kernel."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from .conftest import absent
from .lab import CLOSE, OPEN, READY, start, stop, write_notebook

SETUP = """from widget_photos import photos as made
from toolkit.widgets import Widgets
from toolkit.terms import concept
photos = made()
widgets = Widgets(photos)"""
EXPLORER = "e = widgets.explorer(concept('dark'), limit=12)\ne"


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    if find_spec("jupyterlab") is None:
        absent("jupyterlab is not installed")
    try:
        server, made = start(tmp_path_factory.mktemp("lab"))
    except RuntimeError as error:
        absent(str(error))
    yield made
    stop(server)


@pytest.fixture(scope="session")
def shell(lab, browser):
    """One page for the session: it takes seconds to load."""
    page = browser.new_page(viewport={"width": 1280, "height": 1100})
    page.set_default_timeout(90_000)  # the first cell imports everything
    page.faults, page.strangers = [], []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    own = (lab.base, lab.base.replace("http", "ws", 1), "blob:", "data:")
    page.on("request", lambda asked: None if asked.url.startswith(own) else page.strangers.append(asked.url))
    page.goto(f"{lab.base}/doc?token={lab.token}&reset")
    page.wait_for_function(READY)
    yield page
    page.close()


@pytest.fixture
def notebook(lab, shell, request, artifacts):
    def run(*cells):
        write_notebook(lab.root / f"{request.node.name}.ipynb", cells)
        shell.evaluate(OPEN, f"{request.node.name}.ipynb")
        assert shell.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        return shell

    shell.faults.clear()
    shell.strangers.clear()
    yield run
    shell.screenshot(path=artifacts / f"{request.node.name}.png")
    shell.evaluate(CLOSE)
    assert shell.strangers == []


def execute(page, code):
    """Run code in the notebook's kernel; the text it prints."""
    return page.evaluate(
        """async (code) => {
          const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
          const future = kernel.requestExecute({ code }); let text = '';
          future.onIOPub = (message) => { if (message.content.text) text += message.content.text;
            if (message.content.ename) text += message.content.evalue; };
          await future.done; return text.trim(); }""",
        code,
    )


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
    page.locator(".tk-cell").first.click(position={"x": 20, "y": 130})
    page.wait_for_function("document.querySelector('.tk-cell[aria-selected=true]')")
    assert (
        execute(page, "print(len(e.gallery.selection), e.query)") == "1 concept('dark') & ~concept('bright')"
    )
    assert page.faults == []


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


@pytest.mark.parametrize("theme", ["light", "dark", "high contrast"])
def test_it_is_looked_at_in_every_theme(notebook, theme):
    name = {
        "light": "JupyterLab Light",
        "dark": "JupyterLab Dark",
        "high contrast": "JupyterLab Dark High Contrast",
    }[theme]
    page = notebook(
        SETUP,
        "e = widgets.explorer(concept('dark') & ~concept('bright') ** 2, limit=12)\n"
        "e.gallery.set_marks({e.hits.ids[0]: 1.0, e.hits.ids[1]: 0.0})\ne",
    )
    page.wait_for_selector(".tk-frame img")
    page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", name)
    page.wait_for_timeout(800)
    colors = page.eval_on_selector(
        ".tk-gallery", "node => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]"
    )
    light = "rgb(255, 255, 255)" in colors[0]
    assert light == (theme == "light")
    assert page.faults == []
