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
def command(collection: str, place: str | None) -> None:
    """Say where COLLECTION keeps its copies of bytes and URLs; or copy them to PLACE, where later ones go as well.

    PLACE is a folder, or an address such as s3://bucket/originals, that all who use the collection can read.
    """
    with existing(collection) as photos:
        if place is not None:
            click.echo(f"{photos.move_originals(place):,} copied")
        click.echo(printable(str(photos.info()["originals"])))
