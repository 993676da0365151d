"""The near-duplicates of a collection, or among some of its inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from ..errors import NotIndexedError, QueryError
from ..hits.near_duplicates import DuplicateGroup, DuplicatePair, NearDuplicates
from ..resources import Resources
from ..similarity.duplicate_groups import Duplicates, find_duplicates
from ..similarity.near_duplicates import EVIDENCE, Evidence
from ..snapshot import Snapshot
from ..values.types import IntArray
from .spaces import space_name

__all__ = ["EVIDENCE", "evidence_spaces", "grouped_ids", "near_duplicates"]

PRECISION = 0.98
PIXELS = "pixels"


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """Which inputs are compared, and in which spaces.

    Parameters
    ----------
    inputs : int (n,)
        Indices of the snapshot; those that have a vector in every space.
    evidence : list of Evidence
        Of them.
    """

    inputs: IntArray
    evidence: list[Evidence]


def near_duplicates(
    resources: Resources, evidence: Sequence[str], *, precision: float, progress: bool
) -> NearDuplicates:
    """The groups of near-duplicates of a whole collection.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    evidence : sequence of str
        ``"embedding"`` for the default space, or the names of spaces.
    precision : float
        Which share of the pairs should be right.
    progress : bool
        Whether to show a bar if it takes long.

    Raises
    ------
    NotIndexedError
        There is no such space.
    QueryError
        The precision is no share.
    """
    snapshot = resources.snapshots.latest()
    spaces = evidence_spaces(evidence, snapshot, resources)
    return _found(resources, snapshot, spaces, None, precision=precision, progress=progress)


def grouped_ids(resources: Resources, ids: Sequence[str]) -> list[list[str]]:
    """The near-duplicates among some inputs, by their ids; in the spaces that there are.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    ids : sequence of str
        Of inputs.
    """
    snapshot = resources.snapshots.latest()
    there = []
    for name in EVIDENCE:
        try:
            there += evidence_spaces([name], snapshot, resources)
        except NotIndexedError:
            continue  # by their files then, or by the other
    found = _found(
        resources,
        snapshot,
        list(dict.fromkeys(there)),
        list(dict.fromkeys(ids)),
        precision=PRECISION,
        progress=False,
    )
    return [group.ids for group in found]


def evidence_spaces(evidence: Sequence[str], snapshot: Snapshot, resources: Resources) -> list[str]:
    """The full names of the spaces that evidence is of, each once.

    Parameters
    ----------
    evidence : sequence of str
        As of `near_duplicates`.
    snapshot : Snapshot
        Whose spaces.
    resources : Resources
        Of the open collection.

    Raises
    ------
    NotIndexedError
        There is no such space.
    QueryError
        It is one word, and not several.
    """
    if isinstance(evidence, str):
        raise QueryError(f"evidence={evidence!r}: several words, such as evidence=({evidence!r},)")
    names = [None if name == "embedding" else name for name in evidence]
    return list(dict.fromkeys(space_name(name, snapshot, resources) for name in names))


def _found(
    resources: Resources,
    snapshot: Snapshot,
    spaces: Sequence[str],
    ids: Sequence[str] | None,
    *,
    precision: float,
    progress: bool,
) -> NearDuplicates:
    if not 0 < precision <= 1:
        raise QueryError(f"precision={precision!r}: a share of pairs above 0 and up to 1, such as .98")
    compared = _compared(snapshot, spaces)
    among = None
    if ids is not None:
        keys = list(resources.store.inputs.keys_by_id(ids).values())
        among = np.flatnonzero(np.isin(snapshot.inputs.key, keys))
    content = _contents(resources, snapshot)
    found = find_duplicates(
        compared.evidence, compared.inputs, content, precision=precision, among=among, progress=progress
    )
    members = [group.tolist() for group in found.groups]
    keys = snapshot.inputs.key[[one for group in members for one in group]].tolist()
    inputs = iter(resources.store.inputs.by_key(keys))
    groups = []
    for group in members:
        ordered = sorted(((next(inputs), at) for at in group), key=lambda one: -one[0].width * one[0].height)
        places = {one.id: at for one, at in ordered}
        groups.append(DuplicateGroup([one for one, _ in ordered], partial(_pairs, found, places)))
    looked_at = len(snapshot.inputs) if among is None else len(among)
    lacking = len(snapshot.inputs) - len(compared.inputs) if among is None and spaces else 0
    return NearDuplicates(groups, looked_at, tuple(spaces), lacking, resources.pictures)


def _compared(snapshot: Snapshot, spaces: Sequence[str]) -> _Compared:
    """The inputs that have a vector in every space, and those vectors."""
    whole = snapshot.rows.whole_of_input
    positions = [snapshot.spaces[name].position(whole) for name in spaces]
    there = (
        np.flatnonzero(np.all([one >= 0 for one in positions], axis=0)) if spaces else np.arange(len(whole))
    )
    evidence = [
        Evidence.of(name, _taken(snapshot.spaces[name].vectors, of[there]), is_pixels=_is_pixels(name))
        for name, of in zip(spaces, positions, strict=True)
    ]
    return _Compared(there, evidence)


def _is_pixels(space: str) -> bool:
    return space.partition("@")[0] == PIXELS


def _taken(vectors: npt.NDArray[np.float32], positions: IntArray) -> npt.NDArray[np.float32]:
    """Some vectors; all of them are not copied."""
    if np.array_equal(positions, np.arange(len(vectors))):
        return vectors
    return vectors[positions]


def _contents(resources: Resources, snapshot: Snapshot) -> IntArray:
    """A number int (n,) for each input, the same for the same file."""
    number = np.arange(len(snapshot.inputs))
    for same in resources.store.inputs.same_content():
        places = np.searchsorted(snapshot.inputs.key, same)
        places = places[places < len(number)]
        places = places[
            np.isin(snapshot.inputs.key[places], same)
        ]  # what was added since is not in the snapshot
        number[places] = places.min(initial=len(number))
    return number


def _pairs(found: Duplicates, places: Mapping[str, int], ids: Sequence[str]) -> list[DuplicatePair]:
    """Every two of some inputs of a group, with the reason."""
    one, other = np.triu_indices(len(ids), 1)
    at = np.array([places[id] for id in ids])
    chances = found.chances(at[one], at[other]).tolist()
    reasons = found.reasons(at[one], at[other])
    return [
        DuplicatePair(ids[a], ids[b], chance, reason)
        for a, b, chance, reason in zip(one.tolist(), other.tolist(), chances, reasons, strict=True)
    ]
