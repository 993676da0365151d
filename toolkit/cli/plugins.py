"""``toolkit plugins``."""

from __future__ import annotations

import click

from ..plain_text import printable
from ..plugins.registry import Registry
from .options import as_json, print_json

__all__ = ["command"]


@click.command("plugins")
@as_json
def command(as_json: bool) -> None:
    """List the plugins: where each comes from, what it registers, and what failed."""
    rows = Registry.discover().plugins()
    if as_json:
        print_json([row.to_dict() for row in rows])
        return
    for row in rows:
        click.echo(printable(f"{row.name} {row.version}  {row.distribution}  {row.status}"))
        for kind, names in row.provides.items():
            click.echo(f"    {kind}: {', '.join(names)}")
        if row.reason:
            click.echo(printable(f"    {row.reason}"))
