"""``toolkit queries``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .completing import from_collection, query
from .options import collection, existing, print_json, print_rows, tabular
from .searching import asked_page, paged, show_hits
from .suggesting import SuggestingGroup

if TYPE_CHECKING:
    from ..query import Query

__all__ = ["command"]

named = click.argument("name", shell_complete=from_collection("queries"))


@click.group("queries", cls=SuggestingGroup)
def command() -> None:
    """Queries saved in a collection under names."""


@command.command("list")
@collection
@tabular
def list_command(collection: str, as_json: bool, as_csv: bool) -> None:
    """List the saved queries of COLLECTION."""
    with existing(collection) as photos:
        rows = [{"name": name, "query": _text(one)} for name, one in photos.queries.items()]
    print_rows(("name", "query"), rows, as_json=as_json, as_csv=as_csv)


@command.command("show")
@collection
@named
def show_command(collection: str, name: str) -> None:
    """Print the query NAME of COLLECTION as JSON."""
    with existing(collection) as photos:
        print_json(photos.queries[name].to_dict())


@command.command("last")
@collection
def last_command(collection: str) -> None:
    """Print what an explorer of COLLECTION showed when it was closed last, as JSON; {} if none was."""
    with existing(collection) as photos:
        print_json(dict(photos.queries.last()))


@command.command("save")
@collection
@click.argument("name")
@click.argument("query", shell_complete=query)
def save_command(collection: str, name: str, query: str) -> None:
    """Save QUERY in COLLECTION as NAME, in place of one of that name."""
    with existing(collection) as photos:
        photos.queries[name] = query
        click.echo(f"{name}: {_text(photos.queries[name])}")


@command.command("delete")
@collection
@named
def delete_command(collection: str, name: str) -> None:
    """Delete the query NAME of COLLECTION."""
    with existing(collection) as photos:
        del photos.queries[name]
    click.echo(f"{name} deleted")


def _text(query: Query) -> str:
    from ..grammar import to_text

    return to_text(query)


@command.command("run")
@collection
@named
@paged
@tabular
def run_command(
    collection: str, name: str, limit: int, page: int, level: str, as_json: bool, as_csv: bool
) -> None:
    """Rank COLLECTION by its query NAME, best first."""
    with existing(collection) as photos:
        hits = photos.search(photos.queries[name], **asked_page(limit, page, level))
        show_hits(hits, limit, page, as_json=as_json, as_csv=as_csv)
