import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from toolkit.errors import (
    ContractError,
    InputError,
    MissingExtraError,
    PluginError,
    QueryError,
    UnknownNameError,
)
from toolkit.plugins.hooks import hookimpl
from toolkit.plugins.parameters import Parameter
from toolkit.plugins.registry import PluginRow, PluginWarning, Registry
from toolkit.values.types import Concept


class Warmth:
    name = "warmth"
    is_filter = False
    help = "How warm."
    parameters = (Parameter("color", "text", "Which."),)

    def rank(self, term, snapshot, context):
        return np.ones(len(snapshot.rows), np.float32)


class Flat:
    name = "flat"
    version = "1"
    dimension = 2

    def __init__(self, argument=""):
        self.argument = argument

    def embed(self, images):
        return np.ones((len(images), 2), np.float32)


class Nearest:
    name = "nearest"
    metric = "cosine"

    def fit(self, X, y=None):
        return self

    def kneighbors(self, X, n_neighbors):
        raise NotImplementedError


def ranker(**changes):
    return type("Changed", (Warmth,), changes)()


def module(name, **hooks):
    made = ModuleType(name)
    vars(made).update({hook: hookimpl(function) for hook, function in hooks.items()})
    return made


# --- added by hand


def test_a_ranker_registers_from_a_cell():
    registry = Registry()
    warmth = Warmth()
    registry.add(warmth)
    assert registry.ranker("warmth") is warmth
    assert registry.plugins() == [
        PluginRow("warmth", "", "", f"{__name__}.Warmth", "ok", {"rankers": ("warmth",)}),
    ]


def test_running_the_cell_again_replaces_what_it_added():
    registry = Registry()
    registry.add(Warmth())
    again = Warmth()
    registry.add(again)
    assert registry.ranker("warmth") is again
    assert len(registry.plugins()) == 1


def test_one_class_may_register_under_two_names():
    registry = Registry()
    registry.add(ranker(name="warm"))
    registry.add(ranker(name="cold"))
    assert sorted(registry.rankers) == ["cold", "warm"]


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=8))
def test_whatever_is_added_and_added_again_each_name_has_the_last(names):
    registry = Registry()
    expected = {}
    for name in names:
        before = registry.rankers
        seen = dict(before)
        expected[name] = ranker(name=name)
        registry.add(expected[name])
        assert dict(before) == seen, "a mapping that was taken before stays as it was"
        assert dict(registry.rankers) == expected
        assert {one: registry.ranker(one) for one in expected} == expected
    assert registry.embedders == {}


def test_another_class_cannot_take_a_name():
    registry = Registry()
    warmth = Warmth()
    registry.add(warmth)
    with pytest.raises(
        PluginError, match=r"ranker 'warmth' is registered by .*Warmth and by .*Changed; block"
    ):
        registry.add(ranker())
    assert registry.ranker("warmth") is warmth


def test_the_kind_of_a_component_follows_from_its_methods():
    registry = Registry()
    registry.add(Flat)
    registry.add(Nearest)
    registry.add(SimpleNamespace(name="words", translate=lambda name, *, language, names: []))
    registry.add(SimpleNamespace(name="list", accepts=lambda source: False, records=iter))
    assert {kind: list(names) for row in registry.plugins() for kind, names in row.provides.items()} == {
        "embedders": ["flat"],
        "similarity_indexes": ["nearest"],
        "translators": ["words"],
        "importers": ["list"],
    }


def test_a_component_that_is_already_there_becomes_its_own_factory():
    registry = Registry()
    flat = Flat()
    registry.add(flat)
    assert registry.embedder("flat") is flat
    with pytest.raises(QueryError, match="'flat' takes nothing after the colon"):
        registry.embedder("flat:7")


def test_a_function_is_a_factory_if_its_kind_is_given():
    def tiny(argument=""):
        return Flat(argument)

    tiny.name = "tiny"
    registry = Registry()
    with pytest.raises(PluginError, match="implements no hook"):
        registry.add(tiny)
    registry.add(tiny, kind="embedders")
    assert registry.embedder("tiny:9").argument == "9"
    with pytest.raises(UnknownNameError, match="did you mean 'embedders'"):
        registry.add(tiny, kind="embedder")


def test_an_instance_of_a_similarity_index_is_refused_because_fitting_changes_it():
    with pytest.raises(ContractError, match="it is a class, to be fitted anew: Nearest"):
        Registry().add(Nearest())


def test_a_class_of_rankers_is_refused_with_what_to_write():
    with pytest.raises(ContractError, match=r"it is an instance: Warmth\(\)"):
        Registry().add(Warmth)


