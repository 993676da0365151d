"""``toolkit plugins``."""

from __future__ import annotations

import click

from ..plain_text import printable
from .options import print_rows, tabular
from .provided import remember

__all__ = ["command"]

COLUMNS = ("name", "version", "distribution", "module", "status", "provides", "reason")


@click.command("plugins")
@tabular
def command(as_json: bool, as_csv: bool) -> None:
    """List the plugins: where each comes from, what it registers, and what failed."""
    from ..plugins.registry import Registry

    registry = Registry.discover()
    remember(registry)
    rows = registry.plugins()
    if as_json or as_csv:
        print_rows(COLUMNS, [row.to_dict() for row in rows], as_json=as_json, as_csv=as_csv)
        return
    for row in rows:
        click.echo(printable(f"{row.name} {row.version}  {row.distribution}  {row.status}"))
        for kind, names in row.provides.items():
            click.echo(f"    {kind}: {', '.join(names)}")
        if row.reason:
            click.echo(printable(f"    {row.reason}"))
