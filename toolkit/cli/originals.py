"""``toolkit originals``."""

from __future__ import annotations

import click

from ..plain_text import printable
from .completing import files
from .options import collection, existing

__all__ = ["command"]


@click.command("originals")
@collection
@click.argument("place", metavar="PLACE", required=False, shell_complete=files)
@click.option("--prune", is_flag=True, help="List the copies that no picture needs, and remove them.")
@click.option("--yes", is_flag=True, help="Do not ask before removing.")
def command(collection: str, place: str | None, prune: bool, yes: bool) -> None:
    """Say where COLLECTION keeps its copies of bytes and URLs; or copy them to PLACE, where later ones go as well.

    PLACE is a folder, or an address such as s3://bucket/originals, that all who use the collection can read.
    """
    with existing(collection) as photos:
        if place is not None:
            click.echo(f"{photos.move_originals(place):,} copied")
        if prune:
            unused = photos.unused_originals()
            for one in unused:
                click.echo(printable(str(one)))
            if unused and not yes:
                click.confirm(f"Remove these {len(unused):,} files?", abort=True)
            click.echo(f"{len(photos.prune_originals()) if unused else 0:,} removed")
        click.echo(printable(str(photos.info()["originals"])))