def test_something_that_is_nothing_is_refused():
    with pytest.raises(PluginError, match="implements no hook"):
        Registry().add(object())


def test_a_plugin_module_registers_by_hand_and_again():
    registry = Registry()
    for _ in range(2):
        registry.add(module("mine", toolkit_rankers=lambda: [Warmth()], toolkit_embedders=lambda: [Flat]))
    assert registry.plugins() == [
        PluginRow("mine", "", "", "mine", "ok", {"rankers": ("warmth",), "embedders": ("flat",)}),
    ]


def test_the_very_same_module_may_be_added_twice():
    registry, mine = Registry(), module("mine", toolkit_rankers=lambda: [Warmth()])
    registry.add(mine)
    registry.add(mine)
    assert list(registry.rankers) == ["warmth"]


def test_a_plugin_that_breaks_leaves_what_was_there():
    registry = Registry()
    registry.add(module("mine", toolkit_rankers=lambda: [Warmth()], toolkit_hit_view=lambda hit: "first"))
    with pytest.raises(PluginError, match="toolkit_rankers of mine failed: ZeroDivisionError"):
        registry.add(module("mine", toolkit_rankers=lambda: 1 / 0))
    with pytest.raises(PluginError, match="no hook named 'toolkit_rankerz'; did you mean 'toolkit_rankers'"):
        registry.add(module("mine", toolkit_rankerz=lambda: [Warmth()]))
    with pytest.raises(PluginError, match="ranker 'warmth' is registered by mine and by yours"):
        registry.add(
            module("yours", toolkit_rankers=lambda: [Warmth()], toolkit_hit_view=lambda hit: "second")
        )
    assert list(registry.rankers) == ["warmth"]
    assert registry.hit_view(None) == "first"


# --- the rules


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"name": None}, "its name is a word"),
        ({"name": "two words"}, "its name is a word"),
        ({"name": "two-words"}, "its name is a Python identifier"),
        ({"name": "import"}, "its name is a Python identifier"),
        ({"name": "_hidden"}, "its name is"),
        ({"name": "fuse"}, "its name is a Python identifier"),
        ({"parameters": "text"}, "its parameters are a sequence of Parameter"),
        ({"parameters": (Parameter("a b", "text", ""),)}, "a parameter's name is a Python identifier"),
        ({"parameters": (Parameter("a", "text", ""), Parameter("a", "text", ""))}, "make a signature"),
        ({"parameters": (Parameter("a", "words", ""),)}, "a is of a kind among text, number"),
        ({"parameters": (Parameter("a", "choice", ""),)}, "a has choices if and only if"),
        ({"parameters": (Parameter("a", "text", "", choices=("x",)),)}, "a has choices if and only if"),
        ({"parameters": (Parameter("a", "number", "", 2, maximum=1),)}, "a accepts its own default"),
        ({"parameters": (Parameter("a", "text", "", shorthand=True),)}, "not the subject"),
    ],
)
def test_a_ranker_that_breaks_a_rule_is_refused(changes, rule):
    registry = Registry()
    with pytest.raises(ContractError, match=rule):
        registry.add(ranker(**changes))
    assert registry.plugins() == []


def test_a_ranker_without_help_is_refused_with_what_it_lacks():
    thing = SimpleNamespace(name="x", rank=print)
    with pytest.raises(ContractError, match="without parameters, is_filter, help"):
        Registry().add(thing)


@pytest.mark.parametrize(
    ("made", "rule"),
    [
        (None, "it has name, version, dimension, embed; got a NoneType"),
        (SimpleNamespace(name="a@1", version="1", dimension=2, embed=print), "a text without blanks or '@'"),
        (SimpleNamespace(name="a", version="", dimension=2, embed=print), "its version is a text"),
        (SimpleNamespace(name="a", version=1, dimension=2, embed=print), "its version is a text"),
        (
            SimpleNamespace(name="a", version="1", dimension=0, embed=print),
            "its dimension is a positive integer",
        ),
    ],
)
def test_a_factory_that_makes_something_else_is_named(made, rule):
    def odd(argument=""):
        return made

    odd.name = "odd"
    registry = Registry()
    registry.add(odd, kind="embedders")
    with pytest.raises(ContractError, match=f"embedder 'odd': .*{rule}|embedder 'odd': {rule}"):
        registry.embedder("odd")


# --- access


