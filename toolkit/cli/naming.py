"""The inputs that a command line names."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import UnknownNameError
from ..files.patterns import is_pattern

if TYPE_CHECKING:
    from ..collection.collection import Collection

__all__ = ["INPUTS", "named"]

INPUTS = "INPUTS are ids, paths, folders, patterns such as 'trip/**/*.jpg', or - for paths on standard input."


def named(photos: Collection, names: Sequence[str]) -> list[str]:
    """The ids of inputs, each once: of ids, paths, folders and patterns, and ``-`` for paths on standard input.

    Parameters
    ----------
    photos : Collection
        Where the inputs are.
    names : sequence of str
        As they were typed.

    Raises
    ------
    UnknownNameError
        One names no input; the first of them.
    UsageError
        Standard input names none.
    """
    given = list(_given(names))
    if not given:
        raise click.UsageError("standard input names no inputs")
    return list(dict.fromkeys(id for name in given for id in _ids(photos, name)))


def _given(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        if name == "-":
            yield from filter(None, sys.stdin.read().split("\n"))
        else:
            yield name


def _ids(photos: Collection, name: str) -> list[str]:
    if Path(name).expanduser().is_dir():
        return photos.inputs.below(name)
    try:
        return [photos.find(name).id]
    except UnknownNameError:
        if not is_pattern(name):
            raise
    return photos.inputs.below(name)
