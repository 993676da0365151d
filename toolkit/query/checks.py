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
    """The value as a float; refused unless it is a finite number.

    Parameters
    ----------
    what : str
        What it is called in the error.
    value : float
        What was given.

    Raises
    ------
    QueryError
        It is not a number, or not finite.
    """
    if not is_number(value) or not math.isfinite(value):
        raise QueryError(f"{what} is a finite number, not {value!r}")
    return float(value)


def check_choice(what: str, word: object, words: Collection[object]) -> None:
    """Refuse a word that is none of those there are.

    Parameters
    ----------
    what : str
        What it is called in the error.
    word : object
        What was given.
    words : collection
        What there is.

    Raises
    ------
    QueryError
        The word is none of them.
    """
    if word not in words:
        raise QueryError(f"no {what} {word!r}; there are: {', '.join(map(repr, words))}")


def identifier(what: str, name: str) -> str:
    """The name; refused unless Python takes it, as it is, as the name of a function or an argument.

    Parameters
    ----------
    what : str
        What it names: a ``"ranker"``, say.
    name : str
        What was given.

    Raises
    ------
    QueryError
        It is no ASCII identifier, a keyword, or taken.
    """
    fits = isinstance(name, str) and name.isascii() and name.isidentifier()
    if not fits or keyword.iskeyword(name) or (what, name) == ("ranker", "fuse"):
        raise QueryError(f"{name!r} cannot be the name of a {what}: write an ASCII Python identifier")
    return str(name)
