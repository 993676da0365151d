"""Where there is no kernel: a notebook that is not trusted, and a page that nbconvert made."""

from __future__ import annotations

import json

import pytest
from widget_photos import photos as made

from toolkit.query import Term
from toolkit.values.types import Box
from toolkit.widgets import Gallery, Widgets

from .lab import CLOSE, OPEN
from .many_hits import hits_of

VIEW = "application/vnd.jupyter.widget-view+json"
# Pictures that are seen, boxes that lie over one, and whatever would run.
SEEN = """(root) => {
  const all = (selector) => [...document.querySelectorAll(root + ' ' + selector)];
  const pictures = all("img[src^='data:']");
  const frames = all('div').filter((each) => each.style.borderStyle === 'solid');
  const isOver = (box, picture) => {
    const [a, b] = [box, picture].map((node) => node.getBoundingClientRect());
    const isBeside = a.left < b.left - 2 || a.right > b.right + 2 || a.top < b.top - 2 || a.bottom > b.bottom + 2;
    return a.width > 0 && !isBeside;
  };
  return {
    pictures: pictures.filter((each) => each.naturalWidth > 0 && each.getBoundingClientRect().width > 0).length,
    boxes: pictures.filter((each) => frames.some((box) => isOver(box, each))).length,
    running: all('script').length,
  }; }"""


def notebook_of(widget):
    """A notebook with the output of a cell that showed the widget, as JupyterLab saves it."""
    bundle = widget._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert VIEW in data
    output = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "execution_count": 1,
        "source": "widget",
        "outputs": [output],
    }
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def test_a_notebook_that_is_not_trusted_shows_the_hits_with_their_boxes(lab, shell, artifacts):
    (lab.root / "untrusted.ipynb").write_text(json.dumps(notebook_of(Gallery(hits_of(3)))))
    shell.evaluate(OPEN, "untrusted.ipynb")
    shell.wait_for_selector(".jp-OutputArea img[src^='data:']")
    seen = shell.evaluate(SEEN, ".jp-OutputArea")
    shell.screenshot(path=artifacts / "untrusted.png")
    shell.evaluate(CLOSE)
    assert seen == {"pictures": 3, "boxes": 3, "running": 0}


@pytest.mark.parametrize("template", ["lab", "classic"])
def test_a_page_of_nbconvert_shows_the_hits_with_their_boxes(page_of, template, artifacts):
    nbconvert, nbformat = pytest.importorskip("nbconvert"), pytest.importorskip("nbformat")
    with made() as photos:
        explorer = Widgets(photos).explorer(Term("concept", "dark"), limit=2)
        explorer.gallery.show(hits_of(3, box=Box(0.1, 0.2, 0.5, 0.6)))
        notebook = nbformat.from_dict(notebook_of(explorer))
    html, _ = nbconvert.HTMLExporter(template_name=template).from_notebook_node(notebook)
    page = page_of()
    page.set_content(html, wait_until="domcontentloaded")
    page.wait_for_selector("img[src^='data:']")
    page.screenshot(path=artifacts / f"nbconvert-{template}.png")
    root = ".jp-OutputArea" if template == "lab" else ".output_area"
    seen = page.evaluate(SEEN, root)
    assert (seen["pictures"], seen["boxes"]) == (3, 3)
