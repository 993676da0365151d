"""Every test has a home directory, a place for lexicons and a temporary folder of its own."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from homes import home
from installed import environment

BEFORE = []


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_leaves_at_home_the_next_does_not_find(turn, tmp_path_factory):
    assert Path.home().is_relative_to(tmp_path_factory.getbasetemp())
    assert Path.home() not in BEFORE
    assert [path.name for path in Path.home().iterdir()] == ["tmp"]
    assert Path(tempfile.mkdtemp()).parent == Path.home() / "tmp"
    BEFORE.append(Path.home())


def test_lexicons_are_looked_for_in_the_home_of_the_test():
    wn = pytest.importorskip("wn", reason="the extra [wordnet] is not installed")
    with home(Path.home() / "another"):
        assert wn.config.data_directory == Path.home() / ".wn_data"
        assert Path.home().name == "another"


def test_a_process_that_a_test_starts_has_the_same_home():
    code = "import tempfile; from pathlib import Path; print(Path.home(), tempfile.gettempdir())"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(Path.home()), tempfile.gettempdir()]


def test_what_a_user_set_for_the_toolkit_does_not_reach_a_test(tmp_path, monkeypatch):
    monkeypatch.setenv("TOOLKIT_BLOCK_PLUGINS", "toolkit_visual")
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    with home(tmp_path / "home"):
        assert {"TOOLKIT_BLOCK_PLUGINS", "XDG_DATA_HOME"} & os.environ.keys() == set()
