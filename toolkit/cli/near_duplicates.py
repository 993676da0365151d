"""``toolkit near-duplicates``."""

from __future__ import annotations

from pathlib import Path

import click

from ..hits.near_duplicates import NearDuplicates
from ..plain_text import printable
from .options import as_json, collection, existing, print_json

__all__ = ["command"]


@click.command("near-duplicates")
@collection
@click.option(
    "--evidence", multiple=True, help="embedding, pixels or a space; may be repeated. [embedding, pixels]"
)
@click.option("--files", is_flag=True, help="Only pictures whose files are equal.")
@click.option(
    "--precision", type=float, default=0.98, show_default=True, help="The share of pairs to be right."
)
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with the pictures."
)
@as_json
def command(
    collection: str,
    evidence: tuple[str, ...],
    files: bool,
    precision: float,
    html: Path | None,
    as_json: bool,
) -> None:
    """Say which pictures of COLLECTION are there more than once: the same file, or one that was edited."""
    with existing(collection) as photos:
        wanted = () if files else evidence or ("embedding", "pixels")
        found = photos.near_duplicates(evidence=wanted, precision=precision)
        if html:
            found.html(html)
            click.echo(f"wrote {html}", err=True)
        if as_json:
            print_json(found.to_dict())
        else:
            click.echo(_text(found))


def _text(found: NearDuplicates) -> str:
    """A block of lines for each group, the first picture of which is the one to keep."""
    lines = [found.sentence]
    for group in found:
        why = group.of_first
        lines += ["", group[0].uri, *(f"  {one.uri}  ({why[one.id].reason})" for one in group[1:])]
    return "\n".join(map(printable, lines))
