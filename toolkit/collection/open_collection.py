"""Opening a collection."""

from __future__ import annotations

from pathlib import Path

from ..plugins.registry import Registry
from ..values.settings import Settings, Workflow
from . import opening
from .collection import Collection

__all__ = ["open"]


def open(
    target: str | Path | None = None,
    *,
    workflow: str | Workflow | None = None,
    settings: Settings | None = None,
    registry: Registry | None = None,
    readonly: bool = False,
) -> Collection:
    """An open collection; a file that is not there is made.

    Parameters
    ----------
    target : str, Path or None
        A path, or a database URL such as ``postgresql+psycopg://...``; None keeps everything in memory. In a
        database, ``?schema=NAME`` at the end is a collection of its own.
    workflow : str or Workflow, optional
        What runs over every image: ``"efficientnet"`` (the default of a new collection), ``"pixels"`` (no network),
        ``"regions"``, ``"timm"`` (from the extra of that name), ``"none"``, or one of your own. Stored.
    settings : Settings, optional
        Settings of this session; not stored.
    registry : Registry, optional
        The plugins; all installed ones by default.
    readonly : bool
        Whether to write nothing. A file that cannot be written, such as another user's, is opened so in any case.

    Raises
    ------
    StoreError
        It cannot be opened: no such folder, another kind of file, made by a newer version.
    UnknownNameError
        The workflow, or a model in it, is not known.
    """
    return Collection(
        opening.open_resources(
            target, workflow=workflow, settings=settings or Settings(), registry=registry, readonly=readonly
        )
    )
