"""Which inputs a model has looked at, by the record that the store keeps of work done."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..learned.trained_concept import TrainedConcept
from ..resources import Resources
from ..snapshot import Snapshot
from ..values.source import Source

__all__ = ["examined_inputs"]

Mask = npt.NDArray[np.bool_]
KINDS = "concept_model", "detector"


def examined_inputs(source: str, snapshot: Snapshot, resources: Resources) -> Mask:
    """Bool (n,): the inputs that a source has looked at, whether or not it found anything; none for a person.

    A concept trained here looks at whatever is embedded in its space. Predictions that came from elsewhere, with no
    record of what was looked at, say nothing of the other inputs.

    Parameters
    ----------
    source : str
        ``model:<name>@<version>``.
    snapshot : Snapshot
        Whose inputs.
    resources : Resources
        Of the open collection.
    """
    known = Source(source)
    if known.is_human:
        return np.zeros(len(snapshot.inputs), bool)
    return resources.remembered(("examined", source), snapshot, lambda: _examined(known, snapshot, resources))


def _examined(source: Source, snapshot: Snapshot, resources: Resources) -> Mask:
    components = [f"{kind}:{source.full_name}" for kind in KINDS]
    progress, keys = resources.store.progress, snapshot.inputs.key
    if snapshot.is_part:
        looked = progress.done(components, keys)
    else:
        looked = np.zeros(len(keys), bool)
        for missing in map(progress.missing, components):
            if not missing:
                return np.ones(len(keys), bool)
            if len(missing) < len(keys):
                looked |= ~np.isin(keys, missing)
    for model in resources.store.models.all():
        trained = TrainedConcept.from_dict(model.state)
        if trained.source == source and (space := snapshot.spaces.get(trained.space)):
            looked[snapshot.rows.input[space.rows]] = True
    return looked
