"""The pages under docs/ hold: blocks run, links lead somewhere, and no page with code is left out."""

import re
import runpy
from pathlib import Path

import pytest
from pages import BLOCK, CHECKOUT, dead_links, make_home, run, written

import toolkit
from toolkit.demo.photographs import bundled_photographs
from toolkit.demo.views import write_pictures
from toolkit.terms import concept, image
from toolkit.testing import pictures

PAGES = sorted(path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "docs").rglob("*.md"))
STEPS = ["docs/install.md", *sorted(page for page in PAGES if page.startswith("docs/how-to/"))]
HERE = {"docs/gallery.md", "docs/index.md", "docs/scores.md", "docs/widgets.md", *STEPS}
# Their blocks name files and weights that are not there; what they show is tested on made-up ones.
BY_PLUGIN = {
    "docs/labels.md": "tests/plugins/test_formats_page.py",
    "docs/plugins/onnx.md": "tests/plugins/test_onnx.py",
    "docs/plugins/timm.md": "tests/plugins/test_timm.py",
}


@pytest.mark.parametrize("page", PAGES)
def test_its_links_lead_somewhere(page):
    assert dead_links(page) == []


def test_the_blocks_of_the_first_page_run_in_order(tmp_path, monkeypatch):
    make_home(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    names = {}
    run("docs/index.md", names)
    names["photos"].close()


@pytest.mark.parametrize("page", STEPS)
@pytest.mark.usefixtures("usual_workflow")
def test_the_blocks_of_a_page_that_is_typed_from_top_to_bottom_run(page, tmp_path, monkeypatch):
    make_home(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    names = {}
    run(page, names)
    names["photos"].close()


@pytest.mark.usefixtures("usual_workflow")
def test_the_blocks_of_the_gallery_run_on_the_photographs_it_shows(tmp_path, monkeypatch):
    pytest.importorskip("skimage")
    monkeypatch.chdir(tmp_path)
    shown = {"astronaut", "chelsea", "coffee", "motorcycle_left", "rocket"}
    write_pictures([one for one in bundled_photographs() if one.name in shown], tmp_path)
    with toolkit.open() as photos:
        photos.add(tmp_path, progress=False)
        names = {"photos": photos, "concept": concept, "image": image}
        run("docs/gallery.md", names)
    assert {Path(hit.input.uri).stem for hit in names["hits"][:2]} == {"chelsea", "coffee"}


def test_the_blocks_on_widgets_run_on_a_collection_that_knows_the_concepts(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    drawn = pictures(30)
    drawn[0].save("query.jpg")
    with toolkit.open() as photos:
        photos.add(drawn, progress=False)
        query = image("query.jpg")
        hits = photos.search(query, limit=30)
        for id, name in [("dog", "犬"), ("cat", "猫")]:
            photos.concepts.add(id, names={"ja": [name]})
            photos.annotate(hits.ids[:5], concept=id)
            photos.annotate(hits.ids[5:10], concept=id, value=0)
            photos.train(id, progress=False)
        widgets = photos.widgets
        names = {
            "photos": photos,
            "query": query,
            "hits": hits,
            "input": hits.ids[0],
            "concept": concept,
            "image": image,
        }
        names |= {
            "builder": widgets.query_builder(),
            "gallery": widgets.gallery(hits),
            "explorer": widgets.explorer(query),
        }
        run("docs/widgets.md", names)
    assert (tmp_path / "hits.html").exists()


def test_the_blocks_on_scores_explain_a_hit():
    names = {}
    run("docs/scores.md", names)
    explained = str(names["hits"].explain(0))
    assert "cosine 1.00, far above this collection's usual" in explained


@pytest.mark.parametrize("page", sorted({page for page in PAGES if BLOCK.search(written(page))} - HERE))
def test_a_page_with_code_is_run_by_some_test(page):
    if page in BY_PLUGIN:
        assert (CHECKOUT / BY_PLUGIN[page]).exists()
        return
    tests = (CHECKOUT / "tests").rglob("test_*.py")
    named = [path.name for path in tests if _names(path.read_text(), page)]
    assert named, f"no test runs {page}"


def _names(text, page):
    return f'"{page}"' in text or all(f'"{part}"' in text for part in page.split("/"))


def test_the_site_has_every_page():
    navigation = written("mkdocs.yml").split("\nnav:\n")[1]
    listed = re.findall(r"- ([\w/-]+\.md)$", navigation, re.MULTILINE)
    assert sorted(listed) == sorted(page.removeprefix("docs/") for page in PAGES)


def test_the_site_is_laid_out_with_a_page_for_every_notebook_class_and_hook_and_no_dead_link(tmp_path):
    runpy.run_path(str(CHECKOUT / "docs" / "assemble.py"))["main"](tmp_path)
    docs = tmp_path / "docs"
    pages = {page.relative_to(docs).as_posix(): page.read_text("utf-8") for page in docs.rglob("*.md")}
    assert {f"tutorials/{path.stem}.md" for path in (CHECKOUT / "notebooks").glob("*.ipynb")} <= pages.keys()
    assert {
        f"api/{name}.md" for name in ("Collection", "Explorer", "Gallery", "Report", "Snapshot")
    } <= pages.keys()
    assert {"api/plugins.hooks.md", "plugins/hooks.md"} <= pages.keys()
    navigation = (tmp_path / "mkdocs.yml").read_text("utf-8").split("\nnav:\n")[1]
    assert sorted(re.findall(r"[- ]([\w./-]+\.md)$", navigation, re.MULTILINE)) == sorted(pages)
    dead = [
        (at, link)
        for at, text in pages.items()
        for link in re.findall(
            r"\]\(([^)\s#]+)[^)]*\)", re.sub(r"```.*?```|<div.*</div>|`[^`]*`", "", text, flags=re.DOTALL)
        )
        if "://" not in link and not (docs / at).parent.joinpath(link).exists()
    ]
    assert dead == []
