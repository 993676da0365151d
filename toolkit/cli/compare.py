"""``toolkit compare``."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from .completing import files
from .options import existing, print_csv, print_json, tabular

if TYPE_CHECKING:
    from ..evaluation.comparison import Comparison

__all__ = ["command"]


@click.command("compare")
@click.argument("recipe", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--rank",
    "collection",
    metavar="COLLECTION",
    shell_complete=files,
    help="Rank again, in this collection; else the saved runs count.",
)
@click.option(
    "--resume",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="With --rank: keep rankings in FOLDER as they are made; the same command, interrupted, goes on there.",
)
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with the table.")
@click.option("--latex", is_flag=True, help="Print the table for a paper.")
@tabular
def command(
    recipe: Path,
    collection: str | None,
    resume: Path | None,
    html: Path | None,
    latex: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Compare the systems of RECIPE: the file, or the folder, that result.save(...) wrote."""
    from ..evaluation import read_recipe
    from ..evaluation.compare import compare

    if resume and not collection:
        raise click.UsageError("--resume goes with --rank COLLECTION: saved runs are ranked already")
    read = read_recipe(recipe)
    with existing(collection) if collection else nullcontext() as photos:
        options = cast("dict[str, Any]", read.options)
        if photos is None:
            result = compare(dict(read.runs), read.topics, read.judgments, **options)
        else:
            result = photos.compare(read.systems, read.topics, read.judgments, resume=resume, **options)
        _show(result, html, latex=latex, as_json=as_json, as_csv=as_csv)


def _show(result: Comparison, html: Path | None, *, latex: bool, as_json: bool, as_csv: bool) -> None:
    if html:
        result.html(html)
        click.echo(f"wrote {html}", err=True)
    if as_csv:
        from ..evaluation.comparison_table import columns, rows

        print_csv(columns(result), list(rows(result)))
    elif as_json:
        print_json(result.to_dict())
    else:
        click.echo(result.latex() if latex else repr(result))
