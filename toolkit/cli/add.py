"""``toolkit add``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..values.settings import WORKFLOWS, Workflow
from .completing import files, from_collection
from .options import as_json, collection, models, shown
from .reports import show_report
from .workflow import described

if TYPE_CHECKING:
    from ..collection.collection import Collection
    from ..indexing import Report

__all__ = ["command"]


@click.command("add")
@collection
@click.argument("sources", nargs=-1, shell_complete=files)
@models
@click.option(
    "--dataset",
    "datasets",
    multiple=True,
    help="Put the new inputs in this dataset; repeatable.",
    shell_complete=from_collection("datasets"),
)
@click.option(
    "--workflow", type=click.Choice(list(WORKFLOWS)), help="What runs over every image of a new collection."
)
@click.option(
    "--allow-url", "allow_urls", multiple=True, metavar="PREFIX", help="Fetch from this private address."
)
@as_json
def command(
    collection: str,
    sources: tuple[str, ...],
    embedder: str | None,
    concept_model: str | None,
    detector: str | None,
    reduce: int | None,
    datasets: tuple[str, ...],
    workflow: str | None,
    allow_urls: tuple[str, ...],
    as_json: bool,
) -> None:
    """Add pictures to COLLECTION: files, folders, globs or URLs; only what is new is read.

    Models that are named run over what is there already, too; without SOURCES, over nothing else.

    The exit code is 1 if any picture could not be read; the others are added all the same.
    """
    if not (sources or detector or embedder or concept_model or reduce):
        raise click.UsageError("Name what to add, or a model to run over what is there.")
    if workflow:
        _check_workflow(collection, workflow)
    from ..collection.open_collection import open as open_collection
    from ..indexing import Report
    from ..values.settings import Settings

    with open_collection(collection, workflow=workflow, settings=Settings(allow_urls=allow_urls)) as photos:
        reports = []
        if detector or embedder or concept_model:
            reports.append(photos.index(detector=detector, embedder=embedder, concept_model=concept_model))
        if sources:
            reports.append(_added(sources, photos, datasets))
        if reduce:
            reports.append(photos.index(embedder=embedder, reduce=reduce))
    show_report(Report.of(reports), as_json=as_json)


def _check_workflow(collection: str, workflow: str) -> None:
    """Refuse another workflow than a collection has: models that were added to it would be lost silently."""
    if "://" not in collection and not Path(collection).expanduser().is_file():
        return
    from ..resources import WORKFLOW
    from ..store import AnnotationStore

    with AnnotationStore.open(collection) as store:
        stored = store.properties.get(WORKFLOW)
    there = Workflow.from_dict(stored) if isinstance(stored, dict) else None
    if there is not None and there != WORKFLOWS[workflow]:
        raise click.UsageError(
            f"{shown(collection)} has a workflow: {described(there)}. Without --workflow it keeps that; "
            f"toolkit workflow {shown(collection)} --use {workflow} changes it"
        )


def _added(sources: tuple[str, ...], photos: Collection, datasets: tuple[str, ...]) -> Report:
    # One source may be a folder, whose length is known: the bar then says how long it will take.
    return photos.add(sources[0] if len(sources) == 1 else list(sources), datasets=datasets)
