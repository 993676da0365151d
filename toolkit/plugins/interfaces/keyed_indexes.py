"""What finds vectors by the keys of their regions, in an engine that is fed from the store."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ...values.types import FloatArray, IntArray
from .indexes import Capabilities

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["EngineFactory", "EngineSite", "KeyedIndex"]


class KeyedIndex(Protocol):
    """An engine that holds the vectors of spaces by region key, and is a cache of the store, never the truth.

    The store's regions have whole numbers as keys that never change and are never used again. The engine is fed with
    what was added and deleted since the revision that it holds; where its token is not one that the store knows, it is
    emptied and fed anew. One that has files or connections open has ``close()``, too.

    Attributes
    ----------
    name : str
        What it is called in settings.
    capabilities : Capabilities
        What it can do: whether it is exact, outlives the process (`persistent`), takes vectors out again (`deletes`),
        searches among given keys (`within`) and scores given keys (`scores`).
    """

    name: str
    capabilities: Capabilities

    def revision(self, space: str) -> str | None:
        """The token of what it holds of a space, as `apply` was given it last; None where it holds nothing."""
        ...

    def apply(
        self, space: str, keys: IntArray, vectors: FloatArray, deleted: IntArray | None, revision: str
    ) -> None:
        """Take vectors in, in the place of those that have the same keys, and others out; all of it or nothing.

        Parameters
        ----------
        space : str
            What the vectors are comparable in.
        keys : int64 array
            Of the regions whose vectors come in, (m,).
        vectors : float32 array
            Unit vectors float32 (m, d).
        deleted : int64 array, optional
            Keys of what goes; those not held are passed over. None empties the space first.
        revision : str
            The token that `revision` returns from now on.
        """
        ...

    def nearest(
        self, space: str, vectors: FloatArray, k: int, within: IntArray | None = None
    ) -> tuple[IntArray, FloatArray]:
        """Keys int64 (b, k) of what is nearest to each query, and cosines float32 (b, k), the best first.

        Where fewer than k are held, the rest is -1 and NaN.

        Parameters
        ----------
        space : str
            Of the vectors.
        vectors : float32 array
            Unit vectors float32 (b, d).
        k : int
            How many of each.
        within : int64 array, optional
            The keys to search among.
        """
        ...

    def scores(self, space: str, vectors: FloatArray, keys: IntArray) -> FloatArray:
        """Cosines float32 (b, p) of queries with what has these keys; NaN where a key is not held.

        Parameters
        ----------
        space : str
            Of the vectors.
        vectors : float32 array
            Unit vectors float32 (b, d).
        keys : int64 array
            (p,).
        """
        ...


@dataclass(frozen=True, slots=True)
class EngineSite:
    """Where the engine of a collection may keep what it holds.

    Parameters
    ----------
    collection : str
        A random name that the collection has for good: for an engine that several collections share.
    folder : Path or None
        A folder of this engine's own beside the collection, which it makes if it needs it; None for a collection in
        memory.
    database : callable
        Opens a connection to the collection's own database, for a ``with`` block; the same as that of the transaction
        that is open on this thread. It may be written to inside `apply` and `build` alone.
    argument : str
        What follows the name and a colon in settings, such as an address; an engine that takes none refuses it.
    readonly : bool
        Whether the collection is open for reading only.
    """

    collection: str
    folder: Path | None
    database: Callable[[], AbstractContextManager[Connection]]
    argument: str = ""
    readonly: bool = False


class EngineFactory(Protocol):
    """Makes the engine of a collection; a class whose ``__init__`` takes a site will do.

    Attributes
    ----------
    name : str
        What it is called in settings.
    """

    name: str

    def __call__(self, site: EngineSite, /) -> KeyedIndex:
        """The engine, at a site."""
        ...
