"""``toolkit copy``."""

from __future__ import annotations

import click

from .completing import files
from .options import as_json, collection, existing, print_json

__all__ = ["command"]


@click.command("copy")
@collection
@click.argument("target", metavar="TARGET", shell_complete=files)
@click.option(
    "--originals",
    metavar="PLACE",
    help="Where the copy keeps its copies of bytes and URLs: a folder, or an address such as s3://bucket/originals.",
    shell_complete=files,
)
@as_json
def command(collection: str, target: str, originals: str | None, as_json: bool) -> None:
    """Copy all of COLLECTION to TARGET, a new file or an empty database: a laptop's becomes a team's, and back.

    Interrupted, TARGET is as empty as before; run it again.
    """
    with existing(collection) as photos:
        report = photos.copy(target, originals=originals)
    if as_json:
        print_json(report.to_dict())
    else:
        click.echo(str(report))
