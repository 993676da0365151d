"""What every node checks about its own fields."""

from __future__ import annotations

import keyword
import math
from collections.abc import Collection
from numbers import Real

from ..errors import QueryError

__all__ = ["check_choice", "finite_number", "identifier", "is_number"]


def is_number(value: object) -> bool:
    """Whether a value is a real number, NumPy's among them; True and False are none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def finite_number(what: str, value: float) -> float:
    """The value as a float; refused unless it is a finite number."""
    if not is_number(value) or not math.isfinite(value):
        raise QueryError(f"{what} is a finite number, not {value!r}")
    return float(value)


def check_choice(what: str, word: object, words: Collection[object]) -> None:
    """Refuse a word that is none of those there are."""
    if word not in words:
        raise QueryError(f"no {what} {word!r}; there are: {', '.join(map(repr, words))}")


def identifier(what: str, name: str) -> str:
    """The name; refused unless Python takes it, as it is, as the name of a function or an argument."""
    fits = isinstance(name, str) and name.isascii() and name.isidentifier()
    if not fits or keyword.iskeyword(name) or (what, name) == ("ranker", "fuse"):
        raise QueryError(f"{name!r} cannot be the name of a {what}: write an ASCII Python identifier")
    return str(name)
