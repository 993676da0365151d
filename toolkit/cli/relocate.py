"""``toolkit relocate``."""

from __future__ import annotations

import click

from .completing import files
from .options import collection, existing

__all__ = ["command"]


@click.command("relocate")
@collection
@click.argument("old", metavar="OLD", shell_complete=files)
@click.argument("new", metavar="NEW", shell_complete=files)
def command(collection: str, old: str, new: str) -> None:
    """Say that the pictures of COLLECTION below the folder OLD are below NEW now; no file is touched."""
    with existing(collection) as photos:
        click.echo(f"{photos.relocate(old, new):,} places changed")
