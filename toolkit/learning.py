"""Training a concept of a collection from its labels, and writing its predictions back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from tqdm.auto import tqdm

from .errors import NotIndexedError
from .indexing import predictions
from .resources import Resources
from .search import TermContext
from .snapshot import Snapshot, Space
from .store import Batch
from .trained_concept import TrainedConcept
from .training import fit
from .types import FloatArray, IntArray

__all__ = ["train"]

CHUNK = 4096  # predictions written at once


def train(
    concept: str, resources: Resources, *, space: str | None = None, progress: bool = True
) -> TrainedConcept:
    """A concept learned from people's labels; its predictions replace those of its version before.

    Parameters
    ----------
    concept : str
        An id, or a name in the collection's own language.
    resources : Resources
        Of the open collection.
    space : str, optional
        Whose vectors are learned from; the collection's first by default.
    progress : bool
        Whether to show a bar if it takes long.

    Raises
    ------
    UnknownNameError
        No concept goes by that name.
    NotIndexedError
        Nothing is embedded in the space.
    QueryError
        There are too few labels of either kind.
    """
    snapshot = resources.snapshots.latest()
    context = TermContext(resources, snapshot)
    id = context.meanings(concept)[0].concept
    embeddings = snapshot.spaces[context.space(space)]
    vectors, labels = labeled(id, snapshot, embeddings)
    version = 1 + max((model.version for model in resources.store.models() if model.name == id), default=0)
    model = fit(vectors, labels, concept=id, space=embeddings.name, version=version)
    with resources.store.write() as batch:
        _replace(model, snapshot, embeddings, batch, progress=progress)
    return model


def labeled(concept: str, snapshot: Snapshot, space: Space) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Vectors float32 (k, d) and labels bool (k,) of the rows that people labeled and that are embedded.

    Where people disagree the majority counts; a row on which as many say yes as no teaches nothing.
    """
    votes = np.zeros(len(snapshot.rows))
    for column in snapshot.columns.of(snapshot.concept_index.get(concept, -1)):
        if snapshot.is_human(column.source):
            votes[column.rows] += np.where(column.values >= 0.5, 1, -1)
    rows = np.flatnonzero(votes)
    positions = space.position(rows)
    embedded = positions >= 0
    if len(rows) and not embedded.any():
        raise NotIndexedError(f"no labeled row has an embedding in {space.name!r}: run photos.index()")
    return space.vectors[positions[embedded]], votes[rows[embedded]] > 0


def _replace(
    model: TrainedConcept, snapshot: Snapshot, space: Space, batch: Batch, *, progress: bool
) -> None:
    if model.version > 1:
        batch.delete_annotations_by(replace(model, version=model.version - 1).source)
    batch.save_model(model.concept, model.to_dict())
    keys: IntArray = snapshot.rows.key[space.rows]
    with tqdm(total=len(keys), desc=f"Predicting {model.concept}", delay=2, disable=not progress) as bar:
        for start in range(0, len(keys), CHUNK):
            part = slice(start, start + CHUNK)
            said = predictions(model, keys[part].tolist(), space.vectors[part])
            batch.annotate_rows(said, source=model.source)
            bar.update(len(said))
