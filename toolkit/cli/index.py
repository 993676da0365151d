"""``toolkit index``."""

from __future__ import annotations

import click

from .options import as_json, collection, existing, models
from .reports import show_report

__all__ = ["command"]


@click.command("index")
@collection
@models
@click.option(
    "--regions",
    is_flag=True,
    help="Also have the concept models look at every region that they have not looked at yet.",
)
@as_json
def command(
    collection: str,
    embedder: str | None,
    concept_model: str | None,
    detector: str | None,
    reduce: int | None,
    regions: bool,
    as_json: bool,
) -> None:
    """Compute what pictures of COLLECTION lack, with the models named added to what runs over every picture.

    Without any model, what an interrupted run or a missing model left over is computed.
    """
    with existing(collection) as photos:
        report = photos.index(
            embedder=embedder,
            concept_model=concept_model,
            detector=detector,
            reduce=reduce,
            regions=regions,
        )
    show_report(report, as_json=as_json)
