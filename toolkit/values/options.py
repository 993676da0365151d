"""What follows a question mark in a specification: ``NAME?top=3&least=0.1``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import QueryError

__all__ = ["Options", "read_options"]

TEMPERATURE = "temperature"  # of a softmax


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one component.

    Parameters
    ----------
    values : mapping of str to float
        Every option there is, with its value.
    changed : bool
        Whether any but a temperature differs from what is usual.
    """

    values: Mapping[str, float]
    changed: bool

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    def version(self, version: str) -> str:
        """The version of a component that works by them: other options make another version.

        A temperature, which came later than the others, is written only where it is not 1.

        Examples
        --------
        >>> read_options("resnet18?top=3", top=50, least=0.001)[1].version("ab12")
        'ab12-3-0.001'
        >>> read_options("resnet18?temperature=1.3", top=50, least=0.001, temperature=1.0)[1].version("ab12")
        'ab12-t1.3'
        """
        others = dict(self.values)
        temperature = others.pop(TEMPERATURE, 1.0)
        parts = [f"{value:g}" for value in others.values()] if self.changed else []
        return "-".join([version, *parts, *([f"t{temperature:g}"] if temperature != 1 else [])])


def read_options(argument: str, **usual: float) -> tuple[str, Options]:
    """The argument without its options, and every option with its value.

    Parameters
    ----------
    argument : str
        The text after the colon of a specification.
    **usual : float
        The options there are, each with its default.

    Raises
    ------
    QueryError
        An option that does not exist, or that is no number above 0.

    Examples
    --------
    >>> name, options = read_options("resnet18?top=3", top=50, least=0.001)
    >>> name, options["top"], options["least"]
    ('resnet18', 3.0, 0.001)
    """
    name, _, given = argument.partition("?")
    values = dict(usual)
    for one in filter(None, given.split("&")):
        key, _, value = one.partition("=")
        if key not in usual:
            there = ", ".join(usual) or "none"
            raise QueryError(f"{argument!r}: there is no option {key!r}; there are: {there}")
        values[key] = _number(argument, key, value)
    return name, Options(values, any(values[key] != usual[key] for key in usual if key != TEMPERATURE))


def _number(argument: str, key: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 < number < float("inf"):
        raise QueryError(f"{argument!r}: {key} is a number above 0, not {value!r}")
    return number
