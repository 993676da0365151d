"""The pictures that a search for a concept finds, without ranking them."""

from __future__ import annotations

import numpy as np

from ..snapshot import Snapshot
from ..values.types import IntArray
from .stored_names import StoredConceptLookup

__all__ = ["inputs_with"]


def inputs_with(concept: str, snapshot: Snapshot, names: StoredConceptLookup) -> IntArray:
    """The indices of the inputs with any value of a concept, of its synonyms, or of what lies below them.

    A person's "no" to what lies below is none to the concept.

    Parameters
    ----------
    concept : str
        A concept's id.
    snapshot : Snapshot
        A revision of the collection.
    names : StoredConceptLookup
        The relations of that revision.
    """
    same = set(names.same(concept))
    found = np.zeros(len(snapshot.inputs), bool)
    for one in names.below(concept) or (concept,):
        for column in snapshot.columns.of(snapshot.concept_index.get(one, -1)):
            counts = column.rows
            if one not in same and snapshot.is_human(column.source):
                counts = counts[column.values > 0]
            found[snapshot.rows.input[counts]] = True
    return np.flatnonzero(found)
