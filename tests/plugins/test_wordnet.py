from __future__ import annotations

import csv
import lzma
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from small_lexicons import ABOVE, ENGLISH, lexicon, write

from tests.breeds import Breeds, breeds, scores
from toolkit.errors import InputError, MissingExtraError, NotIndexedError, UnknownNameError
from toolkit.plugins.interfaces import ConceptGraph, Meaning
from toolkit.terms import concept
from toolkit.testing import StubConceptLookup, TranslatorContract
from toolkit.values.types import Concept

wn = pytest.importorskip("wn", reason="the extra [wordnet] is not installed")

from toolkit_wordnet import WordnetTranslator, lexicons  # noqa: E402  (after the skip)
from toolkit_wordnet.commands import wordnet  # noqa: E402

SHARED = Path(__file__).parents[2].parent / "shared" / "wordnet"


@pytest.fixture(autouse=True)
def home(tmp_path):
    """An empty place for lexicons."""
    before = wn.config.data_directory
    wn.config.data_directory = tmp_path / "wn"
    yield tmp_path
    wn.config.data_directory = before


@pytest.fixture
def files(home):
    """Three lexicons as files."""
    return write(home)


@pytest.fixture
def small(files):
    for file in files:
        lexicons.add_lexicons(file)
    return WordnetTranslator()


class Numbered(Breeds):
    """The same classifier, its classes named as ImageNet does."""

    name = "numbered"
    concepts = (Concept("n00000003"), Concept("n00000004"), Concept("n00000005"))

    def predict(self, images):
        numbers = {"n-poodle": "n00000003", "n-husky": "n00000004", "n-cat": "n00000005"}
        return [
            {numbers[id]: value for id, value in said.items() if id in numbers}
            for said in super().predict(images)
        ]


@pytest.fixture
def photos(small):
    with breeds(model=Numbered, animals=()) as photos:
        if "wordnet" not in photos.registry.translators:
            photos.registry.add(small, kind="translators")
        photos.concepts.link()
        yield photos


@pytest.mark.usefixtures("small")
class TestWordnetTranslator(TranslatorContract):
    translator = WordnetTranslator()
    word, language, concept = "犬", "ja", "dog"


def test_a_word_is_the_synset_the_collection_has_else_whatever_goes_by_its_english_name(small):
    numbered, plain = StubConceptLookup({"en": {"puppy": "n00000002"}}), StubConceptLookup()
    assert small.translate("犬", language="ja-JP", names=numbered) == [
        Meaning("n00000002", "ja", "犬", "wordnet", 1)
    ]
    assert small.translate("犬", language="ja", names=plain) == [Meaning("dog", "ja", "犬", "wordnet", 1)]
    assert small.translate("كَلْب", language="ar", names=plain) == [Meaning("dog", "ar", "كلب", "wordnet")]


def test_another_sense_of_the_same_word_is_not_taken_for_it(small):
    fellow_only = StubConceptLookup({"en": {"dog": "n00000007"}})
    assert [one.concept for one in small.translate("犬", language="ja", names=fellow_only)] == ["n00000002"]


def test_what_lies_above_comes_nearest_first_with_names_and_hypernyms(small):
    assert isinstance(small, ConceptGraph)
    assert small.above(["n00000003", "porch", "n99999999"]) == [
        Concept(
            "n00000003", {"en": ("poodle",), "ja": ("プードル",)}, "Number 3.", {"hypernym": ("n00000002",)}
        ),
        Concept(
            "n00000002",
            {"en": ("dog",), "ja": ("いぬ", "犬"), "ar": ("كلب",)},
            "Number 2.",
            {"hypernym": ("n00000001",)},
        ),
        Concept("n00000001", {"en": ("animal",), "ja": ("動物",)}, "Number 1."),
    ]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("has_other_tables", [False, True])
