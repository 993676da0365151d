"""A database that lost bits is an error in words, or gives an answer: nothing else comes out, and nothing crashes."""

from __future__ import annotations

import random
import re
import sqlite3
from contextlib import closing

import numpy as np
import pytest

import toolkit
from toolkit.errors import StoreError, ToolkitError
from toolkit.terms import concept
from toolkit.values.types import Box

FLIPS = 40
VERBS = {
    "search": lambda photos: photos.search(concept("cat", source="human"), limit=3),
    "check": lambda photos: photos.check(),
    "read": lambda photos: [photos[id].metadata for id in photos],
    "labels": lambda photos: [list(said) for _, said in photos.annotations.by_input()],
    "describe": lambda photos: (photos.info(), repr(photos), dict(photos.queries), list(photos.concepts)),
    "annotate": lambda photos: photos.annotate(list(photos)[:1], concept="cow"),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """The bytes of a whole database in one file."""
    path = tmp_path_factory.mktemp("sound") / "p.db"
    with toolkit.open(path, workflow="none") as photos:
        photos.add([np.full((32, 32, 3), 9 * shade, np.uint8) for shade in range(12)], progress=False)
        for number, id in enumerate(photos):
            photos.annotate(id, concept=f"word {number}", box=Box(0.1, 0.2, 0.5, 0.6))
            photos.inputs.update(id, metadata={"note": f"a text of number {number}"})
        photos.annotate(list(photos)[:5], concept="cat")
        photos.concepts.add("dog", names={"de": ["Hund"]})
        photos.queries["cats"] = concept("cat")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")
    return path.read_bytes()


def damaged(content, seed):
    """The content with bits flipped: anywhere, in text, and in the headers of records that come before text."""
    chance = random.Random(seed)
    texts = [match.span() for match in re.finditer(rb"[ -~]{6,}", content)]
    flipped = bytearray(content)
    for _ in range(chance.choice([1, 1, 3, 20])):
        start, end = chance.choice(texts)
        places = (
            chance.randrange(len(content)),
            chance.randrange(start, end),
            max(start - chance.randrange(1, 12), 0),
        )
        flipped[chance.choice(places)] ^= 1 << chance.randrange(8)
    return bytes(flipped)


@pytest.mark.parametrize("seed", range(FLIPS))
def test_flipped_bits_give_errors_of_the_tree_or_answers(sound, tmp_path, seed):
    (tmp_path / "p.db").write_bytes(damaged(sound, seed))
    for verb in VERBS.values():
        try:
            with toolkit.open(tmp_path / "p.db") as photos:
                verb(photos)
        except ToolkitError as error:
            assert str(error).strip()


@pytest.mark.parametrize(
    ("statement", "verb"),
    [
        ("UPDATE inputs SET latitude = 'A'", "search"),
        ("UPDATE inputs SET metadata = '{\"note'", "read"),
        ("UPDATE queries SET query = '['", "describe"),
    ],
)
def test_a_value_that_was_never_written_is_said(sound, tmp_path, statement, verb):
    path = tmp_path / "p.db"
    path.write_bytes(sound)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()
    with toolkit.open(path) as photos, pytest.raises(StoreError, match="the database is damaged"):
        VERBS[verb](photos)


def test_text_of_the_schema_that_is_none_is_said(sound, tmp_path):
    path = tmp_path / "p.db"
    path.write_bytes(sound.replace(b"CREATE TABLE inputs", b"CREATE TAB\xcc\xcc inputs", 1))
    with pytest.raises(StoreError, match="damaged"):
        toolkit.open(path)
