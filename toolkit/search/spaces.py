"""Resolve the name of a space: a full name, an embedder's name, or None for the default."""

from __future__ import annotations

from collections.abc import Mapping
from shlex import quote

from ..errors import NotIndexedError
from ..remedies import ADD_IMAGES, Remedy
from ..resources import Resources
from ..snapshot import Snapshot

__all__ = ["space_name", "text_space"]


def space_name(name: str | None, snapshot: Snapshot, resources: Resources) -> str:
    """The full name of a space, ``pixels@1``.

    Parameters
    ----------
    name : str or None
        That, or without the version, or the specification of its embedder (``timm:resnet18``), or the
        plugin in that (``timm``): the newest of several. None for the first of the workflow's embedders that has one.
    snapshot : Snapshot
        Whose spaces.
    resources : Resources
        Of the open collection.

    Raises
    ------
    NotIndexedError
        There is none; the error names the call that makes it.
    """
    if name in snapshot.spaces:
        return str(name)
    if name is None and len(snapshot.spaces) == 1:  # as mostly: there is nothing to ask the store
        return next(iter(snapshot.spaces))
    # By what the store keeps: to ask an embedder for its name may mean loading a network.
    specifications = resources.store.spaces.embedders()
    wanted = resources.workflow.embedders if name is None else (name,)
    for one in wanted:
        if versions := _versions(one, snapshot, specifications):
            return versions[-1]
    if name is None and snapshot.spaces:
        return next(iter(snapshot.spaces))
    raise _not_indexed(name, wanted, snapshot)


def text_space(name: str | None, snapshot: Snapshot, resources: Resources) -> str | None:
    """The full name of a space that words can be put into; None if there is none.

    Parameters
    ----------
    name : str or None
        As `space_name` takes it: this space only. None for the first of all that has a text side.
    snapshot : Snapshot
        Whose spaces.
    resources : Resources
        Of the open collection.

    Raises
    ------
    NotIndexedError
        There is no space of that name.
    """
    names = list(snapshot.spaces) if name is None else [space_name(name, snapshot, resources)]
    specifications = resources.store.spaces.embedders()
    return next((one for one in names if _takes_text(specifications.get(one), resources)), None)


def _takes_text(specification: str | None, resources: Resources) -> bool:
    factory = resources.registry.embedders.get((specification or "").partition(":")[0])
    if specification is None or factory is None:
        return False
    if isinstance(factory, type):  # to make one may mean to load a network
        return hasattr(factory, "embed_text")
    return hasattr(resources.registry.embedder(specification), "embed_text")


def _versions(wanted: str, snapshot: Snapshot, specifications: Mapping[str, str]) -> list[str]:
    return [full for full in snapshot.spaces if wanted in _names(full, specifications.get(full, ""))]


def _names(full: str, specification: str) -> set[str]:
    """What a space goes by: its name without the version, its embedder's specification, and the plugin in that."""
    return {full.rpartition("@")[0], specification, specification.partition(":")[0]}


def _not_indexed(name: str | None, embedders: tuple[str, ...], snapshot: Snapshot) -> NotIndexedError:
    if name is not None:
        known = ", ".join(snapshot.spaces) or "none"
        return NotIndexedError(
            f"no {name!r} embeddings here; run ",
            Remedy(f"photos.index(embedder={name!r})", f"toolkit index COLLECTION --embedder {quote(name)}"),
            f". There are: {known}",
        )
    if embedders:
        return NotIndexedError("nothing is embedded yet: add images with ", ADD_IMAGES)
    run = Remedy("photos.index(embedder='name')", "toolkit index COLLECTION --embedder NAME")
    return NotIndexedError("nothing is embedded here: run ", run, ", such as 'pixels'")
