"""``toolkit wordnet``."""

from __future__ import annotations

import json

import click

from .lexicons import add_lexicons, installed

__all__ = ["wordnet"]


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
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array instead of text.")
def list_command(as_json: bool) -> None:
    """List the lexicons that are installed."""
    lexicons = installed()
    if as_json:
        fields = ("name", "language", "title", "license")
        click.echo(
            json.dumps([{field: getattr(one, field) for field in fields} for one in lexicons], indent=2)
        )
    elif not lexicons:
        click.echo("none yet: toolkit wordnet add FILE")
    for one in () if as_json else lexicons:
        click.echo(f"{one.name:<24} {one.language:<8} {one.title}  ({one.license})")
