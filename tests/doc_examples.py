"""Runs the examples of a page of the documentation."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def failed(page: str) -> str:
    """What went wrong in a page's blocks of Python, run one after the other; empty if nothing did."""
    path = DOCS / page
    blocks = re.findall(r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert blocks, f"{page} has no examples"
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page, str(path), 0)
    report: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.append)
    return "".join(report)
