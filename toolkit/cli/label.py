"""``toolkit label``."""

from __future__ import annotations

import click

from .completing import concepts, inputs
from .naming import INPUTS, named
from .options import as_json, collection, existing, print_json

__all__ = ["command"]


@click.command("label", epilog=INPUTS)
@collection
@click.argument("concept", shell_complete=concepts)
@click.argument("inputs", nargs=-1, required=True, shell_complete=inputs)
@click.option("--no", "absent", is_flag=True, help="Say that the concept is not there.")
@click.option(
    "--box", nargs=4, type=float, metavar="TOP LEFT BOTTOM RIGHT", help="Label this part, as fractions."
)
@click.option("--user", help="Who labels.")
@as_json
def command(
    collection: str,
    concept: str,
    inputs: tuple[str, ...],
    absent: bool,
    box: tuple[float, float, float, float] | None,
    user: str | None,
    as_json: bool,
) -> None:
    """Say that INPUTS of COLLECTION show CONCEPT."""
    from ..values.types import Box

    with existing(collection) as photos:
        ids = named(photos, inputs)
        photos.annotate(
            ids, concept=concept, value=0 if absent else 1, box=Box(*box) if box else None, user=user
        )
    if as_json:
        print_json({"concept": concept, "value": 0 if absent else 1, "inputs": ids})
    else:
        count = "1 input" if len(ids) == 1 else f"{len(ids):,} inputs"
        click.echo(f"{concept!r} {'is not' if absent else 'is'} on {count}")
