"""What is composed by hand survives: in a notebook that is saved, and in a file that opens from a disk."""

from __future__ import annotations

import json
import re

import pytest
from widget_photos import photos as made

from toolkit.query import Term
from toolkit.widgets import Widgets

from .lab import execute
from .test_lab import SETUP

DARK = Term("concept", "dark")
SAVE = "async () => { await window.jupyterapp.shell.currentWidget.context.save(); }"


def test_a_notebook_that_is_saved_has_the_hits_of_the_last_search_and_not_of_the_first(
    notebook, lab, request, page_of
):
    nbconvert, nbformat = pytest.importorskip("nbconvert"), pytest.importorskip("nbformat")
    page = notebook(SETUP, "e = widgets.explorer(limit=6)\ne")
    page.wait_for_selector(".tk-frame img")
    assert not page.locator(".tk-still").first.is_visible()
    execute(page, "e.query = concept('dark')")
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_function("document.querySelector('.tk-still').textContent.includes(\"concept('dark')\")")
    page.evaluate(SAVE)
    name = f"{re.sub(r'[^A-Za-z0-9]+', '-', request.node.name)}.ipynb"
    saved = nbformat.read(lab.root / name, 4)
    assert len(json.dumps(saved)) < 300_000
    html, _ = nbconvert.HTMLExporter().from_notebook_node(saved)
    seen = page_of()
    seen.set_content(html, wait_until="domcontentloaded")
    still = seen.locator(".tk-still")
    assert still.locator("img").count() == 6
    assert "concept('dark')" in still.inner_text()
    assert "no hits" not in still.inner_text().lower()


def test_one_file_opens_from_a_disk_with_the_network_off_has_facets_and_a_large_view(
    page_of, tmp_path, artifacts
):
    with made() as photos:
        for at, input in enumerate(list(photos.inputs)[:8]):
            photos.annotate(
                getattr(input, "id", input), concept="porch" if at % 2 else "roof", value=1.0, user="ada"
            )
        gallery = Widgets(photos).gallery(photos.search(Term("where", None, {"status": "success"}), limit=24))
        gallery.mark([0])
        gallery.save(tmp_path / "hits.html")
    page = page_of(offline=True)
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto((tmp_path / "hits.html").as_uri())
    page.wait_for_function("[...document.images].length === 24 && document.images[0].naturalWidth > 0")
    assert page.get_by_role("status").inner_text() == "24 of 24 pictures"
    page.get_by_role("checkbox", name="porch").check()
    assert page.get_by_role("status").inner_text() == "4 of 24 pictures"
    assert page.locator("label", has_text="roof").locator(".hits").inner_text() == "4 / 4"
    page.get_by_role("checkbox", name="roof").check()
    assert page.get_by_role("status").inner_text() == "8 of 24 pictures"
    page.locator(".grid button").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").locator("img").wait_for()
    page.keyboard.press("ArrowRight")
    page.screenshot(path=artifacts / "saved-page.png")
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0
    assert [url for url in asked if not url.startswith(("data:", "file:"))] == []
    assert faults == []


def test_the_button_gives_the_file_to_the_browser(bridge, photos):
    page = bridge.show(Widgets(photos).gallery(photos.search(DARK, limit=3)))
    page.wait_for_selector(".tk-frame img")
    with page.expect_download() as started:
        page.get_by_role("button", name="Snapshot").click()
    assert started.value.suggested_filename == "hits.html"
