"""``toolkit export``."""

from __future__ import annotations

import click

__all__ = ["FORMATS", "command"]

FORMATS = {
    "coco": "write_coco",
    "yolo": "write_yolo",
    "voc": "write_voc",
    "class-folders": "write_class_folders",
    "label-table": "write_table",
    "fiftyone": "write_fiftyone",
}


@click.command("export")
@click.argument("collection", type=click.Path(exists=True, dir_okay=False))
@click.argument("format", type=click.Choice(list(FORMATS)))
@click.argument("path", type=click.Path())
@click.option(
    "--source", default="human", help="Whose labels: human, human:ann, model:yolox.", show_default=True
)
def command(collection: str, format: str, path: str, source: str) -> None:
    """Write the labels of COLLECTION to PATH in a FORMAT."""
    import toolkit
    import toolkit_formats

    write = getattr(toolkit_formats, FORMATS[format])
    with toolkit.open(collection) as photos:
        write(photos, path, source=source)
        click.echo(f"{path}: labels of {len(photos):,} inputs")
