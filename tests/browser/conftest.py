"""A browser for the tests of widgets. Without one they are skipped, unless TOOLKIT_REQUIRE_BROWSER=1."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

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
