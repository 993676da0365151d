"""``toolkit models``."""

from __future__ import annotations

import click

from .options import collection, existing, print_rows, tabular
from .suggesting import SuggestingGroup

__all__ = ["command"]


@click.group("models", cls=SuggestingGroup)
def command() -> None:
    """What says something of every picture: the models that run over it, and the concepts trained here."""


@command.command("list")
@collection
@tabular
def list_command(collection: str, as_json: bool, as_csv: bool) -> None:
    """List the models of COLLECTION: their names, their versions, and what each one is."""
    with existing(collection) as photos:
        rows: list[dict[str, object]] = [
            {"name": name, "model": str(one), "kinds": ", ".join(one.kinds)}
            for name, one in photos.models.items()
        ]
    print_rows(("name", "model", "kinds"), rows, as_json=as_json, as_csv=as_csv)


@command.command("forget")
@collection
@click.argument("name")
def forget_command(collection: str, name: str) -> None:
    """Delete the trained concept NAME of COLLECTION (such as trained-porch) with all that it said.

    What people labeled stays, so that `toolkit train COLLECTION CONCEPT` makes it again.
    """
    with existing(collection) as photos:
        photos.models.forget(name)
    click.echo(f"{name} forgotten")
