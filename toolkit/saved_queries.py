"""Queries kept in the store under a name."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import cast

from .errors import QueryError
from .query import Query, from_dict
from .store import AnnotationStore

__all__ = ["SavedQueries"]


class SavedQueries(MutableMapping[str, Query]):
    """Saved queries by name: ``photos.queries["dogs outside"] = concept("dog") & ~concept("indoor")``.

    Parameters
    ----------
    store : AnnotationStore
        Where they are kept.
    """

    def __init__(self, store: AnnotationStore) -> None:
        self._store = store

    def __getitem__(self, name: str) -> Query:
        return from_dict(cast("dict[str, object]", self._store.saved_query(name)))

    def __setitem__(self, name: str, query: Query) -> None:
        if not isinstance(query, Query):
            raise QueryError(f"a saved query is an expression such as concept('dog'), not {query!r:.80}")
        with self._store.write() as batch:
            batch.save_query(name, query.to_dict())

    def __delitem__(self, name: str) -> None:
        with self._store.write() as batch:
            batch.delete_query(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._store.saved_queries())

    def __len__(self) -> int:
        return len(self._store.saved_queries())
