"""How the report of a run is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import print_json, say

if TYPE_CHECKING:
    from ..indexing import Report

__all__ = ["show_report"]


def show_report(report: Report, *, as_json: bool) -> None:
    """Print a report and leave: with exit code 1 if any picture could not be read.

    Parameters
    ----------
    report : Report
        What was done.
    as_json : bool
        Whether to print a JSON object.

    Raises
    ------
    SystemExit
        Always.
    """
    if as_json:
        print_json(report.to_dict())
    else:
        click.echo(report.text(say))
    raise SystemExit(1 if report.failed else 0)
