"""Slots: places in a query that each topic fills, as ``topic.input`` in ``input(topic.input)``."""

from __future__ import annotations

from dataclasses import dataclass

from .checks import identifier

__all__ = ["Slot", "Topic", "topic"]


@dataclass(frozen=True, slots=True, repr=False)
class Slot:
    """The place of a value that every topic gives anew.

    Parameters
    ----------
    name : str
        The column of the topics that has it, an ASCII Python identifier.

    Raises
    ------
    QueryError
        The name cannot be that of a column.
    """

    name: str

    def __post_init__(self) -> None:
        identifier("slot", self.name)

    def __repr__(self) -> str:
        return f"topic.{self.name}"


class Topic:
    """Makes slots: ``topic.input`` is `Slot` ``"input"``; use the one instance, `topic`."""

    def __getattr__(self, name: str) -> Slot:
        # Python and IPython ask every object for such names and expect nothing else.
        if name.startswith("_"):
            raise AttributeError(name)
        return Slot(name)

    def __repr__(self) -> str:
        return "topic"


topic = Topic()
