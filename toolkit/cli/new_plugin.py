"""``toolkit new-plugin``."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]


@click.command("new-plugin")
@click.argument("name")
@click.option(
    "--in",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder to write it in; here by default.",
)
def command(name: str, directory: Path) -> None:
    """Write a plugin of your own called NAME: a ranker, its entry point and a test that passes."""
    from ..plugins.new_plugin import write_plugin

    path = write_plugin(name, directory)
    click.echo(f"wrote {path}\ntry it:  cd {path} && pip install -e . && python -m pytest")
