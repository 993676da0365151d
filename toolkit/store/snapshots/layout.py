"""A snapshot as named arrays and a few words, and back: what is written to files, frozen and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy.typing as npt

from ...snapshot import (
    AnnotationArrays,
    ConceptColumns,
    InputArrays,
    Later,
    RowArrays,
    Snapshot,
    Space,
    TextColumn,
)
from ...values.source import Source

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["AnyArray", "arrays_of", "frozen", "snapshot_of", "words_of"]

AnyArray: TypeAlias = npt.NDArray[Any]
ArrayMaker: TypeAlias = Callable[[], AnyArray]
Group = TypeVar("Group", bound=Later)

GROUPS = {
    "inputs": InputArrays,
    "rows": RowArrays,
    "annotations": AnnotationArrays,
    "columns": ConceptColumns,
}
TEXTS = {"metadata", "info"}
WORDS = ("revision", "token", "concepts", "sources", "statuses")


def arrays_of(snapshot: Snapshot) -> dict[str, AnyArray]:
    """Every array of a snapshot by name: ``"rows.box"``, ``"spaces.0.vectors"``, ``"datasets.2"``."""
    named = dict(pair for group in GROUPS for pair in _flat(group, getattr(snapshot, group)))
    for index, space in enumerate(snapshot.spaces.values()):
        named[f"spaces.{index}.vectors"] = space.vectors
        named[f"spaces.{index}.rows"] = space.rows
    for index, members in enumerate(snapshot.datasets.values()):
        named[f"datasets.{index}"] = members
    return named


def words_of(snapshot: Snapshot) -> dict[str, Any]:
    """All the rest, as a JSON object."""
    return {
        **{word: getattr(snapshot, word) for word in WORDS},
        "spaces": [(space.name, space.key) for space in snapshot.spaces.values()],
        "datasets": list(snapshot.datasets),
    }


def snapshot_of(words: Mapping[str, Any], arrays: Mapping[str, AnyArray | ArrayMaker]) -> Snapshot:
    """The snapshot that `words_of` and `arrays_of` describe.

    Parameters
    ----------
    words : mapping of str to JSON
        What is not an array, by name.
    arrays : mapping of str to array, or to callable
        Arrays by name, or what makes one when it is looked at.

    Raises
    ------
    LookupError
        If a part is missing.
    """
    groups: dict[str, Any] = {
        name: _group(kind, name, arrays, [field.name for field in fields(kind)])
        for name, kind in GROUPS.items()
    }
    return Snapshot(
        revision=words["revision"],
        token=words["token"],
        concepts=tuple(words["concepts"]),
        sources=tuple(map(Source, words["sources"])),
        statuses=tuple(words["statuses"]),
        spaces={
            name: _group(Space, f"spaces.{index}", arrays, ("vectors", "rows"), name=name, key=key)
            for index, (name, key) in enumerate(words["spaces"])
        },
        datasets=_Datasets(
            {name: arrays[f"datasets.{index}"] for index, name in enumerate(words["datasets"])}
        ),
        **groups,
    )


def frozen(array: AnyArray) -> AnyArray:
    """The same array, which can no longer be written to."""
    array.setflags(write=False)
    return array


def _flat(prefix: str, group: DataclassInstance) -> Iterator[tuple[str, AnyArray]]:
    for field in fields(group):
        value = getattr(group, field.name)
        name = f"{prefix}.{field.name}"
        if isinstance(value, TextColumn):
            yield from _flat(name, value)
        else:
            yield name, value


def _group(
    kind: type[Group],
    prefix: str,
    arrays: Mapping[str, AnyArray | ArrayMaker],
    names: Iterable[str],
    **known: object,
) -> Group:
    """A group of arrays, each of which comes when it is looked at, or is there."""
    makers: dict[str, ArrayMaker] = {}
    for name in names:
        full = f"{prefix}.{name}"
        if name in TEXTS:
            known[name] = _group(TextColumn, full, arrays, ("text", "start"))
        elif callable(found := arrays[full]):
            makers[name] = found
        else:
            known[name] = found
    return kind.later(makers, **known)


class _Datasets(Mapping[str, AnyArray]):
    """The inputs of each dataset, by name."""

    def __init__(self, members: Mapping[str, AnyArray | ArrayMaker]) -> None:
        self._members = dict(members)

    def __getitem__(self, name: str) -> AnyArray:
        found = self._members[name]
        if callable(found):
            found = self._members[name] = found()
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)
