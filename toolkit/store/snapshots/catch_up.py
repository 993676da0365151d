"""A snapshot of the store as it is now, made from an older one and what has changed since.

Without an older one everything has changed, so making a snapshot and catching up are one and the same, and
what comes out does not depend on how many steps it took.
"""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection

from ...snapshot import AnnotationArrays, ConceptColumns, InputArrays, RowArrays, Snapshot
from ...values.source import Source
from .changes import Changes, RegionChanges, deleted, is_known, newest_revision, read_changes
from .columns import Entries, Moves, latest_values, merged
from .layout import arrays_of
from .matrices import Matrices, MemoryMatrices
from .merging import Indices, Keys, Merge, followed, marked, positions, word_moves
from .statuses import with_shared_statuses, with_used_statuses
from .vectors import merged_spaces

__all__ = ["catch_up"]


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
    if newest_revision(connection) == (base.revision, base.token):
        return base
    changes = read_changes(connection, since=base.revision)
    base, changes = with_shared_statuses(base, changes)
    inputs = _inputs(base, changes, deleted(connection, "inputs", since=base.revision))
    rows = _rows(base, changes, inputs, deleted(connection, "regions", since=base.revision))
    moves = _moves(base, changes, rows)
    snapshot = Snapshot(
        revision=changes.revision,
        token=changes.token,
        inputs=inputs,
        rows=rows,
        annotations=_annotations(base, changes, rows, moves),
        columns=_columns(base, changes, rows, moves),
        concepts=changes.concepts.names,
        sources=tuple(map(Source, changes.sources.names)),
        statuses=changes.statuses,
        spaces=merged_spaces(
            connection,
            base.spaces,
            since=base.revision,
            moved=moves.row,
            rows=rows.key,
            matrices=matrices or MemoryMatrices(),
        ),
        datasets=_datasets(base, changes, inputs),
    )
    return _frozen(with_used_statuses(snapshot))


def _inputs(base: Snapshot, changes: Changes, gone_keys: Keys) -> InputArrays:
    old, new = base.inputs, changes.inputs
    gone = marked(old.key, gone_keys) | marked(old.key, new.key)
    merge = Merge.by_key(old.key, new.key, gone=gone)
    return InputArrays(
        key=merge.numbers(old.key, new.key),
        created_at=merge.numbers(old.created_at, new.created_at),
        modified_at=merge.numbers(old.modified_at, new.modified_at),
        latitude=merge.numbers(old.latitude, new.latitude),
        longitude=merge.numbers(old.longitude, new.longitude),
        status=merge.numbers(old.status, new.status),
        metadata=merge.texts(old.metadata, new.metadata),
    )


def _rows(base: Snapshot, changes: Changes, inputs: InputArrays, gone_keys: Keys) -> RowArrays:
    old, new = base.rows, _new_or_moved(base, changes.regions)
    input = followed(old.input, positions(inputs.key, base.inputs.key))
    gone = marked(old.key, gone_keys) | marked(old.key, new.key) | (input < 0)
    merge = Merge.by_key(old.key, new.key, gone=gone)
    return RowArrays(
        key=merge.numbers(old.key, new.key),
        input=merge.numbers(input, positions(inputs.key, new.input)),
        box=merge.numbers(old.box, new.box),
    )


def _new_or_moved(base: Snapshot, regions: RegionChanges) -> RegionChanges:
    """Without those of which only the annotations changed: their rows stay as they are."""
    at = positions(base.rows.key, regions.key)
    known = np.flatnonzero(at >= 0)
    rows = at[known]
    same_box = (base.rows.box[rows] == regions.box[known]) | np.isnan(regions.box[known])
    same = same_box.all(axis=1) & (base.inputs.key[base.rows.input[rows]] == regions.input[known])
    changed = np.ones(len(regions.key), bool)
    changed[known[same]] = False
    return regions[changed]


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


def _annotations(base: Snapshot, changes: Changes, rows: RowArrays, moves: Moves) -> AnnotationArrays:
    old, new = base.annotations, changes.annotations
    source = followed(old.source, moves.source)
    merge = Merge.by_key(old.key, new.key, gone=moves.stale[old.row] | (source < 0))
    return AnnotationArrays(
        key=merge.numbers(old.key, new.key),
        row=merge.numbers(followed(old.row, moves.row), positions(rows.key, new.region)),
        source=merge.numbers(source, positions(changes.sources.keys, new.source)),
        status=merge.numbers(old.status, new.status),
        created_at=merge.numbers(old.created_at, new.created_at),
        modified_at=merge.numbers(old.modified_at, new.modified_at),
        info=merge.texts(old.info, new.info),
    )


def _columns(base: Snapshot, changes: Changes, rows: RowArrays, moves: Moves) -> ConceptColumns:
    changed, values = changes.annotations, changes.values
    annotation = positions(changed.key, values.annotation)
    entries = Entries(
        concept=positions(changes.concepts.keys, values.concept),
        source=positions(changes.sources.keys, changed.source)[annotation],
        row=positions(rows.key, changed.region)[annotation],
        value=values.value,
    )
    return merged(
        base.columns, latest_values(entries, changed.modified_at[annotation], moves=moves), moves=moves
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
        array.setflags(write=False)
    return snapshot
