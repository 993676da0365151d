"""Every kind of query of the Rank page, asked of photographs that installed packages bring."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from .. import collection
from ..collection.collection import Collection
from ..errors import MissingExtraError
from ..plugins.interfaces import Record
from ..query import Query
from ..values.settings import Settings
from ..values.types import Detection
from .file_server import serving
from .page import write_page
from .photographs import FACE, bundled_photographs, face_patches
from .result import Answer, Result
from .views import QUARTERS, views, write_pictures, write_sheets

__all__ = ["run_bundled"]

HITS = 10
EXAMPLES = 5  # labeled pictures from which a concept is learned, and as many against it
SHEETS = 24
REGIONS = tuple(map(Detection, QUARTERS))
ABOUT = (
    "Each photograph is there as a whole and as nine parts of it that overlap. What a picture shows is known from "
    "the file that it was cut from; the collection is given only the pictures, and ten labels."
)


def run_bundled(out: Path) -> Result:
    """Index the photographs, label ten, train a concept, and ask; everything stays in a folder.

    Parameters
    ----------
    out : Path
        The folder: pictures, collections and page. Running again adds nothing twice.
    """
    start = time.perf_counter()
    photographs, patches = bundled_photographs(), face_patches()
    shown = views(photographs)
    folder = out / "photographs"
    click.echo(f"Writing {len(photographs)} photographs, and parts of them, to {folder}", err=True)
    shows = write_pictures([*shown, *patches], folder)
    if not patches:
        click.echo(
            "For 17 photographs more, faces and plain words: pip install 'rank-toolkit[demo]'", err=True
        )
    with (
        serving(folder) as address,
        collection.open(out / "photographs.db", settings=Settings(allow_urls=(address,))) as photos,
        collection.open(out / "sheets.db") as sheets,
    ):
        click.echo(str(photos.add(folder)), err=True)
        learned = ("face", "no face") if patches else ("blossom", "tower")
        asked = _Questions(photos, {photos.find(path).id: what for path, what in shows.items()}, folder)
        asked.label_and_train(*learned)
        answers = [
            *asked.concepts(learned[0]),
            *asked.likeness(address),
            *_regions(sheets, write_sheets(shown, out / "sheets", count=SHEETS)),
            *asked.all_in_one(learned[0]),
            *asked.plain_words(),
        ]
        page = write_page("Photographs that come with packages", answers, out / "index.html", about=ABOUT)
    return Result(answers, page, time.perf_counter() - start)


def _regions(sheets: Collection, written: Mapping[Path, Sequence[str]]) -> Iterator[Answer]:
    """Index sheets of four photographs, each quarter a region, and find one by another."""
    click.echo(str(sheets.add([Record(str(path), regions=REGIONS) for path in written])), err=True)
    shows = {
        sheets.add_region(sheets.find(path).id, box): what
        for path, four in written.items()
        for box, what in zip(QUARTERS, four, strict=True)
    }
    there = [id for id, what in shows.items() if what == "blossom"]
    query = sheets.terms.region(there[0]) & sheets.terms.where(region=True)
    hits = sheets.search(query, limit=min(len(there), HITS), level="region")
    found = tuple(shows.get(hit.region_id, "?") for hit in hits)
    yield Answer("Regions as hits: quarters of sheets", hits, "blossom", found)


@dataclass(frozen=True, slots=True)
class _Questions:
    """The queries about single pictures, and what is known about the answers.

    Parameters
    ----------
    photos : Collection
        What is asked.
    shows : mapping of str to str
        What each input shows, by its id.
    folder : Path
        Of the pictures.
    """

    photos: Collection
    shows: Mapping[str, str]
    folder: Path

    def label_and_train(self, concept: str, other: str) -> None:
        """Learn a concept from a few pictures of it, and as many of something else."""
        yes, no = self._of(concept)[:EXAMPLES], self._of(other)[:EXAMPLES]
        self.photos.annotate(yes, concept=concept)
        self.photos.annotate(no, concept=concept, value=0)
        click.echo(
            f"Labeled {len(yes)} and {len(no)} pictures; trained {self.photos.train(concept)}", err=True
        )

    def concepts(self, learned: str) -> Iterator[Answer]:
        """By what the network knows, in several languages, and by what was learned from labels."""
        concept, where = self.photos.terms.concept, self.photos.terms.where
        yield from self._ask("A concept that the network knows", concept("building"), "tower")
        yield from self._ask("A wider one: vehicles of all kinds", concept("vehicle"), "motorcycle")
        yield from self._ask("A name in Japanese", concept("猫", language="ja"), "cat")
        yield from self._ask("A name in German", concept("Motorrad", language="de"), "motorcycle")
        yield from self._ask("A color", concept("blue"), "rocket")
        unseen = concept(learned) & ~where(source="human")  # labeled pictures would prove nothing
        title = f"A concept of your own, from {EXAMPLES} pictures of it and {EXAMPLES} others"
        yield from self._ask(title, unseen, learned, less=EXAMPLES)

    def likeness(self, address: str) -> Iterator[Answer]:
        """By a picture: at a URL, as bytes, in the collection, and by a part of one."""
        terms = self.photos.terms
        flower, astronaut = self.folder / "flower.jpg", self.folder / "astronaut.jpg"
        yield from self._ask("Like a picture at a URL", terms.image(f"{address}china.jpg"), "tower")
        yield from self._ask("Like the bytes of a picture", terms.image(flower.read_bytes()), "blossom")
        for cat in self._of("cat")[:1]:
            yield from self._ask("Like a picture of the collection", terms.input(cat), "cat")
        if astronaut.exists():
            face = terms.image(astronaut, box=FACE)
            yield from self._ask("Like a part of a picture: the astronaut's face", face, "face")

    def all_in_one(self, learned: str) -> Iterator[Answer]:
        """By a name in another language, without what was learned, and like a picture."""
        terms = self.photos.terms
        words, language, file, expected = ("猫", "ja", "chelsea.jpg", "cat")
        if not (self.folder / file).exists():
            words, language, file, expected = ("building", "en", "china.jpg", "tower")
        named = terms.concept(words, language=language)
        query = named & ~terms.concept(learned) & terms.image(self.folder / file) ** 2
        yield from self._ask("All in one expression", query, expected)

    def plain_words(self) -> Iterator[Answer]:
        """By words that are no concept of any model here, if the encoder is installed."""
        text = self.photos.terms.text
        try:
            yield from self._ask("Plain words", text("something to ride"), "motorcycle")
            yield from self._ask("Plain words for a cat", text("a pet with whiskers"), "cat")
            yield from self._ask("Plain words in Japanese", text("乗り物", language="ja"), "motorcycle")
        except MissingExtraError as error:
            click.echo(f"Plain words: {error}", err=True)

    def _of(self, what: str) -> list[str]:
        return [id for id, shown in self.shows.items() if shown == what]

    def _ask(self, title: str, query: Query, expected: str, *, less: int = 0) -> Iterator[Answer]:
        """The answer, with as many hits as there are to find, at most ten; none if there is nothing to find."""
        there = len(self._of(expected)) - less
        if there > 0:
            hits = self.photos.search(query, limit=min(there, HITS))
            yield Answer(title, hits, expected, tuple(self.shows.get(id, "?") for id in hits.ids))
