"""``toolkit info``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ..plain_text import printable
from .options import as_json, collection, existing, print_json, say, shown

if TYPE_CHECKING:
    from ..values.types import Json

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
        "to change": f"what runs over every image: toolkit workflow {shown(collection)} --use or --drop"
    }
    width = max(map(len, facts))
    for name, value in facts.items():
        text = ", ".join(say(one if isinstance(one, str) else str(one)) for one in _all(value))
        click.echo(printable(f"{name:<{width}}  {text}"))


def _all(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list | tuple) else [value]