def test_the_words_of_many_synsets_are_those_of_the_library_whatever_its_tables_are(
    has_other_tables, monkeypatch
):
    if has_other_tables:
        monkeypatch.setattr(lexicons, "_LEMMAS", lexicons._LEMMAS.replace("forms", "words"))
    for one in lexicons.installed():
        ids = [f"{one.id}-{number:08}-n" for number in range(9)]
        with lexicons.open_lexicons([one]) as wordnet:
            expected = {synset.id: synset.lemmas() for synset in wordnet.synsets()}
        assert dict(lexicons.lemmas(one, ids)) == expected


def test_a_classifier_of_breeds_answers_dog_and_animal_in_any_language(photos):
    assert scores(photos, concept("dog")) == [0.9, 0.3, 0.2]
    assert scores(photos, concept("犬", language="ja")) == [0.9, 0.3, 0.2]
    assert scores(photos, concept("動物", language="ja")) == [1.0, 0.9, 0.2]


def test_ranking_needs_no_wordnet_once_it_is_stored(photos, home):
    wn.config.data_directory = home / "gone"
    assert scores(photos, concept("いぬ", language="ja")) == [0.9, 0.3, 0.2]
    assert not (home / "gone").exists()


def test_a_concept_no_class_is_a_kind_of_offers_the_nearest_above(photos):
    with pytest.raises(
        NotIndexedError,
        match=r"has kangaroo \(n00000006\), .* animal, one step up; 3 concepts .* Ask for concept\('animal'\)",
    ):
        photos.search(concept("kangaroo"))


def test_lexicons_are_added_once_and_listed(files):
    run = CliRunner()
    added = run.invoke(wordnet, ["add", *files])
    assert added.stdout.splitlines() == [
        "added omw-en:1 (en): Small en",
        "added omw-ja:1 (ja): Small ja",
        "added omw-arb:1 (ar): Small ar",
    ]
    assert run.invoke(wordnet, ["add", files[0]]).stdout == f"{files[0]}: already there\n"
    assert run.invoke(wordnet, ["list", "--csv"]).stdout.startswith("name,language,title,license\n")
    assert [line.split()[:2] for line in run.invoke(wordnet, ["list"]).stdout.splitlines()] == [
        ["omw-en:1", "en"],
        ["omw-ja:1", "ja"],
        ["omw-arb:1", "ar"],
    ]


def test_a_lexicon_is_of_use_without_the_english_one(files):
    lexicons.add_lexicons(files[1])
    [meaning] = WordnetTranslator().translate("犬", language="ja", names=StubConceptLookup())
    assert meaning == Meaning("n00000002", "ja", "犬", "wordnet", 1)


