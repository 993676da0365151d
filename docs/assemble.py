"""Lays out the documentation for a site builder: the pages of docs/, and those made of notebooks and of the code.

    python docs/assemble.py FOLDER

FOLDER gets `docs/` and a `mkdocs.yml`, which Zensical and MkDocs both read. Made are: a page for each notebook,
as it was run; a page for each public class, and one for the functions of each module that docs/api.md lists; and
plugins/README.md as the page of hooks, so that no link leads out of the site.
"""

from __future__ import annotations

import html
import inspect
import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[1]
LINK = re.compile(r"(\]\()([^)\s:#]+)((?:#[^)]*)?\))")
DATA = re.compile(r"\n\s*")
TOGETHER = {"toolkit.errors"}  # classes that are read as one table
Page = tuple[str, str]  # its title, and its path below docs/


def main(folder: Path) -> None:
    """Write the pages and the configuration below a folder, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    docs = folder / "docs"
    shutil.copytree(CHECKOUT / "docs", docs, ignore=shutil.ignore_patterns("*.py"))
    tutorials = [_tutorial(path, docs) for path in sorted((CHECKOUT / "notebooks").glob("*.ipynb"))]
    hooks = (CHECKOUT / "plugins" / "README.md").read_text("utf-8")
    _write(docs / "plugins" / "hooks.md", _within(hooks, "plugins", "plugins/hooks.md"))
    for page in docs.rglob("*.md"):
        at = page.relative_to(docs).as_posix()
        page.write_text(_within(page.read_text("utf-8"), f"docs/{Path(at).parent}", at), "utf-8")
    made = {
        "TUTORIALS": tutorials,
        "CLASSES": list(_reference(docs)),
        "HOOKS": [("Every hook", "plugins/hooks.md")],
    }
    configuration = (CHECKOUT / "mkdocs.yml").read_text("utf-8")
    (folder / "mkdocs.yml").write_text(_configured(configuration, made), "utf-8")


def _configured(text: str, made: Mapping[str, list[Page]]) -> str:
    """The configuration with made pages in the places that stand for them, and paths to the code."""
    for name, pages in made.items():
        place = re.search(rf"^( *)- {name}$", text, re.MULTILINE)
        if place is None:
            raise SystemExit(f"mkdocs.yml has no place for {name}")
        lines = "\n".join(f'{place[1]}- "{title}": {path}' for title, path in pages)
        text = text.replace(place[0], lines)
    return text.replace("paths: [., plugins]", f"paths: [{CHECKOUT}, {CHECKOUT / 'plugins'}]")


# ---- notebooks


def _tutorial(path: Path, docs: Path) -> Page:
    """The page of a notebook, with what its cells printed and showed."""
    notebook = json.loads(path.read_text("utf-8"))
    text = "\n\n".join(part for cell in notebook["cells"] for part in _cell(cell))
    target = f"tutorials/{path.stem}.md"
    _write(docs / target, _within(text, "notebooks", target))
    return text.splitlines()[0].removeprefix("# "), target


def _cell(cell: Mapping[str, Any]) -> Iterator[str]:
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        for name, kinds in cell.get("attachments", {}).items():
            (kind, encoded), *_ = kinds.items()
            source = source.replace(f"(attachment:{name})", f"(data:{kind};base64,{encoded})")
        yield source
        return
    yield f"```python\n{source}\n```"
    for output in cell["outputs"]:
        shown = output.get("data", {})
        if "text/html" in shown:
            # In one line: a blank one would end the block of HTML.
            yield f'<div class="output">{DATA.sub(" ", "".join(shown["text/html"]))}</div>'
        elif "image/png" in shown:
            encoded = "".join(shown["image/png"]).strip()
            yield f'<p class="output"><img alt="" src="data:image/png;base64,{encoded}"></p>'
        elif text := "".join(shown.get("text/plain", output.get("text", ""))).rstrip():
            yield f'<pre class="output">{html.escape(text).replace(chr(10), "&#10;")}</pre>'


# ---- the code


def _reference(docs: Path) -> Iterator[Page]:
    """A page for each class and for the functions of each module that api.md lists; api.md becomes their index."""
    index = docs / "api.md"
    text = index.read_text("utf-8")
    for module in re.findall(r"^::: (\S+)$", text, re.MULTILINE):
        pages = list(_pages_of(module, docs))
        lines = [f"- [{title}]({path}): {about}" for title, path, about in pages]
        text = text.replace(f"::: {module}\n", "\n".join(lines) + "\n")
        yield from ((title, path) for title, path, _ in pages)
    index.write_text(text, "utf-8")


def _pages_of(name: str, docs: Path) -> Iterator[tuple[str, str, str]]:
    """Title, path and first line of each page of a module."""
    module = import_module(name)
    public = {each: getattr(module, each) for each in module.__all__}
    classes = [] if name in TOGETHER else [each for each, value in public.items() if inspect.isclass(value)]
    for each in classes:
        path = f"api/{each}.md"
        if (docs / path).exists():
            continue  # another module has it, too
        _write(docs / path, f"# {each}\n\n::: {name}.{each}\n    options: {{show_root_heading: false}}\n")
        yield each, path, _first_line(public[each])
    if others := [each for each in public if each not in classes]:
        path = f"api/{name.removeprefix('toolkit.')}.md"
        members = json.dumps(others) if len(others) < len(public) else "null"
        options = f"    options: {{show_root_heading: false, members: {members}}}\n"
        _write(docs / path, f"# {name}\n\n::: {name}\n{options}")
        yield name, path, _first_line(module)


def _first_line(value: object) -> str:
    return (inspect.getdoc(value) or "").partition("\n")[0]


# ---- links


def _within(text: str, folder: str, page: str) -> str:
    """The text with links that lead from a folder of the checkout as links that lead from a page of the site."""
    return LINK.sub(lambda found: found[1] + _link(found[2], folder, page) + found[3], text)


def _link(link: str, folder: str, page: str) -> str:
    at = (CHECKOUT / folder / link).resolve()
    if not at.exists() or not at.is_relative_to(CHECKOUT):
        return link
    below = at.relative_to(CHECKOUT).as_posix()
    if below == "plugins/README.md":
        target = "plugins/hooks.md"
    elif below.startswith("docs/"):
        target = below.removeprefix("docs/")
    elif below.startswith("notebooks/"):
        target = f"tutorials/{at.stem}.md"
    else:
        return f"{_source()}/blob/main/{below}"
    return "../" * page.count("/") + target


def _source() -> str:
    return re.search(r'^Source = "(.+)"$', (CHECKOUT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)[1]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
