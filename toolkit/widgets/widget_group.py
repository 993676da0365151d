"""Several widgets that are one: it draws them itself, so that it is whole wherever an anywidget is shown."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, cast

import traitlets

from ..errors import QueryError
from ..hits.markup import Markup, joined
from ..values.types import Json
from .message_widget import MessageWidget
from .output import StillOutput, show_in_cell

__all__ = ["WidgetGroup"]


class WidgetGroup(MessageWidget):
    """Widgets laid out by one script, with one status line. A subclass names those that have a state in `parts`.

    Parameters
    ----------
    **widgets : MessageWidget
        By the name of the slot that each is drawn in, in the order of their static forms.

    Attributes
    ----------
    slots : dict of str to str
        Which widget is in which slot, as anywidget refers to it.
    hidden : list of str
        The slots that are not shown now.
    """

    parts: ClassVar[tuple[str, ...]] = ()
    scripts = ("group.js", "stack.js")
    _members: Mapping[str, MessageWidget] = MappingProxyType({})  # until it is made

    slots: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    hidden: traitlets.List[str] = traitlets.List().tag(sync=True)

    def __init__(self, **widgets: MessageWidget) -> None:
        self._members = widgets
        self._still = StillOutput(self.static_html)
        super().__init__(slots={name: f"anywidget:{one.model_id}" for name, one in widgets.items()})
        for name, one in {**widgets, "all": self}.items():
            one.become_part(self.together, name)

    def hide(self, name: str, *, hidden: bool = True) -> None:
        """Hide a slot, or show it again.

        Parameters
        ----------
        name : str
            Of the slot.
        hidden : bool
            False shows it.
        """
        others = [one for one in self.hidden if one != name]
        self.hidden = [*others, name] if hidden else others

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
        shown = (one for name, one in self._members.items() if name not in self.hidden)
        return joined(Markup(widget.static_html()) for widget in shown)

    def picture(self) -> bytes:
        """The hits as a PNG; empty where there are none."""
        return next((one for widget in self._members.values() if (one := widget.picture())), b"")

    def _ipython_display_(self) -> None:
        """Show it, and beside it what a saved notebook keeps."""
        bundle, metadata = cast("tuple[dict[str, object], dict[str, object]]", self._repr_mimebundle_())
        show_in_cell(
            {kind: one for kind, one in bundle.items() if kind != "text/html"}, metadata=metadata, raw=True
        )
        self._still.show()

    def refresh_output(self) -> None:
        """Have what a saved notebook keeps say what is shown now; on another thread, for it takes a moment."""
        if self._still.is_old():
            self.background.run_apart(self._still.refresh)

    def close(self) -> None:
        """Close it and everything in it."""
        for widget in self._members.values():
            widget.close()
        super().close()