def broken(kind: str) -> bytes:
    whole = lexicon("omw-xx", "en", ENGLISH, ABOVE).encode()
    return {
        "half a file": whole[: len(whole) // 2],
        "half an archive": lzma.compress(whole)[:-20],
        "a missing synset": whole.replace(b'synset="omw-xx-00000003-n"', b'synset="omw-xx-00000033-n"'),
        "another file": b"not a lexicon",
    }[kind]


@pytest.mark.parametrize("kind", ["half a file", "half an archive", "a missing synset", "another file"])
def test_from_a_broken_lexicon_nothing_is_kept(home, files, kind):
    path = home / "broken.xml"
    path.write_bytes(broken(kind))
    with pytest.raises(InputError, match=r"broken.xml: not a lexicon that can be read"):
        lexicons.add_lexicons(str(path))
    assert lexicons.installed() == []
    assert [one.name for one in lexicons.add_lexicons(files[0])] == ["omw-en:1"]


def test_an_interrupted_lexicon_is_added_when_it_is_added_again(files, monkeypatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("wn._add._insert_synset_relations", interrupted)
        with pytest.raises(KeyboardInterrupt):
            lexicons.add_lexicons(files[0])
    assert lexicons.installed() == []
    assert [one.name for one in lexicons.add_lexicons(files[0])] == ["omw-en:1"]


def test_without_any_lexicon_it_knows_nothing_makes_nothing_and_says_what_to_type(home):
    translator = WordnetTranslator()
    assert translator.translate("犬", language="ja", names=StubConceptLookup()) == []
    assert translator.above(["n00000003"]) == []
    assert translator.hint == "80,000 more nouns: toolkit_wordnet.add_lexicons(FILE)."
    assert translator.hint.shell() == "80,000 more nouns: toolkit wordnet add FILE."
    assert not (home / "wn").exists()


def test_without_the_extra_the_error_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "wn", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rank-toolkit\[wordnet\]'"):
        lexicons.add_lexicons("omw-fr:1.4")


def test_importing_the_plugin_does_not_import_wn():
    code = "import sys, toolkit_wordnet; toolkit_wordnet.toolkit_translators(); print('wn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared lexicons are not beside this checkout")
def test_the_right_sense_of_names_is_taken_on_real_tables():
    with breeds(animals=()) as photos:
        photos.concepts.read(SHARED / "concept-names.tsv")
        photos.concepts.read(SHARED / "concept-hypernyms.tsv")
        words = photos._resources.words(photos.snapshot().revision)
        classes = (SHARED.parent / "photos-dev" / "classes.csv").read_text(encoding="utf-8").splitlines()
        wrong = [
            row["class"]
            for row in csv.DictReader(classes)
            if words.read(row["wordnet_lemmas"].split(",")[0], language="en").meanings[0].concept
            != row["wnid"]
        ]
    assert wrong == []


# A process of its own holds the lock, as `toolkit wordnet add` does while it writes.
WRITING = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


@contextmanager
def written_by_another_process():
    path = str(wn.config.database_path)
    command = [sys.executable, "-c", WRITING, path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "locked\n"
        try:
            yield
        finally:
            writer.stdin.close()


@pytest.mark.usefixtures("small")
def test_a_lexicon_that_another_process_writes_is_a_note_and_breaks_neither_add_nor_search():
    with written_by_another_process(), breeds(model=Numbered, animals=()) as photos:
        report = photos.add([np.full((8, 8, 3), 129, np.uint8)], progress=False)
        [note] = report.notes
        assert note.startswith("without what it knows of concepts: the lexicons in ")
        assert note.endswith("cannot be read now: database is locked")
        photos.annotate(list(photos)[:1], concept="porch")
        [hit, *_] = photos.search(concept("porch", source="human", language="en"))
        assert "database is locked" in " ".join(hit.parts[0].notes)
        with pytest.raises(UnknownNameError, match="database is locked"):
            photos.search(concept("犬", language="ja"))


def test_once_the_lexicon_is_free_the_next_add_links_what_it_could_not(small):
    with written_by_another_process():
        photos = breeds(model=Numbered, animals=())
    with photos:
        if "wordnet" not in photos.registry.translators:
            photos.registry.add(small, kind="translators")
        assert photos.index(progress=False).notes == ()
        assert scores(photos, concept("犬", language="ja")) == [0.9, 0.3, 0.2]


def test_a_lexicon_that_arrives_links_what_is_there(files):
    with breeds(model=Numbered, animals=()) as photos:
        if "wordnet" not in photos.registry.translators:
            photos.registry.add(WordnetTranslator(), kind="translators")
        for file in files:
            lexicons.add_lexicons(file)
        assert photos.index(progress=False).notes == ()
        assert photos.concepts.below("n00000002") == ("n00000002", "n00000003", "n00000004")


def test_the_senses_of_an_english_word_are_in_the_order_of_the_lexicon(small):
    assert small.senses(["dog", "xyz"], language="en") == {"dog": ["n00000002", "n00000007"]}
    assert small.senses(["犬"], language="ja") == {}


def test_a_meaning_says_how_many_words_of_its_synset_come_before(small):
    names = StubConceptLookup({"en": {"a": "n00000002", "b": "n00000007"}})
    for word, place in (("dog", 0), ("fellow", 1)):
        meanings = small.translate(word, language="en", names=names)
        assert {one.concept: one.place for one in meanings}["n00000007"] == place
