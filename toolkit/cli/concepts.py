"""``toolkit concepts``."""

from __future__ import annotations

import click

from ..plain_text import printable
from .completing import from_collection
from .options import collection, existing, print_rows, tabular

__all__ = ["command"]


@click.command("concepts")
@collection
@click.option("--complete", "prefix", default="", metavar="TEXT", help="Only names that begin so.")
@click.option(
    "--language",
    metavar="TAG",
    help="The language of the names, such as ja; all if left out.",
    shell_complete=from_collection("languages"),
)
@click.option("-n", "--limit", default=20, show_default=True, help="How many.")
@click.option("--counts", is_flag=True, help="Say how many pictures a search for each finds.")
@tabular
def command(
    collection: str,
    prefix: str,
    language: str | None,
    limit: int,
    counts: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    """List the concepts of COLLECTION by their names."""
    with existing(collection) as photos:
        found = photos.concepts.complete(prefix, language=language, limit=limit)
        inputs = photos.concepts.counts({one.concept for one in found}) if counts else {}
    rows: list[dict[str, str | int]] = [
        {"name": one.name, "language": one.language, "concept": one.concept} for one in found
    ]
    if counts:
        rows = [{**row, "inputs": inputs[one.concept]} for row, one in zip(rows, found, strict=True)]
    if as_json or as_csv:
        columns = ("name", "language", "concept", *(["inputs"] if counts else []))
        print_rows(columns, rows, as_json=as_json, as_csv=as_csv)
        return
    for row in rows:
        click.echo("\t".join(printable(str(cell)) for cell in row.values()))
