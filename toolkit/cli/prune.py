"""``toolkit prune``."""

from __future__ import annotations

import click

from ..plain_text import printable
from .options import collection, existing

__all__ = ["command"]


@click.command("prune")
@collection
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(collection: str, yes: bool) -> None:
    """Forget the pictures of COLLECTION that are gone, with their labels; asks before it does."""
    with existing(collection) as photos:
        missing = photos.missing()
        for one in missing:
            click.echo(printable(str(one)))
        if missing and not yes:
            click.confirm(f"Forget these {len(missing):,} of {len(photos):,} pictures?", abort=True)
        click.echo(f"{len(photos.prune()) if missing else 0:,} forgotten")
