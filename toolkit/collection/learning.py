"""Training a concept of a collection from its labels, and writing its predictions back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..errors import NotIndexedError
from ..indexing import predictions
from ..learned.trained_concept import TrainedConcept
from ..learned.training import Examples, fit_concept
from ..plugins.interfaces import Meaning
from ..progress import progress_bar
from ..remedies import Remedy
from ..resources import Resources
from ..search import TermContext
from ..snapshot import Snapshot, Space
from ..store import Batch
from ..values.types import FloatArray, IntArray

__all__ = ["examples_of", "train"]

CHUNK = 4096  # predictions written at once


def train(
    concept: str,
    resources: Resources,
    *,
    exact: bool = False,
    space: str | None = None,
    progress: bool = True,
) -> TrainedConcept:
    """A concept learned from people's labels and the unlabeled rest; it predicts every row, in place of what it did.

    Parameters
    ----------
    concept : str
        An id, or a name in the collection's own language.
    resources : Resources
        Of the open collection.
    exact : bool
        Whether it is an id, and means that concept alone.
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
        There are fewer than two positive labels, or nothing but positives.
    """
    snapshot = resources.snapshots.latest()
    context = TermContext(resources, snapshot)
    meanings = context.meanings(concept, exact=exact)
    id = concept if exact else _labeled(meanings, snapshot, context)
    embeddings = snapshot.spaces[context.space(space)]
    model = fit_concept(examples_of(id, snapshot, embeddings), concept=id, space=embeddings.name)
    with resources.store.write() as batch:
        model = _replace(model, resources, batch)
        keys = snapshot.rows.key[embeddings.rows]
        _predict(model, keys, embeddings.vectors, batch, progress=progress)
    _catch_up(model, snapshot, resources, progress=progress)
    return model


def _labeled(meanings: Sequence[Meaning], snapshot: Snapshot, context: TermContext) -> str:
    """Of the concepts that a word names, the one that people labeled most; the first if they labeled none."""
    named = (concept for one in meanings for concept in one.concepts)
    every = list(
        dict.fromkeys(same for concept in named for same in context.names.same(concept) or (concept,))
    )

    def labels(concept: str) -> int:
        columns = snapshot.columns.of(snapshot.concept_index.get(concept, -1))
        return sum(len(column.rows) for column in columns if snapshot.is_human(column.source))

    return max(every, key=labels)


def examples_of(concept: str, snapshot: Snapshot, space: Space) -> Examples:
    """The labeled rows of a concept that have an embedding, and those that nobody labeled.

    Where people disagree the majority counts; a row with as many yes as no labels is left out. So are the other rows
    of an input with a yes: the picture around a labeled region, or a region of a labeled picture, may well show it.

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
    votes, voted = np.zeros(len(snapshot.rows)), np.zeros(len(snapshot.rows), bool)
    for column in snapshot.columns.of(snapshot.concept_index.get(concept, -1)):
        if snapshot.is_human(column.source):
            votes[column.rows] += np.where(column.values >= 0.5, 1, -1)
            voted[column.rows] = True
    here, inputs = votes[space.rows], snapshot.rows.input[space.rows]
    labeled = here != 0
    if voted.any() and not labeled.any() and votes.any():
        run = Remedy("photos.index()", "toolkit index COLLECTION")
        raise NotIndexedError(f"no labeled row has an embedding in {space.name!r}: run ", run)
    shown = np.isin(inputs, snapshot.rows.input[votes > 0])
    return Examples(
        vectors=space.vectors[labeled],
        labels=here[labeled] > 0,
        groups=inputs[labeled],
        unlabeled=space.vectors[~(voted[space.rows] | shown)],
    )


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
    with progress_bar(f"Predicting {model.concept}", len(keys), unit=" inputs", show=progress) as bar:
        for start in range(0, len(keys), CHUNK):
            part = slice(start, start + CHUNK)
            annotations = predictions(model, keys[part].tolist(), vectors[part])
            batch.annotations.add_many(annotations, source=model.source)
            bar.update(len(annotations))
