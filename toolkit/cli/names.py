"""``toolkit names``."""

from __future__ import annotations

from pathlib import Path

import click

from ..plain_text import printable
from .completing import concepts, files, from_collection
from .options import collection, existing, print_json, print_rows, tabular
from .suggesting import SuggestingGroup

__all__ = ["command"]

PREDICATES = ("hypernym", "hyponym", "synonym")

language_of_names = click.option(
    "--language",
    metavar="TAG",
    help="Such as de, ja or zh-Hant.",
    shell_complete=from_collection("languages"),
)
concept = click.argument("concept", shell_complete=concepts)


@click.group("names", cls=SuggestingGroup)
def command() -> None:
    """The names of concepts, in any language."""


@command.command("add")
@collection
@concept
@click.argument("names", nargs=-1, required=True)
@click.option("--language", metavar="TAG", default="en", show_default=True, help="Such as de, ja or zh-Hant.")
def add_command(collection: str, concept: str, names: tuple[str, ...], language: str) -> None:
    """Give CONCEPT of COLLECTION more NAMES; a concept that is not there is made."""
    with existing(collection) as photos:
        photos.concepts.add(concept, names={language: names})
        click.echo(f"{concept}: {', '.join(photos.concepts[concept].names[language])}")


@command.command("import")
@collection
@click.argument("tables", nargs=-1, required=True, metavar="FILE...", shell_complete=files)
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
@click.argument("concepts", nargs=-1, shell_complete=concepts)
@language_of_names
@tabular
def list_command(
    collection: str, concepts: tuple[str, ...], language: str | None, as_json: bool, as_csv: bool
) -> None:
    """List the names of CONCEPTS of COLLECTION, or of all."""
    with existing(collection) as photos:
        chosen = [photos.concepts[id] for id in concepts or photos.concepts]
    found = {
        one.id: {tag: list(names) for tag, names in one.names.items() if language in (None, tag)}
        for one in chosen
    }
    if as_json and not as_csv:
        print_json(found)
        return
    rows = [
        {"concept": id, "language": tag, "name": name}
        for id, by_language in found.items()
        for tag, names in by_language.items()
        for name in ([", ".join(names)] if not as_csv else names)
    ]
    if as_csv:
        print_rows(("concept", "language", "name"), rows, as_json=as_json, as_csv=True)
    for row in () if as_csv else rows:
        click.echo(printable("\t".join(row.values())).replace("\\t", "\t"))


@command.command("rename")
@collection
@concept
@click.argument("name")
@language_of_names
def rename_command(collection: str, concept: str, name: str, language: str | None) -> None:
    """Make NAME the preferred name of CONCEPT of COLLECTION; the old ones still find it."""
    with existing(collection) as photos:
        photos.concepts.rename(photos.concepts.id_of(concept), name, language=language)
    click.echo(printable(f"{concept}: {name}"))


@command.command("pin")
@collection
@click.argument("name", shell_complete=concepts)
@click.argument("concept")
@language_of_names
def pin_command(collection: str, name: str, concept: str, language: str | None) -> None:
    """Have NAME mean the CONCEPT of this id in COLLECTION, whatever others have that name."""
    with existing(collection) as photos:
        photos.concepts.pin(name, concept, language=language)
    click.echo(printable(f"{name}: {concept}"))


@command.command("unpin")
@collection
@click.argument("name", shell_complete=concepts)
@language_of_names
def unpin_command(collection: str, name: str, language: str | None) -> None:
    """Take back what `pin` set for NAME of COLLECTION."""
    with existing(collection) as photos:
        photos.concepts.unpin(name, language=language)
    click.echo(printable(f"{name} is free"))


@command.command("meanings")
@collection
@click.argument("word", shell_complete=concepts)
@language_of_names
@tabular
def meanings_command(collection: str, word: str, language: str | None, as_json: bool, as_csv: bool) -> None:
    """List the concepts that a query of COLLECTION uses for WORD, and who knew."""
    with existing(collection) as photos:
        found = photos.concepts.meanings(word, language=language)
    rows = [
        {"concept": one.concept, "language": one.language, "name": one.name, "origin": one.origin}
        for one in found
    ]
    print_rows(("concept", "language", "name", "origin"), rows, as_json=as_json, as_csv=as_csv)


@command.command("relate")
@collection
@click.argument("subject", shell_complete=concepts)
@click.argument("predicate", type=click.Choice(PREDICATES))
@click.argument("object", shell_complete=concepts)
@click.option("--no", "remove", is_flag=True, help="Remove the relation.")
def relate_command(collection: str, subject: str, predicate: str, object: str, remove: bool) -> None:
    """Say that OBJECT is a hypernym, hyponym or synonym of SUBJECT in COLLECTION."""
    with existing(collection) as photos:
        change = photos.concepts.unrelate if remove else photos.concepts.relate
        change(photos.concepts.id_of(subject), predicate, photos.concepts.id_of(object))
    click.echo(printable(f"{subject} {'no ' if remove else ''}{predicate} {object}"))


@command.command("link")
@collection
def link_command(collection: str) -> None:
    """Store what lies above the concepts of COLLECTION, from installed lexicons."""
    with existing(collection) as photos:
        click.echo(f"{photos.concepts.link():,} new relations")