def test_an_unknown_name_suggests_the_nearest():
    registry = Registry()
    registry.add(Warmth())
    with pytest.raises(UnknownNameError, match=r"no ranker named 'warmht'; did you mean 'warmth'\?"):
        registry.ranker("warmht")
    with pytest.raises(UnknownNameError, match="no concept model named 'timm'"):
        registry.concept_model("timm:resnet18")


def test_a_component_is_made_once_for_each_specification():
    registry = Registry()
    registry.add(Flat)
    assert registry.embedder("flat:a") is registry.embedder("flat:a")
    assert registry.embedder("flat") is registry.embedder("flat:")
    assert registry.embedder("flat:a:b").argument == "a:b"


def test_a_component_is_made_once_on_many_threads():
    made, gate = [], threading.Barrier(4)

    class Slow(Flat):
        def __init__(self, argument=""):
            super().__init__(argument)
            made.append(self)

    registry = Registry()
    registry.add(Slow)

    def ask(_):
        gate.wait()
        return registry.embedder("flat")

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ask, range(4)))) == len(made) == 1


def test_a_replaced_factory_makes_a_new_component():
    registry = Registry()
    registry.add(Flat)
    before = registry.embedder("flat")
    registry.add(Flat)
    assert registry.embedder("flat") is not before


def test_a_similarity_index_is_new_every_time():
    registry = Registry()
    registry.add(Nearest)
    assert registry.similarity_index("nearest") is not registry.similarity_index("nearest")


def test_a_factory_that_fails_is_named_and_a_missing_extra_says_what_to_install():
    class Absent(Flat):
        def __init__(self, argument=""):
            raise MissingExtraError("embedder 'flat'", "timm", "timm")

    class Broken(Flat):
        name = "broken"

        def __init__(self, argument=""):
            raise RuntimeError("no weights")

    registry = Registry()
    registry.add(Absent)
    registry.add(Broken)
    with pytest.raises(MissingExtraError, match=r"pip install 'rank-toolkit\[timm\]'"):
        registry.embedder("flat:resnet18")
    with pytest.raises(PluginError, match="embedder 'broken:x' could not be made: RuntimeError: no weights"):
        registry.embedder("broken:x")


def test_what_is_registered_cannot_be_changed_from_outside():
    registry = Registry()
    with pytest.raises(TypeError):
        registry.rankers["x"] = Warmth()


def test_concept_models_and_detectors_are_made_like_embedders():
    class Wide:
        name, version, concepts = "wide", "1", (Concept("wide"),)

        def predict(self, images):
            return [{} for _ in images]

    class Halves:
        name, version, concepts = "halves", "1", ()

        def detect(self, images):
            return [[] for _ in images]

    registry = Registry()
    registry.add(Wide)
    registry.add(Halves)
    assert isinstance(registry.concept_model("wide"), Wide)
    assert isinstance(registry.detector("halves"), Halves)
    assert (list(registry.concept_models), list(registry.detectors)) == (["wide"], ["halves"])


# --- hooks with one answer


def test_the_last_plugin_that_knows_the_address_opens_it():
    registry = Registry()
    red, blue = Image.new("RGB", (2, 2), "red"), Image.new("RGB", (2, 2), "blue")
    registry.add(module("first", toolkit_open_image=lambda uri: red))
    registry.add(module("second", toolkit_open_image=lambda uri: blue if uri.startswith("blue:") else None))
    assert registry.open_image("blue://") is blue
    assert registry.open_image("any://") is red
    assert Registry().open_image("any://") is None


def test_a_plugin_that_fails_to_open_is_a_warning_and_the_next_is_asked():
    registry = Registry()
    picture = Image.new("RGB", (2, 2))
    registry.add(module("works", toolkit_open_image=lambda uri: picture))
    registry.add(module("fails", toolkit_open_image=lambda uri: 1 / 0))
    registry.add(module("odd", toolkit_open_image=lambda uri: "not a picture"))
    with pytest.warns(PluginWarning) as warned:
        assert registry.open_image("any://") is picture
    assert [str(one.message) for one in warned] == [
        "toolkit_open_image of odd failed: TypeError: it returned a str, not a Image",
        "toolkit_open_image of fails failed: ZeroDivisionError: division by zero",
    ]


def test_an_error_of_the_toolkits_own_is_a_plugins_answer():
    def missing(uri):
        raise InputError(uri, "no such object")

    registry = Registry()
    registry.add(module("store", toolkit_open_image=missing))
    with pytest.raises(InputError, match="s3://bucket/x: no such object"):
        registry.open_image("s3://bucket/x")


def test_no_handler_is_added_to_the_log_unless_asked():
    Registry()
    assert logging.getLogger("toolkit.plugins.hooks").handlers == []
