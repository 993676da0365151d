"""Opening a collection, and looking at what it holds."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from shlex import quote

from PIL.Image import Image

from ..errors import InputError, StoreError, ToolkitError, UnknownNameError
from ..files.originals import LocalOriginals
from ..images import decode
from ..learned import stored_reductions as reductions
from ..plugins.components import load_components
from ..plugins.registry import PluginWarning, Registry, default
from ..remedies import Advice, Remedy
from ..resources import Resources
from ..similarity.indexes import SimilarityIndexes
from ..store import AnnotationStore, Snapshots, StoredSpace
from ..values.settings import USUAL, WORKFLOWS, Settings, Workflow
from ..values.types import Input, Json

__all__ = [
    "all_inputs",
    "collection_info",
    "find_input",
    "folder_beside",
    "input_ids",
    "input_image",
    "input_thumbnail",
    "open_resources",
    "summary_line",
]

NEW = "TOOLKIT_WORKFLOW"  # a variable that names the workflow of new collections
CHUNK = 1024  # inputs read at once


def open_resources(
    target: str | Path | None,
    *,
    workflow: str | Workflow | None,
    settings: Settings,
    registry: Registry | None,
    readonly: bool = False,
) -> Resources:
    """Open the parts of a collection.

    Parameters
    ----------
    target : str or Path or None
        A file, a database URL, or None for a collection in memory.
    workflow : str or Workflow or None
        A workflow, or the name of one; None for the collection's own.
    settings : Settings
        The collection's settings.
    registry : Registry or None
        The plugins; the installed ones if None.
    readonly : bool
        Whether nothing is written.
    """
    registry = registry or default()
    chosen = _named(workflow) if isinstance(workflow, str) else workflow
    if chosen is not None:
        load_components(chosen, registry)  # an unknown model must not get into the store
    store = AnnotationStore.open(target, readonly=readonly, connections=settings.connections)
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
        Snapshots(store.read, None if store.readonly else folder_beside(store, "cache")),
        LocalOriginals(folder_beside(store, "files")),
        registry,
        settings,
        SimilarityIndexes(registry, settings.similarity),
    )
    if workflow is not None:
        opened.workflow = workflow
    elif not opened.has_workflow and not store.readonly:
        opened.workflow = _usual(registry)
    return opened


def _named(workflow: str) -> Workflow:
    if workflow not in WORKFLOWS:
        raise UnknownNameError("workflow", workflow, WORKFLOWS)
    return WORKFLOWS[workflow]


def _usual(registry: Registry) -> Workflow:
    """What a new collection runs that says nothing itself: the first of the usual workflows that can be made."""
    if named := os.environ.get(NEW):
        return _named(named)
    best, *others = USUAL
    try:
        load_components(WORKFLOWS[best], registry)
    except ToolkitError as error:
        message = f"a new collection runs {others[0]!r}, which reads colors and tones only: "
        warnings.warn(Advice(message, error.advice), PluginWarning, stacklevel=2)
        return WORKFLOWS[others[0]]
    return WORKFLOWS[best]


def folder_beside(store: AnnotationStore, kind: str) -> Path | None:
    """A folder next to an embedded store, or in the user's own for a server; None for a store in memory.

    Parameters
    ----------
    store : AnnotationStore
        An open store.
    kind : str
        What is in it.
    """
    if store.path is not None:
        return store.path.with_name(f"{store.path.name}.{kind}")
    if store.in_memory:
        return None
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return home / "rank-toolkit" / f"{store.id}.{kind}"


def find_input(of: Resources, name: str | Path) -> Input:
    """The input with an id, or at a path or URL.

    Parameters
    ----------
    of : Resources
        The open collection.
    name : str or Path
        An input's id, or a path or URL as it was added.

    Raises
    ------
    UnknownNameError
        With the files that are named most like it.
    """
    return of.store.inputs.get(str(name))


def input_image(of: Resources, id: str) -> Image:
    """The picture of an input, at full size.

    Parameters
    ----------
    of : Resources
        The open collection.
    id : str
        An input's id.

    Raises
    ------
    InputError
        The file is not there any more, or holds another picture now.
    """
    one = of.store.inputs.get(id)
    return decode(
        of.encoded(one),
        uri=one.uri,
        working_size=None,
        max_pixels=of.settings.max_pixels,
        decoders=of.registry.decoders,
    ).image


def input_thumbnail(of: Resources, id: str) -> bytes:
    """A small JPEG of an input; available even if its file is gone.

    Parameters
    ----------
    of : Resources
        The open collection.
    id : str
        An input's id.

    Raises
    ------
    InputError
        None is stored.
    """
    id = of.store.inputs.get(id).id  # which may be named by its path
    pictures = of.pictures([id])
    if id not in pictures:
        raise InputError(id, "no thumbnail is stored")
    return pictures[id]


def input_ids(of: Resources) -> Iterator[str]:
    """The ids of all inputs, in order of creation."""
    keys = of.snapshots.latest().inputs.key.tolist()
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        ids = of.store.inputs.ids_by_key(some)
        yield from (ids[key] for key in some if key in ids)


def all_inputs(of: Resources) -> Iterator[Input]:
    """All inputs, in order of creation."""
    keys = of.snapshots.latest().inputs.key.tolist()
    for start in range(0, len(keys), CHUNK):
        yield from of.store.inputs.by_key(keys[start : start + CHUNK])


def collection_info(of: Resources) -> dict[str, Json]:
    """Counts, spaces, sources and settings of a collection, as a JSON object."""
    workflow = of.workflow.to_dict()
    spaces = [_space(space, of.store) for space in of.store.spaces.all()]
    return {
        "store": of.store.name,
        "revision": of.store.revision(),
        **of.store.counts(),
        "spaces": spaces,
        "sources": of.store.annotations.sources(),
        "trained": [model.name for model in of.store.models.all()],
        "failed": len(of.store.files.failed()),
        **workflow,
        "originals": of.originals.location,
        "similarity": of.indexes.name,
    }


def _space(space: StoredSpace, store: AnnotationStore) -> str:
    text = f"{space.name} ({space.dimension} numbers, {space.count:,} rows)"
    reduction = reductions.reduction_of_space(space.name, store)
    if reduction is None:
        return text
    fitted = f"reduced, fitted on {reduction.rows:,} rows at {reductions.time_text(reduction.fitted_at)}"
    again = Remedy(
        f"photos.index(embedder={space.embedder!r}, reduce={space.dimension})",
        f"toolkit index COLLECTION --embedder {quote(space.embedder)} --reduce {space.dimension}",
    )
    return Advice(f"{text[:-1]}; {fitted}; ", again, " fits it again)")


def summary_line(of: Resources) -> str:
    """A one-line summary of a collection, for ``repr``."""
    try:
        counts = of.store.counts()
    except StoreError:  # closed, or gone: showing a variable must not raise
        return f"<Collection {of.store.name}: closed>"
    return (
        f"<Collection {of.store.name}: {counts['inputs']:,} inputs, {counts['annotations']:,} annotations, "
        f"{counts['concepts']:,} concepts>"
    )
