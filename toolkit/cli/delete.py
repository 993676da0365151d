"""``toolkit delete``."""

from __future__ import annotations

import click

from .completing import inputs
from .naming import INPUTS, named
from .options import collection, existing

__all__ = ["command"]


@click.command("delete", epilog=INPUTS)
@collection
@click.argument("inputs", nargs=-1, required=True, shell_complete=inputs)
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(collection: str, inputs: tuple[str, ...], yes: bool) -> None:
    """Forget INPUTS of COLLECTION, with their labels; your files stay. Asks before it does."""
    with existing(collection) as photos:
        ids = named(photos, inputs)
        if not yes:
            click.confirm(f"Forget {len(ids):,} of {len(photos):,} pictures?", abort=True)
        photos.delete(ids)
    click.echo(f"{len(ids):,} forgotten")
