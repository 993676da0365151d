"""The `template` view: hits on wide pictures are shown in a way of their own."""

from __future__ import annotations

from html import escape

from toolkit.plugins import Hit, hookimpl

__all__ = ["WIDE"]

WIDE = 3  # times as wide as high


@hookimpl
def toolkit_hit_view(hit: Hit) -> str | None:
    """A fragment of HTML for a panorama; None for the usual picture.

    Whatever comes from a collection is escaped: names of files are written by strangers.
    """
    if hit.input.width < WIDE * hit.input.height:
        return None
    return f"<strong>panorama</strong> {escape(hit.input.uri)}"
