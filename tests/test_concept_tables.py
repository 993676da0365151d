from __future__ import annotations

import pytest

import toolkit as tk
from toolkit.errors import InputError, QueryError, UnknownNameError


@pytest.fixture
def photos():
    with tk.open(workflow="none") as photos:
        photos.concepts.add("dog", names={"en": ["dog"]})
        yield photos


@pytest.fixture
def table(tmp_path):
    def write(text: str, name: str = "table.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_names_are_read_from_commas_and_from_tabs(photos, table):
    assert (
        photos.concepts.read(table('\ufeffconcept,language,name\ndog,ja,犬\ndog,EN,"dog, domestic"\n')) == 0
    )
    assert photos.concepts.read(table('wnid\tlang\tname\tlexicon\nn1\tde\t4" Rohr\tomw-de\n', "t.tsv")) == 1
    assert dict(photos.concepts["dog"].names) == {"en": ("dog", "dog, domestic"), "ja": ("犬",)}
    assert photos.concepts["n1"].names["de"] == ('4" Rohr',)


def test_relations_are_read_with_their_inverses(photos, table):
    assert photos.concepts.read(table("concept,hypernym\ndog,animal\npoodle,dog\n")) == 2
    assert photos.concepts.read(table("subject,predicate,object\ndog,synonym,hound\n")) == 1
    assert photos.concepts["dog"].relations == {
        "hypernym": ("animal",),
        "hyponym": ("poodle",),
        "synonym": ("hound",),
    }
    assert photos.concepts.below("hound") == ("hound", "dog", "poodle")
    assert photos.concepts.above("poodle") == ("dog", "hound", "animal")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "its columns are none; a table has the columns"),
        ("name,color\na,b\n", "its columns are name, color; a table has the columns concept,language,name"),
        ("concept,language,name\ncat,de,Katze\ncat,,chat\n", "line 3 has no language"),
        ("concept,language,name\n,de,Katze\n", "line 2 has no concept"),
        ("concept,language,name\ncat,de\n", "line 2 has no name"),
        ("concept,language,name\ncat,de," + "x" * 200_000 + "\n", "not a table that can be read"),
    ],
)
def test_what_is_no_such_table_is_refused_and_nothing_is_written(photos, table, text, reason):
    with pytest.raises(InputError, match=reason):
        photos.concepts.read(table(text))
    assert list(photos.concepts) == ["dog"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("concept,hypernym\ncat,animal\nanimal,thing\nthing,cat\n", "a concept cannot be its own hypernym"),
        ("subject,predicate,object\ncat,part,tail\n", "'part' is not a relation of concepts"),
        ("concept,language,name\ncat,german!,Katze\n", "is not a language tag"),
        ("concept,language,name\ncat,de,\u200b\n", "is blank"),
    ],
)
def test_what_the_store_refuses_leaves_nothing_of_the_table(photos, table, text, reason):
    with pytest.raises(QueryError, match=reason):
        photos.concepts.read(table(text))
    assert list(photos.concepts) == ["dog"]


def test_a_file_that_is_not_there_or_not_text_is_refused(photos, tmp_path):
    (tmp_path / "picture.csv").write_bytes(b"concept,hypernym\n\xff\xfe,b\n")
    for name in ("none.csv", "picture.csv"):
        with pytest.raises(InputError, match=f"{name}: not a table that can be read"):
            photos.concepts.read(tmp_path / name)


def test_names_are_written_and_read_back(photos, tmp_path):
    photos.concepts["dog"].names["ja"] = ["犬", '"い\u3000ぬ"']
    photos.concepts.write(tmp_path / "names.csv", language="ja")
    assert (tmp_path / "names.csv").read_text(encoding="utf-8").splitlines()[:2] == [
        "concept,language,name",
        "dog,ja,犬",
    ]
    with tk.open(workflow="none") as copy:
        copy.concepts.read(tmp_path / "names.csv")
        assert copy.concepts["dog"].names == {"ja": ("犬", '"い\u3000ぬ"')}


def test_the_names_of_a_concept_are_set_and_taken_away(photos):
    dog = photos.concepts["dog"]
    dog.names["JA"] = "犬"
    dog.names["de"] = ["Hund", "Köter"]
    del dog.names["en"]
    assert photos.concepts["dog"].names == dog.names == {"de": ("Hund", "Köter"), "ja": ("犬",)}
    with pytest.raises(QueryError, match="is blank"):
        dog.names["de"] = " "
    assert photos.concepts["dog"].names["de"] == dog.names["de"] == ("Hund", "Köter")


def test_relations_are_given_and_taken_back_by_hand(photos):
    photos.concepts.add("animal")
    photos.concepts.relate("dog", "hypernym", "animal")
    with pytest.raises(QueryError, match="its own hypernym"):
        photos.concepts.relate("animal", "hypernym", "dog")
    photos.concepts.unrelate("animal", "hyponym", "dog")
    assert photos.concepts["dog"].relations == {}
    with pytest.raises(UnknownNameError, match="did you mean 'dog'"):
        photos.concepts.below("dgo")
