"""Arguments and options that several commands share, and how results are printed."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ..collection.collection import Collection
from ..collection.open_collection import open as open_collection
from ..errors import StoreError
from ..values.settings import Settings
from ..values.types import Json

__all__ = ["as_json", "collection", "existing", "print_json"]


collection = click.argument("collection", metavar="COLLECTION")
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")


def existing(target: str, *, allow_urls: tuple[str, ...] = ()) -> Collection:
    """Open a collection that must be there already, so that a typo makes no empty file.

    Parameters
    ----------
    target : str
        A file or a database URL.
    allow_urls : tuple of str
        URL prefixes of pictures that may be fetched from a private address.

    Raises
    ------
    StoreError
        There is no such file.
    """
    if "://" not in target and not Path(target).expanduser().is_file():
        raise StoreError(f"there is no collection {target!r}; make one with: toolkit add {target} FOLDER")
    return open_collection(target, settings=Settings(allow_urls=allow_urls))


def print_json(value: Json) -> None:
    """Print a JSON value, readable; what a terminal would act on is escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo("".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text))
