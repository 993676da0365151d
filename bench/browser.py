"""The widgets in a real browser: the first screenful, scrolling, completing, memory. Without a browser: no figures."""

from __future__ import annotations

import io
import shutil
import sys
import time
from pathlib import Path

from PIL import Image

from toolkit import open as open_collection
from toolkit.hits import Hits
from toolkit.query import Term
from toolkit.values.types import Box, Hit, Input, Part

from .figure import Figure

__all__ = ["run"]

HITS = 5000
PAINTED = """(rank) => new Promise((resolve) => {
  const look = () => {
    const grid = document.querySelector('.tk-grid');
    const frame = grid.getBoundingClientRect();
    const seen = [...grid.querySelectorAll('.tk-cell')].filter((cell) => {
      const box = cell.getBoundingClientRect(); return box.bottom > frame.top && box.top < frame.bottom; });
    const done = seen.length && seen.every((cell) => cell.querySelector('img')?.complete) &&
      seen.some((cell) => +cell.dataset.rank >= rank);
    if (done) requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))); else setTimeout(look, 4);
  };
  look(); })"""


def run(rows: int) -> list[Figure]:
    """The figures, with 5,000 hits; the number of rows makes no difference."""
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

    with sync_playwright() as playwright, MonkeyPatch.context() as patch:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1180, "height": 1000})
        heap = page.context.new_cdp_session(page)
        figures = _measured(Bridge(page, patch), page, browser.new_browser_cdp_session(), heap)
        browser.close()
    return figures


def _measured(bridge, page, session, heap) -> list[Figure]:
    from toolkit.widgets import Gallery, QueryBuilder

    gallery = Gallery()
    bridge.show(gallery)
    before = _renderer(session, heap)
    hits = _hits()
    start = time.perf_counter()
    gallery.show(hits)
    page.evaluate(PAINTED, 1)
    first = time.perf_counter() - start
    cells = page.locator(".tk-cell").count()
    scrolls = []
    for rank in range(500, HITS, 500):
        start = time.perf_counter()
        page.evaluate(
            "(share) => { const grid = document.querySelector('.tk-grid');"
            " grid.scrollTop = share * grid.scrollHeight; }",
            rank / HITS,
        )
        page.evaluate(PAINTED, rank)
        scrolls.append(time.perf_counter() - start)
    grown = _renderer(session, heap) - before
    completing = _completing(bridge, page, QueryBuilder)
    return [
        Figure(f"first screenful of {HITS:,} hits, painted", first, "s", goal="<= 1"),
        Figure("cells in the page", cells, "", goal="<= 60"),
        Figure("scroll to painted, median", sorted(scrolls)[len(scrolls) // 2], "s", goal="<= 0.35"),
        Figure("renderer's memory grew by", grown, "MB", goal="<= 40"),
        Figure(
            "completing a concept, after the 120 ms of waiting for the next letter",
            completing,
            "ms",
            goal="<= 150",
        ),
    ]


def _completing(bridge, page, builder_of) -> float:
    with open_collection() as photos:
        names = {f"c{at}": {"en": [f"word {at}"], "de": [f"Wort {at}"]} for at in range(2000)}
        for id, named in names.items():
            photos.concepts.add(id, names=named)
        builder = builder_of(photos, Term("concept", "x"))
        bridge.show(builder)
        field = page.get_by_role("combobox", name="name")
        times = []
        for text in ("w", "wo", "wor", "word", "word 1", "word 19"):
            page.evaluate("() => document.querySelectorAll('.tk-list li').forEach((each) => each.remove())")
            start = time.perf_counter()
            field.fill(text)
            page.wait_for_function("() => document.querySelectorAll('.tk-list li').length > 0", polling=4)
            times.append((time.perf_counter() - start) * 1000 - 120)
        builder.close()
    return sorted(times)[len(times) // 2]


def _renderer(session, heap) -> float:
    """Megabytes, proportional, of the largest renderer, without what is garbage: the bridge's base64 is most of it."""
    heap.send("HeapProfiler.collectGarbage")
    renderers = [
        one["id"]
        for one in session.send("SystemInfo.getProcessInfo")["processInfo"]
        if one["type"] == "renderer"
    ]
    return max(_proportional(id) for id in renderers)


def _proportional(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def _hits() -> Hits:
    box = Box(0.1, 0.2, 0.5, 0.6)
    pictures = [_picture(at) for at in range(64)]
    found = [
        Hit(
            at + 1,
            1 - at / HITS,
            Input(f"id{at}", f"/photos/{at}.jpg", "0" * 64, 192, 144),
            None,
            f"id{at}",
            box,
            (Part("concept('dog')", 0.9, box=box), Part("image('q.jpg')", 0.4)),
        )
        for at in range(HITS)
    ]
    return Hits(
        found,
        query="concept('dog') & image('q.jpg')",
        total=HITS,
        milliseconds=1.0,
        pictures=lambda ids: {id: pictures[int(id[2:]) % len(pictures)] for id in ids},
    )


def _picture(seed: int) -> bytes:
    """A JPEG of about 9 kB."""
    import numpy as np

    noise = np.random.default_rng(seed).integers(0, 255, (36, 48, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).resize((192, 144), Image.Resampling.BICUBIC).save(file, "JPEG", quality=80)
    return file.getvalue()
