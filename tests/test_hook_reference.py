"""plugins/README.md says what hooks.py says, and its examples run; so do those of docs/plugins/writing.md."""

import inspect
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from toolkit.plugins import hooks
from toolkit.plugins.registry import Registry
from toolkit.testing import (
    ConceptModelContract,
    DetectorContract,
    EmbedderContract,
    FeedbackContract,
    FusionContract,
    ImporterContract,
    KeyedIndexContract,
    NormContract,
    ProjectionContract,
    RankerContract,
    SimilarityIndexContract,
    StubConceptLookup,
    TranslatorContract,
    pictures,
)
from toolkit.values.types import Hit, Input

CHECKOUT = Path(__file__).parents[1]
README = (CHECKOUT / "plugins" / "README.md").read_text()
HOOKS = {name: hook for name, hook in vars(hooks).items() if name.startswith("toolkit_")}
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL))


def code(text):
    return re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@cache
def example(name):
    module = ModuleType(f"example_of_{name}")
    (block,) = code(SECTIONS[name])
    exec(compile(block, name, "exec"), vars(module))
    sys.modules[module.__name__] = module  # where pickle looks for its classes
    return module


def test_every_hook_has_a_section_in_the_same_order():
    assert list(SECTIONS) == list(HOOKS)


@pytest.mark.parametrize("name", HOOKS)
def test_a_section_gives_the_signature_and_the_sentence(name):
    written = f"{name}{inspect.signature(HOOKS[name])}".replace("'", "")
    assert f"\n    {written}\n\n{inspect.getdoc(HOOKS[name])}\n" in SECTIONS[name]


@pytest.mark.parametrize("name", HOOKS)
def test_an_example_registers(name):
    registry = Registry()
    registry.add(example(name))
    (row,) = registry.plugins()
    kind = name.removeprefix("toolkit_")
    assert list(row.provides) == ([kind] if hasattr(registry, kind) and kind.endswith("s") else [])


class TestRankerExample(RankerContract):
    ranker = example("toolkit_rankers").Newest()


class TestEmbedderExample(EmbedderContract):
    embedder = example("toolkit_embedders").Thumbs()


class TestConceptModelExample(ConceptModelContract):
    concept_model = example("toolkit_concept_models").Wide()


class TestDetectorExample(DetectorContract):
    detector = example("toolkit_detectors").Halves()


class TestTranslatorExample(TranslatorContract):
    translator = example("toolkit_translators").Plurals()
    word, language = "dogs", "en"
    names = StubConceptLookup()


class TestSimilarityIndexExample(SimilarityIndexContract):
    factory = example("toolkit_similarity_indexes").Product


class TestEngineExample(KeyedIndexContract):
    factory = example("toolkit_engines").Table


class TestFusionExample(FusionContract):
    fusion = example("toolkit_fusions").Geometric()


class TestNormExample(NormContract):
    norm = example("toolkit_norms").Highest()


class TestFeedbackExample(FeedbackContract):
    feedback = example("toolkit_feedbacks").MeanOfRelevant()


class TestProjectionExample(ProjectionContract):
    projection = example("toolkit_projections").Shadow()


class TestImporterExample(ImporterContract):
    importer = example("toolkit_importers").PathList()

    def origin(self, tmp_path):
        (tmp_path / "a.lst").write_text("a.jpg\nb.jpg\n")
        return str(tmp_path / "a.lst")


def test_the_example_of_an_address_opens_a_picture():
    registry = Registry()
    registry.add(example("toolkit_open_image"))
    assert registry.open_image("plain://red").getpixel((0, 0)) == (255, 0, 0)
    assert registry.open_image("s3://bucket/key") is None


def test_the_example_of_a_view_escapes_what_it_shows():
    registry = Registry()
    registry.add(example("toolkit_hit_view"))
    input = Input("a", "a.jpg", "0" * 64, 2, 2, metadata={"caption": "<script>"})
    assert registry.hit_view(Hit(1, 0.5, input, None, "a", None)) == "<q>&lt;script&gt;</q>"


WRITING = sys.modules["writing"] = ModuleType("writing")  # among the others, so that its classes pickle
for block in code((CHECKOUT / "docs" / "plugins" / "writing.md").read_text()):
    exec(compile(block, "writing.md", "exec"), vars(WRITING))


class TestWriting(WRITING.TestDarkness):
    """The contract, as the page subclasses it."""


class TestVectorsOfASharedNetwork(EmbedderContract):
    """The embedder of the page, as a plugin's author would test it."""

    embedder = WRITING.WarmthVectors()


class TestConceptsOfASharedNetwork(ConceptModelContract):
    """The concept model of the page."""

    concept_model = WRITING.WarmthConcepts()


def test_the_page_registers_what_it_shows():
    registry = Registry()
    registry.add(WRITING)
    assert list(registry.rankers) == ["darkness"]
    assert pictures(1)
