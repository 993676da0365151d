"""A collection copied as a whole has everything, goes on from there, and is there as a whole or not at all."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from databases import new_database, server, server_url
from made_up_models import CORNER, opened, registry, write_pictures
from object_store import bucket, keys_in, object_store
from sqlalchemy import select

import toolkit
from toolkit.cli import main
from toolkit.errors import QueryError, StoreError
from toolkit.images import encode_png, from_array
from toolkit.plugins import Record
from toolkit.store import AnnotationStore
from toolkit.store.sql.schema import metadata
from toolkit.terms import concept, image, label

__all__ = ["bucket", "object_store", "server", "server_url"]

OWN = {"store_id", "home", "originals"}  # what each collection has to itself
PICTURE = encode_png(from_array(np.full((32, 48, 3), 90, np.uint8)))


def filled(target, folder):
    """A collection with something in every table, and something deleted from most."""
    photos = opened(target, detectors=("corner",), concept_models=("light",))
    paths = write_pictures(folder, 6)
    (folder / "broken.png").write_bytes(b"none")
    photos.add(folder, datasets=["holiday", "2026"])
    photos.add([PICTURE, Record(b"\x89PNG", metadata={"of": "nothing"})])
    ids = list(photos)
    photos.annotate(
        ids[:3], concepts={"Straße": 1.0, "bright": 0.0}, user="Ann", status="checked", info={"why": "seen"}
    )
    photos.annotate(ids[3], concept="犬", box=CORNER, user="bob")
    photos.annotate(ids[4], concepts={"犬": 1.0, "Straße": 1.0})
    photos.inputs.update(ids[0], metadata={"text": "a\0b ü", "number": 1.5}, geo=toolkit.GeoPoint(48.1, 11.6))
    photos.concepts.rename("犬", "dog", language="en")
    photos.concepts.relate("犬", "hypernym", "bright")
    photos.train("Straße", progress=False)
    photos.index(embedder="size", progress=False)
    photos.index(embedder="colors", reduce=2, progress=False)
    photos.queries["dogs"] = concept("犬") & ~concept("bright")
    photos.queries.save({"like": image(str(paths[0]))}, facts={"like": {"level": "region"}})
    photos.project("pca")
    photos.plugin_data.change("tests.visits", lambda _: {"count": 2})
    photos.delete(ids[5])
    return photos


def rows_of(photos, name):
    """All rows of a table, with places as they are on this machine."""
    store, table = photos._resources.store, metadata.tables[name]
    with store.read() as connection:
        rows = [
            dict(row._mapping)
            for row in connection.execute(select(table).order_by(*table.primary_key.columns))
        ]
    for row in rows:
        if "uri" in row:
            row["uri"] = store.home.shown(row["uri"])
    return sorted((row for row in rows if name != "properties" or row["name"] not in OWN), key=str)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of a filled collection; making it takes longer than any test here."""
    folder = tmp_path_factory.mktemp("made")
    filled(folder / "photos.db", folder / "pictures").close()
    return folder


@pytest.fixture
def laptop(made, tmp_path):
    """A filled collection in a file."""
    shutil.copytree(made, tmp_path / "from")
    with toolkit.open(tmp_path / "from" / "photos.db", registry=registry()) as photos:
        yield photos


@pytest.fixture
def ends(request, tmp_path):
    """A filled collection, and where its copy goes."""
    source, target = request.param.split(" to ")
    with ExitStack() as stack:
        yield (
            _source(source, request, stack),
            tmp_path / "copy.db" if target == "file" else _database(request, stack),
        )


def _source(kind, request, stack):
    if kind in ("memory", "filled server"):
        at = None if kind == "memory" else _database(request, stack)
        return stack.enter_context(filled(at, request.getfixturevalue("tmp_path") / "from" / "pictures"))
    laptop = request.getfixturevalue("laptop")
    if kind == "file":
        return laptop
    url = _database(request, stack)
    laptop.copy(url)
    return stack.enter_context(toolkit.open(url, registry=registry()))


def _database(request, stack):
    return stack.enter_context(new_database(request.getfixturevalue("server")))


both_ways = pytest.mark.parametrize("ends", ["file to server", "server to file"], indirect=True)


