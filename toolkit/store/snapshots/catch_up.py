"""A snapshot of the store as it is now, made from an older one and what has changed since.

Without an older one everything has changed, so making a snapshot and catching up are one and the same, and
what comes out does not depend on how many steps it took.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from sqlalchemy import Connection

from ...snapshot import InputArrays, RowArrays, Snapshot, Space
from ...values.positions import positions
from ...values.source import Source
from ..sql.history import is_known, newest_revision
from .annotations_only import with_annotations
from .changes import Annotated, Changes, read_annotated, read_changes
from .columns import Moves
from .layout import arrays_of, frozen
from .matrices import Matrices, MemoryMatrices
from .merged_tables import merged_annotations, merged_columns, merged_inputs
from .merging import Indices, Merge, followed, marked, word_moves
from .regions import new_or_moved
from .statuses import with_used_statuses
from .vectors import merged_spaces

__all__ = ["assembled", "catch_up"]


def catch_up(
    connection: Connection, base: Snapshot | None = None, *, matrices: Matrices | None = None
) -> Snapshot:
    """The snapshot of the store's newest revision; `base` itself if nothing has changed.

    Parameters
    ----------
    connection : Connection
        Inside one read transaction, so that all tables are seen as of one revision.
    base : Snapshot, optional
        An older one, which stays valid. One of another history (a backup was restored) is not used.
    matrices : Matrices, optional
        Where vectors are stored; the place that `base` was made with, or they are copied.

    Returns
    -------
    Snapshot
        Its arrays are read-only and equal, one by one, those of a snapshot made without a base.

    Raises
    ------
    StoreError
        If a vector in the store has the wrong length.
    """
    if base is None or not is_known(connection, base.revision, base.token):
        base = Snapshot.empty()
    newest = newest_revision(connection)
    if newest == (base.revision, base.token):
        return base
    words = {word: index for index, word in enumerate(base.statuses)}
    changes = read_changes(connection, newest, since=base.revision, words=words)
    matrices = matrices or MemoryMatrices()
    return with_annotations(connection, base, changes, words=words, matrices=matrices) or _merged(
        connection, base, changes, words=words, matrices=matrices
    )


def _merged(
    connection: Connection, base: Snapshot, changes: Changes, *, words: dict[str, int], matrices: Matrices
) -> Snapshot:
    """Every array merged with what changed."""

    def spaces(rows: RowArrays, moves: Moves) -> Mapping[str, Space]:
        return merged_spaces(
            connection, base.spaces, since=base.revision, moved=moves.row, rows=rows.key, matrices=matrices
        )

    return assembled(
        base, changes, words, spaces, lambda: read_annotated(connection, since=base.revision, words=words)
    )


def assembled(
    base: Snapshot,
    changes: Changes,
    words: dict[str, int],
    read_spaces: Callable[[RowArrays, Moves], Mapping[str, Space]],
    read_annotations: Callable[[], Annotated],
) -> Snapshot:
    """The snapshot of a base and what was read beyond it.

    Parameters
    ----------
    base : Snapshot
        An older one.
    changes : Changes
        What was read, but for vectors and annotations.
    words : dict of str to int
        The index of each status word.
    read_spaces, read_annotations : callable
        Read those.
    """
    inputs = merged_inputs(base.inputs, changes.inputs, gone=changes.gone["inputs"])
    rows = _rows(base, changes, inputs)
    moves = _moves(base, changes, rows)
    # Before what is said of the rows is read: a disk takes as long over the vectors as a database over that.
    spaces = read_spaces(rows, moves)
    annotated = read_annotations()
    snapshot = Snapshot(
        revision=changes.revision,
        token=changes.token,
        inputs=inputs,
        rows=rows,
        annotations=merged_annotations(base.annotations, changes, annotated, rows=rows.key, moves=moves),
        columns=merged_columns(base.columns, changes, annotated, rows=rows.key, moves=moves),
        concepts=changes.concepts.names,
        sources=tuple(map(Source, changes.sources.names)),
        statuses=tuple(words),
        spaces=spaces,
        datasets=_datasets(base, changes, inputs),
    )
    return _frozen(with_used_statuses(snapshot))


def _rows(base: Snapshot, changes: Changes, inputs: InputArrays) -> RowArrays:
    old, new = base.rows, new_or_moved(base, changes.regions)
    input = followed(old.input, positions(inputs.key, base.inputs.key))
    gone = marked(old.key, changes.gone["regions"]) | marked(old.key, new.key) | (input < 0)
    merge = Merge.by_key(old.key, new.key, gone=gone)
    return RowArrays(
        key=merge.numbers(old.key, new.key),
        input=merge.numbers(input, positions(inputs.key, new.input)),
        box=merge.numbers(old.box, new.box),
    )


def _moves(base: Snapshot, changes: Changes, rows: RowArrays) -> Moves:
    row = positions(rows.key, base.rows.key)
    return Moves(
        concept=word_moves(base.concepts, changes.concepts.names),
        source=word_moves(base.sources, changes.sources.names),
        row=row,
        stale=(row < 0) | marked(base.rows.key, changes.regions.key),
        sources=len(changes.sources.names),
        rows=len(rows),
    )


def _datasets(base: Snapshot, changes: Changes, inputs: InputArrays) -> dict[str, Indices]:
    moves = positions(inputs.key, base.inputs.key)
    moves[marked(base.inputs.key, changes.inputs.key)] = -1
    members, keys = positions(inputs.key, changes.members.input), changes.datasets.keys
    first = np.searchsorted(changes.members.dataset, keys)
    last = np.searchsorted(changes.members.dataset, keys, side="right")
    merged = {}
    for name, start, end in zip(changes.datasets.names, first, last, strict=True):
        kept = moves[base.datasets.get(name, members[:0])]
        merged[name] = np.sort(np.concatenate([kept[kept >= 0], members[start:end]]))
    return merged


def _frozen(snapshot: Snapshot) -> Snapshot:
    for array in arrays_of(snapshot).values():
        frozen(array)
    return snapshot
