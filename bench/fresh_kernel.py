"""Marks that are made at once in a fresh kernel, in a real JupyterLab. Without a browser: no figures."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from .figure import Figure

__all__ = ["run"]

KERNELS = "200"
SCRIPT = Path(__file__).parents[1] / "tests" / "browser" / "test_fresh_kernel.py"


def run(_rows: int) -> list[Figure]:
    """In how many of so many kernels a mark was lost; ``TOOLKIT_FRESH_KERNELS`` says how many, 200 by default."""
    if shutil.which("chromium") is None or not all(map(find_spec, ("playwright", "jupyterlab", "pytest"))):
        return []
    kernels = os.environ.get("TOOLKIT_FRESH_KERNELS", KERNELS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(SCRIPT)],
        env={**os.environ, "TOOLKIT_FRESH_KERNELS": kernels, "TOOLKIT_REQUIRE_BROWSER": "1"},
        cwd=SCRIPT.parents[2],
        capture_output=True,
        text=True,
    )
    counted = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", done.stdout)}
    if sum(counted.values()) != int(kernels):
        raise RuntimeError(f"not every kernel ran:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    lost = int(kernels) - counted.get("passed", 0)
    if lost:
        print(done.stdout, file=sys.stderr)  # the failing test reports its page and its kernel
    return [Figure(f"of {kernels} fresh kernels, those in which a mark was lost", lost, "", goal="<= 0")]
