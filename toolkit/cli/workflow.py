"""``toolkit workflow``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ..errors import QueryError
from ..plain_text import printable
from ..values.settings import WORKFLOWS, Workflow
from .completing import components
from .options import as_json, collection, existing, print_json

if TYPE_CHECKING:
    from ..collection.collection import Collection

__all__ = ["command", "described"]


@click.command("workflow")
@collection
@click.option("--use", type=click.Choice(list(WORKFLOWS)), help="Run this instead of what runs now.")
@click.option(
    "--drop",
    "dropped",
    multiple=True,
    metavar="KIND:MODEL",
    shell_complete=components,
    help="Run without this one, such as embedder:pixels; what it computed stays. Repeatable.",
)
@as_json
def command(collection: str, use: str | None, dropped: Sequence[str], as_json: bool) -> None:
    """Show, or change, what runs over every image that is added to COLLECTION.

    To add one model, and run it over what is there, use `toolkit index COLLECTION --embedder MODEL`; without a model,
    `toolkit index COLLECTION` computes whatever is lacking.
    """
    with existing(collection) as photos:
        for name in dropped:
            _drop(name, photos)
    if use is not None:
        from ..collection.open_collection import open as open_collection

        open_collection(collection, workflow=use).close()
    with existing(collection) as photos:
        workflow = photos.workflow
    if as_json:
        print_json(workflow.to_dict())
    else:
        click.echo(printable(described(workflow)))


def described(workflow: Workflow) -> str:
    """Every model of a workflow as ``kind:model``, or that there is none."""
    return ", ".join(workflow.components()) or "nothing runs"


def _drop(name: str, photos: Collection) -> None:
    kind, _, model = name.partition(":")
    if kind not in ("embedder", "concept_model", "detector") or not model:
        raise QueryError(f"--drop {name!r}: name one of {described(photos.workflow)}")
    photos.models.drop(**{kind: model})
