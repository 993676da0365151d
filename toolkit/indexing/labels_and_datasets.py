"""What the record of an input says besides where it is: its datasets, its metadata, and labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ..resources import Resources
from ..store import Batch
from .job import KnownInput
from .label_writing import Written, write_labels

__all__ = ["write_labels_and_datasets"]


def write_labels_and_datasets(
    known: Sequence[KnownInput], resources: Resources, writer: Batch, *, datasets: tuple[str, ...]
) -> Written:
    """Put inputs into datasets, and write the labels of their records; says what became of the labels.

    Parameters
    ----------
    known : sequence of KnownInput
        Inputs with what is said of them.
    resources : Resources
        Of the open collection.
    writer : Batch
        The transaction.
    datasets : tuple of str
        Where all of them go, besides the datasets of their records.
    """
    members: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for one in known:
        for name in (*one.record.datasets, *datasets):
            members[name][one.key] = None
    for name, keys in members.items():
        writer.datasets.add(name, keys)
    writer.inputs.replace_metadata({one.key: one.metadata for one in known if one.metadata is not None})
    return write_labels(known, resources, writer)
