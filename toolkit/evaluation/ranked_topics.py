"""What was ranked so far, in a file, so that an interrupted comparison goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

import numpy as np

from ..query import Query
from .runs import Ranked

__all__ = ["RankedTopics"]

NAME = "ranked.jsonl"


class RankedTopics:
    """A line for each ranking: of which query, at which revision of which collection, and to what depth.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    moment : str
        Names the collection and its revision; rankings of another moment are left aside.
    depth : int
        How many places each has.
    """

    def __init__(self, folder: Path, moment: str, depth: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / NAME
        self._moment, self._depth = moment, depth
        self._there: dict[str, Ranked] = {}
        if self._path.is_file():
            lines = self._path.read_text(encoding="utf-8").splitlines()
            self._there = dict(filter(None, map(_read, lines)))

    def __len__(self) -> int:
        return len(self._there)

    def get(self, query: Query) -> Ranked | None:
        """What was ranked for a query; None if it was not, or not at this moment."""
        return self._there.get(self._key(query))

    def add(self, found: Iterable[tuple[Query, Ranked]]) -> None:
        """Write some rankings; a line that was cut off is not read again.

        Parameters
        ----------
        found : iterable of (Query, Ranked)
            Each query with what was ranked for it.
        """
        with self._path.open("a", encoding="utf-8") as file:
            for query, ranked in found:
                key = self._key(query)
                self._there[key] = ranked
                file.write("\n" + json.dumps(_written(key, ranked)))

    def _key(self, query: Query) -> str:
        asked = json.dumps([self._moment, self._depth, query.to_dict()], sort_keys=True)
        return sha256(asked.encode()).hexdigest()


def _written(key: str, ranked: Ranked) -> Mapping[str, object]:
    return {
        "key": key,
        "ids": list(ranked.ids),
        "scores": list(ranked.scores),
        "total": ranked.total,
        "milliseconds": None if np.isnan(ranked.milliseconds) else ranked.milliseconds,
    }


def _read(line: str) -> tuple[str, Ranked] | None:
    """One ranking; None where a line was cut off, or is none."""
    try:
        match json.loads(line):
            case {
                "key": str(key),
                "ids": list(ids),
                "scores": list(scores),
                "total": int(total),
                "milliseconds": int() | float() | None as taken,
            } if len(ids) == len(scores):
                return key, Ranked(
                    tuple(map(str, ids)),
                    tuple(map(float, scores)),
                    total,
                    float("nan") if taken is None else taken,
                )
    except (ValueError, TypeError):
        pass
    return None
