import json
import signal
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from installed import Site, environment, install, install_own

from toolkit.errors import (
    PluginError,
    UnknownNameError,
)
from toolkit.plugins.registry import PluginRow, PluginWarning, Registry, default

RANKER = """
import numpy as np
from toolkit.plugins.hooks import hookimpl
from toolkit.plugins.parameters import Parameter

class One:
    name = "{name}"
    is_filter = False
    help = "All the same."
    parameters = (Parameter("name", "text", "Anything."),)
    def rank(self, term, snapshot, context):
        return np.ones(len(snapshot.rows), np.float32)

@hookimpl
def toolkit_rankers():
    return [One()]
"""

WRAPPER = """
from toolkit.plugins.hooks import hookimpl

@hookimpl(wrapper=True)
def toolkit_rankers():
    return (yield)
"""


@pytest.fixture
def site(tmp_path, monkeypatch):
    return Site(tmp_path, monkeypatch)


def discovered(match):
    with pytest.warns(PluginWarning, match=match):
        return Registry.discover()


def test_an_installed_plugin_is_found_by_its_entry_point(site):
    site.install(
        "toolkit-one", {"one": "one_plugin"}, {"one_plugin": RANKER.format(name="one")}, version="2.3"
    )
    registry = Registry.discover()
    assert list(registry.rankers) == ["one"]
    assert registry.plugins() == [
        PluginRow("one", "2.3", "toolkit-one", "one_plugin", "ok", {"rankers": ("one",)}),
    ]


def test_a_row_is_json(site):
    site.install("toolkit-one", {"one": "one_plugin"}, {"one_plugin": RANKER.format(name="one")})
    (row,) = Registry.discover().plugins()
    assert json.loads(json.dumps(row.to_dict())) == {
        "name": "one",
        "version": "1.0",
        "distribution": "toolkit-one",
        "module": "one_plugin",
        "status": "ok",
        "provides": {"rankers": ["one"]},
        "reason": "",
    }


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import no_such_module_anywhere", "ModuleNotFoundError: No module named 'no_such_module_anywhere'"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("raise KeyboardInterrupt('mine')", "KeyboardInterrupt: mine"),
        ("raise GeneratorExit", "GeneratorExit: "),
        ("class Odd(BaseException): ...\nraise Odd('odd')", "Odd: odd"),
        ("def broken(:", "SyntaxError"),
        ("x = 1", "implements no hook; is @hookimpl missing?"),
        (
            RANKER.format(name="broken").replace("[One()]", "1 / 0"),
            "failed: ZeroDivisionError: division by zero",
        ),
        (RANKER.format(name="broken").replace("[One()]", "One()"), "toolkit_rankers returns a list; got <"),
        (RANKER.format(name="broken").replace("[One()]", "[One(), One()]"), "'broken' twice"),
        (
            RANKER.format(name="broken").replace("toolkit_rankers", "toolkit_rankerz"),
            "did you mean 'toolkit_rankers'",
        ),
        (RANKER.format(name="broken").replace("toolkit_rankers()", "toolkit_rankers(x)"), "toolkit_rankers"),
        (RANKER.format(name="broken").replace("@hookimpl", "@hookimpl(wrapper=True)"), "wrapper=True"),
        (WRAPPER, "a hook is a plain function; got toolkit_rankers as a wrapper"),
        (RANKER.format(name="not a word"), "its name is a word"),
    ],
)
def test_a_broken_plugin_is_a_warning_and_a_row_and_the_rest_work(site, code, reason):
    site.install("toolkit-broken", {"broken": "broken_plugin"}, {"broken_plugin": code})
    site.install("toolkit-one", {"one": "one_plugin"}, {"one_plugin": RANKER.format(name="one")})
    registry = discovered(r"plugin 'broken' of toolkit-broken \(broken_plugin\) takes no part: ")
    assert list(registry.rankers) == ["one"]
    broken, one = registry.plugins()
    assert (broken.status, one.status) == ("failed", "ok")
    assert reason in broken.reason
    with pytest.raises(UnknownNameError, match="Plugins that take no part: broken; see "):
        registry.ranker("broken")


