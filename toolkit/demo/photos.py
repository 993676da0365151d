"""The same queries on a folder of your own pictures, where only you can judge the hits."""

from __future__ import annotations

import time
from pathlib import Path

import click
import numpy as np

from .. import collection
from ..collection.collection import Collection
from ..errors import InputError, MissingExtraError, NotIndexedError, UnknownNameError
from .page import write_page
from .result import Answer, Result

__all__ = ["run_photos"]

HITS = 10
ASKED = ["colorful", "green", "bright", "dark", "busy"]


def run_photos(folder: Path, out: Path) -> Result:
    """Index a folder, with regions, and rank it by kinds of things, plain words, tones, likeness and region.

    Parameters
    ----------
    folder : Path
        Of pictures; only read.
    out : Path
        Where the collection and the page go.

    Raises
    ------
    InputError
        No picture in the folder could be read.
    """
    start = time.perf_counter()
    out.mkdir(parents=True, exist_ok=True)
    with collection.open(out / "photos.db") as photos:
        click.echo(str(photos.add(folder, detect="proposals")), err=True)
        if not len(photos):
            raise InputError(str(folder), "no picture in it could be read")
        answers = [*_ask_for_things(photos), *_ask(photos)]
        page = write_page(folder.name, answers, out / "index.html")
    return Result(answers, page, time.perf_counter() - start)


def _ask_for_things(photos: Collection) -> list[Answer]:
    """What a network knows out of the box, where there is one, and plain words, where they can be read."""
    terms = photos.terms
    answers = []
    for title, query in {
        "Animals, of whatever kind": terms.concept("animal"),
        "Dogs, in Japanese": terms.concept("犬", language="ja"),
        "Plain words": terms.text("somewhere to sit and eat"),
    }.items():
        try:
            answers.append(Answer(title, photos.search(query, limit=HITS)))
        except (MissingExtraError, NotIndexedError, UnknownNameError) as error:
            click.echo(f"{title}: {error}", err=True)
    return answers


def _ask(photos: Collection) -> list[Answer]:
    terms = photos.terms
    one, other, *_ = _predicted(photos)
    german = photos.concepts[one].name("de")
    example = photos.search(terms.concept(one), limit=1)[0].input.id
    queries = {
        "A concept that a model predicts": terms.concept(one),
        "The same in German": terms.concept(german, language="de"),
        "Two concepts, one of them absent": terms.concept(one) & terms.concept(other, value=0),
        "Like a picture of the collection": terms.input(example),
        "Like it, but with as little as can be of that concept": terms.input(example) & ~terms.concept(one),
    }
    answers = [Answer(title, photos.search(query, limit=HITS)) for title, query in queries.items()]
    regions = terms.where(region=True)
    found = photos.search(regions, limit=1, level="region")
    if found:
        like_region = terms.region(found[0].region_id) & regions
        answers.append(Answer("Like a region", photos.search(like_region, limit=HITS, level="region")))
    return answers


def _predicted(photos: Collection) -> list[str]:
    """The concepts that the model predicts: those people search for first, then the most frequent."""
    snapshot = photos.snapshot()
    columns = snapshot.columns
    count = dict(zip(columns.concept.tolist(), np.diff(columns.start).tolist(), strict=True))
    frequent = [snapshot.concepts[concept] for concept in sorted(count, key=lambda concept: -count[concept])]
    return [*(asked for asked in ASKED if asked in frequent), *(one for one in frequent if one not in ASKED)]
