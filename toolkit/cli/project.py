"""``toolkit project``."""

from __future__ import annotations

import click

from .options import as_json, collection, existing, print_json

__all__ = ["command"]


@click.command("project")
@collection
@click.argument("projection", default="tsne")
@click.option("--space", help="Whose vectors; the default space unless named.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of what is drawn at random.")
@click.option("--again", is_flag=True, help="Lay out all pictures again.")
@as_json
def command(
    collection: str, projection: str, space: str | None, seed: int, again: bool, as_json: bool
) -> None:
    """Lay out the pictures of COLLECTION on a plane, those that are alike together, by PROJECTION (tsne, pca)."""
    with existing(collection) as photos:
        layout = photos.project(projection, space=space, seed=seed, again=again)
    if as_json:
        print_json(
            {
                "projection": layout.projection,
                "space": layout.space,
                "pictures": len(layout.keys),
                "stored": layout.is_stored,
            }
        )
    else:
        unstored = "" if layout.is_stored else "; not stored, for the collection can only be read"
        click.echo(
            f"{len(layout.keys):,} pictures of {layout.space} laid out by {layout.projection}{unstored}"
        )
