"""A store whose names are in several forms becomes one whose names are in one, and loses nothing that was said."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import numpy as np
import pytest

import toolkit
from toolkit.store import AnnotationStore
from toolkit.terms import label

OLD = Path(__file__).parent / "data" / "stores" / "step-2.db.gz"
NFD, NFC = "Sen\u0303al", "Se\xf1al"


@pytest.fixture
def old(tmp_path):
    """A store made by the code before, in which one name is three concepts: ``warm`` with blanks, and in two forms."""
    path = tmp_path / "photos.db"
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    with sqlite3.connect(path) as connection:
        (warm,) = connection.execute("SELECT key FROM concepts WHERE id = 'warm'").fetchone()
        connection.execute("UPDATE concepts SET id = ? WHERE key = ?", (NFD, warm))
        for table, column in (("queries", "query"), ("models", "state"), ("properties", "value")):
            connection.execute(
                f"UPDATE {table} SET {column} = replace({column}, '\"warm\"', ?)", (f'"{NFD}"',)
            )
        connection.execute("UPDATE models SET name = ? WHERE name = 'warm'", (NFD,))
        connection.execute("UPDATE concepts SET id = ? WHERE id = 'corner'", (f"{NFC} ",))
    connection.close()
    return path


def test_concepts_of_one_name_are_one_and_keep_all_annotations(old):
    with toolkit.open(old) as photos:
        assert NFC in list(photos.concepts)
        assert not {NFD, f"{NFC} "} & set(photos.concepts)
        said = [one for one in photos.annotations.values() if one.source.is_human]
        assert len(said) == 7, "three yes, three no, and a corner"
        assert all(set(one.concepts) == {NFC} for one in said)
        assert len(photos.search(label(NFD))) == 3
        assert len(photos.missing()) == 8, "its pictures are on another machine"
    with AnnotationStore.open(old) as store:
        assert store.check() == []


def test_saved_queries_and_trained_models_follow(old):
    with toolkit.open(old) as photos:
        assert list(photos.info()["trained"]) == [NFC]
        hits = photos.search(photos.queries["warm"])
        assert len(hits) == 8
        photos.add([np.full((24, 32, 3), 200, np.uint8)], progress=False)
        assert len(photos.search(photos.queries["warm"])) == 9, "the model goes on, under the new name"


def test_a_store_whose_names_are_in_one_form_is_left_as_it_is(tmp_path):
    path = tmp_path / "photos.db"
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    with sqlite3.connect(path) as connection:
        before = connection.execute("SELECT * FROM revisions").fetchall()
    connection.close()
    with toolkit.open(path) as photos:
        assert photos.info()["revision"] == before[-1][0]
        assert "warm" in photos.concepts
