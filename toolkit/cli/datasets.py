"""``toolkit datasets``."""

from __future__ import annotations

import click

from .completing import from_collection, inputs
from .naming import INPUTS, named
from .options import collection, existing, print_rows, tabular
from .suggesting import SuggestingGroup

__all__ = ["command"]

dataset = click.argument("name", shell_complete=from_collection("datasets"))


@click.group("datasets", cls=SuggestingGroup)
def command() -> None:
    """Named sets of inputs; `toolkit search COLLECTION "where[dataset=NAME]"` finds what is in one."""


@command.command("list")
@collection
@tabular
def list_command(collection: str, as_json: bool, as_csv: bool) -> None:
    """List the datasets of COLLECTION, with how many inputs each has."""
    with existing(collection) as photos:
        rows = [{"name": name, "inputs": count} for name, count in photos.datasets.items()]
    print_rows(("name", "inputs"), rows, as_json=as_json, as_csv=as_csv)


@command.command("add", epilog=INPUTS)
@collection
@dataset
@click.argument("inputs", nargs=-1, shell_complete=inputs)
def add_command(collection: str, name: str, inputs: tuple[str, ...]) -> None:
    """Put INPUTS of COLLECTION into the dataset NAME, which is made if need be."""
    with existing(collection) as photos:
        photos.datasets.add(name, named(photos, inputs) if inputs else ())
        click.echo(f"{name}: {photos.datasets[name]:,} inputs")


@command.command("remove", epilog=INPUTS)
@collection
@dataset
@click.argument("inputs", nargs=-1, required=True, shell_complete=inputs)
def remove_command(collection: str, name: str, inputs: tuple[str, ...]) -> None:
    """Take INPUTS of COLLECTION out of the dataset NAME; they stay in the collection."""
    with existing(collection) as photos:
        photos.datasets.remove(name, named(photos, inputs))
        click.echo(f"{name}: {photos.datasets[name]:,} inputs")


@command.command("delete")
@collection
@dataset
def delete_command(collection: str, name: str) -> None:
    """Delete the dataset NAME of COLLECTION; its inputs stay in the collection."""
    with existing(collection) as photos:
        photos.datasets.delete(name)
        click.echo(f"deleted {name}")
