"""``toolkit template``: a command of the command line."""

from __future__ import annotations

from collections.abc import Sequence

import click

from toolkit.plugins import hookimpl

__all__ = ["command"]


@click.command("template")
@click.argument("collection")
def command(collection: str) -> None:
    """Say how many inputs COLLECTION has."""
    import toolkit  # imported when the command runs: the help of all others stays quick

    with toolkit.open(collection, readonly=True) as photos:
        click.echo(f"{len(photos):,} inputs")


@hookimpl
def toolkit_commands() -> Sequence[click.Command]:
    """Give the toolkit its commands."""
    return [command]
