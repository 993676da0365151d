"""``toolkit index``."""

from __future__ import annotations

import click

from .completing import from_plugins
from .options import as_json, collection, existing
from .reports import show_report

__all__ = ["command"]


@click.command("index")
@collection
@click.option(
    "--embedder",
    metavar="EMBEDDER",
    help="Also embed with this one, such as timm:resnet50.",
    shell_complete=from_plugins("embedders"),
)
@click.option(
    "--concept-model",
    metavar="MODEL",
    help="Also say what is shown, with this one.",
    shell_complete=from_plugins("concept_models"),
)
@click.option(
    "--detector",
    metavar="DETECTOR",
    help="Also find regions, with this one.",
    shell_complete=from_plugins("detectors"),
)
@click.option(
    "--reduce",
    type=click.IntRange(min=1),
    metavar="N",
    help="Reduce the vectors of the embedder, or of the default space, to N numbers.",
)
@as_json
def command(
    collection: str,
    embedder: str | None,
    concept_model: str | None,
    detector: str | None,
    reduce: int | None,
    as_json: bool,
) -> None:
    """Compute what pictures of COLLECTION lack, with the models named added to what runs over every picture.

    Without any model, what an interrupted run or a missing model left over is computed.
    """
    with existing(collection) as photos:
        report = photos.index(
            embedder=embedder, concept_model=concept_model, detector=detector, reduce=reduce
        )
    show_report(report, as_json=as_json)
