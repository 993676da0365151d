"""A browser for the tests of widgets. Without one they are skipped, unless TOOLKIT_REQUIRE_BROWSER=1."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from widget_photos import photos as made

from .bridge import Bridge
from .evidence import Evidence
from .lab import CLOSE, OPEN, ready, start, stop, write_notebook

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def absent(reason):
    """Skip, or fail where a browser is required."""
    if os.environ.get("TOOLKIT_REQUIRE_BROWSER") == "1":
        pytest.fail(f"TOOLKIT_REQUIRE_BROWSER=1, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        absent("playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    options = {"executable_path": chromium} if chromium else {"channel": "chrome"}
    with sync_playwright() as playwright:
        try:
            launched = playwright.chromium.launch(args=FLAGS, **options)
        except Exception as error:
            absent(f"no Chromium could be started: {str(error).splitlines()[0]}")
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def artifacts(tmp_path_factory):
    """Where screenshots go: TOOLKIT_SCREENSHOTS, or a temporary folder."""
    folder = os.environ.get("TOOLKIT_SCREENSHOTS")
    path = Path(folder) if folder else tmp_path_factory.mktemp("screenshots")
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture
def page_of(browser):
    opened = []

    def page(scheme="light", width=1100, height=1000, **options):
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, color_scheme=scheme, **options)
        opened.append(context)
        return context.new_page()

    yield page
    for context in opened:
        context.close()


@pytest.fixture
def bridge(page_of, monkeypatch):
    made = Bridge(page_of(), monkeypatch)
    yield made
    assert made.errors == []
    assert [url for url in made.requests if not url.startswith(("blob:", "data:"))] == []


@pytest.fixture(scope="module")
def photos():
    with made() as collection:
        yield collection


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """The script of axe-core: from AXE_CORE, else from npm."""
    if at := os.environ.get("AXE_CORE"):
        return Path(at).read_text(encoding="utf-8")
    folder = tmp_path_factory.mktemp("axe")
    try:
        packed = subprocess.run(
            ["npm", "pack", "axe-core@4", "--silent"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        subprocess.run(
            ["tar", "xzf", packed.stdout.split()[-1], "package/axe.min.js"], cwd=folder, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        absent(f"axe-core could not be fetched by npm: {error}")
    return (folder / "package" / "axe.min.js").read_text(encoding="utf-8")


# ---- JupyterLab


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failing test of a notebook reports what can be known of it; a kernel that is gone can't be asked again."""
    report = yield
    if report.failed and "shell" in (getattr(item, "funcargs", None) or {}):
        report.sections += item.funcargs["shell"].evidence.sections()
    return report


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
    page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
    own = (lab.base, lab.base.replace("http", "ws", 1), "blob:", "data:")
    page.on("request", lambda asked: None if asked.url.startswith(own) else page.strangers.append(asked.url))
    page.evidence = Evidence(page, lab.log)
    page.goto(f"{lab.base}/doc?token={lab.token}")
    ready(page)
    yield page
    page.close()


@pytest.fixture
def notebook(lab, shell, request, artifacts):
    name = f"{re.sub(r'[^A-Za-z0-9]+', '-', request.node.name)}.ipynb"

    def run(*cells):
        write_notebook(lab.root / name, cells)
        shell.evaluate(OPEN, name)
        assert shell.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        return shell

    shell.faults.clear()
    shell.strangers.clear()
    shell.evidence.forget()
    yield run
    shell.screenshot(path=artifacts / f"{request.node.name}.png")
    shell.evaluate(CLOSE)
    # After a restart JupyterLab's own debugger asks a kernel that is gone.
    assert [fault for fault in shell.faults if "Canceled future" not in fault] == []
    assert shell.strangers == []
