"""A public function says what it takes and what it raises.

``python tests/test_docstrings.py toolkit/words plugins/toolkit_wire`` lists what is missing there.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
HELD = ["toolkit", "plugins"]
INTERFACES = "toolkit/plugins/interfaces*"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(body: list[ast.stmt]) -> Iterator[Function]:
    """The functions of a module and the methods of its classes whose names do not begin with an underscore."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            if isinstance(node, ast.ClassDef):
                yield from functions(node.body)
            else:
                yield node


def arguments(function: Function) -> tuple[str, ...]:
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return tuple(one.arg for one in named if one is not None and one.arg not in {"self", "cls"})


def raises(node: ast.AST) -> bool:
    """Whether its own body raises an error of its own; what an abstract method raises is not counted."""
    return any(
        (isinstance(child, ast.Raise) and child.exc is not None and "NotImplemented" not in ast.dump(child))
        or (not isinstance(child, Function | ast.ClassDef | ast.Lambda) and raises(child))
        for child in ast.iter_child_nodes(node)
    )


def has(section: str, function: Function) -> bool:
    return f"{section}\n{'-' * len(section)}\n" in (ast.get_docstring(function) or "")


def parsed(path: Path) -> list[Function]:
    return list(functions(ast.parse(path.read_text(encoding="utf-8")).body))


def documented(function: Function) -> set[str]:
    """The names in its Parameters section."""
    _, _, after = (ast.get_docstring(function) or "").partition("Parameters\n----------\n")
    section = re.split(r"\n\n[A-Z][\w ]*\n-{3,}\n", after)[0]
    return {
        name.strip().lstrip("*")
        for line in re.findall(r"^(\S.*?) :", section, re.MULTILINE)
        for name in line.split(",")
    }


@cache
def declared() -> frozenset[tuple[str, tuple[str, ...]]]:
    """The methods of the interfaces, which are held too: whoever implements one need not document it again."""
    files = [
        file
        for path in CHECKOUT.glob(INTERFACES)
        for file in (path.rglob("*.py") if path.is_dir() else [path])
    ]
    return frozenset((one.name, arguments(one)) for file in files for one in parsed(file))


def is_documented_elsewhere(function: Function) -> bool:
    """A test's claim is its name; a command has the help of its options; a hook is declared in hooks.py."""
    decorators = " ".join(ast.unparse(one) for one in function.decorator_list)
    return function.name.startswith("test_") or bool(
        re.search(r"\b(overload|hookimpl|command|argument|option)\b", decorators)
    )


def missing(path: Path) -> Iterator[str]:
    """What the docstrings of one file leave out."""
    is_interface = path.relative_to(CHECKOUT).as_posix().startswith(INTERFACES.removesuffix("*"))
    for one in parsed(path):
        if is_documented_elsewhere(one):
            continue
        taken = arguments(one)
        implements = not is_interface and (one.name, taken) in declared()
        lacks = []
        if len(taken) >= 2 and not implements and not has("Parameters", one):
            lacks.append("Parameters")
        if raises(one) and not has("Raises", one):
            lacks.append("Raises")
        lacks += [f"argument {name!r}" for name in sorted(documented(one) - set(taken))]
        if lacks:
            yield f"{path.relative_to(CHECKOUT)}:{one.lineno} {one.name}: no {', no '.join(lacks)}"


def files_of(place: str) -> list[Path]:
    path = CHECKOUT / place
    found = [path] if path.is_file() else path.rglob("*.py")
    return sorted(file for file in found if "template" not in file.parts)


@pytest.mark.parametrize("place", HELD)
def test_a_public_function_says_what_it_takes_and_what_it_raises(place):
    assert [each for file in files_of(place) for each in missing(file)] == []


SAMPLE = '''
def both(a, b):
    """Neither section."""
    raise ValueError

def one(a):
    """One argument is in the first line."""

def written(a, *, b):
    """The sum.

    Parameters
    ----------
    a, b : int
        Numbers.

    Raises
    ------
    ValueError
        Always.
    """
    raise ValueError

def _private(a, b):
    raise ValueError

class Public:
    def method(self, a, **b):
        """A method."""
        def inner():
            raise ValueError
        try:
            return inner
        except KeyError:
            raise

    def renamed(self, a, b):
        """A method.

        Parameters
        ----------
        a, c : int
            Numbers.
        """

    def abstract(self):
        """To be written."""
        raise NotImplementedError
'''


def test_the_rule_is_about_sections_that_are_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "CHECKOUT", tmp_path)
    (tmp_path / "sample.py").write_text(SAMPLE)
    declared.cache_clear()
    assert list(missing(tmp_path / "sample.py")) == [
        "sample.py:2 both: no Parameters, no Raises",
        "sample.py:28 method: no Parameters",
        "sample.py:37 renamed: no argument 'c'",
    ]
    declared.cache_clear()


if __name__ == "__main__":
    for place in sys.argv[1:] or ["toolkit", "plugins"]:
        for file in files_of(place):
            for each in missing(file):
                print(each)
