"""What a saved notebook keeps of a widget: a static form beside it, made again after each search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

from ..hits.markup import Markup, element

__all__ = ["StillOutput", "show_in_cell"]


class _Handle(Protocol):
    def update(self, obj: object, **kwargs: object) -> None: ...


def show_in_cell(shown: object, **options: object) -> object:
    """Add an output to the cell that runs now; what IPython returns of it.

    Parameters
    ----------
    shown : object
        What is displayed.
    **options : object
        Of IPython's ``display``.
    """
    from IPython import display

    # IPython has no types of it.
    show: Callable[..., object] = display.display
    return show(shown, **options)


class StillOutput:
    """An output of a cell that is not seen while the widget above it lives, and is what is left without it.

    The style of the widgets hides it; where they are gone, after a notebook was saved and opened again, it is seen.

    Parameters
    ----------
    html : callable
        To the static form, as it is then.
    """

    def __init__(self, html: Callable[[], str]) -> None:
        self._html = html
        self._handle: _Handle | None = None
        self._written = ""
        self._is_due = False

    def show(self) -> None:
        """Add the output to the cell that runs now; a cell that it was added to before keeps what it has."""
        self._written = self._fragment()
        self._handle = cast(_Handle, show_in_cell(_Fragment(self._written), display_id=True))

    def is_old(self) -> bool:
        """Say that something has changed; whether `refresh` is to be called, which it is once for many changes."""
        was_due, self._is_due = self._is_due, self._handle is not None
        return self._is_due and not was_due

    def refresh(self) -> None:
        """Make it again, wherever the cell is."""
        self._is_due = False
        if self._handle is not None and (fragment := self._fragment()) != self._written:
            self._written = fragment
            self._handle.update(_Fragment(fragment))

    def _fragment(self) -> str:
        return element("div", Markup(self._html()), class_="tk-still")


class _Fragment:
    """HTML that an output shows; other front ends show nothing."""

    def __init__(self, html: str) -> None:
        self._html = html

    def _repr_html_(self) -> str:
        return self._html

    def __repr__(self) -> str:
        return ""
