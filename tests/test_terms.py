import importlib
import inspect
import pickle
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import toolkit_fusions
from installed import environment, install
from PIL import Image

from toolkit.errors import QueryError
from toolkit.plugins.parameters import Parameter
from toolkit.plugins.registry import Registry
from toolkit.query import Term, from_json
from toolkit.terms import Terms, constructor, fuse
from toolkit.values.types import Box


class Concept:
    name = "concept"
    is_filter = False
    help = "How confident a concept is."
    parameters = (
        Parameter("name", "concept", "An id or a name.", many=True),
        Parameter("value", "number", "1 for presence.", 1.0, minimum=0, maximum=1),
        Parameter("language", "language", "Of the name.", None, shorthand=True),
    )

    def rank(self, term, snapshot, context):
        return np.ones(len(snapshot.rows), np.float32)


class Picture(Concept):
    name = "image"
    help = "Visual similarity."
    parameters = (Parameter("source", "image", "A picture."), Parameter("box", "box", "A part.", None))


class Where(Concept):
    name = "where"
    is_filter = True
    parameters = (
        Parameter("metadata", "json", "What it contains.", None),
        Parameter("created_after", "time", "Added later.", None),
        Parameter("status", "text", "Of the input.", "success"),
    )


class Newest(Concept):
    name = "newest"
    parameters = ()


concept, image, where, newest = (constructor(ranker()) for ranker in (Concept, Picture, Where, Newest))


@pytest.fixture
def terms():
    registry = Registry()
    registry.add(toolkit_fusions)
    for ranker in (Concept, Picture, Where):
        registry.add(ranker())
    return Terms(registry)


def test_a_constructor_makes_a_checked_term():
    assert concept("Hund", language="de") == Term("concept", "Hund", {"language": "de"})


def test_what_equals_its_default_is_left_out():
    assert concept("dog", value=1, language=None) == concept("dog") == Term("concept", "dog")
    assert where({"a": 1}, status="success") == Term("where", {"a": 1})


def test_several_positional_values_are_one_subject():
    assert concept("dog", "cat") == concept(["dog", "cat"]) == Term("concept", ("dog", "cat"))
    assert concept({"dog": 1, "cat": 0}).subject == {"dog": 1.0, "cat": 0.0}


def test_only_a_subject_that_may_be_many_takes_several():
    with pytest.raises(QueryError, match="image takes one subject, not 2; give the others by name"):
        image("a.jpg", Box(0, 0, 1, 1))


def test_the_subject_may_be_given_by_name_but_not_twice():
    assert concept(name="dog") == concept("dog")
    with pytest.raises(QueryError, match="name is its subject"):
        concept("dog", name="cat")


def test_a_filter_needs_no_subject():
    assert where(status="pending") == Term("where", None, {"status": "pending"})
    assert newest() == Term("newest")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: concept(), "concept needs name"),
        (lambda: concept("dog", value=2), "value is a number from 0 to 1; not 2"),
        (lambda: concept("dog", valeu=0), "no option named 'valeu'; did you mean 'value'"),
        (lambda: image("a.jpg", box=(0, 0, 0, 0)), "box is a Box"),
        (lambda: newest("dog"), "newest takes nothing, not 'dog'"),
        (lambda: newest("dog", "cat"), "newest takes one subject|newest takes nothing"),
    ],
)
def test_a_term_that_cannot_be_ranked_is_refused_as_it_is_written(call, message):
    with pytest.raises(QueryError, match=message):
        call()


def test_what_a_notebook_holds_becomes_json_or_bytes():
    assert image(Path("a.jpg")) == Term("image", "a.jpg")
    picture = Image.new("RGB", (4, 4), "red")
    assert image(picture).subject.startswith(b"\x89PNG")
    assert image(picture) == image(np.asarray(picture))
    assert image("a.jpg", box=Box(0, 0, 0.5, 1)).options == (("box", (0.0, 0.0, 0.5, 1.0)),)


