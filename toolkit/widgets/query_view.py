"""A widget that shows a query of a collection, and with which a person changes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ..collection.collection import Collection
from ..grammar import parse
from ..plugins.fusions import bind_fusion
from ..query import Query, Term
from .gallery import Gallery
from .message_widget import MessageWidget

__all__ = ["EVERYTHING", "Asked", "QueryView", "read"]

Asked: TypeAlias = "Callable[[Query | None], object]"

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


class QueryView(MessageWidget):
    """A widget that shows a query, and with which a person changes it.

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
        self._query = query
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
        raise NotImplementedError

    def follow(self, query: Query | None) -> None:
        """Show another query as soon as that is counted, in the background; of several the last one."""
        self.run(lambda: self.show(query), lambda _: None)

    def on_query(self, asked: Asked) -> None:
        """Call something with the new query whenever a person changes it here."""
        self._asked.append(asked)

    def ask(self, query: Query | None) -> None:
        """Change the query as a person does: it is shown here, and by everything that is linked."""
        self.show(query)
        for asked in self._asked:
            asked(query)

    def link(self, *others: Gallery | QueryView, limit: int = 48) -> None:
        """Let other widgets show what is asked here, and this and the others what is asked in one of them.

        Parameters
        ----------
        others : Gallery or QueryView
            A gallery shows the hits.
        limit : int
            How many hits a gallery has on a page.
        """
        views = [self, *(one for one in others if isinstance(one, QueryView))]
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