def test_a_hook_that_leaves_is_a_row_too(site):
    code = "from toolkit.plugins import hookimpl\n@hookimpl\ndef toolkit_rankers():\n    raise SystemExit"
    site.install("toolkit-odd", {"odd": "odd_plugin"}, {"odd_plugin": code})
    registry = discovered("toolkit_rankers of toolkit-odd .* failed: SystemExit")
    assert registry.plugins()[0].status == "failed"


def test_the_interrupt_of_the_user_is_no_failure_of_a_plugin(site):
    code = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nimport time\ntime.sleep(1)"
    site.install("toolkit-slow", {"slow": "slow_plugin"}, {"slow_plugin": code})
    usual = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # what runs in the background may ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            Registry.discover()
        assert signal.getsignal(signal.SIGINT) == signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, usual)


def test_a_plugin_that_is_interrupted_by_itself_on_another_thread_is_isolated_there(site):
    site.install("toolkit-odd", {"odd": "odd_plugin"}, {"odd_plugin": "raise KeyboardInterrupt('mine')"})
    with warnings.catch_warnings(), ThreadPoolExecutor(1) as pool:
        warnings.simplefilter("ignore")
        (row,) = pool.submit(Registry.discover).result().plugins()
    assert (row.status, row.reason) == ("failed", "KeyboardInterrupt: mine")


def test_what_plugins_print_does_not_reach_standard_output(tmp_path):
    loud = "print('hello from import')\n" + RANKER.format(name="loud").replace(
        "def toolkit_rankers():", "def toolkit_rankers():\n    print('hello from a hook')"
    )
    loud += (
        "\nclass Told:\n    name, version, dimension = 'told', '1', 2\n"
        "    def __init__(self):\n        print('hello from a factory')\n"
        "    def embed(self, images):\n        return np.ones((len(images), 2), np.float32)\n"
        "@hookimpl\ndef toolkit_embedders():\n    return [Told]\n"
    )
    install(tmp_path, "toolkit-loud", {"loud": "loud_plugin"}, {"loud_plugin": loud})
    install_own(tmp_path)
    for arguments in (["plugins", "--json"], ["add", str(tmp_path / "p.db"), "--embedder", "told", "--json"]):
        command = [sys.executable, "-m", "toolkit", *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment(tmp_path, TOOLKIT_WORKFLOW="none")
        )
        assert json.loads(done.stdout), done.stderr
        assert "hello from a hook" in done.stderr


def test_an_entry_point_that_names_nothing_is_a_row(site):
    site.install("toolkit-odd", {"odd": "not even: a module!"})
    registry = discovered("plugin 'odd'")
    assert [row.status for row in registry.plugins()] == ["failed"]


def test_one_module_named_twice_is_registered_once(site):
    code = {"one_plugin": RANKER.format(name="one")}
    site.install("toolkit-one", {"a": "one_plugin", "b": "one_plugin"}, code)
    registry = discovered("is registered already")
    assert [(row.name, row.status) for row in registry.plugins()] == [("a", "ok"), ("b", "failed")]


@pytest.mark.parametrize("order", [("alpha", "beta"), ("beta", "alpha")])
def test_of_two_strangers_with_one_name_neither_takes_part_whatever_the_order(site, order):
    for name in order:
        site.install(
            f"toolkit-{name}", {name: f"{name}_plugin"}, {f"{name}_plugin": RANKER.format(name="same")}
        )
    with pytest.warns(PluginWarning) as warned:
        registry = Registry.discover()
    reason = (
        "ranker 'same' is registered by toolkit-alpha (alpha_plugin) and by toolkit-beta (beta_plugin); "
        "block all but one with TOOLKIT_BLOCK_PLUGINS, or rename"
    )
    assert len(warned) == 2
    assert [(row.name, row.status, row.reason, row.provides) for row in registry.plugins()] == [
        ("alpha", "failed", reason, {}),
        ("beta", "failed", reason, {}),
    ]
    assert dict(registry.rankers) == {}


