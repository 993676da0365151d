"""``toolkit missing``."""

from __future__ import annotations

import click

from .options import collection, existing, print_rows, tabular

__all__ = ["command"]


@click.command("missing")
@collection
@tabular
def command(collection: str, as_json: bool, as_csv: bool) -> None:
    """List the pictures of COLLECTION that are gone; `relocate` says where they are, `prune` forgets them."""
    with existing(collection) as photos:
        rows = [{"id": one.id, "uri": one.uri, "reason": one.reason} for one in photos.missing()]
    print_rows(("id", "uri", "reason"), rows, as_json=as_json, as_csv=as_csv)
