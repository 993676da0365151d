"""Two hits side by side, zoomed together; or two rankings, with where each picture stands in the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, cast

import traitlets

from ..collection.collection import Collection
from ..hits import Hits
from ..hits.captions import contribution_text, display_name, term_text
from ..hits.markup import element
from ..values.types import Hit, Json
from .message_widget import Answer, MessageWidget, Request
from .pictures import large_picture
from .static_view import STILL

__all__ = ["SideBySide"]

MOST: Final = 24  # ranks of a ranking


class SideBySide(MessageWidget):
    """Two columns: of one picture each, or of the first ranks of two queries.

    Parameters
    ----------
    photos : Collection
        Whose pictures.

    Attributes
    ----------
    columns : list of dict
        ``{"title": ..., "cells": [...]}``, two of them; none where nothing is compared.
    large : bool
        Whether each column is one picture.
    """

    scripts = ("zoom.js", "side_by_side.js")
    asks = {"want": "_want", "close": "_close"}  # noqa: RUF012  # read only; the base class says so
    slow = frozenset({"want"})
    looks = frozenset({"want"})

    columns: traitlets.List[Json] = traitlets.List().tag(sync=True)
    large = traitlets.Bool(False).tag(sync=True)

    def __init__(self, photos: Collection) -> None:
        super().__init__()
        self._photos = photos
        self.on_close: Callable[[], object] | None = None
        """What happens when a person has seen enough."""

    def show_hits(self, first: Hit, second: Hit) -> None:
        """Show two hits, large, with why each is where it is.

        Parameters
        ----------
        first, second : Hit
            From left to right.
        """
        with self.hold_sync():
            self.large = True
            self.columns = [_column_of(hit) for hit in (first, second)]

    def show_rankings(self, before: Hits, after: Hits, *, names: tuple[str, str]) -> None:
        """Show the first ranks of two queries, and how far each picture moved.

        Parameters
        ----------
        before, after : Hits
            From left to right.
        names : tuple of str
            What stands above each.
        """
        sides = (before[:MOST], after[:MOST])
        places = [{hit.input.id: hit.rank for hit in side} for side in (before, after)]
        with self.hold_sync():
            self.large = False
            self.columns = [
                {"title": name, "cells": [{**_cell(hit), "other": other.get(hit.input.id)} for hit in side]}
                for name, side, other in zip(names, sides, reversed(places), strict=True)
            ]

    def _want(self, asked: Request, _: Sequence[bytes]) -> Answer:
        ids = [str(id) for id in cast("Sequence[str]", asked["ids"])]
        if self.large:
            return {"ids": ids}, [large_picture(self._photos, id)[0] for id in ids]
        return {"ids": ids}, [self._photos.thumbnail(id) for id in ids]

    def _close(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.columns = []
        if self.on_close:
            self.on_close()
        return {}, []

    def static_html(self) -> str:
        """What is compared, in words."""
        titles = [str(cast("dict[str, Json]", one)["title"]) for one in self.columns]
        return element("div", " beside ".join(titles), style=STILL) if titles else ""

    def __repr__(self) -> str:
        return f"SideBySide({len(self.columns)} columns)"


def _cell(hit: Hit) -> dict[str, Json]:
    return {
        "picture": hit.input.id,
        "name": display_name(hit.input),
        "rank": hit.rank,
        "score": hit.score,
        "width": hit.input.width,
        "height": hit.input.height,
    }


def _column_of(hit: Hit) -> dict[str, Json]:
    facts: list[Json] = [[term_text(part), contribution_text(part)] for part in hit.parts]
    return {"title": f"{hit.rank}: {display_name(hit.input)}", "cells": [{**_cell(hit), "facts": facts}]}
