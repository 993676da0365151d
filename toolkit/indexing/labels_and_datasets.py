"""What the record of an input says besides where it is: its datasets, and a person's labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ..resources import Resources
from ..store import Batch, NewAnnotation
from ..values.confidence import confidences
from ..values.source import Source
from ..values.types import Annotation
from ..words.labels import concept_ids
from .job import KnownInput

__all__ = ["write_labels_and_datasets"]


def write_labels_and_datasets(
    known: Sequence[KnownInput], resources: Resources, writer: Batch, *, datasets: tuple[str, ...]
) -> None:
    """Put inputs into datasets, and keep the labels of their records.

    A label is kept unless the same person has said something of that concept there already: adding a table again
    takes back no correction made since.

    Raises
    ------
    QueryError
        A value outside [0, 1].
    """
    members: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for one in known:
        for name in (*one.record.datasets, *datasets):
            members[name][one.key] = None
    for name, keys in members.items():
        writer.datasets.add(name, keys)
    labels = _labels(known, resources)
    if labels:
        source = Source.human(resources.settings.user)
        writer.annotations.add_many(_new_annotations(labels, source, resources), source=source)


def _labels(known: Sequence[KnownInput], resources: Resources) -> list[tuple[int, dict[str, float]]]:
    """Region key and labels, by concept id, of every row that a record says something of."""
    known = [one for one in known if one.record.concepts or one.record.regions]
    if not known:
        return []
    regions = resources.store.regions.on_inputs({one.key for one in known})
    rows = {(region.input_key, region.box): region.key for region in regions}
    labels = [(rows[one.key, None], one.record.concepts) for one in known if one.record.concepts]
    labels += [(rows[one.key, part.box], part.concepts) for one in known for part in one.record.regions]
    names = {name for _, concepts in labels for name in concepts}
    ids = concept_ids(names, resources.store, language=resources.settings.language)
    return [
        (row, {ids[name]: value for name, value in confidences(concepts).items()}) for row, concepts in labels
    ]


def _new_annotations(
    labels: Sequence[tuple[int, Mapping[str, float]]], source: str, resources: Resources
) -> list[NewAnnotation]:
    rows = [row for row, _ in labels]
    row_of = {region.id: region.key for region in resources.store.regions.by_key(rows)}
    before: dict[int, Annotation] = {
        row_of[one.region_id]: one
        for one in resources.store.annotations.on_regions(rows)
        if one.source == source
    }
    new = []
    for row, concepts in labels:
        known = before[row].concepts if row in before else {}
        fresh = {concept: value for concept, value in concepts.items() if concept not in known}
        if fresh or row not in before:
            new.append(NewAnnotation(row, concepts=fresh))
    return new
