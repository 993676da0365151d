"""What follows a question mark in a specification: ``NAME?top=3&least=0.1``."""

from __future__ import annotations

from toolkit.errors import QueryError

__all__ = ["split"]


def split(argument: str, **defaults: float) -> tuple[str, dict[str, float]]:
    """The argument without its options, and every option with its value.

    Raises
    ------
    QueryError
        An option that does not exist, or that is no number above 0.

    Examples
    --------
    >>> split("resnet18?top=3", top=5, least=0.05)
    ('resnet18', {'top': 3.0, 'least': 0.05})
    """
    name, _, given = argument.partition("?")
    options = dict(defaults)
    for one in filter(None, given.split("&")):
        key, _, value = one.partition("=")
        if key not in defaults:
            raise QueryError(f"{argument!r}: there is no option {key!r}; there are {', '.join(defaults)}")
        options[key] = _number(argument, key, value)
    return name, options


def _number(argument: str, key: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 < number < float("inf"):
        raise QueryError(f"{argument!r}: {key} is a number above 0, not {value!r}")
    return number
