"""``toolkit search``."""

from __future__ import annotations

from pathlib import Path

import click

from ..grammar import HELP
from .options import as_json, collection, existing, print_json

__all__ = ["command"]


# click reads \b as "do not wrap the paragraph that follows".
GRAMMAR = "\n\n".join("\b\n" + paragraph for paragraph in HELP.split("\n\n"))


@click.command("search", help=f"Rank COLLECTION by QUERY, best first.\n\n{GRAMMAR}")
@collection
@click.argument("query")
@click.option("-n", "--limit", default=20, show_default=True, help="How many hits.")
@click.option("--page", default=1, show_default=True, help="Which page of that many hits.")
@click.option("--level", type=click.Choice(["input", "region"]), default="input", show_default=True)
@click.option("--minimum", default=0.0, show_default=True, help="Leave out hits that score less.")
@click.option("--explain", is_flag=True, help="Say for every hit what each rank gave.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with pictures.")
@click.option(
    "--allow-url", "allow_urls", multiple=True, metavar="PREFIX", help="Fetch from this private address."
)
@as_json
def command(
    collection: str,
    query: str,
    limit: int,
    page: int,
    level: str,
    minimum: float,
    explain: bool,
    html: Path | None,
    allow_urls: tuple[str, ...],
    as_json: bool,
) -> None:
    """Rank COLLECTION by QUERY, best first."""
    if page < 1:
        raise click.BadParameter("pages are counted from 1", param_hint="--page")
    with existing(collection, allow_urls=allow_urls) as photos:
        hits = photos.search(
            query,
            limit=limit,
            offset=limit * (page - 1),
            level="region" if level == "region" else "input",
            minimum=minimum,
        )
        if html:
            hits.html(html)
            click.echo(f"wrote {html}", err=True)
        if as_json:
            asked = None if hits.expression is None else hits.expression.to_dict()
            print_json(
                {"query": hits.query, "expression": asked, "total": hits.total, "hits": hits.records()}
            )
            return
        click.echo(hits.text())
        if (rest := hits.total - limit * page) > 0:
            click.echo(f"and {rest:,} more: --page {page + 1}")
        if explain:
            for index in range(len(hits)):
                click.echo(f"\n{hits.explain(index)}")
