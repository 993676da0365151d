"""Read-only arrays of one revision: what rankers see.

Nothing here reads the store; `catch_up.py` makes a snapshot and `cache.py` keeps one beside the store.
Indices are positions: an *input* index is in [0, n), a *row* index in [0, r). Both follow the order of
creation, and deleting an input moves those after it up: indices belong to one snapshot, ids are what is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from .values.source import Source
from .values.types import FloatArray, IntArray

__all__ = [
    "AnnotationArrays",
    "Column",
    "ConceptColumns",
    "InputArrays",
    "RowArrays",
    "Snapshot",
    "Space",
    "TextColumn",
]

Times = npt.NDArray[np.float64]


def _starts(lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])


@dataclass(frozen=True, eq=False)
class TextColumn:
    """Many strings in one buffer.

    Parameters
    ----------
    text : uint8 (bytes,)
        All strings, UTF-8, one after the other.
    start : int64 (n + 1,)
        Where each begins; an empty one stands for "none".
    """

    text: npt.NDArray[np.uint8]
    start: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start) - 1

    def __getitem__(self, index: int) -> str:
        return self.text[self.start[index] : self.start[index + 1]].tobytes().decode()

    @classmethod
    def of(cls, texts: Iterable[str]) -> TextColumn:
        """The strings as one column.

        Examples
        --------
        >>> TextColumn.of(["hut", "", "sea"])[2]
        'sea'
        """
        texts = tuple(texts)
        joined = "".join(texts)
        encoded = joined.encode()
        is_ascii = len(encoded) == len(joined)
        sizes = map(len, texts) if is_ascii else (len(text.encode()) for text in texts)
        lengths = np.fromiter(sizes, np.int64, len(texts))
        return cls(np.frombuffer(encoded, np.uint8), _starts(lengths))

    @classmethod
    def joined(cls, columns: Sequence[TextColumn]) -> TextColumn:
        """The strings of several columns, one column after the other."""
        text = np.concatenate([np.empty(0, np.uint8), *(column.text for column in columns)])
        lengths = [np.diff(column.start) for column in columns]
        return cls(text, _starts(np.concatenate([np.empty(0, np.int64), *lengths])))

    def take(self, order: npt.NDArray[np.int64]) -> TextColumn:
        """The strings at these indices, in their order."""
        if not len(order):
            return TextColumn.of(())
        # Neighbors that stay neighbors are copied as one piece: nearly all of them, after a small change.
        breaks = np.flatnonzero(np.diff(order) != 1) + 1
        first, last = order[np.concatenate([[0], breaks])], order[np.concatenate([breaks - 1, [-1]])]
        pieces = [self.text[a:b] for a, b in zip(self.start[first], self.start[last + 1], strict=True)]
        return TextColumn(np.concatenate(pieces), _starts(np.diff(self.start)[order]))


@dataclass(frozen=True, eq=False)
class InputArrays:
    """The inputs, in order of creation.

    Parameters
    ----------
    key : int64 (n,)
        Ascending.
    created_at, modified_at : float64 (n,)
        Seconds since 1970, UTC.
    latitude, longitude : float32 (n,)
        Degrees; NaN where there is no place.
    status : int32 (n,)
        Index into `Snapshot.statuses`.
    metadata : TextColumn of n
        JSON objects, keys sorted, no blanks.
    """

    key: npt.NDArray[np.int64]
    created_at: Times
    modified_at: Times
    latitude: FloatArray
    longitude: FloatArray
    status: npt.NDArray[np.int32]
    metadata: TextColumn

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, eq=False)
class RowArrays:
    """The rows: every input as a whole, and every region, in order of creation.

    Parameters
    ----------
    key : int64 (r,)
        Ascending.
    input : int32 (r,)
        The input each belongs to, an index in [0, n).
    box : float32 (r, 4)
        top_row, left_col, bottom_row, right_col; NaN for an input as a whole.
    """

    key: npt.NDArray[np.int64]
    input: npt.NDArray[np.int32]
    box: FloatArray

    def __len__(self) -> int:
        return len(self.key)

    @cached_property
    def are_inputs(self) -> bool:
        """Whether row i is input i as a whole, as it is where no input has a region."""
        return bool(np.array_equal(self.input, np.arange(len(self.input), dtype=np.int32)))

    @cached_property
    def whole(self) -> npt.NDArray[np.bool_]:
        """Bool (r,): which rows are an input as a whole."""
        return np.isnan(self.box[:, 0])

    @cached_property
    def whole_of_input(self) -> npt.NDArray[np.int32]:
        """int32 (n,): the row of each input as a whole."""
        rows = np.flatnonzero(self.whole).astype(np.int32)
        of_input = np.empty(len(rows), np.int32)
        of_input[self.input[rows]] = rows
        return of_input

    def of_inputs(self, inputs: IntArray) -> tuple[npt.NDArray[np.int32], RowArrays]:
        """The rows of some inputs, ascending: int32 (q,), and their arrays with inputs counted from 0 in that order.

        Parameters
        ----------
        inputs : int (p,)
            Ascending, each once.
        """
        if self.are_inputs:
            rows = inputs.astype(np.int32)
        else:
            first, last = self._start[inputs], self._start[inputs + 1]
            pieces = [self._grouped[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
            rows = np.sort(np.concatenate([np.empty(0, np.int32), *pieces]))
        of = np.searchsorted(inputs, self.input[rows]).astype(np.int32)
        return rows, RowArrays(self.key[rows], of, self.box[rows])

    @cached_property
    def _grouped(self) -> npt.NDArray[np.int32]:
        """int32 (r,): all rows, those of an input together and ascending."""
        return np.argsort(self.input, kind="stable").astype(np.int32)

    @cached_property
    def _start(self) -> npt.NDArray[np.int64]:
        """int64 (n + 1,): where the rows of each input begin in `_grouped`."""
        return _starts(np.bincount(self.input))


@dataclass(frozen=True, eq=False)
class AnnotationArrays:
    """The annotations of rows, without their concepts: those are in `ConceptColumns`.

    Parameters
    ----------
    key : int64 (a,)
        Ascending.
    row : int32 (a,)
        The row each is about.
    source : int32 (a,)
        Index into `Snapshot.sources`.
    status : int32 (a,)
        Index into `Snapshot.statuses`.
    created_at, modified_at : float64 (a,)
        Seconds since 1970, UTC.
    info : TextColumn of a
        JSON objects, keys sorted, no blanks.
    """

    key: npt.NDArray[np.int64]
    row: npt.NDArray[np.int32]
    source: npt.NDArray[np.int32]
    status: npt.NDArray[np.int32]
    created_at: Times
    modified_at: Times
    info: TextColumn

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, eq=False)
class Column:
    """The values that one source gives to one concept.

    Parameters
    ----------
    source : int
        Index into `Snapshot.sources`.
    rows : int32 (e,)
        Ascending, each once.
    values : float32 (e,)
        In [0, 1].
    """

    source: int
    rows: npt.NDArray[np.int32]
    values: FloatArray


@dataclass(frozen=True, eq=False)
class ConceptColumns:
    """Every concept value, compressed: all entries of one (concept, source) lie together, ordered by row.

    Parameters
    ----------
    concept : int32 (g,)
        Index into `Snapshot.concepts`, ascending.
    source : int32 (g,)
        Index into `Snapshot.sources`, ascending within a concept.
    start : int64 (g + 1,)
        Where each group begins in the two arrays below.
    rows : int32 (e,)
        Rows.
    values : float32 (e,)
        Values in [0, 1]. Where one source annotated a row twice, the later annotation counts.
    """

    concept: npt.NDArray[np.int32]
    source: npt.NDArray[np.int32]
    start: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    values: FloatArray

    def of(self, concept: int) -> Iterator[Column]:
        """The columns of a concept, one per source."""
        first, last = np.searchsorted(self.concept, [concept, concept + 1])
        for group in range(first, last):
            entries = slice(self.start[group], self.start[group + 1])
            yield Column(int(self.source[group]), self.rows[entries], self.values[entries])


@dataclass(frozen=True, eq=False)
class Space:
    """The embeddings of one space.

    Parameters
    ----------
    name : str
        ``embedder@version``.
    vectors : float32 (m, d)
        Unit length, C-contiguous.
    rows : int32 (m,)
        The row each belongs to, each once; in the order they were embedded, so not sorted in general.
    key : int
        Of the space in the store: one that is deleted and made anew has another.
    """

    name: str
    vectors: FloatArray
    rows: npt.NDArray[np.int32]
    key: int = 0

    @cached_property
    def in_row_order(self) -> bool:
        """Whether vector i belongs to row i, as it does when every row is embedded."""
        return bool(np.array_equal(self.rows, np.arange(len(self.rows), dtype=np.int32)))

    def position(self, rows: IntArray) -> IntArray:
        """Indices in [0, m) of the vectors of some rows; -1 where a row has none."""
        order = self._order
        found = np.searchsorted(self.rows, rows, sorter=order)
        candidate = order[np.minimum(found, len(order) - 1)] if len(order) else np.zeros(len(rows), np.intp)
        known = np.zeros(len(rows), bool) if not len(order) else self.rows[candidate] == rows
        return np.where(known, candidate, -1)

    @cached_property
    def _order(self) -> npt.NDArray[np.intp]:
        return np.argsort(self.rows, kind="stable")


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A collection as of one revision. All arrays are read-only and may be memory-mapped.

    Parameters
    ----------
    revision : int
        Of the store.
    inputs, rows, annotations, columns
        The arrays above.
    concepts : tuple of str
        Concept ids, in order of creation; c of them.
    sources : tuple of Source
        ``human:<user>`` or ``model:<name>@<version>``.
    statuses : tuple of str
        The words that `status` arrays point to, in alphabetical order; each is in use.
    spaces : mapping of str to Space
        By full name.
    datasets : mapping of str to int32 array
        Ascending input indices by dataset name.
    token : str
        Random, of the revision: tells it from one of the same number in the history of a restored backup.
    hidden : bool (r,) or None
        Rows that are no hit of anything: detections that are not sure enough to count. None if there are none.
    """

    revision: int
    inputs: InputArrays
    rows: RowArrays
    annotations: AnnotationArrays
    columns: ConceptColumns
    concepts: tuple[str, ...]
    sources: tuple[Source, ...]
    statuses: tuple[str, ...]
    spaces: Mapping[str, Space]
    datasets: Mapping[str, npt.NDArray[np.int32]]
    token: str = ""
    hidden: npt.NDArray[np.bool_] | None = None

    @classmethod
    def empty(cls) -> Snapshot:
        """A collection before its first revision."""
        key, index = np.empty(0, np.int64), np.empty(0, np.int32)
        number, time = np.empty(0, np.float32), np.empty(0, np.float64)
        text, start = TextColumn.of(()), np.zeros(1, np.int64)
        return cls(
            revision=0,
            inputs=InputArrays(key, time, time, number, number, index, text),
            rows=RowArrays(key, index, number.reshape(0, 4)),
            annotations=AnnotationArrays(key, index, index, index, time, time, text),
            columns=ConceptColumns(index, index, start, index, number),
            concepts=(),
            sources=(),
            statuses=(),
            spaces={},
            datasets={},
        )

    @cached_property
    def concept_index(self) -> Mapping[str, int]:
        """The index of each concept id."""
        return {id: index for index, id in enumerate(self.concepts)}

    @cached_property
    def hides_vectors(self) -> bool:
        """Whether a hidden row is embedded, so that the nearest rows are not all hits."""
        hidden = self.hidden
        return hidden is not None and any(bool(hidden[one.rows].any()) for one in self.spaces.values())

    def is_human(self, source: int) -> bool:
        """Whether a source is a person."""
        return self.sources[source].is_human

    def is_from(self, source: int, wanted: str | None) -> bool:
        """Whether a source is among those that a word takes, as in `Source.is_from`; None takes all sources.

        Parameters
        ----------
        source : int
            The index of a source.
        wanted : str or None
            A source, or its beginning, such as ``human`` or ``model:pixels``.
        """
        return wanted is None or self.sources[source].is_from(wanted)
