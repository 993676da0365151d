"""A collection as of one revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..values.source import Source
from ..values.types import Level
from .columns import ConceptColumns
from .space import Space
from .tables import AnnotationArrays, InputArrays, RowArrays
from .text_column import TextColumn

__all__ = ["Snapshot"]


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
    is_part : bool
        Whether it holds some of the collection's inputs only.
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
    is_part: bool = False

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

    def hides_rows_at(self, level: Level) -> bool:
        """Whether rows that do not count could be taken for hits, or give a score to one.

        Parameters
        ----------
        level : {"input", "region"}
            What a hit is.
        """
        return self.hidden is not None and (level == "region" or self.hides_vectors)

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