@pytest.mark.parametrize(
    "ends",
    ["file to server", "filled server to file", "file to file", "memory to file", "server to server"],
    indirect=True,
)
def test_nothing_is_lost(ends, tmp_path):
    photos, target = ends
    report = photos.copy(target)
    query = concept("Straße") | image(str(tmp_path / "from" / "pictures" / "000.png"))
    before = [(hit.input.id, hit.score) for hit in photos.search(query, limit=10, level="region")]
    tables = {name: rows_of(photos, name) for name in metadata.tables}
    assert {name for name, rows in tables.items() if not rows} == set()  # or the test would not see a loss
    infos = photos.info()
    with toolkit.open(target, registry=registry()) as copy:
        for name, rows in tables.items():
            assert rows_of(copy, name) == rows, name
        assert report.rows["inputs"] == len(copy) == len(photos)
        assert [(hit.input.id, hit.score) for hit in copy.search(query, limit=10, level="region")] == before
        assert dict(copy.queries) == dict(photos.queries)
        assert [copy.image(id).size for id in copy] == [photos.image(id).size for id in photos]
        assert copy.check() == []
        own = ("store", "originals")
        assert {key: copy.info()[key] for key in infos if key not in own} == {
            key: infos[key] for key in infos if key not in own
        }
        assert copy._resources.store.id != photos._resources.store.id


@both_ways
def test_the_copy_goes_on_with_keys_that_were_never_given(ends, tmp_path):
    photos, target = ends
    last = photos.snapshot().inputs.key.max()
    photos.add(Record(encode_png(from_array(np.full((9, 9, 3), 3, np.uint8))), id="gone"))
    photos.delete("gone")
    photos.copy(target)
    with toolkit.open(target, registry=registry()) as copy:
        revision = copy.info()["revision"]
        assert copy.add(write_pictures(tmp_path / "more", 8)).added == 3  # the others are there
        assert copy.snapshot().inputs.key[-3:].tolist() == [last + 2, last + 3, last + 4]
        assert copy.info()["revision"] > revision
        copy.annotate(list(copy), concept="new", user="ann")
        assert len(copy.search(label("new"), limit=50)) == len(copy)
        assert copy.check() == []


def test_there_and_back_is_the_same(server_url, laptop, tmp_path):
    laptop.copy(server_url)
    with toolkit.open(server_url, registry=registry()) as middle:
        middle.copy(tmp_path / "back.db")
    with toolkit.open(tmp_path / "back.db", registry=registry()) as last:
        for name in metadata.tables:
            assert rows_of(last, name) == rows_of(laptop, name), name
        assert last.check() == []


@both_ways
def test_nothing_is_written_over_what_is_there(ends):
    photos, target = ends
    with opened(target) as other:
        other.add(PICTURE)
    with pytest.raises(
        StoreError, match="has inputs already, and nothing is written over them; name a new file"
    ):
        photos.copy(target)
    with opened(target) as other:
        assert len(other) == 1


def test_nor_over_itself_or_where_it_would_be_gone(laptop):
    with pytest.raises(StoreError, match="has inputs already"):
        laptop.copy(laptop.info()["store"])
    with pytest.raises(StoreError, match="would be gone at once"):
        laptop.copy("sqlite://")


@both_ways
def test_who_has_the_empty_target_open_sees_the_copy(ends, tmp_path):
    photos, target = ends
    with opened(target) as other:
        assert list(other) == []
        photos.copy(target)
        assert list(other) == list(photos)
        assert [hit.score for hit in other.search(concept("Straße"))] == [
            hit.score for hit in photos.search(concept("Straße"))
        ]


@both_ways
def test_an_interrupted_copy_leaves_an_empty_target_that_can_be_copied_to(ends):
    photos, target = ends

    def stop(_):
        raise KeyboardInterrupt

    with (
        AnnotationStore.open(target) as store,
        pytest.raises(KeyboardInterrupt),
        photos._resources.store.whole.open() as whole,
        store.write() as batch,
    ):
        batch.whole.copy(whole, instead={}, done=stop)
    with AnnotationStore.open(target) as store:
        assert set(store.counts().values()) == {0}
    assert photos.copy(target).rows["inputs"] == len(photos)


def test_a_copy_that_is_killed_can_be_made_again(laptop, tmp_path):
    source, target = laptop.info()["store"], str(tmp_path / "copy.db")
    program = (
        "import os, sys, toolkit\n"
        "from toolkit.store.sql import bulk\n"
        "write, count = bulk.write, []\n"
        "def dying(connection, into, columns, rows):\n"
        "    write(connection, into, columns, rows)\n"
        "    count.append(rows)\n"
        "    if len(count) == 8: os._exit(9)\n"
        "bulk.write = dying\n"
        "toolkit.open(sys.argv[1], readonly=True).copy(sys.argv[2])\n"
    )
    assert subprocess.run([sys.executable, "-c", program, source, target], timeout=300).returncode == 9
    report = laptop.copy(target)
    assert (report.rows["inputs"], report.originals) == (len(laptop), 0)  # which were there


