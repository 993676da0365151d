"""``toolkit vectors``."""

from __future__ import annotations

from pathlib import Path

import click

from .completing import files, from_collection, inputs
from .naming import INPUTS, named
from .options import collection, existing

__all__ = ["command"]


@click.command("vectors", epilog=INPUTS)
@collection
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), shell_complete=files)
@click.argument("inputs", nargs=-1, shell_complete=inputs)
@click.option(
    "--space", help="Whose vectors; the default space if left out.", shell_complete=from_collection("spaces")
)
def command(collection: str, file: Path, inputs: tuple[str, ...], space: str | None) -> None:
    """Write the vectors of COLLECTION, or of some INPUTS, to FILE: .npy, .parquet or .arrow."""
    with existing(collection) as photos:
        count = photos.export_vectors(file, named(photos, inputs) if inputs else None, space=space)
    click.echo(f"wrote {count:,} vectors to {file}")
