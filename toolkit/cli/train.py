"""``toolkit train``."""

from __future__ import annotations

from dataclasses import asdict

import click

from ..plain_text import printable
from .completing import concepts, from_collection
from .options import as_json, collection, existing, print_json

__all__ = ["command"]


@click.command("train")
@collection
@click.argument("concepts", nargs=-1, required=True, shell_complete=concepts)
@click.option(
    "--space",
    help="The embedder whose vectors are learned from; the collection's first by default.",
    shell_complete=from_collection("spaces"),
)
@as_json
def command(collection: str, concepts: tuple[str, ...], space: str | None, as_json: bool) -> None:
    """Learn CONCEPTS of COLLECTION from their labels and predict them for every input."""
    with existing(collection) as photos:
        trained = [photos.train(concept, space=space) for concept in concepts]
    if as_json:
        print_json(
            {
                "trained": [
                    {"concept": one.concept, "source": one.source, **asdict(one.report)} for one in trained
                ]
            }
        )
    else:
        for one in trained:
            click.echo(printable(str(one)))
