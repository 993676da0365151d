"""``toolkit new-plugin``."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import CompletionItem

__all__ = ["command"]

KINDS = (
    *(
        "ranker",
        "embedder",
        "concept-model",
        "detector",
        "translator",
        "index",
        "engine",
        "importer",
        "decoder",
        "fusion",
        "norm",
        "feedback",
        "projection",
    ),
    *("command", "image-opener", "hit-view"),
)


@click.command("new-plugin")
@click.argument("name")
@click.option(
    "--kind",
    default="ranker",
    show_default=True,
    metavar="KIND",
    help=f"What it registers: {', '.join(KINDS)}.",
    shell_complete=lambda *asked: [CompletionItem(one) for one in KINDS if one.startswith(asked[-1])],
)
@click.option(
    "--in",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder to write it in; here by default.",
)
def command(name: str, kind: str, directory: Path) -> None:
    """Write a plugin of your own called NAME: a module, its entry point and tests that pass."""
    from ..plugins.new_plugin import write_plugin

    path = write_plugin(name, directory, kind=kind)
    click.echo(f"wrote {path}\ntry it:  cd {path} && pip install -e . && python -m pytest")
