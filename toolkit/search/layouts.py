"""Laying out the pictures of a space: once, and again when they have become many more; what is new is put beside."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from ..errors import NotIndexedError, StoreError
from ..learned.layout import BLOCK, Layout, laid_beside, made_layout
from ..learned.stored_layouts import store_layout, stored_layout
from ..plugins.contract_errors import contract_errors
from ..plugins.interfaces import Progress, Projection
from ..remedies import Advice, Remedy, in_shell
from ..resources import Resources
from ..snapshot import Snapshot, Space
from ..values.types import FloatArray
from .spaces import space_name

__all__ = ["FEWEST", "laid_out", "layout_there"]

FEWEST: Final = 3  # pictures
GROWN: Final = 1.5  # times as many as were laid out at once, and it is done again
FITTED_SHARE: Final = 0.3  # of the bar, where most pictures are put beside others

Keys = npt.NDArray[np.int64]


def layout_there(projection: str, space: str | None, snapshot: Snapshot, resources: Resources) -> Layout:
    """The layout of a space by a projection, as it was made in this session or stored.

    Parameters
    ----------
    projection : str
        Its name.
    space : str or None
        As `space_name` takes it.
    snapshot : Snapshot
        Whose spaces.
    resources : Resources
        Of the open collection.

    Raises
    ------
    NotIndexedError
        It was never laid out.
    """
    full = space_name(space, snapshot, resources)
    found = _made(projection, full, resources)
    if found is None:
        raise NotIndexedError(
            Advice(
                f"{full!r} is not laid out by {projection!r} yet: run ",
                Remedy(
                    f"photos.project({projection!r}, space={full!r})",
                    f"toolkit project COLLECTION {in_shell(projection)} --space {in_shell(full)}",
                ),
            )
        )
    return found


def laid_out(
    projection: str,
    resources: Resources,
    *,
    space: str | None = None,
    seed: int = 0,
    again: bool = False,
    progress: Progress = lambda share: None,
) -> Layout:
    """The layout of all pictures of a space that are embedded as a whole, stored with the collection.

    Where that can only be read, the session has it.

    Parameters
    ----------
    projection : str
        Its name.
    resources : Resources
        Of the open collection.
    space : str, optional
        As `space_name` takes it; the default space.
    seed : int
        Of what is drawn at random.
    again : bool
        Whether to lay out all of them, whatever is stored.
    progress : callable
        Called with the share that is done.

    Raises
    ------
    UnknownNameError
        There is no such projection.
    NotIndexedError
        There is no such space, or fewer than three pictures in it.
    """
    made_by = resources.registry.projection(projection)
    snapshot = resources.snapshots.latest()
    name = space_name(space, snapshot, resources)
    keys, at = _embedded(snapshot, snapshot.spaces[name])
    if len(keys) < FEWEST:
        raise NotIndexedError(
            f"{len(keys)} pictures are embedded in {name!r}: {FEWEST} at least are laid out"
        )
    vectors = snapshot.spaces[name].vectors
    before = None if again else _before(projection, name, seed, resources)
    if before is None or not np.isin(keys, before.keys).any() or _has_grown(before, len(keys), made_by.most):
        some = np.unique(np.linspace(0, len(keys) - 1, min(len(keys), made_by.most)).round().astype(np.int64))
        share = 1.0 if len(some) == len(keys) else FITTED_SHARE
        places = _fitted(made_by, vectors[at[some]], seed, lambda done: progress(done * share))
        before, start = made_layout(projection, name, seed, keys[some], places), share
    elif np.isin(keys, before.keys).all():
        return before
    else:
        start = 0.0
    made = _completed(before, keys, at, vectors, lambda done: progress(start + done * (1 - start)))
    return _recorded(made, resources)


def _recorded(layout: Layout, resources: Resources) -> Layout:
    if resources.store.readonly:
        layout = replace(layout, is_stored=False)
        resources.layouts[layout.projection, layout.space] = layout
        return layout
    with resources.store.write() as batch:
        store_layout(layout, batch)
    return layout


def _made(projection: str, space: str, resources: Resources) -> Layout | None:
    of_session = resources.layouts.get((projection, space))
    return of_session or stored_layout(projection, space, resources.store)


def _embedded(snapshot: Snapshot, space: Space) -> tuple[Keys, npt.NDArray[np.int64]]:
    """The keys of the inputs that are embedded as a whole, ascending, and where their vectors are."""
    at = np.flatnonzero(snapshot.rows.whole[space.rows])
    inputs = snapshot.rows.input[space.rows[at]]
    order = np.argsort(inputs, kind="stable")
    return snapshot.inputs.key[inputs[order]], at[order].astype(np.int64)


def _before(projection: str, space: str, seed: int, resources: Resources) -> Layout | None:
    try:
        found = _made(projection, space, resources)
    except StoreError:  # a damaged one is what laying out again is for
        return None
    return found if found is not None and found.seed == seed else None


def _has_grown(layout: Layout, count: int, most: int) -> bool:
    return layout.fitted < most and count > GROWN * layout.fitted


def _fitted(projection: Projection, vectors: FloatArray, seed: int, progress: Progress) -> FloatArray:
    with contract_errors(f"projection {projection.name!r}", "lay_out() returns finite places (m, 2)"):
        places = np.asarray(projection.lay_out(vectors, seed=seed, progress=progress), np.float32)
        if places.shape != (len(vectors), 2) or not np.isfinite(places).all():
            raise ValueError(
                f"{places.shape} for {len(vectors)} vectors, finite: {np.isfinite(places).all()}"
            )
    return places


def _completed(
    layout: Layout, keys: Keys, at: npt.NDArray[np.int64], vectors: FloatArray, progress: Progress
) -> Layout:
    """The layout with every picture: those that are gone left out, those that are new beside their neighbors."""
    there = np.isin(keys, layout.keys)
    known = layout.places[np.searchsorted(layout.keys, keys[there])]
    places = np.empty((len(keys), 2), np.float32)
    places[there] = known
    anchors = np.flatnonzero(there)
    among, new = vectors[at[anchors]], np.flatnonzero(~there)
    for start in range(0, len(new), BLOCK):
        some = new[start : start + BLOCK]
        places[some] = laid_beside(among, known, vectors[at[some]])
        progress(min(1.0, (start + BLOCK) / len(new)))
    progress(1.0)
    return replace(layout, keys=keys, places=places)
