"""What the record of an input says besides where it is: its datasets, its metadata, and labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ..resources import Resources
from ..store import Batch
from .job import Known
from .label_writing import Written, write_labels

__all__ = ["write_said"]


def write_said(
    said: Sequence[Known], resources: Resources, writer: Batch, *, datasets: tuple[str, ...]
) -> Written:
    """Put inputs into datasets, and keep the labels of their records; says what became of the labels.

    Raises
    ------
    QueryError
        A source that is none.
    """
    members: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for one in said:
        for name in (*one.record.datasets, *datasets):
            members[name][one.key] = None
    for name, keys in members.items():
        writer.add_to_dataset(name, keys)
    writer.put_metadata({one.key: one.metadata for one in said if one.metadata is not None})
    return write_labels(said, resources, writer)
