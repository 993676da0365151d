"""The sizes that files and functions stay within; the docstring of a function is not counted."""

import ast
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
FILES = [path for folder in ("toolkit", "plugins") for path in sorted((CHECKOUT / folder).rglob("*.py"))]
FILE, FUNCTION = 400, 60  # lines


def name(path):
    return path.relative_to(CHECKOUT).as_posix()


def docstring(function):
    """How many lines its docstring has, which may well be longer than the code."""
    text = ast.get_docstring(function, clean=False)
    return 0 if text is None else text.count("\n") + 1


def test_a_file_is_at_most_400_lines_long():
    long = {name(path) for path in FILES if len(path.read_text(encoding="utf-8").splitlines()) > FILE}
    assert long == set()


def test_a_function_is_at_most_60_lines_long():
    functions = [
        (f"{name(path)}:{node.name}", node.end_lineno - node.lineno + 1 - docstring(node))
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert len(functions) > 1000
    assert {name: lines for name, lines in functions if lines > FUNCTION} == {}
