"""``toolkit regions``."""

from __future__ import annotations

import click

from .completing import inputs
from .naming import INPUTS, named
from .options import collection, existing, print_rows, tabular
from .suggesting import SuggestingGroup

__all__ = ["command"]

SIDES = ("top_row", "left_col", "bottom_row", "right_col")


@click.group("regions", cls=SuggestingGroup)
def command() -> None:
    """Parts of pictures that are ranked on their own."""


@command.command("list", epilog=INPUTS)
@collection
@click.argument("inputs", nargs=-1, shell_complete=inputs)
@tabular
def list_command(collection: str, inputs: tuple[str, ...], as_json: bool, as_csv: bool) -> None:
    """List the regions of COLLECTION, or of some INPUTS, with their boxes as fractions."""
    with existing(collection) as photos:
        rows: list[dict[str, object]] = [
            {"id": id, "input": input, **dict(zip(SIDES, box, strict=True))}
            for input in (named(photos, inputs) if inputs else photos)
            for id, box in photos.regions.of(input).items()
        ]
    print_rows(("id", "input", *SIDES), rows, as_json=as_json, as_csv=as_csv)


@command.command("add")
@collection
@click.argument("input", shell_complete=inputs)
@click.argument("box", nargs=4, type=float, metavar="TOP LEFT BOTTOM RIGHT")
def add_command(collection: str, input: str, box: tuple[float, float, float, float]) -> None:
    """Make a region of an INPUT of COLLECTION, and print its id; sides are fractions of the picture."""
    from ..values.types import Box

    with existing(collection) as photos:
        click.echo(photos.add_region(photos.find(input).id, Box(*box)))


@command.command("delete")
@collection
@click.argument("regions", nargs=-1, required=True)
def delete_command(collection: str, regions: tuple[str, ...]) -> None:
    """Delete REGIONS of COLLECTION, by id, with their annotations."""
    with existing(collection) as photos:
        photos.regions.delete(*regions)
    click.echo(f"{len(regions):,} deleted")
