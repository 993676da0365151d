"""``toolkit info``."""

from __future__ import annotations

import click

from ..plain_text import printable
from .options import as_json, collection, existing, print_json

__all__ = ["command"]


@click.command("info")
@collection
@as_json
def command(collection: str, as_json: bool) -> None:
    """Say what COLLECTION holds: inputs, regions, concepts, spaces, and what runs over every image."""
    with existing(collection) as photos:
        facts = photos.info()
    if as_json:
        print_json(facts)
        return
    facts |= {
        "to change": f"toolkit workflow {collection} --help says how to change what runs over every image"
    }
    width = max(map(len, facts))
    for name, value in facts.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
        click.echo(printable(f"{name:<{width}}  {shown}"))
