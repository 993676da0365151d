"""A snapshot as named arrays and a few words, and back: what is written to files, frozen and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy.typing as npt

from ...snapshot import AnnotationArrays, ConceptColumns, InputArrays, RowArrays, Snapshot, Space, TextColumn
from ...values.source import Source

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["AnyArray", "arrays_of", "snapshot_of", "words_of"]

AnyArray: TypeAlias = npt.NDArray[Any]
Group = TypeVar("Group", bound="DataclassInstance")

GROUPS = {
    "inputs": InputArrays,
    "rows": RowArrays,
    "annotations": AnnotationArrays,
    "columns": ConceptColumns,
}
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


def snapshot_of(words: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> Snapshot:
    """The snapshot that `words_of` and `arrays_of` describe.

    Parameters
    ----------
    words : mapping of str to JSON
        What is not an array, by name.
    arrays : mapping of str to array
        Arrays by name.

    Raises
    ------
    LookupError
        If a part is missing.
    """
    groups: dict[str, Any] = {name: _built(kind, name, arrays) for name, kind in GROUPS.items()}
    return Snapshot(
        revision=words["revision"],
        token=words["token"],
        concepts=tuple(words["concepts"]),
        sources=tuple(map(Source, words["sources"])),
        statuses=tuple(words["statuses"]),
        spaces={
            name: Space(name, arrays[f"spaces.{index}.vectors"], arrays[f"spaces.{index}.rows"], key)
            for index, (name, key) in enumerate(words["spaces"])
        },
        datasets={name: arrays[f"datasets.{index}"] for index, name in enumerate(words["datasets"])},
        **groups,
    )


def _flat(prefix: str, group: DataclassInstance) -> Iterator[tuple[str, AnyArray]]:
    for field in fields(group):
        value = getattr(group, field.name)
        name = f"{prefix}.{field.name}"
        if isinstance(value, TextColumn):
            yield from _flat(name, value)
        else:
            yield name, value


def _built(kind: type[Group], prefix: str, arrays: Mapping[str, AnyArray]) -> Group:
    values: dict[str, Any] = {}
    for field in fields(kind):
        name = f"{prefix}.{field.name}"
        values[field.name] = arrays[name] if name in arrays else _built(TextColumn, name, arrays)
    return kind(**values)
