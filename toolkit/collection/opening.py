"""Opening a collection, and looking at what it holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from PIL.Image import Image

from ..errors import InputError, StoreError, UnknownNameError
from ..files.originals import Originals
from ..files.origins import read_input, uri_of
from ..images import decode
from ..learned import stored_reductions as reductions
from ..plugins.components import load
from ..plugins.registry import Registry, default
from ..resources import Resources
from ..similarity.indexes import Indexes
from ..store import AnnotationStore, Snapshots, StoredSpace
from ..values.settings import WORKFLOWS, Settings, Workflow
from ..values.types import Input, Json

__all__ = ["described", "facts", "find", "ids", "image", "resources", "thumbnail"]

NEW = "pixels"  # the workflow of a collection that has none
CHUNK = 1024  # inputs read at once


def resources(
    target: str | Path | None,
    *,
    workflow: str | Workflow | None,
    settings: Settings,
    registry: Registry | None,
) -> Resources:
    """The parts of a collection, opened."""
    registry = registry or default()
    chosen = _named(workflow) if isinstance(workflow, str) else workflow
    if chosen is not None:
        load(chosen, registry)  # a model that nobody knows must not get into the store
    store = AnnotationStore.open(target)
    try:
        return _around(store, chosen, settings, registry)
    except BaseException:
        store.close()
        raise


def _around(
    store: AnnotationStore, workflow: Workflow | None, settings: Settings, registry: Registry
) -> Resources:
    opened = Resources(
        store,
        Snapshots(store.read, _beside(store, "cache")),
        Originals(_beside(store, "files")),
        registry,
        settings,
        Indexes(registry, settings.similarity),
    )
    if workflow is not None:
        opened.workflow = workflow
    elif not opened.has_workflow:
        opened.workflow = WORKFLOWS[NEW]
    return opened


def _named(workflow: str) -> Workflow:
    if workflow not in WORKFLOWS:
        raise UnknownNameError("workflow", workflow, WORKFLOWS)
    return WORKFLOWS[workflow]


def _beside(store: AnnotationStore, kind: str) -> Path | None:
    """A folder next to an embedded store, or in the user's own for a server; None for a store in memory."""
    if store.path is not None:
        return store.path.with_name(f"{store.path.name}.{kind}")
    if store.in_memory:
        return None
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return home / "rank-toolkit" / f"{store.id}.{kind}"


def find(of: Resources, name: str | Path) -> Input:
    """The input of an id, or the newest of a path or URL as it was added.

    Raises
    ------
    UnknownNameError
        With the nearest ids.
    """
    text = str(name)
    uri = uri_of(text)
    with of.store.read():
        seen = of.store.seen_files([uri]).get(uri)
        if seen is not None and seen.input_key is not None:
            return of.store.inputs([seen.input_key])[0]
        return of.store.input(text)


def image(of: Resources, id: str) -> Image:
    """The picture of an input, at full size.

    Raises
    ------
    InputError
        The file is not there any more, or holds another picture now.
    """
    one = of.store.input(id)
    encoded = read_input(one, of.originals, of.settings)
    return decode(encoded, uri=one.uri, working_size=None, max_pixels=of.settings.max_pixels).image


def thumbnail(of: Resources, id: str) -> bytes:
    """A small JPEG of an input, there even if its file is gone.

    Raises
    ------
    InputError
        None is kept.
    """
    pictures = of.pictures([id])
    if id not in pictures:
        raise InputError(id, "no thumbnail is kept of it")
    return pictures[id]


def ids(of: Resources) -> Iterator[str]:
    """The ids of all inputs, in order of creation."""
    keys = of.snapshots.latest().inputs.key.tolist()
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        ids = of.store.ids_of_inputs(some)
        yield from (ids[key] for key in some if key in ids)


def facts(of: Resources) -> dict[str, Json]:
    """What a collection holds, as a JSON object."""
    workflow = of.workflow.to_dict()
    spaces = [_space(space, of.store) for space in of.store.spaces()]
    return {
        "store": of.store.name,
        "revision": of.store.revision(),
        **of.store.counts(),
        "spaces": spaces,
        "sources": of.store.sources(),
        "trained": [model.name for model in of.store.models()],
        "failed": len(of.store.failed_files()),
        **workflow,
        "similarity": of.settings.similarity,
    }


def _space(space: StoredSpace, store: AnnotationStore) -> str:
    told = f"{space.name} ({space.dimension} numbers, {space.count:,} rows)"
    reduction = reductions.behind(space.name, store)
    if reduction is None:
        return told
    fitted = f"reduced, fitted on {reduction.rows:,} rows at {reductions.moment(reduction.fitted_at)}"
    again = f"photos.index(embedder={space.embedder!r}, reduce={space.dimension}) fits it again"
    return f"{told[:-1]}; {fitted}; {again})"


def described(of: Resources) -> str:
    """One line for a cell."""
    try:
        counts = of.store.counts()
    except StoreError:  # closed, or gone: whoever only looks at a variable must not get an error
        return f"<Collection {of.store.name}: closed>"
    return (
        f"<Collection {of.store.name}: {counts['inputs']:,} inputs, {counts['annotations']:,} annotations, "
        f"{counts['concepts']:,} concepts>"
    )
