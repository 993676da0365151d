"""Draws the README's pictures, on the photographs that scikit-learn and scikit-image bring; it needs Chromium.

    python docs/images/make.py

The photographs shown are in the public domain (scikit-image's) or under CC BY 2.0 (scikit-learn's tower and blossom,
by danielbuechele and vultilion).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tests"))

from browser.bridge import Bridge  # noqa: E402  # the page that the widgets' tests use

import toolkit as tk  # noqa: E402
from toolkit.demo.photographs import FACE, bundled_photographs  # noqa: E402
from toolkit.demo.views import views, write_pictures  # noqa: E402
from toolkit.terms import concept, image  # noqa: E402


def main() -> None:
    """Write the pictures beside this file."""
    photographs = bundled_photographs()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright, tk.open() as photos:
        os.chdir(name)  # so that the pictures show short paths
        folder = Path("photographs")
        write_pictures(photographs, folder)
        parts = [view for view in views(photographs) if view.name.endswith(("-1", "-5", "-9"))]
        photos.add(folder, progress=False)
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        motorcycle, cup = (f"photographs/{one}.jpg" for one in ("motorcycle_left", "coffee"))
        asked = concept("猫", language="ja") | concept("vehicle") | image(cup, box=(0.1, 0.1, 0.9, 0.9))
        hits = photos.search(asked & ~concept("blue"), limit=5)
        shown = hits._repr_mimebundle_()["text/html"]
        page = chromium.new_page(viewport={"width": 960, "height": 300}, device_scale_factor=1.5)
        page.set_content(f"<body style='font-family:sans-serif;margin:12px'>{shown}</body>")
        _save(page.screenshot(full_page=True), HERE / "hits.png")
        write_pictures(parts, folder)
        photos.add(folder, progress=False)
        with pytest.MonkeyPatch.context() as patch:
            query = concept("vehicle") & image(motorcycle) ** 2 & ~concept("blue")
            _explorer(chromium, photos, patch, query=query, name="explorer", width=1100)
            _explorer(chromium, photos, patch, query=None, name="explorer-opens", width=560)
            page = chromium.new_page(viewport={"width": 640, "height": 700})
            bridge = Bridge(page, patch)  # before its widget is made
            picker = photos.widgets.region_picker(photos.find("photographs/astronaut.jpg"))
            picker.show(photos.find("photographs/astronaut.jpg"), box=FACE)
            _shown(bridge, picker, "region-picker")
        chromium.close()


def _explorer(
    chromium: Browser,
    photos: tk.Collection,
    patch: pytest.MonkeyPatch,
    *,
    query: tk.Query | None,
    name: str,
    width: int,
) -> None:
    """Write the picture of an explorer, with what it found or as it opens."""
    page = chromium.new_page(viewport={"width": 1100, "height": 780})
    bridge = Bridge(page, patch)  # before its widget is made
    explorer = photos.widgets.explorer(query)
    bridge.show(explorer)
    page.wait_for_function("document.querySelectorAll('.tk-frame img').length > 8")
    page.wait_for_timeout(1500)
    _save(
        page.locator("#views").screenshot(),
        HERE / f"{name}.png",
        width=width,
        colors=255 if width > 1000 else 64,
    )


def _shown(bridge: Bridge, widget: object, name: str) -> None:
    """Write the picture of one widget."""
    bridge.show(widget).wait_for_timeout(1500)
    _save(bridge.page.locator("#views").screenshot(), HERE / f"{name}.png")


def _save(png: bytes, path: Path, *, width: int = 2000, colors: int = 255) -> None:
    """With few colors, a third of the size; and no wider than `width`."""
    opened = Image.open(BytesIO(png)).convert("RGB")
    opened.thumbnail((width, 10_000), Image.Resampling.LANCZOS)
    opened.quantize(colors, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG).save(
        path, optimize=True
    )


if __name__ == "__main__":
    main()
