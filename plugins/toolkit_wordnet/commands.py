"""``toolkit wordnet``."""

from __future__ import annotations

import csv
import json
import sys

import click

from toolkit.plugins import guarded

from .lexicons import add_lexicons, installed

__all__ = ["wordnet"]

FIELDS = ("name", "language", "title", "license")


@click.group("wordnet")
def wordnet() -> None:
    """Lexicons of many languages, for this user and all collections."""


@wordnet.command("add")
@click.argument("sources", nargs=-1, required=True)
def add_command(sources: tuple[str, ...]) -> None:
    """Add lexicons: SOURCES are files (.xml, .xml.gz, .xml.xz), or names to download such as omw-fr:1.4.

    Interrupted, it can be repeated: a lexicon is there whole or not at all.
    """
    for source in sources:
        added = add_lexicons(source)
        for one in added:
            click.echo(f"added {one.name} ({one.language}): {one.title}")
        if not added:
            click.echo(f"{source}: already there")


@wordnet.command("list")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for spreadsheets instead of text.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array instead of text.")
def list_command(as_json: bool, as_csv: bool) -> None:
    """List the lexicons that are installed."""
    if as_json and as_csv:
        raise click.UsageError("--json and --csv do not go together")
    lexicons = installed()
    rows = [{field: getattr(one, field) for field in FIELDS} for one in lexicons]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows([[guarded(cell) for cell in row.values()] for row in rows])
    elif not lexicons:
        click.echo("none yet: toolkit wordnet add FILE")
    else:
        for one in lexicons:
            click.echo(f"{one.name:<24} {one.language:<8} {one.title}  ({one.license})")
