"""Every example in a docstring of the toolkit and its plugins runs and prints what it says."""

import doctest
import importlib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
FILES = [*(CHECKOUT / "toolkit").rglob("*.py"), *(CHECKOUT / "plugins").glob("toolkit_*/**/*.py")]


def module_of(path):
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[1:] if parts[0] == "plugins" else parts).removesuffix(".__init__")


MODULES = sorted(module_of(path) for path in FILES if ">>> " in path.read_text(encoding="utf-8"))


def test_there_are_examples():
    assert len(MODULES) >= 30


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed == 0
