"""A snapshot that is an earlier one but for what is said of a few rows: a label at a time, at the cost of a label.

The large arrays stay those of the *core*, the last snapshot that was made or stored as a whole. What is said of the
rows that were annotated since lies over it, and takes the place of what the core says of them. They are merged one
array at a time where whole arrays are looked at, and all of them when the overlay has grown or the snapshot is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt

from ...snapshot import AnnotationArrays, Column, ConceptColumns, InputArrays, Snapshot, TextColumn
from ...values.positions import positions
from .changes import Annotated, Changes
from .columns import Entries, Moves, merged
from .layout import AnyArray, frozen
from .merged_tables import merged_annotations, merged_columns, merged_inputs
from .merging import Indices, Merge

__all__ = ["Overlay"]

LARGE = 1 / 64  # of all rows: what lies over more of them is merged
FEW = 64  # rows: nothing is merged before


@dataclass(frozen=True, eq=False)
class Overlay:
    """What is said of some rows, in place of what a snapshot says of them.

    Parameters
    ----------
    core : Snapshot
        The snapshot, with arrays of its own.
    words : int64 (w,)
        How often the core uses each status word.
    rows : int32 (k,)
        The rows, ascending.
    gone : int64 (g,)
        The annotations of the core that are of those rows.
    inputs : InputArrays
        Those that changed, as all inputs with new annotations have.
    annotations : AnnotationArrays
        Those of those rows.
    columns : ConceptColumns
        Their concept values.
    sources : int
        How many sources there are.
    """

    core: Snapshot
    words: npt.NDArray[np.int64]
    rows: Indices
    gone: npt.NDArray[np.int64]
    inputs: InputArrays
    annotations: AnnotationArrays
    columns: ConceptColumns
    sources: int

    @classmethod
    def of(cls, snapshot: Snapshot) -> Overlay:
        """What lies over the core of a snapshot; nothing over one that is its own core."""
        if isinstance(snapshot.columns, _Columns) and snapshot.columns.overlay is not None:
            return snapshot.columns.overlay
        nothing, count = Snapshot.empty(), len(snapshot.statuses)
        return cls(
            core=snapshot,
            words=_counted(snapshot.inputs.status, count) + _counted(snapshot.annotations.status, count),
            rows=nothing.rows.input,
            gone=np.empty(0, np.int64),
            inputs=nothing.inputs,
            annotations=nothing.annotations,
            columns=nothing.columns,
            sources=len(snapshot.sources),
        )

    def and_then(self, changes: Changes, annotated: Annotated) -> Overlay:
        """The same, and what was said after it.

        Parameters
        ----------
        changes, annotated : Changes, Annotated
            What was read, of rows that the core has.
        """
        keys, sources = self.core.rows.key, len(changes.sources.names)
        changed = positions(keys, changes.regions.key)
        stale = _marked(changed, len(keys))
        moves = Moves(None, None, None, stale, sources, len(keys))
        first = stale & ~_marked(self.rows, len(keys))
        return Overlay(
            core=self.core,
            words=self.words,
            rows=np.union1d(self.rows, changed),
            gone=np.concatenate([self.gone, np.flatnonzero(first[self.core.annotations.row])]),
            inputs=merged_inputs(self.inputs, changes.inputs, gone=keys[:0]),
            annotations=merged_annotations(self.annotations, changes, annotated, rows=keys, moves=moves),
            columns=merged_columns(self.columns, changes, annotated, rows=keys, moves=moves),
            sources=sources,
        )

    @property
    def is_large(self) -> bool:
        """Whether it is time to make one of it and the core."""
        return max(len(self.rows), len(self.inputs)) > max(FEW, LARGE * len(self.core.rows))

    @property
    def uses_all_words(self) -> bool:
        """Whether every status word of the core is still in use."""
        core, count = self.core, len(self.words)
        replaced = core.annotations.status[self.gone], core.inputs.status[self._changed]
        uses = self.words - sum(_counted(words, count) for words in replaced)
        uses += _counted(self.annotations.status, count) + _counted(self.inputs.status, count)
        return bool(uses.all())

    @property
    def all_inputs(self) -> InputArrays:
        """All inputs; each array is merged when it is looked at."""
        names = "key", "created_at", "modified_at", "latitude", "longitude", "status"
        texts = {name: partial(self._metadata, name) for name in ("text", "start")}
        return InputArrays.later(
            {name: partial(self._of_inputs, name) for name in names}, metadata=TextColumn.later(texts)
        )

    @property
    def all_annotations(self) -> AnnotationArrays:
        """The annotations of all rows; each array is merged when it is looked at."""
        names = "key", "row", "source", "status", "created_at", "modified_at"
        info = TextColumn.later({name: partial(self._text, name) for name in ("text", "start")})
        return AnnotationArrays.later({name: partial(self._numbers, name) for name in names}, info=info)

    @property
    def all_columns(self) -> ConceptColumns:
        """The concept values of all rows; those of a concept are merged when it is asked for."""
        return _Columns.of_overlay(self)

    def whole(self, name: str) -> AnyArray:
        """One array of the merged columns.

        Parameters
        ----------
        name : str
            Of the field of `ConceptColumns`.
        """
        return frozen(getattr(self._merged_columns, name))

    @cached_property
    def _changed(self) -> Indices:
        """Which inputs changed."""
        return positions(self.core.inputs.key, self.inputs.key)

    def _of_inputs(self, name: str) -> AnyArray:
        core, over = getattr(self.core.inputs, name), getattr(self.inputs, name)
        if np.array_equal(core[self._changed], over, equal_nan=True):
            return frozen(core)
        laid = core.copy()
        laid[self._changed] = over
        return frozen(laid)

    def _metadata(self, name: str) -> AnyArray:
        return frozen(getattr(self._all_metadata, name))

    @cached_property
    def _all_metadata(self) -> TextColumn:
        core, over = self.core.inputs, self.inputs
        if all(core.metadata[at] == over.metadata[index] for index, at in enumerate(self._changed.tolist())):
            return core.metadata
        merge = Merge.by_key(core.key, over.key, gone=_marked(self._changed, len(core)))
        return merge.texts(core.metadata, over.metadata)

    def _numbers(self, name: str) -> AnyArray:
        return frozen(
            self._merge.numbers(getattr(self.core.annotations, name), getattr(self.annotations, name))
        )

    def _text(self, name: str) -> AnyArray:
        return frozen(getattr(self._info, name))

    @cached_property
    def _info(self) -> TextColumn:
        return self._merge.texts(self.core.annotations.info, self.annotations.info)

    @cached_property
    def _merge(self) -> Merge:
        core = self.core.annotations.key
        return Merge.by_key(core, self.annotations.key, gone=_marked(self.gone, len(core)))

    @cached_property
    def _merged_columns(self) -> ConceptColumns:
        rows = len(self.core.rows)
        moves = Moves(None, None, None, _marked(self.rows, rows), self.sources, rows)
        return merged(self.core.columns, Entries.of(self.columns), moves=moves)


class _Columns(ConceptColumns):
    """The columns of an overlay on its core."""

    overlay: Overlay | None = None  # as in what `dataclasses.replace` makes of it
    _known: dict[int, tuple[Column, ...]]

    @classmethod
    def of_overlay(cls, overlay: Overlay) -> _Columns:
        names = "concept", "source", "start", "rows", "values"
        return cls.later({name: partial(overlay.whole, name) for name in names}, overlay=overlay, _known={})

    def of(self, concept: int) -> Iterator[Column]:
        """The columns of a concept, one per source."""
        if self.overlay is None:
            return super().of(concept)
        if concept not in self._known:
            self._known[concept] = tuple(_of_concept(self.overlay, concept))
        return iter(self._known[concept])


def _of_concept(overlay: Overlay, concept: int) -> Iterator[Column]:
    core = {column.source: column for column in overlay.core.columns.of(concept)}
    over = {column.source: column for column in overlay.columns.of(concept)}
    for source in sorted(core.keys() | over.keys()):
        nothing = Column(source, overlay.rows[:0], np.empty(0, np.float32))
        column = _laid(overlay.rows, core.get(source, nothing), over.get(source, nothing))
        if len(column.rows):
            yield column


def _laid(rows: Indices, core: Column, over: Column) -> Column:
    """What one column says of some rows, in place of what another says of them."""
    at = np.searchsorted(core.rows, rows)
    at = at[core.rows.take(at, mode="clip") == rows] if len(core.rows) else at[:0]
    if not len(at) and not len(over.rows):
        return core
    left, values = np.delete(core.rows, at), np.delete(core.values, at)
    where = np.searchsorted(left, over.rows)
    return Column(
        core.source,
        frozen(np.insert(left, where, over.rows)),
        frozen(np.insert(values, where, over.values)),
    )


def _marked(rows: Indices | npt.NDArray[np.int64], count: int) -> npt.NDArray[np.bool_]:
    marks = np.zeros(count, bool)
    marks[rows] = True
    return marks


def _counted(words: Indices, count: int) -> npt.NDArray[np.int64]:
    return np.bincount(words, minlength=count)
