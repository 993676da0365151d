"""How far a search and an added picture go through the code: files and function calls, and transactions.

Only functions of `toolkit` and its plugins count, on every thread, each time that one is entered or resumed. The
walks are warm: the same ones were made before, so that nothing is imported, made or compiled.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

import numpy as np
from PIL import Image
from sqlalchemy import Engine, event

import toolkit
from toolkit.terms import concept, image
from toolkit.values.types import Hit

from .figure import Figure

__all__ = ["Walk", "run", "walk"]

ROOT = Path(toolkit.__file__).parents[1]
PLACES = tuple(f"{ROOT / folder}/" for folder in ("toolkit", "plugins"))
PICTURES = 20


class Walk:
    """What ran while something was done.

    Attributes
    ----------
    calls : Counter of (str, str)
        How often each function ran, by file and name.
    transactions : int
        How many the databases began.
    """

    def __init__(self) -> None:
        self.calls: Counter[tuple[str, str]] = Counter()
        self.transactions = 0

    @property
    def files(self) -> set[str]:
        """The files that something ran in."""
        return {file for file, _ in self.calls}

    def enter(self, frame: FrameType, what: str, _: object) -> None:
        """Count a call, as `sys.setprofile` reports it."""
        code = frame.f_code
        if what == "call" and code.co_filename.startswith(PLACES):
            self.calls[code.co_filename.removeprefix(f"{ROOT}/"), code.co_qualname] += 1

    def begin(self, _: object) -> None:
        """Count a transaction, as SQLAlchemy reports it."""
        self.transactions += 1


def walk(action: Callable[[], object]) -> Walk:
    """What runs while `action` does."""
    taken = Walk()
    event.listen(Engine, "begin", taken.begin)
    threading.setprofile(taken.enter)
    sys.setprofile(taken.enter)
    try:
        action()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        event.remove(Engine, "begin", taken.begin)
    return taken


def run(rows: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        paths = _pictures(Path(folder), PICTURES + 3)
        workflow = toolkit.Workflow(embedders=("pixels",))
        with toolkit.open(Path(folder) / "walks.db", workflow=workflow) as photos:
            photos.add(paths[:PICTURES], progress=False)
            for index, input in enumerate(photos.inputs):
                photos.annotate(input, concepts={"dog": index / PICTURES, "cat": 1 - index / PICTURES})

            def search() -> Sequence[Hit]:
                dog, cat = concept("dog", source="human"), concept("cat", source="human")
                return photos.search(dog & ~cat & image(str(paths[0])))

            def look() -> object:
                return search()[0]  # makes objects of all of them

            def add(which: int) -> object:
                return photos.add(paths[which], progress=False)

            _ = look(), look(), add(-1), add(-2), look()
            walks = {
                "a search of three terms": walk(search),
                "the same, its hits looked at": walk(look),
                "an added picture": walk(lambda: add(-3)),
            }
    return [figure for name, taken in walks.items() for figure in _figures(name, taken)]


def _figures(name: str, taken: Walk) -> list[Figure]:
    return [
        Figure(f"{name}: files", len(taken.files), "files"),
        Figure(f"{name}: function calls", taken.calls.total(), "calls"),
        Figure(f"{name}: transactions", taken.transactions, "begun"),
    ]


def _pictures(folder: Path, count: int) -> list[Path]:
    rng = np.random.default_rng(0)
    paths = [folder / f"{index:02}.png" for index in range(count)]
    for path in paths:
        Image.fromarray(rng.integers(0, 256, (48, 64, 3), np.uint8)).save(path)
    return paths
