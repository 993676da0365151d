import os
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from installed import install, paths

from toolkit.cli.new_plugin import KINDS as OFFERED
from toolkit.errors import PluginError, UnknownNameError
from toolkit.plugins import hooks, new_plugin
from toolkit.plugins.new_plugin import FILES, KINDS, write_plugin
from toolkit.plugins.registry import Registry


@pytest.fixture(autouse=True)
def _no_plugins(monkeypatch):
    monkeypatch.setattr(new_plugin, "default", Registry)


def run(*arguments, path, cwd):
    environment = {**os.environ, "PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, cwd=cwd, env=environment, timeout=120
    )


def texts(folder):
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_new_plugin_passes_its_own_test_and_is_found_once_installed(tmp_path):
    folder = write_plugin("dominant-color", tmp_path)
    assert folder == tmp_path / "toolkit-dominant-color"
    tested = run("-m", "pytest", "-q", "-p", "no:cacheprovider", path=paths(), cwd=folder)
    assert tested.returncode == 0, tested.stdout + tested.stderr

    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    install(
        tmp_path / "site", project["name"], project["entry-points"]["toolkit"], version=project["version"]
    )
    program = (
        "from toolkit.plugins.registry import Registry\nfrom toolkit.terms import Terms\n"
        "registry = Registry.discover()\n"
        "print([row.to_dict()['provides'] for row in registry.plugins() if row.name == 'dominant_color'])\n"
        "print(Terms(registry).dominant_color(0.25))"
    )
    found = run("-W", "ignore", "-c", program, path=paths(tmp_path / "site", folder), cwd=tmp_path)
    assert found.stdout.splitlines() == ["[{'rankers': ['dominant_color']}]", "dominant_color(0.25)"], (
        found.stderr
    )


def test_the_tests_of_every_kind_pass_at_once_and_each_is_registered(tmp_path):
    folders = [write_plugin(f"my-{kind}", tmp_path, kind=kind) for kind in KINDS]
    tests = [str(path) for folder in folders for path in (folder / "tests").iterdir()]
    assert len(tests) == len(KINDS)
    options = ("-q", "-p", "no:cacheprovider", "-W", "error", "-c", "/dev/null", "--rootdir", str(tmp_path))
    tested = run("-m", "pytest", *options, *tests, path=paths(*folders), cwd=tmp_path)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    for folder in folders:
        project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
        install(tmp_path / "site", project["name"], project["entry-points"]["toolkit"], version="1")
    program = (
        "from toolkit.plugins.registry import Registry\n"
        "rows = [row for row in Registry.discover().plugins() if row.name.startswith('my_')]\n"
        "print(sorted(kind for row in rows for kind in row.provides), {row.status for row in rows})"
    )
    found = run("-c", program, path=paths(tmp_path / "site", *folders), cwd=tmp_path)
    assert found.stdout == f"{sorted(filter(None, KINDS.values()))} {{'ok'}}\n", found.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_of_the_template_is_left_in_any_kind(tmp_path, kind):
    written = texts(write_plugin("mine", tmp_path, kind=kind))
    assert "template" not in "".join(written.values()).lower()
    description = tomllib.loads(written["pyproject.toml"])["project"]["description"]
    assert description.endswith(" for rank-toolkit: mine.")
    assert ("ranker" in description) == (kind == "ranker")


def test_every_hook_has_a_kind_and_the_command_offers_them_all():
    hooks_of = {f"toolkit_{kind}" for kind in KINDS.values() if kind}
    assert hooks_of | {"toolkit_open_image", "toolkit_hit_view"} == {
        name for name in vars(hooks) if name.startswith("toolkit_")
    }
    assert tuple(KINDS) == OFFERED


def test_an_unknown_kind_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(UnknownNameError, match="did you mean 'embedder'"):
        write_plugin("mine", tmp_path, kind="embeder")
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_another_thing_of_that_kind_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(new_plugin, "default", Registry.discover)
    with pytest.raises(PluginError, match="an embedder named 'pixels' is registered already"):
        write_plugin("pixels", tmp_path, kind="embedder")


def test_every_file_is_about_the_new_name(tmp_path):
    written = texts(write_plugin("dominant-color", tmp_path))
    assert sorted(written) == [
        "README.md",
        "pyproject.toml",
        "tests/test_toolkit_dominant_color.py",
        "toolkit_dominant_color.py",
    ]
    assert "template" not in "".join(written.values()).lower()
    project = tomllib.loads(written["pyproject.toml"])["project"]
    assert project["name"] == "toolkit-dominant-color"
    assert project["entry-points"] == {"toolkit": {"dominant_color": "toolkit_dominant_color"}}
    assert "class DominantColorRanker:" in written["toolkit_dominant_color.py"]


def test_the_template_is_itself_a_plugin_of_that_name(tmp_path):
    template = Path(__file__).parents[1] / "plugins" / "template"
    written = texts(write_plugin("template", tmp_path))
    assert written == {file: (template / file).read_text() for file in FILES}


@pytest.mark.parametrize("name", ["warmth", "toolkit-warmth", "toolkit_warmth"])
def test_the_prefix_may_be_given(tmp_path, name):
    assert write_plugin(name, tmp_path / "made" / "here") == tmp_path / "made" / "here" / "toolkit-warmth"


BLANK = ("", " ", "toolkit-", "a b", "a\n", "a\0b")
HOSTILE = ("../a", "a/b", "/etc/x", "a\\b", "$(rm)", '"; import os', "a" * 41)
OTHERWISE_WRITTEN = ("Warmth", "2d", "a--b", "-a", "a-", "a.b", "ä", "犬")


@pytest.mark.parametrize("name", [*BLANK, *HOSTILE, *OTHERWISE_WRITTEN])
def test_a_name_that_is_no_name_is_refused(tmp_path, name):
    with pytest.raises(PluginError, match="is no name for a plugin"):
        write_plugin(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["import", "fuse"])
def test_a_word_of_the_language_is_refused(tmp_path, name):
    with pytest.raises(PluginError, match="is a word of the query language already"):
        write_plugin(name, tmp_path)


def test_the_name_of_a_registered_ranker_is_refused(tmp_path, monkeypatch):
    registry = Registry()
    registry.add(SimpleNamespace(name="warmth", parameters=(), is_filter=False, help="How warm.", rank=print))
    monkeypatch.setattr(new_plugin, "default", lambda: registry)
    with pytest.raises(PluginError, match="'warmth' is a word of the query language already"):
        write_plugin("warmth", tmp_path)


def test_the_name_of_an_installed_module_is_refused(tmp_path, monkeypatch):
    (tmp_path / "toolkit_mine.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(PluginError, match="a module toolkit_mine is installed already"):
        write_plugin("mine", tmp_path)


def test_an_existing_folder_is_left_alone(tmp_path):
    (tmp_path / "toolkit-warmth").mkdir()
    with pytest.raises(PluginError, match="exists already"):
        write_plugin("warmth", tmp_path)
    assert list((tmp_path / "toolkit-warmth").iterdir()) == []


def test_a_link_to_nowhere_is_left_alone(tmp_path):
    (tmp_path / "toolkit-warmth").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PluginError, match="exists already"):
        write_plugin("warmth", tmp_path)


def test_nothing_is_left_behind_when_writing_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(new_plugin, "FILES", (*FILES, "not there"))
    with pytest.raises(PluginError, match=r"cannot write .*toolkit-warmth: No such file"):
        write_plugin("warmth", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(PluginError, match="cannot write"):
        write_plugin("warmth", tmp_path / "file")
