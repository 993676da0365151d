"""The one line that says what happened last, for several widgets that are shown as one."""

from __future__ import annotations

from collections.abc import Mapping

from ..hits.markup import Markup
from .message_widget import MessageWidget
from .together import Together

__all__ = ["StatusLine"]


class StatusLine(MessageWidget):
    """What the parts say, the newest last; an error is an alert until something succeeds.

    Parameters
    ----------
    parts : mapping of str to MessageWidget
        The widgets that are shown as one, by their names.
    """

    scripts = ("status_line.js",)

    def __init__(self, parts: Mapping[str, MessageWidget]) -> None:
        super().__init__()
        self._parts = dict(parts)
        together = Together()
        for name, part in {**self._parts, "line": self}.items():
            part.become_part(together, name)
        for part in self._parts.values():
            part.observe(self._says, "status")
            part.observe(self._works, "busy")

    def cancel(self) -> None:
        """Cancel whatever runs in any of the parts."""
        for part in self._parts.values():
            if part.busy:
                part.cancel()

    def static_html(self) -> str:
        """Nothing: where there is no kernel nothing happens."""
        return Markup("")

    def _says(self, change: Mapping[str, object]) -> None:
        new = change["new"]
        if isinstance(new, Mapping) and new.get("text"):
            self.status = dict(new)

    def _works(self, _: object) -> None:
        self.busy = any(part.busy for part in self._parts.values())
