"""What plugins registered, by kind, and what a factory makes, held to the rules of its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import cast

from ...errors import PluginError, ToolkitError
from .isolation import error_line, prints_aside
from .kinds import KINDS, checked_component
from .registered import Registered

__all__ = ["by_kind", "given", "made"]


def by_kind(plugins: Sequence[Registered]) -> dict[str, Mapping[str, object]]:
    """Everything registered, by kind and name."""
    things: dict[str, dict[str, object]] = {kind: {} for kind in KINDS}
    for plugin in plugins:
        for kind, named in plugin.things.items():
            things[kind].update(named)
    return {kind: MappingProxyType(named) for kind, named in things.items()}


def made(kind: str, spec: str, factory: object, *arguments: object) -> object:
    """What a factory makes.

    Parameters
    ----------
    kind : str
        The kind of thing, such as ``embedders``.
    spec : str
        The specification it is made from, for errors.
    factory : object
        What makes it.
    *arguments : object
        What the factory is given.

    Raises
    ------
    PluginError
        The factory failed.
    ContractError
        It made something else.
    """
    try:
        with prints_aside():
            component = cast("Callable[..., object]", factory)(*arguments)
    except ToolkitError:
        raise
    except Exception as error:
        raise PluginError(f"{KINDS[kind].word} {spec!r} could not be made: {error_line(error)}") from error
    return checked_component(kind, spec, component)


def given(argument: str) -> tuple[str, ...]:
    """What follows the colon, for a factory: nothing where nothing does, so that a plain class is one too."""
    return (argument,) if argument else ()
