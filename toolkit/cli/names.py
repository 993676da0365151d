"""``toolkit names``."""

from __future__ import annotations

from pathlib import Path

import click

from .options import as_json, collection, existing, print_json

__all__ = ["command"]

language_of_names = click.option("--language", metavar="TAG", help="Such as de, ja or zh-Hant.")


@click.group("names")
def command() -> None:
    """The names of concepts, in any language."""


@command.command("add")
@collection
@click.argument("concept")
@click.argument("names", nargs=-1, required=True)
@click.option("--language", metavar="TAG", default="en", show_default=True, help="Such as de, ja or zh-Hant.")
def add_command(collection: str, concept: str, names: tuple[str, ...], language: str) -> None:
    """Give CONCEPT of COLLECTION more NAMES; a concept that is not there is made."""
    with existing(collection) as photos:
        photos.concepts.add(concept, names={language: names})
        click.echo(f"{concept}: {', '.join(photos.concepts[concept].names[language])}")


@command.command("import")
@collection
@click.argument("tables", nargs=-1, required=True, metavar="FILE...")
def import_command(collection: str, tables: tuple[str, ...]) -> None:
    """Take names and relations into COLLECTION from FILEs, each whole or not at all.

    Columns are concept,language,name; concept,hypernym; or subject,predicate,object; parted by commas or tabs.
    """
    with existing(collection) as photos:
        for table in tables:
            click.echo(f"{table}: {photos.concepts.read(table):,} new concepts")


@command.command("export")
@collection
@click.argument("table", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@language_of_names
def export_command(collection: str, table: Path, language: str | None) -> None:
    """Write the names of COLLECTION to FILE, as `toolkit names import` reads them."""
    with existing(collection) as photos:
        photos.concepts.write(table, language=language)
    click.echo(f"wrote {table}")


@command.command("list")
@collection
@click.argument("concepts", nargs=-1)
@language_of_names
@as_json
def list_command(collection: str, concepts: tuple[str, ...], language: str | None, as_json: bool) -> None:
    """List the names of CONCEPTS of COLLECTION, or of all."""
    with existing(collection) as photos:
        chosen = [photos.concepts[id] for id in concepts or photos.concepts]
    found = {
        one.id: {tag: list(names) for tag, names in one.names.items() if language in (None, tag)}
        for one in chosen
    }
    if as_json:
        print_json(found)
        return
    for id, by_language in found.items():
        for tag, names in by_language.items():
            click.echo(f"{id}\t{tag}\t{', '.join(names)}")
