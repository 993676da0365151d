"""The things that one plugin registered, and its row in ``toolkit plugins``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from ...values.types import Json

__all__ = ["PluginRow", "Registered", "qualified"]


@dataclass(frozen=True, slots=True)
class PluginRow:
    """One line of ``toolkit plugins``.

    Parameters
    ----------
    name : str
        The entry point's name, or the thing's own if it was added by hand.
    version, distribution : str
        Of the installed package; empty if it was added by hand.
    module : str
        The import that provides it; with the class, if it was added by hand.
    status : {"ok", "failed", "blocked"}
        Whether it takes part.
    provides : mapping of str to tuple of str
        What it registered: ``"rankers"``, ``"embedders"``, ... to names.
    reason : str
        Why it does not take part.
    """

    name: str
    version: str
    distribution: str
    module: str
    status: Literal["ok", "failed", "blocked"] = "ok"
    provides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reason: str = ""

    @property
    def full_name(self) -> str:
        """The distribution and the module, which tell two plugins of one name apart."""
        return f"{self.distribution} ({self.module})" if self.distribution else self.module

    def refused(self, status: Literal["failed", "blocked"], reason: str) -> PluginRow:
        """The row of a plugin that does not take part.

        Parameters
        ----------
        status : {"failed", "blocked"}
            Why it does not take part.
        reason : str
            Why, in one line.
        """
        return replace(self, status=status, provides={}, reason=reason)

    def to_dict(self) -> dict[str, Json]:
        """A JSON object."""
        return {
            "name": self.name,
            "version": self.version,
            "distribution": self.distribution,
            "module": self.module,
            "status": self.status,
            "provides": {kind: list(names) for kind, names in self.provides.items()},
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Registered:
    """A plugin, or a single thing added by hand, with everything it registered.

    Parameters
    ----------
    row : PluginRow
        Who it is.
    things : mapping of str to mapping of str to object
        What it provides, by kind and name; empty if it does not take part.
    plugin : object
        What implements the hooks; None for a single thing.
    by_hand : bool
        Whether adding the same again replaces it.
    """

    row: PluginRow
    things: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    plugin: object = None
    by_hand: bool = False

    def __post_init__(self) -> None:
        provides = {kind: tuple(named) for kind, named in self.things.items() if named}
        object.__setattr__(self, "row", replace(self.row, provides=provides))

    @property
    def claims(self) -> frozenset[tuple[str, str]]:
        """The pairs (kind, name) that are its own."""
        return frozenset((kind, name) for kind, named in self.things.items() for name in named)

    def gives_way_to(self, other: Registered) -> bool:
        """Whether adding another replaces this one: the same cell, run again."""
        same = self.by_hand and other.by_hand and self.row.module == other.row.module
        return same and (self.plugin is not None or bool(self.claims & other.claims))


def qualified(thing: object) -> str:
    """Where a thing comes from: a module's name, or the full name of its class or function."""
    name = getattr(thing, "__qualname__", None)
    if name is None:
        if isinstance(module := getattr(thing, "__name__", None), str):
            return module
        thing = type(thing)
        name = thing.__qualname__
    return f"{thing.__module__}.{name}"
