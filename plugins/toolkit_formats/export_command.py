"""``toolkit export``."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit.plugins import StoreError

__all__ = ["WRITERS", "command"]

WRITERS = {
    "coco": "write_coco",
    "yolo": "write_yolo",
    "voc": "write_voc",
    "class-folders": "write_class_folders",
    "label-table": "write_table",
    "fiftyone": "write_fiftyone",
}


@click.command("export")
@click.argument("collection", type=click.Path(dir_okay=False))
@click.argument("format", type=click.Choice(list(WRITERS)))
@click.argument("path", type=click.Path())
@click.option(
    "--source",
    default="human",
    help="Whose labels: human, human:ann, model:yolox; all for everybody.",
    show_default=True,
)
@click.option("--query", help="Only of the hits of this query, such as 'dog & ~cat'.")
def command(collection: str, format: str, path: str, source: str, query: str | None) -> None:
    """Write the labels of COLLECTION to PATH in a FORMAT."""
    import toolkit
    import toolkit_formats

    if "://" not in collection and not Path(collection).expanduser().is_file():
        raise StoreError(
            f"there is no collection {collection!r}; make one with: toolkit add {collection} FOLDER"
        )
    write = getattr(toolkit_formats, WRITERS[format])
    with toolkit.open(collection) as photos:
        click.echo(str(write(photos, path, source=None if source == "all" else source, of=query)))
