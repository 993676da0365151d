"""What the commands that rank have in common: pages of hits, and how they are printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict, TypeVar

import click

from .options import print_csv, print_json

if TYPE_CHECKING:
    from ..hits import Hits
    from ..values.types import Level

__all__ = ["Page", "asked_page", "paged", "show_hits"]

F = TypeVar("F", bound=Callable[..., object])


class Page(TypedDict):
    """Which part of a ranking is asked for."""

    limit: int
    offset: int
    level: Level


def paged(command: F) -> F:
    """Give a command the options ``--limit``, ``--page`` and ``--level``."""
    level = click.option(
        "--level", type=click.Choice(["input", "region"]), default="input", show_default=True
    )
    page = click.option("--page", default=1, show_default=True, help="Which page of that many hits.")
    limit = click.option("-n", "--limit", default=20, show_default=True, help="How many hits.")
    return limit(page(level(command)))


def asked_page(limit: int, page: int, level: str) -> Page:
    """The arguments of a search for one page.

    Parameters
    ----------
    limit, page : int
        Hits on a page, and which page, from 1.
    level : {"input", "region"}
        What a hit is.

    Raises
    ------
    BadParameter
        There is no such page.
    """
    if page < 1:
        raise click.BadParameter("pages are counted from 1", param_hint="--page")
    return {"limit": limit, "offset": limit * (page - 1), "level": "region" if level == "region" else "input"}


def show_hits(hits: Hits, limit: int, page: int, *, as_json: bool, as_csv: bool) -> None:
    """Print a page of hits.

    Parameters
    ----------
    hits : Hits
        Of that page.
    limit, page : int
        As they were asked for.
    as_json, as_csv : bool
        What to print instead of text.

    Raises
    ------
    UsageError
        Both were asked for.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv do not go together")
    if as_json:
        asked = None if hits.expression is None else hits.expression.to_dict()
        print_json(
            {
                "query": hits.query,
                "expression": asked,
                "total": hits.total,
                "counted": hits.counted,
                "exact": hits.exact,
                "hits": hits.records(),
            }
        )
    elif as_csv:
        from ..hits.records import columns, row

        print_csv(columns(hits.hits), [row(hit) for hit in hits])
    else:
        click.echo(hits.text())
        if (rest := hits.total - limit * page) > 0:
            from ..hits.totals import total_text

            click.echo(f"and {total_text(rest, counted=hits.counted)} more: --page {page + 1}")
