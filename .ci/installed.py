"""Uses the package as somebody does who only has the wheel: opens, adds, searches, and copies what it brings."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

import toolkit as tk
from toolkit.cli import main
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
    main(["new-plugin", "mine", "--in", name], standalone_mode=False)
    assert any(folder.glob("toolkit-mine/*.py"))

print("3 pictures added to a new collection, found by likeness and by a German word")
