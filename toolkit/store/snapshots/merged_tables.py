"""Tables merged with what was read anew: whole ones, or what lies over them."""

from __future__ import annotations

from ...snapshot import AnnotationArrays, ConceptColumns, InputArrays
from ...values.positions import positions
from .changes import Annotated, Changes
from .columns import Entries, Moves, latest_values, merged
from .merging import Keys, Merge, followed, marked

__all__ = ["merged_annotations", "merged_columns", "merged_inputs"]


def merged_inputs(old: InputArrays, new: InputArrays, *, gone: Keys) -> InputArrays:
    """The inputs, with those that are new or changed, and without those that are gone.

    Parameters
    ----------
    old, new : InputArrays
        Those before, and those that are new or changed.
    gone : int64 (k,)
        Keys, in no order.
    """
    merge = Merge.by_key(old.key, new.key, gone=marked(old.key, gone) | marked(old.key, new.key))
    return InputArrays(
        key=merge.numbers(old.key, new.key),
        created_at=merge.numbers(old.created_at, new.created_at),
        modified_at=merge.numbers(old.modified_at, new.modified_at),
        latitude=merge.numbers(old.latitude, new.latitude),
        longitude=merge.numbers(old.longitude, new.longitude),
        status=merge.numbers(old.status, new.status),
        metadata=merge.texts(old.metadata, new.metadata),
    )


def merged_annotations(
    old: AnnotationArrays, changes: Changes, annotated: Annotated, *, rows: Keys, moves: Moves
) -> AnnotationArrays:
    """The annotations, those of changed rows replaced by what was read of them.

    Parameters
    ----------
    old : AnnotationArrays
        The annotations before.
    changes, annotated : Changes, Annotated
        What was read.
    rows : int64 (r,)
        Keys of all rows there are now.
    moves : Moves
        Where the rows and sources are now, and which rows changed.
    """
    new = annotated.annotations
    source = followed(old.source, moves.source)
    merge = Merge.by_key(old.key, new.key, gone=moves.stale[old.row] | (source < 0))
    return AnnotationArrays(
        key=merge.numbers(old.key, new.key),
        row=merge.numbers(followed(old.row, moves.row), positions(rows, new.region)),
        source=merge.numbers(source, positions(changes.sources.keys, new.source)),
        status=merge.numbers(old.status, new.status),
        created_at=merge.numbers(old.created_at, new.created_at),
        modified_at=merge.numbers(old.modified_at, new.modified_at),
        info=merge.texts(old.info, new.info),
    )


def merged_columns(
    old: ConceptColumns, changes: Changes, annotated: Annotated, *, rows: Keys, moves: Moves
) -> ConceptColumns:
    """The concept values, those of changed rows replaced by what was read of them.

    Parameters
    ----------
    old : ConceptColumns
        The values before.
    changes, annotated : Changes, Annotated
        What was read.
    rows : int64 (r,)
        Keys of all rows there are now.
    moves : Moves
        Where the rows, concepts and sources are now, and which rows changed.
    """
    changed, values = annotated.annotations, annotated.values
    annotation = positions(changed.key, values.annotation)
    entries = Entries(
        concept=positions(changes.concepts.keys, values.concept),
        source=positions(changes.sources.keys, changed.source)[annotation],
        row=positions(rows, changed.region)[annotation],
        value=values.value,
    )
    return merged(old, latest_values(entries, changed.modified_at[annotation], moves=moves), moves=moves)