def test_a_target_that_cannot_be_written_is_as_it_was(laptop, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError, match="cannot store a picture at"):
        laptop.copy(tmp_path / "copy.db", originals=tmp_path / "file")
    assert list(tmp_path.glob("copy.db*")) == []
    with pytest.raises(QueryError, match="leave out the password"):
        laptop.copy(tmp_path / "copy.db", originals="s3://me:secret@bucket")
    with pytest.raises(StoreError, match="there is no directory"):
        laptop.copy(tmp_path / "none" / "copy.db")


def test_originals_that_are_gone_are_listed_and_the_rest_is_copied(laptop, tmp_path):
    (original,) = (tmp_path / "from" / "photos.db.files").glob("??/*")
    original.unlink()
    report = laptop.copy(tmp_path / "copy.db")
    (lost,) = report.lost
    assert "no such file" in lost
    assert lost in str(report)
    assert report.rows["inputs"] == len(laptop)


def test_a_laptops_collection_becomes_the_teams_with_its_originals(
    server_url, bucket, laptop, tmp_path, monkeypatch
):
    report = laptop.copy(server_url, originals=f"{bucket}/team")
    assert (report.originals, report.location) == (1, f"{bucket}/team")
    assert laptop.info()["originals"] == f"{tmp_path}/from/photos.db.files"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "bob"))
    with toolkit.open(server_url, registry=registry()) as team:
        assert team.image(list(team)[-1]).getpixel((0, 0)) == (90, 90, 90)
        team.copy(tmp_path / "mine.db")  # which has the originals at the same place
        with toolkit.open(tmp_path / "mine.db", registry=registry()) as mine:
            assert mine.info()["originals"] == f"{bucket}/team"
            mine.delete(list(mine))
        assert team.check() == []
    assert len([key for key in keys_in(bucket) if "/collections/" in key]) == 2


def test_a_text_that_the_target_cannot_keep_is_named_and_nothing_is_copied(laptop, server_url):
    laptop.add([*write_pictures(Path(laptop.info()["store"]).parent / "more", 1), "no\0name.png"])
    laptop.concepts.add("odd", definition="a\0b")
    with pytest.raises(
        StoreError, match=r"concepts.definition has 'a\\x00b': PostgreSQL keeps no text with a NUL"
    ):
        laptop.copy(server_url)
    with AnnotationStore.open(server_url) as store:
        assert set(store.counts().values()) == {0}
    laptop.concepts.add("odd", definition="a b")
    assert laptop.copy(server_url).rows["inputs"] == len(laptop)


def test_a_saved_query_takes_along_the_picture_that_it_asks_by(laptop, tmp_path):
    kept = laptop.keep_picture(PICTURE, name="mine.png")
    laptop.queries["mine"] = image(kept) & concept("bright")
    laptop.queries["other"] = image(str(tmp_path / "elsewhere.png"))
    laptop.copy(tmp_path / "copy.db")
    shutil.rmtree(tmp_path / "from" / "photos.db.files" / "searched-by")
    with toolkit.open(tmp_path / "copy.db", registry=registry()) as copy:
        assert len(copy.search(copy.queries["mine"], limit=50)) > 0
        assert copy.queries["other"] == laptop.queries["other"]
        assert copy.queries["dogs"] == laptop.queries["dogs"]


def test_the_command_says_what_it_copied(laptop, tmp_path):
    run = CliRunner().invoke
    source, target = laptop.info()["store"], str(tmp_path / "copy.db")
    done = run(main, ["copy", source, target], catch_exceptions=False)
    assert done.output.startswith(f"{len(laptop)} inputs, ")
    assert f"rows in all copied to {target}\n1 originals copied; they are in {target}.files\n" in done.output
    again = run(main, ["copy", source, target])
    assert (again.exit_code, "has inputs already" in again.output) == (1, True)
    printed = json.loads(run(main, ["copy", source, f"{target}2", "--json"], catch_exceptions=False).output)
    assert (printed["rows"]["inputs"], printed["originals"], printed["lost"]) == (len(laptop), 1, [])
    assert Path(f"{target}2").exists()