def test_a_time_stays_as_it_was_written():
    assert str(where(created_after="2026-05-01")) == "where(created_after='2026-05-01')"
    assert str(where(created_after=datetime(2026, 5, 1, tzinfo=UTC))) == (
        "where(created_after='2026-05-01T00:00:00+00:00')"
    )


@pytest.mark.parametrize(
    "term",
    [
        concept("Hund", language="de"),
        concept("dog", "cat", value=0.5),
        concept({"dog": 1, "cat": 0}),
        image(b"\xff\xd8", box=(0, 0, 0.5, 1)),
        image({"input": "a1"}),
        where({"a": [1, {"b": None}]}, created_after="2026-05-01"),
        newest(),
    ],
    ids=str,
)
def test_repr_json_and_pickle_rebuild_the_term(term):
    words = {"concept": concept, "image": image, "where": where, "newest": newest}
    assert eval(repr(term), words) == from_json(term.to_json()) == pickle.loads(pickle.dumps(term)) == term


def test_a_constructor_has_the_signature_and_the_help_of_its_ranker():
    assert concept.__name__ == "concept"
    assert list(inspect.signature(concept).parameters) == ["name", "more", "value", "language"]
    assert inspect.signature(concept).return_annotation is Term
    assert inspect.getdoc(concept) == (
        "How confident a concept is.\n\nParameters\n----------\n"
        "name : a concept's name or id, or a list of them, or each with a number from 0 to 1\n"
        "    An id or a name.\n"
        "value : a number from 0 to 1, by default 1.0\n    1 for presence.\n"
        "language : a language tag such as 'de' or 'pt-BR', optional\n    Of the name."
    )


def test_the_terms_of_a_registry_are_attributes(terms):
    assert terms.concept("dog") & ~terms.image("a.jpg") == concept("dog") & ~image("a.jpg")
    assert dir(terms) == ["concept", "fuse", "image", "where"]
    assert repr(terms) == "<terms: concept, fuse, image, where>"
    assert terms.fuse([concept("dog")]) == fuse([concept("dog")])


def test_a_ranker_added_later_is_there_at_once(terms):
    registry = Registry()
    terms = Terms(registry)
    registry.add(Newest())
    assert terms.newest() == Term("newest")


def test_an_unknown_term_is_an_attribute_error_that_suggests_the_nearest(terms):
    with pytest.raises(AttributeError, match="no ranker named 'concpet'; did you mean 'concept'"):
        terms.concpet  # noqa: B018
    assert not hasattr(terms, "_repr_html_")


def test_the_modules_names_are_those_of_the_installed_plugins(tmp_path):
    code = (
        "import test_terms\nfrom toolkit.plugins.hooks import hookimpl\n\n"
        "@hookimpl\ndef toolkit_rankers():\n    return [test_terms.Concept()]\n"
    )
    install(tmp_path, "rank-toolkit", {"mine": "mine_plugin"}, {"mine_plugin": code})
    program = """
import sys, toolkit.terms
assert "mine_plugin" not in sys.modules, "discovered before a name was asked for"
from toolkit.terms import concept, fuse
print(concept("dog", value=0) & concept("cat"))
print([name for name in dir(toolkit.terms) if name.islower()])
try:
    from toolkit.terms import concpet
except ImportError as error:
    print(type(error).__name__)
"""
    site = environment(tmp_path, Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=site, timeout=60
    )
    assert done.stdout.splitlines() == [
        "concept('dog', value=0.0) & concept('cat')",
        "['concept', 'constructor', 'fuse']",
        "ImportError",
    ], done.stderr


def test_asking_the_module_for_a_name_of_pythons_own_discovers_nothing(monkeypatch):
    module = importlib.import_module("toolkit.terms")
    monkeypatch.setattr(module, "default", lambda: pytest.fail("discovered"))
    assert not hasattr(module, "__path__")
