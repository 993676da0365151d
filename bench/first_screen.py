"""The explorer's first pictures, and a search in it, in a real browser. Without a browser: no figures."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

from .browser import PAINTED
from .figure import Figure
from .looking_around import collection_of

__all__ = ["run"]

TIMES = 5


def run(rows: int) -> list[Figure]:
    """The figures, with so many inputs; what a kernel has loaded and read before is not counted."""
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return []
    if chromium is None:
        return []
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))
    from bridge import Bridge
    from pytest import MonkeyPatch

    opened, searched = [], []
    with collection_of(rows) as photos, sync_playwright() as playwright, MonkeyPatch.context() as patch:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        photos.widgets.explorer().close()
        for _ in range(TIMES):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            first, search, messages = _measured(Bridge(page, patch), page, photos)
            opened.append(first)
            searched.append(search)
            page.close()
        sizes = [len(str(one._esm)) / 1000 for one in _widgets(photos)]
        browser.close()
    return [
        Figure(
            f"explorer of {rows:,} inputs: first pictures painted, median",
            _median(opened),
            "s",
            goal="<= 0.6",
        ),
        Figure(
            f"explorer of {rows:,} inputs: search to painted, median", _median(searched), "s", goal="<= 0.4"
        ),
        Figure("messages that an explorer is made with", messages, ""),
        Figure("largest script of a widget", max(sizes), "kB", goal="< 40"),
    ]


def _measured(bridge, page, photos) -> tuple[float, float, int]:
    start = time.perf_counter()
    explorer = photos.widgets.explorer()
    messages = bridge.outgoing.qsize()
    bridge.show(explorer)
    page.wait_for_selector(".tk-grid .tk-cell img", state="attached")
    page.evaluate(PAINTED, 1)
    first = time.perf_counter() - start
    page.wait_for_timeout(500)  # facets are counted meanwhile
    box = page.get_by_role("combobox", name="Search")
    box.fill("common")
    start = time.perf_counter()
    box.press("Enter")
    page.wait_for_selector(".tk-score", state="attached")
    page.evaluate(PAINTED, 1)
    search = time.perf_counter() - start
    explorer.close()
    return first, search, messages


def _widgets(photos):
    explorer = photos.widgets.explorer()
    return [explorer, *explorer._members.values(), photos.widgets.concept_tree()]


def _median(times) -> float:
    return sorted(times)[len(times) // 2]
