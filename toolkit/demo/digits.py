"""Every kind of query of the Rank page, asked of 1,797 handwritten digits."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import numpy as np

from .. import collection
from ..collection.collection import Collection
from ..plugins.interfaces import Record
from ..query import Query
from ..values.settings import Settings
from ..values.types import Detection, Level
from .file_server import serving
from .page import write_page
from .pictures import QUARTERS, Digits, digits, write_digits, write_sheets
from .result import Answer, Result

__all__ = ["run_digits"]

NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
GERMAN = ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
JAPANESE = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"]

HITS = 10


def run_digits(out: Path, *, count: int = 1797) -> Result:
    """Index the digits, label half of them, train, and ask; everything is kept in a folder.

    Parameters
    ----------
    out : Path
        The folder: pictures, collection and page. Running again adds nothing twice.
    count : int
        How many of the digits, the first ones.
    """
    start = time.perf_counter()
    of = digits(count)
    click.echo(f"Writing {len(of.labels):,} pictures to {out / 'digits'}", err=True)
    paths = write_digits(of, out / "digits")
    with (
        serving(out / "digits") as address,
        collection.open(
            out / "digits.db", workflow="pixels", settings=Settings(allow_urls=(address,))
        ) as photos,
    ):
        click.echo(str(photos.add(out / "digits")), err=True)
        ids = [photos.find(path).id for path in paths]
        _label_and_train(photos, of, ids)
        sheets = _add_sheets(photos, of, out / "sheets")
        asked = _Queries(photos, of, ids, sheets)
        answers = asked.all(paths, address)
        page = write_page("Handwritten digits", answers, out / "index.html")
    return Result(answers, page, time.perf_counter() - start)


def _label_and_train(photos: Collection, of: Digits, ids: Sequence[str]) -> None:
    labeled = range(0, len(ids), 2)
    click.echo(f"Labeling {len(labeled):,} of them; training {len(NAMES)} concepts", err=True)
    for digit, name in enumerate(NAMES):
        photos.concepts.add(name, names={"en": [name], "de": [GERMAN[digit]], "ja": [JAPANESE[digit]]})
        photos.annotate([ids[i] for i in labeled if of.labels[i] == digit], concept=name)
        photos.annotate([ids[i] for i in labeled if of.labels[i] != digit], concept=name, value=0)
    for name in NAMES:
        click.echo(f"  {photos.train(name)}", err=True)


def _add_sheets(photos: Collection, of: Digits, folder: Path) -> dict[str, str]:
    """Add sheets of four digits, each digit a region; what each region shows, by its id."""
    sheets = write_sheets(of, folder)
    regions = tuple(map(Detection, QUARTERS))
    photos.add([Record(str(path), regions=regions) for path, _ in sheets], datasets=("sheets",))
    return {
        photos.add_region(photos.find(path).id, box): NAMES[label]
        for path, four in sheets
        for box, label in zip(QUARTERS, four, strict=True)
    }


class _Queries:
    """The queries, and what is known about the answers."""

    def __init__(self, photos: Collection, of: Digits, ids: Sequence[str], sheets: Mapping[str, str]) -> None:
        self._photos = photos
        self._ids = ids
        self._digit = {id: NAMES[label] for id, label in zip(ids, of.labels, strict=True)} | dict(sheets)
        ink = (255 - of.pictures.astype(float)).mean(axis=(1, 2))
        heavy = ink > np.quantile(ink, 0.75)
        self._ink = {id: "much ink" if yes else "little ink" for id, yes in zip(ids, heavy, strict=True)}
        self._sheets = sheets

    def all(self, paths: Sequence[Path], address: str) -> list[Answer]:
        """One answer for each kind of query."""
        terms = self._photos.terms
        concept, image, region = terms.concept, terms.image, terms.region
        # Pictures without a label show what was learned; sheets have their own question.
        unseen = ~terms.where(source="human") & ~terms.where(dataset="sheets")
        example = 1  # it has no label
        shown = self._digit[self._ids[example]]
        seven = next(id for id, digit in self._sheets.items() if digit == "seven")
        path = paths[example]
        return [
            self._ask("A concept that a model predicts", concept("black") & unseen, "much ink", self._ink),
            self._ask("A custom concept, learned from labels", concept("three") & unseen, "three"),
            self._ask(
                "Both in one query, one of them absent",
                concept("black") & concept("three", value=0) & unseen,
                "not three",
                {id: "three" if digit == "three" else "not three" for id, digit in self._digit.items()},
            ),
            self._ask("A concept named in Japanese", concept("七", language="ja") & unseen, "seven"),
            self._ask("A concept named in German", concept("fünf", language="de") & unseen, "five"),
            self._ask("By a picture at a URL", image(address + path.name), shown),
            self._ask("By the bytes of a picture", image(path.read_bytes()), shown),
            self._ask("By an input of the collection", terms.input(self._ids[example]), shown),
            self._ask("By a region", region(seven) & terms.where(region=True), "seven", level="region"),
            self._ask(
                "All in one expression",
                concept("drei", language="de") & ~(concept("eight") ** 2) & image(paths[3]) & unseen,
                "three",
            ),
        ]

    def _ask(
        self,
        title: str,
        query: Query,
        expected: str,
        truth: Mapping[str, str] | None = None,
        *,
        level: Level = "input",
    ) -> Answer:
        hits = self._photos.search(query, limit=HITS, level=level)
        shows = self._digit if truth is None else truth
        return Answer(title, hits, expected, tuple(shows.get(hit.region_id, "?") for hit in hits))
