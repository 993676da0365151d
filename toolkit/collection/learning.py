"""Training a concept of a collection from its labels, and writing its predictions back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ..errors import NotIndexedError
from ..indexing import predictions
from ..learned.trained_concept import TrainedConcept
from ..learned.training import fit_concept
from ..resources import Resources
from ..search import TermContext
from ..snapshot import Snapshot, Space
from ..store import Batch
from ..values.types import FloatArray, IntArray

__all__ = ["labeled_vectors", "train"]

CHUNK = 4096  # predictions written at once


def train(
    concept: str, resources: Resources, *, space: str | None = None, progress: bool = True
) -> TrainedConcept:
    """A concept trained on people's labels; its predictions replace those of its previous version.

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
        No concept has that name.
    NotIndexedError
        Nothing is embedded in the space.
    QueryError
        There are too few labels of either kind.
    """
    snapshot = resources.snapshots.latest()
    context = TermContext(resources, snapshot)
    id = context.meanings(concept)[0].concept
    embeddings = snapshot.spaces[context.space(space)]
    vectors, labels = labeled_vectors(id, snapshot, embeddings)
    model = fit_concept(vectors, labels, concept=id, space=embeddings.name)
    with resources.store.write() as batch:
        model = _replace(model, resources, batch)
        keys = snapshot.rows.key[embeddings.rows]
        _predict(model, keys, embeddings.vectors, batch, progress=progress)
    _catch_up(model, snapshot, resources, progress=progress)
    return model


def labeled_vectors(
    concept: str, snapshot: Snapshot, space: Space
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Vectors float32 (k, d) and labels bool (k,) of the labeled rows that have an embedding.

    Where people disagree the majority counts; a row with as many yes as no labels is left out.

    Parameters
    ----------
    concept : str
        A concept's id.
    snapshot : Snapshot
        A revision of the collection.
    space : Space
        The vectors to choose from.

    Raises
    ------
    NotIndexedError
        No labeled row is embedded in the space.
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


def _replace(model: TrainedConcept, resources: Resources, batch: Batch) -> TrainedConcept:
    """Store a model as the next version of its concept, and delete the annotations of the previous one."""
    version = batch.models.next_version(model.concept)
    old, new = replace(model, version=version - 1), replace(model, version=version)
    if old.source in resources.store.annotations.sources():
        batch.annotations.delete_by(old.source)
    batch.models.save(new.concept, new.to_dict())
    return new


def _catch_up(model: TrainedConcept, seen: Snapshot, resources: Resources, *, progress: bool) -> None:
    """Predict what was embedded while the model was trained; from then on, whatever is embedded is also predicted."""
    snapshot = resources.snapshots.latest()
    space = snapshot.spaces[model.space]
    keys = snapshot.rows.key[space.rows]
    late = ~np.isin(keys, seen.rows.key[seen.spaces[model.space].rows])
    if late.any():
        with resources.store.write() as batch:
            _predict(model, keys[late], space.vectors[late], batch, progress=progress)


def _predict(
    model: TrainedConcept, keys: IntArray, vectors: FloatArray, batch: Batch, *, progress: bool
) -> None:
    from tqdm.auto import tqdm

    with tqdm(total=len(keys), desc=f"Predicting {model.concept}", delay=2, disable=not progress) as bar:
        for start in range(0, len(keys), CHUNK):
            part = slice(start, start + CHUNK)
            annotations = predictions(model, keys[part].tolist(), vectors[part])
            batch.annotations.add_many(annotations, source=model.source)
            bar.update(len(annotations))
