"""Groups of near-duplicates: pairs as sure as asked for, joined where every two pictures of a group may be one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..values.types import FloatArray, IntArray
from .near_duplicates import Evidence, candidates, chances, log_ratios

__all__ = ["Duplicates", "find_duplicates"]

Reals: TypeAlias = npt.NDArray[np.float64]

PAIRS = 4096  # measured at once
LEAST = 0.1  # the chance that every two pictures of a group have
LARGEST = 1000  # pictures that are compared with one another before a group is made of them
ROUNDING = 1e-9
NEVER = 1e-3  # pairs that are less likely are forgotten at once


@dataclass(frozen=True, slots=True, eq=False)
class Duplicates:
    """What was found among n pictures.

    Parameters
    ----------
    groups : list of int arrays
        Indices in [0, n), ascending; the largest group first.
    evidence : tuple of Evidence
        In which spaces.
    scales : tuple of float32 (n,)
        The local scales in each; NaN where a picture was not compared.
    positions : int (n,)
        Of each picture among the vectors; -1 where it has none.
    content : int (n,)
        The same number for the same file.
    """

    groups: list[IntArray]
    evidence: tuple[Evidence, ...]
    scales: tuple[FloatArray, ...]
    positions: IntArray
    content: IntArray

    def chances(self, one: IntArray, other: IntArray) -> Reals:
        """How likely pairs are near-duplicates: float64 (p,); 1 where the file is the same.

        Parameters
        ----------
        one, other : int (p,)
            Indices in [0, n).
        """
        found = np.asarray(self.content[one] == self.content[other], np.float64)
        known = self._known(one, other) & (found < 1)
        if self.evidence and known.any():
            ratios = self._ratios(one[known], other[known])
            found[known] = chances(self.evidence, ratios)
        return found

    def reasons(self, one: IntArray, other: IntArray) -> list[str]:
        """What speaks for pairs, in words.

        Parameters
        ----------
        one, other : int (p,)
            Indices in [0, n).
        """
        same = self.content[one] == self.content[other]
        known = self._known(one, other)
        nearer = np.full((len(one), len(self.evidence)), np.nan)
        if self.evidence and known.any():
            nearer[known] = np.exp(-np.stack(self._ratios(one[known], other[known]), axis=1))
        return [
            "the same file" if equal else _words([of.name for of in self.evidence], row)
            for equal, row in zip(same.tolist(), nearer.tolist(), strict=True)
        ]

    def _known(self, one: IntArray, other: IntArray) -> npt.NDArray[np.bool_]:
        return (self.positions[one] >= 0) & (self.positions[other] >= 0)

    def _ratios(self, one: IntArray, other: IntArray) -> list[Reals]:
        return [
            log_ratios(of, self.positions[one], self.positions[other], scales=(scale[one], scale[other]))
            for of, scale in zip(self.evidence, self.scales, strict=True)
        ]


def _words(names: Sequence[str], nearer: Sequence[float]) -> str:
    told = [f"{times:.1f} times in {name}" for name, times in zip(names, nearer, strict=True)]
    return f"nearer than their neighbors: {', '.join(told)}"


def find_duplicates(
    evidence: Sequence[Evidence],
    compared: IntArray,
    content: IntArray,
    *,
    precision: float,
    among: IntArray | None = None,
    progress: bool = False,
) -> Duplicates:
    """The groups of near-duplicates among n pictures.

    The likeliest pairs are taken, as many as are right in the given share if each is as likely as it seems. What they
    connect is split where two pictures of it are not likely enough to be one (complete linkage).

    Parameters
    ----------
    evidence : sequence of Evidence
        Of the pictures that are compared; without any, only equal files are found.
    compared : int (m,)
        Which of the n pictures the m vectors are of, ascending.
    content : int (n,)
        The same number for the same file.
    precision : float
        In (0, 1].
    among : int (k,), optional
        Only among these of the n pictures, each with each; the others only say what is near.
    progress : bool
        Whether to show a bar if it takes longer than two seconds.
    """
    positions = np.full(len(content), -1)
    positions[compared] = np.arange(len(compared))
    some = positions if among is None else positions[among]
    scales, first, second = candidates(
        evidence, some[some >= 0], each_with_each=among is not None, progress=progress
    )
    of_all = [np.full(len(content), np.nan, np.float32) for _ in evidence]
    for full, scale in zip(of_all, scales, strict=True):
        full[compared] = scale
    found = Duplicates([], tuple(evidence), tuple(of_all), positions, content)
    taken = _taken(found, compared[first], compared[second], precision)
    equal = _equal_files(content, among)
    one, other = (np.concatenate(each) for each in zip(taken, equal, strict=True))
    groups = [
        group
        for members in _connected(one, other, len(content))
        for group in _complete(members, found.chances)
    ]
    groups.sort(key=lambda group: (-len(group), int(group[0])))
    return Duplicates(groups, found.evidence, found.scales, positions, content)


def _taken(found: Duplicates, one: IntArray, other: IntArray, precision: float) -> tuple[IntArray, IntArray]:
    """The likeliest pairs, as many as have the precision together."""
    one, other, chance = _likely(found, one, other)
    order = np.argsort(-chance, kind="stable")
    sure = np.cumsum(chance[order]) >= precision * np.arange(1, len(order) + 1) - ROUNDING
    order = order if sure.all() else order[: int(np.argmin(sure))]
    return one[order], other[order]


def _likely(found: Duplicates, one: IntArray, other: IntArray) -> tuple[IntArray, IntArray, Reals]:
    """The pairs that are not quite unlikely, and their chances."""
    kept: list[tuple[IntArray, IntArray, Reals]] = [
        (np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0, np.float64))
    ]
    for start in range(0, len(one), PAIRS):
        part = slice(start, start + PAIRS)
        chance = found.chances(one[part], other[part])
        some = chance >= NEVER
        kept.append((one[part][some], other[part][some], chance[some]))
    first, second, chances = (np.concatenate(each) for each in zip(*kept, strict=True))
    return first, second, chances


def _equal_files(content: IntArray, among: IntArray | None) -> tuple[IntArray, IntArray]:
    """Pairs that connect all pictures of each file."""
    some = np.arange(len(content)) if among is None else among
    order = some[np.argsort(content[some], kind="stable")]
    equal = content[order[1:]] == content[order[:-1]]
    return order[:-1][equal], order[1:][equal]


def _connected(one: IntArray, other: IntArray, count: int) -> Iterator[IntArray]:
    """The pictures that pairs connect, ascending; those without a pair left out."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(one), bool), (one, other)), shape=(count, count))
    component = connected_components(graph, directed=False)[1]
    paired = np.unique(np.concatenate([one, other]))
    order = paired[np.argsort(component[paired], kind="stable")]
    breaks = np.flatnonzero(np.diff(component[order])) + 1
    return (np.sort(part) for part in np.split(order, breaks) if len(part) > 1)


def _complete(members: IntArray, chances: Callable[[IntArray, IntArray], Reals]) -> Iterator[IntArray]:
    """Connected pictures as groups in which every two may be one; so many at a time that memory is bounded."""
    from scipy.cluster.hierarchy import fcluster, linkage

    for start in range(0, len(members), LARGEST):
        part = members[start : start + LARGEST]
        if len(part) < 2:
            continue
        one, other = np.triu_indices(len(part), 1)
        apart = 1 - np.concatenate(
            [
                chances(part[one[at : at + PAIRS]], part[other[at : at + PAIRS]])
                for at in range(0, len(one), PAIRS)
            ]
        )
        label = fcluster(linkage(apart, "complete"), 1 - LEAST, "distance")
        yield from (group for each in np.unique(label) if len(group := part[label == each]) > 1)
