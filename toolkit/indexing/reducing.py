"""A space reduced to fewer numbers: fitted on all its vectors, and written in one transaction or not at all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..errors import NotIndexedError, QueryError, StoreError
from ..learned import stored_reductions as reductions
from ..learned.reduction import Reduction, fit_reduction
from ..learned.stored_reductions import time_text
from ..learned.trained_concept import TrainedConcept
from ..plugins.components import full_name
from ..remedies import ADD_IMAGES, Remedy
from ..resources import WORKFLOW, Resources
from ..store import Batch
from ..values.chunks import chunks
from .report import Report

__all__ = ["reduce", "require_reducible"]

CHUNK = 4096  # vectors read and written at once


def require_reducible(specification: str | None, dimension: int, resources: Resources) -> None:
    """Nothing, if an embedder's vectors have more numbers than are asked for; asked before anything is computed.

    Parameters
    ----------
    specification : str or None
        An embedder, such as ``pixels``; None for the workflow's first.
    dimension : int
        How many numbers a reduced vector should have.
    resources : Resources
        The open collection.

    Raises
    ------
    QueryError
        They have not, or there is no embedder.
    UnknownNameError
        No plugin has the embedder's name.
    """
    embedder = resources.registry.embedder(_specification(specification, resources))
    most = embedder.dimension - 1
    if isinstance(dimension, bool) or not isinstance(dimension, int) or not 1 <= dimension <= most:
        raise QueryError(
            f"reduce={dimension!r}: the vectors of {full_name(embedder)!r} have {embedder.dimension:,} numbers; "
            f"they can be reduced to 1 to {most:,}"
        )


def reduce(specification: str | None, dimension: int, resources: Resources) -> Report:
    """Fit a reduction of an embedder's space on all its vectors, and make what it returns the default space.

    Whatever is embedded from then on is projected too. A reduction that the space had is replaced.

    Parameters
    ----------
    specification : str or None
        An embedder, such as ``pixels``; None for the workflow's first.
    dimension : int
        How many numbers a reduced vector has.
    resources : Resources
        The open collection.

    Raises
    ------
    NotIndexedError
        Nothing is embedded.
    QueryError
        There are too few vectors, or they vary in too few directions; nothing is written.
    """
    chosen = _specification(specification, resources)
    name = full_name(resources.registry.embedder(chosen))
    snapshot = resources.snapshots.latest()
    if name not in snapshot.spaces or not len(snapshot.spaces[name].vectors):
        raise NotIndexedError(f"nothing is embedded in {name!r} yet: add images with ", ADD_IMAGES)
    space = snapshot.spaces[name]
    made = fit_reduction(space.vectors, space=name, dimension=dimension, fitted_at=time.time())
    with resources.store.write() as batch:
        before = _before(name, resources)
        _replace(made, snapshot.rows.key[space.rows].tolist(), chosen, resources, batch)
        reductions.store_reduction(made, batch)
        workflow = resources.workflow
        first = tuple(dict.fromkeys((chosen, *workflow.embedders)))
        batch.properties.set(WORKFLOW, replace(workflow, embedders=first).to_dict())
    _catch_up(made, resources)
    resources.backgrounds.refresh(resources.snapshots.latest_or_sample)
    return Report(notes=(_summary(made, before, resources),))


def _specification(specification: str | None, resources: Resources) -> str:
    embedders = resources.workflow.embedders if specification is None else (specification,)
    if not embedders:
        raise QueryError(
            "there is nothing to reduce: name an embedder, ",
            Remedy(
                "photos.index(embedder=..., reduce=64)",
                "toolkit index COLLECTION --embedder EMBEDDER --reduce 64",
            ),
        )
    return embedders[0]


def _before(space: str, resources: Resources) -> Reduction | None:
    try:
        return reductions.stored_reduction(space, resources.store)
    except StoreError:  # a damaged one is what fitting again is for
        return None


def _replace(
    made: Reduction, regions: Sequence[int], specification: str, resources: Resources, batch: Batch
) -> None:
    """Make the space of a reduction in place of the one before; the same vectors give the same, which stays."""
    there = [one for one in resources.store.spaces.embedders() if one.rpartition("~")[0] == made.space]
    for old in set(there) - {made.name}:
        batch.spaces.delete(old)
    if made.name not in there:
        batch.spaces.add(made.name, embedder=specification, dimension=made.dimension)
        _project(regions, made, resources, batch)


def _project(regions: Sequence[int], made: Reduction, resources: Resources, batch: Batch) -> None:
    """Write the projected vectors of some regions; those that were deleted meanwhile are left out."""
    for some in chunks(regions, CHUNK):
        there = resources.store.embeddings.vectors(made.space, some)
        if there:
            vectors = made.transform(np.stack(list(there.values())))
            batch.embeddings.put(made.name, list(there), vectors)


def _catch_up(made: Reduction, resources: Resources) -> None:
    """Project what was embedded during the fit; from then on, whatever is embedded is also projected."""
    snapshot = resources.snapshots.latest()
    if made.name not in snapshot.spaces:  # another was fitted since
        return
    late = np.setdiff1d(snapshot.spaces[made.space].rows, snapshot.spaces[made.name].rows)
    if len(late):
        with resources.store.write() as batch:
            _project(snapshot.rows.key[late].tolist(), made, resources, batch)


def _summary(made: Reduction, before: Reduction | None, resources: Resources) -> str:
    d, k = made.directions.shape[1], made.dimension
    text = f"{made.space}: {d:,} numbers reduced to {k:,}, fitted on {made.rows:,} rows"
    if before is None:
        return text
    text += f"; before, to {before.dimension:,} on {before.rows:,} rows at {time_text(before.fitted_at)}"
    models = (TrainedConcept.from_dict(model.state) for model in resources.store.models.all())
    lost = [model.concept for model in models if model.space == before.name != made.name]
    return f"{text}; train again: {', '.join(lost)}" if lost else text
