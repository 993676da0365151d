"""``toolkit annotations``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from .completing import concepts, from_collection, inputs
from .naming import INPUTS, named
from .options import collection, existing, print_rows, tabular
from .suggesting import SuggestingGroup

if TYPE_CHECKING:
    from ..values.types import Annotation

__all__ = ["command"]

SIDES = ("top_row", "left_col", "bottom_row", "right_col")
COLUMNS = (
    *("id", "input", "region", *SIDES, "source", "concept", "value"),
    *("status", "created_at", "modified_at"),
)
SHOWN = ("id", "input", "source", "concept", "value")  # as text; the rest in CSV and JSON


@click.group("annotations", cls=SuggestingGroup)
def command() -> None:
    """What people and models said of pictures and of their regions."""


@command.command("list", epilog=INPUTS)
@collection
@click.argument("inputs", nargs=-1, shell_complete=inputs)
@click.option(
    "--source",
    help="Whose: human, human:ann, model:yolox; everybody's if left out.",
    shell_complete=from_collection("sources"),
)
@tabular
def list_command(
    collection: str, inputs: tuple[str, ...], source: str | None, as_json: bool, as_csv: bool
) -> None:
    """List the annotations of COLLECTION, or of some INPUTS: a row for each concept."""
    with existing(collection) as photos:
        chosen = named(photos, inputs) if inputs else None
        rows: list[dict[str, object]] = [
            {
                **dict(zip(SIDES, one.box or (None,) * 4, strict=True)),
                "id": one.id,
                "input": one.input_id,
                "region": one.region_id,
                "source": str(one.source),
                "concept": concept,
                "value": value,
                "status": one.status,
                "created_at": one.created_at,
                "modified_at": one.modified_at,
            }
            for _, some in photos.annotations.by_input(source=source, inputs=chosen)
            for one in some
            for concept, value in _said(one)
        ]
    print_rows(COLUMNS if as_csv or as_json else SHOWN, rows, as_json=as_json, as_csv=as_csv)


def _said(one: Annotation) -> Iterable[tuple[str | None, float | None]]:
    return [*one.concepts.items()] or [(None, None)]


@command.command("delete")
@collection
@click.argument("annotations", nargs=-1, required=True)
@click.option(
    "--concept", help="Remove only this concept from them.", metavar="CONCEPT", shell_complete=concepts
)
def delete_command(collection: str, annotations: tuple[str, ...], concept: str | None) -> None:
    """Delete ANNOTATIONS of COLLECTION, by id."""
    with existing(collection) as photos:
        if concept is None:
            photos.annotations.delete(annotations)
        else:
            id = photos.concepts.id_of(concept)
            for one in annotations:
                photos.annotations.remove_concept(one, id)
    click.echo(f"{len(annotations):,} {'deleted' if concept is None else 'changed'}")
