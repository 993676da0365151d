"""What a batch of queries came back with: ranked ids and scores; hits are made when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import overload

import numpy as np
import numpy.typing as npt

from ..hits import Hits
from ..query import Query
from ..values.types import FloatArray, IntArray, Level

__all__ = ["Ranking", "Rankings"]

Texts = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ranking:
    """The best places of one query.

    Parameters
    ----------
    query : Query
        As asked.
    places : int32 (k,)
        Indices of the snapshot, best first: of inputs, or of rows at ``level="region"``.
    scores : float32 (k,)
        Theirs, falling; equal ones in order of creation.
    total : int
        How many hits there are in all.
    milliseconds : float
        Its share of what ranking took.
    names : object (places,)
        The id of every place that was ranked.
    show : callable
        From this ranking and a number to so many hits.
    """

    query: Query
    places: IntArray
    scores: FloatArray
    total: int
    milliseconds: float
    names: Texts = field(compare=False)
    show: Callable[[Ranking, int], Hits] = field(compare=False)

    def __len__(self) -> int:
        return len(self.places)

    @property
    def ids(self) -> list[str]:
        """The ids of its inputs (of its regions, at ``level="region"``), best first."""
        ids: list[str] = self.names[self.places].tolist()
        return ids

    def hits(self, limit: int = 20) -> Hits:
        """The first hits, made now: pictures, boxes, and why each is where it is.

        The terms are scored again on the snapshot that was ranked.

        Raises
        ------
        UnknownNameError
            One of them was deleted since.
        """
        return self.show(self, limit)

    def __repr__(self) -> str:
        return f"<Ranking of {self.query}: {len(self):,} of {self.total:,}>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rankings(Sequence[Ranking]):
    """The rankings of several queries, in their order, all of one revision.

    Parameters
    ----------
    rankings : sequence of Ranking
        One a query.
    revision : int
        Of the collection.
    level : {"input", "region"}
        What a place is.
    milliseconds : float
        How long it all took.
    """

    rankings: Sequence[Ranking]
    revision: int
    level: Level
    milliseconds: float

    def __len__(self) -> int:
        return len(self.rankings)

    @overload
    def __getitem__(self, index: int) -> Ranking: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Ranking]: ...
    def __getitem__(self, index: int | slice) -> Ranking | Sequence[Ranking]:
        return self.rankings[index]

    def __repr__(self) -> str:
        return f"<Rankings: {len(self):,} queries at revision {self.revision}>"
