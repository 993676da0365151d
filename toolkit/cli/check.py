"""``toolkit check``."""

from __future__ import annotations

import click

from ..plain_text import printable
from .options import as_json, collection, existing, print_json

__all__ = ["command"]


@click.command("check")
@collection
@as_json
@click.pass_context
def command(ctx: click.Context, collection: str, as_json: bool) -> None:
    """Say what is wrong with COLLECTION: its database, and pictures that are gone; exits with 1 if anything is."""
    with existing(collection) as photos:
        problems = photos.check()
    if as_json:
        print_json({"problems": problems})
    elif problems:
        click.echo("\n".join(map(printable, problems)))
    else:
        click.echo("all is well")
    ctx.exit(1 if problems else 0)
