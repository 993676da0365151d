"""The pages under docs/ hold: blocks run, links lead somewhere, and no page with code is left out."""

import re

import pytest
from pages import BLOCK, CHECKOUT, dead_links, make_home, run, written

PAGES = sorted(path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "docs").rglob("*.md"))
HERE = {"docs/index.md"}
# Their blocks name files and weights that are not there; what they show is tested on made-up ones.
BY_PLUGIN = {
    "docs/plugins/formats.md": "tests/plugins/test_formats.py",
    "docs/plugins/onnx.md": "tests/plugins/test_onnx.py",
    "docs/plugins/timm.md": "tests/plugins/test_timm.py",
    "docs/widgets.md": "tests/test_widgets_builder.py",
}


@pytest.mark.parametrize("page", PAGES)
def test_its_links_lead_somewhere(page):
    assert dead_links(page) == []


@pytest.mark.parametrize("page", sorted(HERE))
def test_its_blocks_run_in_order(page, tmp_path, monkeypatch):
    make_home(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    names = {}
    run(page, names)
    names["photos"].close()


@pytest.mark.parametrize("page", sorted({page for page in PAGES if BLOCK.search(written(page))} - HERE))
def test_a_page_with_code_is_run_by_some_test(page):
    if page in BY_PLUGIN:
        assert (CHECKOUT / BY_PLUGIN[page]).exists()
        return
    name = page.removeprefix("docs/")
    named = [path.name for path in (CHECKOUT / "tests").rglob("test_*.py") if _names(path.read_text(), name)]
    assert named, f"no test runs {page}"


def _names(text, page):
    return f'"{page}"' in text or all(f'"{part}"' in text for part in page.split("/"))


def test_the_site_has_every_page_but_the_decisions():
    navigation = written("mkdocs.yml").split("\nnav:\n")[1]
    listed = re.findall(r"- ([\w/]+\.md)$", navigation, re.MULTILINE)
    pages = [page.removeprefix("docs/") for page in PAGES if "/decisions/" not in page]
    assert sorted(listed) == pages
