"""What no error in a shell may say: a call of Python."""

import importlib
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

# A call on a collection, or the call of a function with a keyword, dots or a text in it.
PYTHON = re.compile(r"\bphotos\.\w+[(.]|\b\w+\((?:[^()]*\b\w+=|\.\.\.|')")


@contextmanager
def checked_errors() -> Iterator[None]:
    """Have every error that the command line shows looked at."""
    command_line = importlib.import_module("toolkit.cli.main")
    show = command_line.show_error

    def show_checked(error):
        if advice := getattr(error, "advice", None):
            assert not PYTHON.search(advice.shell()), f"a call of Python in a shell: {advice.shell()}"
        show(error)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command_line, "show_error", show_checked)
        yield
