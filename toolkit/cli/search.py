"""``toolkit search``."""

from __future__ import annotations

from pathlib import Path

import click

from ..grammar import HELP
from .completing import query as query_words
from .options import collection, engine, existing, say, tabular
from .searching import asked_page, paged, show_hits

__all__ = ["command"]


# click reads \b as "do not wrap the paragraph that follows".
GRAMMAR = "\n\n".join("\b\n" + paragraph for paragraph in HELP.split("\n\n"))


@click.command("search", help=f"Rank COLLECTION by QUERY, best first.\n\n{GRAMMAR}")
@collection
@click.argument("query", shell_complete=query_words)
@paged
@click.option("--minimum", default=0.0, show_default=True, help="Leave out hits that score less.")
@click.option("--explain", is_flag=True, help="Say for every hit what each rank gave.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with pictures.")
@click.option(
    "--allow-url", "allow_urls", multiple=True, metavar="PREFIX", help="Fetch from this private address."
)
@engine
@tabular
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
    engine: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Rank COLLECTION by QUERY, best first."""
    with existing(collection, allow_urls=allow_urls, engine=engine) as photos:
        hits = photos.search(query, minimum=minimum, **asked_page(limit, page, level))
        if html:
            hits.html(html)
            click.echo(f"wrote {html}", err=True)
        show_hits(hits, limit, page, as_json=as_json, as_csv=as_csv)
        if explain and not (as_json or as_csv):
            for index in range(len(hits)):
                click.echo(f"\n{hits.explain(index).text(say)}")
