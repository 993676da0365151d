"""Widgets that are shown as one: one act at a time, one status line, and edits that an act does not overtake."""

from __future__ import annotations

from collections.abc import Mapping
from threading import RLock
from typing import TYPE_CHECKING, Final, cast
from uuid import uuid4

from ..values.types import Json

if TYPE_CHECKING:
    from .message_widget import MessageWidget

__all__ = ["Together"]

NOT_EDITED: Final = frozenset({"status", "busy", "group", "part"})


class Together:
    """What widgets that are shown as one share; a widget that is shown alone has one of its own.

    Attributes
    ----------
    id : str
        How the page knows them.
    turn : RLock
        Held while an act of any of them is done.
    members : dict of str to MessageWidget
        The widgets by their names.
    """

    def __init__(self) -> None:
        self.id = uuid4().hex
        self.turn = RLock()
        self.members: dict[str, MessageWidget] = {}

    def apply(self, edits: object) -> None:
        """Set what a page has edited, where the edit itself is still under way.

        Traits and messages reach the kernel by ways of their own: a click may come before the name that was typed
        before it. So every message carries the edits that the page does not know to have arrived.

        Parameters
        ----------
        edits : object
            ``{member: {trait: value}}`` from the page; what is no trait that a page may set is left out.
        """
        for name, values in edits.items() if isinstance(edits, Mapping) else ():
            widget = self.members.get(str(name))
            if widget is not None and isinstance(values, Mapping):
                for trait, value in cast("Mapping[str, Json]", values).items():
                    if trait in widget.keys and not trait.startswith("_") and trait not in NOT_EDITED:
                        widget.set_edited(trait, value)

    def clear_errors(self) -> None:
        """Take errors out of the status lines: something has succeeded since."""
        for widget in self.members.values():
            if widget.status.get("level") == "error":
                widget.status = {}
