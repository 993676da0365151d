"""The next snapshot where only annotations have changed: the everyday case, at the cost of the change."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection

from ...snapshot import Snapshot
from ...values.positions import positions
from ...values.source import Source
from .changes import Changes, read_annotated
from .matrices import Matrices
from .overlay import Overlay
from .regions import new_or_moved
from .vectors import merged_spaces

__all__ = ["with_annotations"]


def with_annotations(
    connection: Connection, base: Snapshot, changes: Changes, *, words: dict[str, int], matrices: Matrices
) -> Snapshot | None:
    """The next snapshot, its large arrays those of the one before; None where they have to be merged.

    Parameters
    ----------
    connection : Connection
        Inside the transaction that the changes were read in.
    base : Snapshot
        The snapshot before.
    changes : Changes
        What came after it.
    words : dict of str to int
        The index of each status word met so far; new ones are added.
    matrices : Matrices
        Where vectors are stored.
    """
    if not _are_annotations(base, changes):
        return None
    annotated = read_annotated(connection, since=base.revision, words=words)
    if len(words) > len(base.statuses):
        return None
    overlay = Overlay.of(base).and_then(changes, annotated)
    if overlay.is_large or not overlay.uses_all_words:
        return None
    return Snapshot(
        revision=changes.revision,
        token=changes.token,
        inputs=overlay.all_inputs,
        rows=base.rows,
        annotations=overlay.all_annotations,
        columns=overlay.all_columns,
        concepts=changes.concepts.names,
        sources=tuple(map(Source, changes.sources.names)),
        statuses=base.statuses,
        spaces=merged_spaces(
            connection, base.spaces, since=base.revision, moved=None, rows=base.rows.key, matrices=matrices
        ),
        datasets=base.datasets,
    )


def _are_annotations(base: Snapshot, changes: Changes) -> bool:
    """Whether inputs, rows and datasets are the same as before, and concepts and sources too but for new ones."""
    return (
        base.revision > 0
        and not any(map(len, changes.gone.values()))
        and bool((positions(base.inputs.key, changes.inputs.key) >= 0).all())
        and changes.concepts.names[: len(base.concepts)] == base.concepts
        and changes.sources.names[: len(base.sources)] == base.sources
        and not len(new_or_moved(base, changes.regions).key)
        and _are_in_the_same_datasets(base, changes)
    )


def _are_in_the_same_datasets(base: Snapshot, changes: Changes) -> bool:
    """Whether the inputs that changed are in the datasets that they were in."""
    if tuple(base.datasets) != changes.datasets.names:
        return False
    changed = positions(base.inputs.key, changes.inputs.key)
    for name, key in zip(changes.datasets.names, changes.datasets.keys, strict=True):
        now = np.sort(changes.members.input[changes.members.dataset == key])
        before = changed[np.isin(changed, base.datasets[name])]
        if not np.array_equal(base.inputs.key[before], now):
            return False
    return True
