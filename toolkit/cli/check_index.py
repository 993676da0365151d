"""``toolkit check-index``."""

from __future__ import annotations

import click

from .completing import from_collection
from .options import as_json, collection, engine, existing, print_json

__all__ = ["command"]


@click.command("check-index")
@collection
@click.option("-k", default=10, show_default=True, help="How many neighbors are compared.")
@click.option("--sample", default=200, show_default=True, help="For how many vectors.")
@click.option("--space", help="The default space if left out.", shell_complete=from_collection("spaces"))
@engine
@as_json
def command(
    collection: str, k: int, sample: int, space: str | None, engine: str | None, as_json: bool
) -> None:
    """Say how many of the true neighbors the similarity index of COLLECTION finds."""
    with existing(collection, engine=engine) as photos:
        recall = photos.check_index(k=k, sample=sample, space=space)
    if as_json:
        print_json({"k": k, "sample": sample, "recall": recall})
    else:
        click.echo(f"recall at {k}: {recall:.4f}")
