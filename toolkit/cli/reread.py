"""``toolkit reread``."""

from __future__ import annotations

import click

from .options import as_json, collection, existing
from .reports import show_report

__all__ = ["command"]


@click.command("reread")
@collection
@as_json
def command(collection: str, as_json: bool) -> None:
    """Fill in what cameras wrote into the pictures of COLLECTION: when, where and with what they were taken."""
    with existing(collection) as photos:
        report = photos.reread()
    show_report(report, as_json=as_json)
