"""``toolkit add``."""

from __future__ import annotations

import click

from ..collection import open as open_collection
from ..settings import WORKFLOWS, Settings
from .options import as_json, collection, print_json

__all__ = ["command"]


@click.command("add")
@collection
@click.argument("sources", nargs=-1, required=True)
@click.option(
    "--detect", metavar="DETECTOR", help="Also find regions, with this detector (such as proposals)."
)
@click.option("--dataset", "datasets", multiple=True, help="Put the new inputs in this dataset; repeatable.")
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
    detect: str | None,
    datasets: tuple[str, ...],
    workflow: str | None,
    allow_urls: tuple[str, ...],
    as_json: bool,
) -> None:
    """Add pictures to COLLECTION: files, folders, globs or URLs; only what is new is read.

    The exit code is 1 if any picture could not be read; the others are added all the same.
    """
    settings = Settings(allow_urls=allow_urls)
    with open_collection(collection, workflow=workflow, settings=settings) as photos:
        # One source may be a folder, whose length is known: the bar then says how long it will take.
        report = photos.add(
            sources[0] if len(sources) == 1 else list(sources), detect=detect, datasets=datasets
        )
    if as_json:
        print_json(report.to_dict())
    else:
        click.echo(str(report))
    raise SystemExit(1 if report.failed else 0)
