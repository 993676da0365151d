"""Queries stored under a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, cast

from ..errors import QueryError
from ..on_first_use import OnFirstUse
from ..query import Query
from ..resources import Resources
from ..store import Batch
from ..values.types import Json

if TYPE_CHECKING:
    from .. import search as searching
else:
    searching = OnFirstUse("toolkit.search")

__all__ = ["SavedQueries"]

_FACTS = "queries.facts"
_LAST = "queries.last"


class SavedQueries(MutableMapping[str, Query]):
    """Saved queries by name: ``photos.queries["dogs outside"] = concept("dog") & ~concept("indoor")``.

    Parameters
    ----------
    resources : Resources
        Of the open collection, which keeps them.

    Examples
    --------
    >>> import toolkit
    >>> from toolkit.terms import concept
    >>> with toolkit.open() as photos:
    ...     photos.queries["dogs"] = concept("dog")
    ...     photos.queries.save({"cats": concept("cat")}, facts={"cats": {"level": "region"}})
    ...     list(photos.queries), photos.queries.facts()
    (['cats', 'dogs'], {'cats': {'level': 'region'}})
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._store = resources.store

    def __getitem__(self, name: str) -> Query:
        return searching.read_saved(self._store.queries.get(name), name, self._resources)

    def __setitem__(self, name: str, query: Query | str) -> None:
        self.save({name: query})

    def __delitem__(self, name: str) -> None:
        with self._store.write() as batch:
            batch.queries.delete(name)
            self._write_facts(batch, {name: {}})

    def __iter__(self) -> Iterator[str]:
        return iter(self._store.queries.all())

    def __len__(self) -> int:
        return len(self._store.queries.all())

    def save(
        self, queries: Mapping[str, Query | str], *, facts: Mapping[str, Mapping[str, Json]] | None = None
    ) -> None:
        """Save some queries in place of earlier ones, all or none.

        Parameters
        ----------
        queries : mapping of str to Query or str
            By name; a text is read as `Collection.search` reads it.
        facts : mapping of str to mapping, optional
            By the name of the query, further facts as a JSON object. What was stored with
            an earlier query of that name goes.

        Raises
        ------
        QueryError
            One is no query; none is saved.
        """
        for query in queries.values():
            if not isinstance(query, Query | str):
                raise QueryError(f"a saved query is an expression such as concept('dog'), not {query!r:.80}")
        read = {name: searching.read_query(query, self._resources) for name, query in queries.items()}
        with self._store.write() as batch:
            for name, query in read.items():
                batch.queries.save(name, searching.saved_form(query, self._resources.registry))
            self._write_facts(batch, {name: (facts or {}).get(name, {}) for name in queries})

    def converted(self, query: Query) -> Query:
        """A query written before scores estimated probabilities, with the same meaning in today's scores.

        A comparison that cannot be converted stays, and a warning says so.
        """
        return searching.read_saved(query.to_dict(), query.text(), self._resources)

    def facts(self) -> dict[str, Mapping[str, Json]]:
        """The facts stored with queries, by name; queries without facts are left out."""
        return dict(cast("Mapping[str, Mapping[str, Json]]", self._store.properties.get(_FACTS, default={})))

    def last(self) -> Mapping[str, Json]:
        """What an explorer looked at when it was closed last, as its `to_dict` writes it; empty if none was."""
        return cast("Mapping[str, Json]", self._store.properties.get(_LAST, default={}))

    def keep_last(self, state: Mapping[str, Json]) -> None:
        """Store what an explorer looks at, in place of what was stored before."""
        if state != self.last():
            with self._store.write() as batch:
                batch.properties.set(_LAST, dict(state))

    def _write_facts(self, batch: Batch, changed: Mapping[str, Mapping[str, Json]]) -> None:
        before = self.facts()
        after = {name: one for name, one in {**before, **changed}.items() if one}
        if after != before:
            batch.properties.set(_FACTS, after)
