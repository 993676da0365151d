"""Notebooks as they are committed: what they print and show, and nothing of the machine they ran on.

    python notebooks/scrub.py notebooks/*.ipynb

Progress bars, what went to standard error, times of execution and the machine's folders go; a test checks that
nothing is left of them.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

Cell = dict[str, Any]

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
TAGS = {"nbval-check-output"}  # what the test suite compares
WIDGET = "application/vnd.jupyter.widget-view+json"
# The folders of an absolute path; not those of a URL, and not what only looks like one inside base64.
FOLDERS = re.compile(r"(?<![\w:/.+=<,…])/(?:[\w.@+-]+/)+")


def scrubbed(text: str) -> str:
    """The text of a notebook without what differs between machines and runs; scrubbing again changes nothing."""
    notebook = json.loads(text)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell in notebook["cells"]:
        tags = [tag for tag in cell["metadata"].get("tags", ()) if tag in TAGS]
        cell["metadata"] = {"tags": tags} if tags else {}
    for count, cell in enumerate(code, 1):
        cell["execution_count"] = count
        cell["outputs"] = [_output(one, count) for one in cell["outputs"] if _is_kept(one)]
    notebook["metadata"] = METADATA
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _is_kept(output: Cell) -> bool:
    return output.get("name") != "stderr" and set(output.get("data", {})) - {"text/plain"} != {WIDGET}


def _output(output: Cell, count: int) -> Cell:
    if "execution_count" in output:
        output["execution_count"] = count
    if "text" in output:
        output["text"] = _anywhere(output["text"])
    if "data" in output:
        pictures = "image/png" in output["data"]
        output["data"] = {
            kind: _anywhere(value) if kind.startswith("text/") else value
            for kind, value in output["data"].items()
            if kind != WIDGET and not (pictures and kind == "image/jpeg")  # Pillow shows a picture in both
        }
    return output


def _anywhere(lines: str | list[str]) -> str | list[str]:
    if isinstance(lines, list):
        return [FOLDERS.sub("…/", line) for line in lines]
    return FOLDERS.sub("…/", lines)


def main(paths: list[str]) -> None:
    """Scrub files in place."""
    for path in map(Path, paths):
        text = path.read_text(encoding="utf-8")
        clean = scrubbed(text)
        if clean != text:
            path.write_text(clean, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
