"""The datasets, the metadata and the labels in the records of inputs."""

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
    """What became of the labels in the records of inputs, which are stored; the inputs join their datasets.

    Parameters
    ----------
    known : sequence of KnownInput
        Inputs of the store, with the records that name them.
    resources : Resources
        The open collection.
    writer : Batch
        The open transaction.
    datasets : tuple of str
        Datasets that all of them join.
    """
    members: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for one in known:
        for name in (*one.record.datasets, *datasets):
            members[name][one.key] = None
    for name, keys in members.items():
        writer.datasets.add(name, keys)
    writer.inputs.replace_metadata({one.key: one.metadata for one in known if one.metadata is not None})
    return write_labels(known, resources, writer)
