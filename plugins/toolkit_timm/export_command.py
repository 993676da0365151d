"""``toolkit export-onnx``."""

from __future__ import annotations

import click

from toolkit.plugins import QueryError

__all__ = ["command"]


@click.command("export-onnx")
@click.argument("model")
@click.argument("folder", type=click.Path())
def command(model: str, folder: str) -> None:
    """Write MODEL (timm:NAME) to FOLDER as ONNX, for use without torch as onnx:FOLDER."""
    from .export import export_onnx

    kind, _, argument = model.partition(":")
    if kind != "timm":
        raise QueryError(f"{model!r}: only timm models are exported; write timm:NAME")
    done = export_onnx(argument, folder)
    click.echo(
        f"{done.folder}: {done.space}, {done.classes:,} concepts; least cosine to timm's {done.cosine:.6f}"
    )
