"""``toolkit inputs``."""

from __future__ import annotations

import json

import click

from .completing import from_collection, inputs
from .naming import INPUTS, named
from .options import collection, existing, print_rows, tabular
from .suggesting import SuggestingGroup

__all__ = ["command"]

COLUMNS = (
    *("id", "uri", "sha256", "width", "height", "latitude", "longitude", "datasets", "status", "metadata"),
    *("created_at", "modified_at"),
)
SHOWN = ("id", "uri", "width", "height", "datasets", "status")  # as text; the rest in CSV and JSON


@click.group("inputs", cls=SuggestingGroup)
def command() -> None:
    """The pictures of a collection, and what is known of each."""


@command.command("list", epilog=INPUTS)
@collection
@click.argument("inputs", nargs=-1, shell_complete=inputs)
@tabular
def list_command(collection: str, inputs: tuple[str, ...], as_json: bool, as_csv: bool) -> None:
    """List the inputs of COLLECTION, or some INPUTS."""
    with existing(collection) as photos:
        found = photos.inputs.by_ids(named(photos, inputs) if inputs else list(photos))
    rows: list[dict[str, object]] = [
        {
            **{name: getattr(one, name) for name in COLUMNS if name not in ("latitude", "longitude")},
            "latitude": one.geo.latitude if one.geo else None,
            "longitude": one.geo.longitude if one.geo else None,
            "datasets": list(one.datasets),
            "metadata": dict(one.metadata),
        }
        for one in found
    ]
    print_rows(COLUMNS if as_csv or as_json else SHOWN, rows, as_json=as_json, as_csv=as_csv)


@command.command("update")
@collection
@click.argument("input", shell_complete=inputs)
@click.option("--metadata", metavar="JSON", help="Merge these fields into the metadata; null removes one.")
@click.option("--place", nargs=2, type=float, metavar="LATITUDE LONGITUDE", help="Where it was taken.")
@click.option("--no-place", is_flag=True, help="Forget where it was taken.")
@click.option("--status", help="A word.")
@click.option(
    "--dataset",
    "datasets",
    multiple=True,
    help="Exactly the datasets it shall be in; repeatable.",
    shell_complete=from_collection("datasets"),
)
def update_command(
    collection: str,
    input: str,
    metadata: str | None,
    place: tuple[float, float] | None,
    no_place: bool,
    status: str | None,
    datasets: tuple[str, ...],
) -> None:
    """Change what is known of INPUT of COLLECTION; what is not named stays as it is."""
    from ..values.types import GeoPoint

    try:
        patch = json.loads(metadata) if metadata is not None else None
    except ValueError as error:
        raise click.BadParameter(f"not JSON: {error}", param_hint="--metadata") from None
    if patch is not None and not isinstance(patch, dict):
        raise click.BadParameter('a JSON object, such as \'{"camera": "X100"}\'', param_hint="--metadata")
    with existing(collection) as photos:
        id = photos.find(input).id
        photos.inputs.update(
            id,
            metadata_patch=patch,
            geo=GeoPoint(*place) if place else None if no_place else "keep",
            status=status,
            datasets=datasets or None,
        )
    click.echo(f"{id} updated")
