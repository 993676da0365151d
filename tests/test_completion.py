from __future__ import annotations

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.cli import main
from toolkit.languages import fold
from toolkit.store import AnnotationStore, ConceptName
from toolkit.values.types import Concept

ZOO = [
    Concept("fox", {"en": ("fox",), "ja": ("狐", "キツネ"), "ar": ("ثَعْلَب",)}),
    Concept("squirrel monkey", {"ja": ("きつねざる",), "zh-Hant": ("松鼠猴",), "zh": ("松鼠猴",)}),
    Concept("foxglove", {"en": ("foxglove", "digitalis")}),
    Concept("terrier", {"en": ("fox terrier",)}),
]


@pytest.fixture
def store():
    with AnnotationStore.open() as store:
        with store.write() as batch:
            batch.concepts.add(ZOO)
        yield store


def completed(store: AnnotationStore, prefix: str, language: str | None = None, limit: int = 10) -> list[str]:
    return [one.name for one in store.names.starting(prefix, language=language, limit=limit)]


def test_the_whole_name_comes_first_then_preferred_names_in_the_order_of_the_alphabet(store):
    assert completed(store, "fox", "en") == ["fox", "fox terrier", "foxglove"]
    assert completed(store, "d", "en") == ["digitalis"]
    assert completed(store, "", "en", limit=2) == ["fox", "fox terrier"]


@pytest.mark.parametrize("prefix", ["きつ", "キツ", "ｷﾂ", "き\u200bつ"])
def test_kana_and_width_make_no_difference(store, prefix):
    assert store.names.starting(prefix, language="ja") == [
        ConceptName("squirrel monkey", "ja", "きつねざる"),
        ConceptName("fox", "ja", "キツネ"),
    ]


def test_arabic_is_typed_without_vowel_marks(store):
    assert completed(store, "ثعل", "ar") == ["ثَعْلَب"]


def test_a_language_gives_way_to_wider_ones_and_none_looks_in_all(store):
    assert store.names.starting("松", language="zh-Hant-TW") == [
        ConceptName("squirrel monkey", "zh-Hant", "松鼠猴")
    ]
    assert [one.language for one in store.names.starting("松", language="zh-Hans-CN")] == ["zh"]
    assert completed(store, "fo") == ["fox", "fox terrier", "foxglove"]
    assert completed(store, "fo", "de") == []


@given(st.text(max_size=3))
def test_whatever_is_typed_completes_to_names_that_begin_so(typed):
    with AnnotationStore.open() as store:
        with store.write() as batch:
            batch.concepts.add(ZOO)
        found = {one.name for one in store.names.starting(typed, limit=100)}
        every = {one.name for one in store.names.all()}
        assert found == {name for name in every if fold(name).startswith(fold(typed))}


def test_languages_names_and_the_nearest_of_them(store):
    assert store.names.languages() == ["ar", "en", "ja", "zh", "zh-Hant"]
    assert store.names.all(language="en")[2:4] == [
        ConceptName("foxglove", "en", "digitalis"),
        ConceptName("terrier", "en", "fox terrier"),
    ]
    assert store.names.nearest("foxgloves", language="en") == ["foxglove"]
    assert store.names.nearest("キツメ", language="ja") == ["キツネ"]


@pytest.fixture
def photos(tmp_path):
    with tk.open(tmp_path / "photos.db", workflow="none") as photos:
        for one in ZOO:
            photos.concepts.add(one.id, names=one.names)
    return str(tmp_path / "photos.db")


def run(*arguments: str) -> str:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_command_line_completes(photos):
    assert (
        run("concepts", photos, "--language", "ja", "--complete", "きつね", "-n", "1") == "キツネ\tja\tfox\n"
    )
    assert '"concept": "fox"' in run("concepts", photos, "--complete", "fox", "--json")


def test_the_command_line_adds_lists_exports_and_imports_names(photos, tmp_path):
    assert (
        run("names", "add", photos, "fox", "Fuchs", "Rotfuchs", "--language", "de")
        == "fox: Fuchs, Rotfuchs\n"
    )
    assert run("names", "list", photos, "fox", "--language", "de") == "fox\tde\tFuchs, Rotfuchs\n"
    table, copy = str(tmp_path / "names.csv"), str(tmp_path / "copy.db")
    assert run("names", "export", photos, table) == f"wrote {table}\n"
    tk.open(copy, workflow="none").close()
    assert run("names", "import", copy, table) == f"{table}: 4 new concepts\n"
    assert run("names", "list", copy, "--json") == run("names", "list", photos, "--json")
