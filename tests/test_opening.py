"""Opening a collection, and looking at what it holds."""

import os

import pytest
from made_up_models import Colors, opened, registry, write_pictures

import toolkit
from toolkit.errors import InputError, PluginError, QueryError, StoreError, UnknownNameError


def test_a_new_collection_runs_the_pixel_workflow():
    with toolkit.open() as photos:
        assert photos.workflow == toolkit.Workflow(("pixels",), ("pixels",))
        assert (len(photos), list(photos), repr(photos)) == (
            0,
            [],
            "<Collection in memory: 0 inputs, 0 annotations, 0 concepts>",
        )


def test_a_named_workflow():
    with toolkit.open(workflow="regions") as photos:
        assert photos.workflow.detectors == ("proposals",)


def test_an_unknown_workflow_makes_no_file(tmp_path):
    with pytest.raises(UnknownNameError, match="no workflow named 'pixel'; did you mean 'pixels'"):
        toolkit.open(tmp_path / "p.db", workflow="pixel")
    with pytest.raises(UnknownNameError, match="no embedder named 'nothing'"):
        toolkit.open(tmp_path / "p.db", workflow=toolkit.Workflow(("nothing",)))
    assert list(tmp_path.iterdir()) == []


def test_a_workflow_stays_until_another_is_given(tmp_path):
    with toolkit.open(tmp_path / "p.db", workflow="none"):
        pass
    with toolkit.open(tmp_path / "p.db") as photos:
        assert photos.workflow == toolkit.Workflow()
    with toolkit.open(tmp_path / "p.db", workflow="pixels"):
        pass
    with toolkit.open(tmp_path / "p.db") as photos:
        assert photos.workflow.embedders == ("pixels",)


def test_a_model_that_cannot_be_made_is_refused():
    class Fails(Colors):
        name = "fails"

        def __init__(self, argument=""):
            raise OSError("no weights")

    with pytest.raises(PluginError, match="embedder 'fails' could not be made: OSError: no weights"):
        toolkit.open(workflow=toolkit.Workflow(("fails",)), registry=registry(Fails))


def test_a_folder_or_another_file_is_no_collection(tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("not a database at all, but long enough to be looked at" * 20)
    for target, message in (
        (tmp_path, "is a directory; name a file in it"),
        (tmp_path / "nowhere" / "p.db", "no directory"),
        (other, "not a store"),
        ("mysql://host/db", "SQLite or PostgreSQL"),
    ):
        with pytest.raises(StoreError, match=message):
            toolkit.open(target)


def test_what_it_holds(tmp_path):
    write_pictures(tmp_path / "pictures", 2)
    (tmp_path / "pictures" / "bad.jpg").write_bytes(b"")
    with opened(tmp_path / "p.db") as photos:
        photos.add(tmp_path / "pictures", datasets=("a",))
        photos.annotate(next(iter(photos)), concept="porch")
        expected = {
            "store": str(tmp_path / "p.db"),
            "inputs": 2,
            "regions": 2,
            "annotations": 1,
            "concepts": 1,
            "datasets": 1,
            "embeddings": 2,
            "spaces": ["colors@1 (3 numbers, 2 rows)"],
            "sources": ["human:me"],
            "trained": [],
            "failed": 1,
            "embedders": ["colors"],
            "similarity": "sklearn",
            "engine": None,
            "originals": str(tmp_path / "p.db.files"),
        }
        assert photos.info().items() >= expected.items()


def test_an_input_is_found_by_id_path_and_relative_path(tmp_path, monkeypatch):
    (path,) = write_pictures(tmp_path / "a", 1)
    monkeypatch.chdir(tmp_path / "a")
    with opened() as photos:
        photos.add("000.png")
        (id,) = photos
        for name in (id, path, str(path), "000.png", "../a/000.png", "./000.png"):
            assert photos.find(name).id == id
        with pytest.raises(UnknownNameError, match=r"no input named '.*001.png'"):
            photos.find("001.png")


def test_a_copy_is_found_by_its_own_path(tmp_path):
    (path,) = write_pictures(tmp_path, 1)
    (tmp_path / "copy.png").write_bytes(path.read_bytes())
    with opened() as photos:
        photos.add(tmp_path)
        assert photos.find(tmp_path / "copy.png").uri == str(path)


def test_ids_come_in_order_and_are_known(tmp_path):
    paths = write_pictures(tmp_path, 4)
    with opened() as photos:
        photos.add(tmp_path)
        assert [photos[id].uri for id in photos] == list(map(str, paths))
        assert all(id in photos for id in photos)
        assert ("nothing" in photos, 7 in photos) == (False, False)


def test_a_picture_at_full_size(tmp_path):
    from PIL import Image

    Image.new("RGB", (1500, 900), "teal").save(tmp_path / "large.png")
    with opened() as photos:
        photos.add(tmp_path)
        (id,) = photos
        assert photos.image(id).size == (1500, 900)


@pytest.mark.skipif(os.geteuid() == 0, reason="file permissions do not bind root")
def test_a_file_that_may_not_be_read_says_so(tmp_path):
    (path,) = write_pictures(tmp_path, 1)
    with opened() as photos:
        photos.add(path)
        path.chmod(0)
        with pytest.raises(InputError, match="permission denied"):
            photos.image(next(iter(photos)))


def test_what_is_saved_by_name_is_a_mapping(tmp_path):
    with toolkit.open(tmp_path / "p.db") as photos:
        query = photos.terms.concept("dog") & ~photos.terms.concept("cat")
        photos.queries["dogs"] = query
        with pytest.raises(QueryError, match="a saved query is an expression"):
            photos.queries["number"] = 7
    with toolkit.open(tmp_path / "p.db") as photos:
        assert dict(photos.queries) == {"dogs": query}
        assert ("dogs" in photos.queries, "cats" in photos.queries) == (True, False)
        assert (photos.queries.get("cats"), photos.queries.pop("cats", None)) == (None, None)
        del photos.queries["dogs"]
        with pytest.raises(UnknownNameError, match="no saved query named 'dogs'"):
            del photos.queries["dogs"]
        assert len(photos.queries) == 0


def test_concepts_are_a_mapping():
    with opened() as photos:
        added = photos.concepts.add("dog", names={"de": "Hund", "ja": ["犬", "いぬ"]}, definition="A pet.")
        assert photos.concepts["dog"] == added
        assert (added.names, added.definition) == ({"de": ("Hund",), "ja": ("犬", "いぬ")}, "A pet.")
        assert ("dog" in photos.concepts, "cat" in photos.concepts, photos.concepts.get("cat")) == (
            True,
            False,
            None,
        )
        assert ([one.id for one in photos.concepts.named("hund")], len(photos.concepts)) == (["dog"], 1)
        with pytest.raises(UnknownNameError, match="no concept named 'dgo'; did you mean 'dog'"):
            photos.concepts["dgo"]
        with pytest.raises(KeyError):
            photos.concepts["dgo"]
