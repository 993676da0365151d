"""Queries as one line of text, for the command line.

The names are looked up when they are first used, so that the help of a command loads no parser.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .help import HELP
    from .reading import parse
    from .writing import to_text

__all__ = ["HELP", "parse", "to_text"]

_HOME = {"HELP": "help", "parse": "reading", "to_text": "writing"}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value
