"""A widget that shows a query of a collection, and with which a person changes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any, Generic, TypeAlias, TypeVar, cast

from ..collection.collection import Collection
from ..grammar import parse
from ..plugins.fusions import bind_fusion
from ..query import Query, Term
from .gallery import Gallery
from .message_widget import MessageWidget

__all__ = ["EVERYTHING", "Asked", "Change", "QueryView", "read"]

Asked: TypeAlias = "Callable[[Query | None], object]"
Change: TypeAlias = "Callable[[Query | None], Query | None]"
Found = TypeVar("Found")

EVERYTHING = Term("where", None, (("region", False),))  # every picture as a whole


def read(photos: Collection, query: Query | str | None) -> Query | None:
    """The query of an expression or of a line of text; None of None.

    Parameters
    ----------
    photos : Collection
        Whose rankers a line of text may name.
    query : Query, str or None
        What is asked.
    """
    if not isinstance(query, str):
        return query
    rankers = {name: one.parameters for name, one in photos.registry.rankers.items()}
    return parse(query, rankers=rankers, check_fusion=lambda one: bind_fusion(one, photos.registry))


class QueryView(MessageWidget, Generic[Found]):
    """A widget that shows a query, and with which a person changes it.

    What is found of a query takes a while, so `_find` may be called on another thread and changes nothing that is
    shown; `_draw` shows what it returned.

    Parameters
    ----------
    photos : Collection
        What is searched.
    query : Query, optional
        What is shown first; the whole collection by default.
    later : bool
        Whether nothing is shown until `show` or `follow` is called.
    """

    def __init__(self, photos: Collection, query: Query | None = None, *, later: bool = False) -> None:
        super().__init__()
        self._photos = photos
        self._query = self._unchanged = query
        self._changes: list[Change] = []  # by a person, of `_unchanged`, that are still looked for
        self._asked: list[Asked] = []
        if not later:
            self.show(query)

    @property
    def query(self) -> Query | None:
        """What is shown; None for the whole collection. Set it to show another."""
        return self._query

    @query.setter
    def query(self, query: Query | None) -> None:
        self.show(query)

    def show(self, query: Query | None) -> None:
        """Show another query; None for the whole collection."""
        found = self._find(query)
        self.drop()  # what is still looked for was asked before
        self._settle(query)
        self._draw(found)

    def follow(self, query: Query | None) -> None:
        """Show another query as soon as that is found, in the background; of several the last one.

        What a person changes meanwhile is changed in that query too, and asked for: a click is never lost.

        Parameters
        ----------
        query : Query or None
            None for the whole collection.
        """
        self._unchanged = query
        changes = tuple(self._changes)
        changed = reduce(lambda before, change: change(before), changes, query)
        self._query = changed  # at once: what is clicked next builds on it

        def find() -> Found:
            try:
                return self._find(changed)
            except Exception:
                self._changes.clear()  # or every query to come would have this fault
                raise

        def draw(found: object) -> None:
            self._settle(changed)
            self._draw(cast("Found", found))
            if changes:
                self._tell(changed)

        self.run(find, draw)

    def change(self, change: Change) -> None:
        """Change the query as a person does: what it finds is found in the background, then all linked are told.

        Parameters
        ----------
        change : callable
            Gives the new query of the one that is shown.
        """
        change(self._query)  # an error is this one's, not one of the queries to come
        self._changes.append(change)
        self.follow(self._unchanged)

    def _settle(self, query: Query | None) -> None:
        self._query = self._unchanged = query
        self._changes.clear()

    def _find(self, query: Query | None) -> Found:
        """What a query finds, of any thread; what it cannot be raises."""
        raise NotImplementedError

    def _draw(self, found: Found) -> None:
        """Show what the query finds."""
        raise NotImplementedError

    def on_query(self, asked: Asked) -> None:
        """Call something with the new query whenever a person changes it here."""
        self._asked.append(asked)

    def ask(self, query: Query | None) -> None:
        """Change the query as a person does: it is shown here, and by everything that is linked."""
        self.show(query)
        self._tell(query)

    def _tell(self, query: Query | None) -> None:
        for asked in self._asked:
            asked(query)

    def link(self, *others: Gallery | QueryView[Any], limit: int = 48) -> None:
        """Let other widgets show what is asked here, and this and the others what is asked in one of them.

        Parameters
        ----------
        others : Gallery or QueryView
            A gallery shows the hits.
        limit : int
            How many hits a gallery has on a page.
        """
        views: list[QueryView[Any]] = [self, *(one for one in others if isinstance(one, QueryView))]
        galleries = [one for one in others if isinstance(one, Gallery)]

        def found(query: Query | None) -> None:
            for gallery in galleries:
                gallery.show(self._photos.search(EVERYTHING if query is None else query, limit=limit))

        for view in views:
            view.on_query(found)
            for other in views:
                if other is not view:
                    view.on_query(other.show)
        found(self.query)
        for view in views[1:]:
            view.show(self.query)
