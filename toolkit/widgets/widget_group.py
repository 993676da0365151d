"""Several widgets one above the other, that are one widget."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, cast

from ipywidgets import VBox

from ..errors import QueryError
from ..hits.markup import Markup, joined
from ..values.types import Json
from .message_widget import MessageWidget
from .static_view import StaticView, take_snapshot
from .status_line import StatusLine

__all__ = ["WidgetGroup"]


class WidgetGroup(VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A box of widgets, with a static form of its own. A subclass names its attributes that are widgets in `parts`.

    Parameters
    ----------
    widgets : MessageWidget
        From top to bottom.
    """

    parts: ClassVar[tuple[str, ...]] = ()
    _members: tuple[MessageWidget, ...] = ()  # one that cannot be made is closed all the same

    def __init__(self, *widgets: MessageWidget) -> None:
        self.line = StatusLine({name: cast(MessageWidget, getattr(self, name)) for name in self.parts})
        self._members = (self.line, *widgets)
        super().__init__(self._members)

    def to_dict(self) -> dict[str, Json]:
        """What a person has set in every part, as a JSON object; `from_dict` reads it back."""
        return {name: cast(MessageWidget, getattr(self, name)).to_dict() for name in self.parts}

    def from_dict(self, value: Mapping[str, Json]) -> None:
        """Become what `to_dict` wrote; parts that it does not name stay.

        Raises
        ------
        QueryError
            It is not what `to_dict` writes.
        """
        wrong = set(value) - set(self.parts) | {k for k, one in value.items() if not isinstance(one, Mapping)}
        if wrong:
            parts = ", ".join(self.parts)
            raise QueryError(f"a {type(self).__name__} has an object each for {parts}; not {sorted(wrong)}")
        for name in self.parts:
            if name in value:
                self._restore(name, cast("Mapping[str, Json]", value[name]))

    def _restore(self, name: str, value: Mapping[str, Json]) -> None:
        cast(MessageWidget, getattr(self, name)).from_dict(value)

    def static_html(self) -> str:
        """What is shown where no widget can be."""
        return joined(Markup(widget.static_html()) for widget in self._members if _is_shown(widget))

    def picture(self) -> bytes:
        """The hits as a PNG; empty where there are none."""
        return next((one for widget in self._members if (one := widget.picture())), b"")

    def snapshot(self, path: str | Path | None = None, *, form: str | None = None) -> StaticView:
        """What is shown now, without a kernel, as HTML or PNG.

        Parameters
        ----------
        path : str or Path, optional
            A file to write; its ending says the form.
        form : {"html", "png"}, optional
            By default that of the path, else HTML.
        """
        return take_snapshot(self, path, form)

    def close(self) -> None:
        """Close it and everything in it."""
        for widget in self._members:
            widget.close()
        super().close()

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, object]:
        bundle: dict[str, object] = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/html": self.static_html()}


def _is_shown(widget: MessageWidget) -> bool:
    return bool(widget.layout.display != "none")
