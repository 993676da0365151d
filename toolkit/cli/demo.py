"""``toolkit demo``."""

from __future__ import annotations

from pathlib import Path

import click

from .options import as_json, print_json

__all__ = ["command"]


@click.command("demo")
@click.option(
    "--photos",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Use this folder of your own pictures instead of those that packages bring.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("toolkit-demo"),
    show_default=True,
    help="Where the collection and the page go.",
)
@as_json
def command(photos: Path | None, out: Path, as_json: bool) -> None:
    """Index photographs and answer every kind of query, with a table for each and a page with pictures.

    The exit code is 1 if a query did not find what it should.
    """
    from ..demo import run_bundled, run_photos

    result = run_photos(photos, out) if photos else run_bundled(out)
    if as_json:
        print_json(result.to_dict())
    else:
        click.echo(result.text())
    raise SystemExit(0 if result.passed else 1)
