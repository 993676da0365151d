"""What is committed of a notebook. That each runs, and prints what it says, is checked by nbval."""

import base64
import json
import re
import runpy
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
NOTEBOOKS = sorted((CHECKOUT / "notebooks").glob("*.ipynb"))
SCRUB = runpy.run_path(str(CHECKOUT / "notebooks" / "scrub.py"))

CHECKED = "nbval-check-output"  # a tag: a comment would be the learner's to read

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path, kind):
    return [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == kind]


def text_of(cell):
    return "".join(cell["source"])


def test_there_are_notebooks_and_their_numbers_give_the_order():
    assert len(NOTEBOOKS) >= 5
    assert all(re.fullmatch(r"\d\d_[a-z_]+", path.stem) for path in NOTEBOOKS)


@every_notebook
def test_it_is_scrubbed(path):
    text = path.read_text()
    assert SCRUB["scrubbed"](text) == text, f"run: python notebooks/scrub.py notebooks/{path.name}"


@every_notebook
def test_it_is_small(path):
    assert path.stat().st_size < 300_000


@every_notebook
def test_it_ran_from_top_to_bottom_without_an_error(path):
    kinds = [output["output_type"] for cell in cells(path, "code") for output in cell["outputs"]]
    assert kinds
    assert "error" not in kinds


@every_notebook
def test_it_says_what_it_is_about_and_shows_and_checks_something(path):
    assert text_of(cells(path, "markdown")[0]).startswith("# ")
    assert any(CHECKED in cell["metadata"].get("tags", ()) for cell in cells(path, "code"))
    assert not any("NBVAL" in text_of(cell) for cell in cells(path, "code"))
    assert "data:image/jpeg;base64," in path.read_text()


DRAWN = ("02", "06", "09")  # digits and scenes whose every part is known
PHOTOGRAPHS = [path for path in NOTEBOOKS if not path.stem.startswith(DRAWN)]


@pytest.mark.parametrize("path", PHOTOGRAPHS, ids=lambda path: path.stem)
def test_it_is_shown_on_photographs(path):
    code = "".join(map(text_of, cells(path, "code")))
    assert "bundled_photographs" in code
    assert "scenes" not in code


def test_the_first_one_shows_the_explorer():
    (cell,) = (cell for cell in cells(NOTEBOOKS[0], "code") if "explorer(" in text_of(cell))
    assert [set(output["data"]) for output in cell["outputs"]] == [{"text/html", "text/plain"}]
    assert "data:image/jpeg;base64," in "".join(cell["outputs"][0]["data"]["text/html"])


def test_it_also_shows_how_the_explorer_looks_where_styles_are_stripped():
    (picture,) = (cell["attachments"] for cell in cells(NOTEBOOKS[0], "markdown") if "attachments" in cell)
    committed = (CHECKOUT / "docs" / "images" / "explorer-opens.png").read_bytes()
    assert base64.b64decode(picture["explorer-opens.png"]["image/png"]) == committed


@every_notebook
def test_it_ends_with_what_comes_next(path):
    assert text_of(cells(path, "markdown")[-1]).startswith("## What next\n")


@every_notebook
def test_its_links_lead_somewhere(path):
    links = [
        link for cell in cells(path, "markdown") for link in re.findall(r"\]\(([^)#]+)\)", text_of(cell))
    ]
    local = [link for link in links if "://" not in link and not link.startswith("attachment:")]
    assert [link for link in local if not (path.parent / link).exists()] == []


def notebook(*outputs):
    cell = {"cell_type": "code", "id": "a", "metadata": {"execution": 1}, "source": [], "execution_count": 7}
    return json.dumps({"cells": [{**cell, "outputs": list(outputs)}], "metadata": {"widgets": {}}})


def test_scrubbing_removes_progress_errors_and_the_machine():
    bar = {
        "output_type": "display_data",
        "data": {"application/vnd.jupyter.widget-view+json": {}},
        "metadata": {},
    }
    warning = {"output_type": "stream", "name": "stderr", "text": ["slow"]}
    said = {"output_type": "stream", "name": "stdout", "text": ["at '/home/me/pictures/a.jpg' and </b/>\n"]}
    scrubbed = json.loads(SCRUB["scrubbed"](notebook(bar, warning, said)))
    (cell,) = scrubbed["cells"]
    assert cell["outputs"] == [{**said, "text": ["at '…/a.jpg' and </b/>\n"]}]
    assert (cell["execution_count"], cell["metadata"]) == (1, {})
    assert "widgets" not in scrubbed["metadata"]


def test_scrubbing_leaves_addresses_and_encoded_pictures_alone():
    text = 'http://127.0.0.1:9/a/b.jpg <img src="data:image/jpeg;base64,/9j/4AAQ/abc/def=="> image/png 1/2/3'
    said = {"output_type": "stream", "name": "stdout", "text": [text]}
    (cell,) = json.loads(SCRUB["scrubbed"](notebook(said)))["cells"]
    assert cell["outputs"][0]["text"] == [text]
