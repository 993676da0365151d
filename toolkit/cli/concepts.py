"""``toolkit concepts``."""

from __future__ import annotations

import click

from .options import as_json, collection, existing, print_json

__all__ = ["command"]


@click.command("concepts")
@collection
@click.option("--complete", "prefix", default="", metavar="TEXT", help="Only names that begin so.")
@click.option("--language", metavar="TAG", help="The language of the names, such as ja; all if left out.")
@click.option("-n", "--limit", default=20, show_default=True, help="How many.")
@as_json
def command(collection: str, prefix: str, language: str | None, limit: int, as_json: bool) -> None:
    """List the concepts of COLLECTION by their names."""
    with existing(collection) as photos:
        found = photos.concepts.complete(prefix, language=language, limit=limit)
    if as_json:
        print_json([{"name": one.name, "language": one.language, "concept": one.concept} for one in found])
        return
    for one in found:
        click.echo(f"{one.name}\t{one.language}\t{one.concept}")
