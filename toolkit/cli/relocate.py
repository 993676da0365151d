"""``toolkit relocate``."""

from __future__ import annotations

import click

from .options import collection, existing

__all__ = ["command"]


@click.command("relocate")
@collection
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
def command(collection: str, old: str, new: str) -> None:
    """Say that the pictures of COLLECTION below the folder OLD are below NEW now; no file is touched."""
    with existing(collection) as photos:
        click.echo(f"{photos.relocate(old, new):,} places changed")