def test_a_stranger_cannot_take_the_place_of_our_own(site):
    site.install("Rank_Toolkit", {"own": "own_plugin"}, {"own_plugin": RANKER.format(name="concept")})
    site.install("a-stranger", {"a": "a_plugin"}, {"a_plugin": RANKER.format(name="concept")})
    registry = discovered("ranker 'concept' is registered by Rank_Toolkit")
    assert [(row.name, row.status) for row in registry.plugins()] == [("own", "ok"), ("a", "failed")]
    assert type(registry.ranker("concept")).__module__ == "own_plugin"


def test_a_clash_is_solved_by_blocking_one_of_the_two(site, monkeypatch):
    for name in ("alpha", "beta"):
        site.install(
            f"toolkit-{name}", {name: f"{name}_plugin"}, {f"{name}_plugin": RANKER.format(name="same")}
        )
    monkeypatch.setenv("TOOLKIT_BLOCK_PLUGINS", "beta")
    assert type(Registry.discover().ranker("same")).__module__ == "alpha_plugin"


@pytest.mark.parametrize("pattern", ["one", "toolkit-one", "other, one", "toolkit-*", "*"])
def test_a_blocked_plugin_is_not_even_imported(site, monkeypatch, pattern):
    site.install("toolkit-one", {"one": "one_plugin"}, {"one_plugin": "1 / 0"})
    monkeypatch.setenv("TOOLKIT_BLOCK_PLUGINS", pattern)
    assert Registry.discover().plugins() == [
        PluginRow(
            "one", "1.0", "toolkit-one", "one_plugin", "blocked", {}, "blocked by TOOLKIT_BLOCK_PLUGINS"
        ),
    ]


def test_our_own_plugins_load_and_import_nothing_heavy(tmp_path):
    install_own(tmp_path)
    code = """
import json, sys
from toolkit.plugins.registry import Registry
rows = Registry.discover().plugins()
heavy = {"sklearn", "torch", "scipy", "pandas", "joblib", "ipywidgets", "IPython"} & set(sys.modules)
print(json.dumps([[row.name for row in rows if row.status != "ok"], sorted(heavy)]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment(tmp_path),
        check=True,
        timeout=60,
    )
    assert json.loads(done.stdout) == [[], []], done.stderr


def test_traced_hook_calls_are_written_to_stderr(tmp_path):
    install(tmp_path, "toolkit-one", {"one": "one_plugin"}, {"one_plugin": RANKER.format(name="one")})
    code = "from toolkit.plugins.registry import Registry; Registry.discover(); Registry.discover()"
    traced = environment(tmp_path, TOOLKIT_TRACE_HOOKS="1")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=traced, check=True, timeout=60
    )
    traced = [line for line in done.stderr.splitlines() if "toolkit-one (one_plugin)" in line]
    assert len(traced) == 2
    assert traced[0].startswith("toolkit_rankers of toolkit-one (one_plugin)() -> [<one_plugin.One object")
    assert done.stdout == ""


def test_the_default_registry_is_discovered_once():
    with ThreadPoolExecutor(4) as pool:
        assert len({id(registry) for registry in pool.map(lambda _: default(), range(8))}) == 1


def test_a_cell_cannot_take_the_name_of_an_installed_plugin(site):
    site.install("toolkit-one", {"one": "one_plugin"}, {"one_plugin": RANKER.format(name="one")})
    registry = Registry.discover()
    other = SimpleNamespace(name="one", parameters=(), is_filter=False, help="Another.", rank=print)
    with pytest.raises(PluginError, match=r"by toolkit-one \(one_plugin\) and by types.SimpleNamespace"):
        registry.add(other)


def test_a_plugin_refused_for_a_clash_answers_nothing(site):
    view = "\n@hookimpl\ndef toolkit_hit_view(hit):\n    return 'seen'\n"
    for name in ("alpha", "beta"):
        code = RANKER.format(name="same") + view
        site.install(f"toolkit-{name}", {name: f"{name}_plugin"}, {f"{name}_plugin": code})
    assert discovered("ranker 'same'").hit_view(None) is None
