"""Uses the package as somebody does who only has the wheel: opens, adds, searches, and copies what it brings."""

from __future__ import annotations

import tempfile
from importlib.metadata import entry_points
from pathlib import Path

import numpy as np

import toolkit as tk
from toolkit.cli import main
from toolkit.plugins.new_plugin import KINDS
from toolkit.terms import concept, input

assert "site-packages" in tk.__file__, f"this is not the installed package: {tk.__file__}"

with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    colors = {"red": (200, 20, 20), "green": (20, 160, 40), "blue": (20, 40, 200)}
    with tk.open(folder / "photos.db") as photos:
        for color in colors.values():
            photos.add(np.full((64, 64, 3), color, np.uint8), progress=False)
        red, _, blue = photos.inputs
        assert photos.search(input(red)).ids[0] == red
        assert photos.search(concept("blau", language="de")).ids[0] == blue
    for kind in KINDS:
        main(["new-plugin", f"my-{kind}", "--kind", kind, "--in", name], standalone_mode=False)
        assert any(folder.glob(f"toolkit-my-{kind}/*.py")), kind

for package in ("toolkit", *{entry.value.split(".")[0] for entry in entry_points(group="toolkit")}):
    assert (Path(tk.__file__).parents[1] / package / "py.typed").is_file(), (
        f"{package} is not typed for others"
    )

print("3 pictures added to a new collection, found by likeness and by a German word")
