"""A widget's static view: HTML or a picture that a notebook stores."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..errors import QueryError

__all__ = ["STILL", "HasStaticView", "StaticView", "take_snapshot"]

HEAD = """<!doctype html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<body style="margin:16px;font-family:system-ui,sans-serif">
"""
STILL = "margin:4px 0;font-size:13px;line-height:1.45"  # of a line: as large as those of the hits


@dataclass(frozen=True, slots=True, repr=False)
class StaticView:
    """A self-contained piece of HTML, or a PNG; displayed as itself.

    Parameters
    ----------
    html : str
        Inline styles and pictures only; loads nothing. Empty for a picture.
    png : bytes
        Empty for HTML.
    """

    html: str = ""
    png: bytes = b""

    def save(self, path: str | Path) -> None:
        """Write it to a file."""
        Path(path).write_bytes(self.png or f"{HEAD}{self.html}\n".encode())

    def _repr_html_(self) -> str | None:
        return self.html or None

    def _repr_png_(self) -> bytes | None:
        return self.png or None

    def __repr__(self) -> str:
        return (
            f"StaticView({len(self.png):,} bytes of PNG)"
            if self.png
            else f"StaticView({len(self.html):,} characters of HTML)"
        )


class HasStaticView(Protocol):
    """Something that can be shown without a widget."""

    def static_html(self) -> str:
        """As HTML."""

    def picture(self) -> bytes:
        """As a PNG; empty where there is nothing to see."""


def take_snapshot(shown: HasStaticView, path: str | Path | None, form: str | None) -> StaticView:
    """The static view of a widget, also written to `path` if one is given.

    Parameters
    ----------
    shown : Showing
        A widget.
    path : str or Path or None
        A file to write.
    form : {"html", "png"} or None
        None: that of the path, else HTML.

    Raises
    ------
    QueryError
        There is no such form, or no picture of this.
    """
    form = form or (Path(path).suffix.lstrip(".").lower() if path is not None else "html")
    if form not in {"html", "htm", "png"}:
        raise QueryError(f"no form {form!r} of a snapshot; there are: html, png")
    still = StaticView(png=shown.picture()) if form == "png" else StaticView(shown.static_html())
    if form == "png" and not still.png:
        raise QueryError(f"{type(shown).__name__} has no hits to make a picture of; form='html' works")
    if path is not None:
        still.save(path)
    return still
