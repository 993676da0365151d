"""Arguments and options that several commands share, and how results are printed."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from ..errors import StoreError
from ..plain_text import printable, table
from ..remedies import in_shell
from .completing import files, from_plugins

if TYPE_CHECKING:
    from ..collection.collection import Collection
    from ..values.types import Json

__all__ = [
    "as_csv",
    "as_json",
    "asked_collection",
    "collection",
    "existing",
    "models",
    "print_csv",
    "print_json",
    "print_rows",
    "say",
    "shown",
    "tabular",
]

ASKED = "toolkit.collection"
_PASSWORD = re.compile(r"(://[^:/@]*:)[^@]*@")
F = TypeVar("F", bound=Callable[..., object])


def _remembered(context: click.Context, _: click.Parameter, value: str) -> str:
    context.meta[ASKED] = value  # for errors, which say what to type
    return value


collection = click.argument("collection", metavar="COLLECTION", callback=_remembered, shell_complete=files)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
as_csv = click.option("--csv", "as_csv", is_flag=True, help="Print a table for spreadsheets instead of text.")


def tabular(command: F) -> F:
    """Give a command the options ``--json`` and ``--csv``."""
    return as_csv(as_json(command))


_MODELS = (
    click.option(
        "--embedder",
        metavar="EMBEDDER",
        help="Also embed, with this embedder (such as timm:resnet50).",
        shell_complete=from_plugins("embedders"),
    ),
    click.option(
        "--concept-model",
        metavar="MODEL",
        help="Also say what is shown, with this concept model.",
        shell_complete=from_plugins("concept_models"),
    ),
    click.option(
        "--detector",
        "--detect",
        metavar="DETECTOR",
        help="Also find regions, with this detector (such as proposals).",
        shell_complete=from_plugins("detectors"),
    ),
    click.option(
        "--reduce",
        type=click.IntRange(min=1),
        metavar="N",
        help="Reduce the vectors of the embedder, or of the default space, to N numbers; fitted each time on all rows.",
    ),
)


def models(command: F) -> F:
    """Give a command the options that name models to run over what is there, and a reduction."""
    for option in reversed(_MODELS):
        command = option(command)
    return command


def asked_collection() -> str | None:
    """What the command line calls the collection it is about; None outside a command."""
    context = click.get_current_context(silent=True)
    named = context.meta.get(ASKED) if context else None
    return None if named is None else shown(named)


def shown(target: str) -> str:
    """A collection as it may be printed: an address without its password."""
    return _PASSWORD.sub(r"\1***@", target)


engine = click.option(
    "--engine", metavar="NAME", help="Find what is near by this engine, such as pgvector or qdrant."
)


def existing(target: str, *, allow_urls: tuple[str, ...] = (), engine: str | None = None) -> Collection:
    """Open a collection that must be there already, so that a typo makes no empty file.

    Parameters
    ----------
    target : str
        A file or a database URL.
    allow_urls : tuple of str
        URL prefixes of pictures that may be fetched from a private address.
    engine : str, optional
        What finds what is near, as in `Settings`.

    Raises
    ------
    StoreError
        There is no such file.
    """
    if "://" not in target and not Path(target).expanduser().is_file():
        raise StoreError(f"there is no collection {target!r}; make one with: toolkit add {target} FOLDER")
    from ..collection.open_collection import open as open_collection
    from ..values.settings import Settings

    return open_collection(target, settings=Settings(allow_urls=allow_urls, engine=engine))


def say(text: str) -> str:
    """A text in the words of a shell."""
    return in_shell(text, asked_collection())


def print_json(value: Json) -> None:
    """Print a JSON value, readable; what a terminal would act on is escaped."""
    text = json.dumps(_said(value), ensure_ascii=False, indent=2)
    click.echo("".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text))


def print_csv(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    """Print rows as CSV; a cell that a spreadsheet would run begins with ``'``.

    Parameters
    ----------
    columns : sequence of str
        The header.
    rows : sequence of mapping of str to object
        By column; one that is missing, None or NaN is an empty cell.
    """
    from ..values.cells import guarded

    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([guarded(column) for column in columns])
    writer.writerows([[guarded(_cell(row.get(column))) for column in columns] for row in rows])
    click.echo(text.getvalue(), nl=False)


def print_rows(
    columns: Sequence[str], rows: Sequence[Mapping[str, object]], *, as_json: bool, as_csv: bool
) -> None:
    """Print rows as an aligned table, as a JSON array, or as CSV.

    Parameters
    ----------
    columns : sequence of str
        The columns, in order.
    rows : sequence of mapping of str to object
        By column.
    as_json, as_csv : bool
        What was asked for.

    Raises
    ------
    UsageError
        Both were.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv do not go together")
    if as_json:
        print_json([dict(row) for row in rows])  # type: ignore[arg-type]
    elif as_csv:
        print_csv(columns, rows)
    elif rows:
        click.echo(table(columns, [[str(_cell(row.get(column))) for column in columns] for row in rows]))


def _cell(value: object) -> object:
    if value is None or value != value:  # noqa: PLR0124  (NaN)
        return ""
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False)
    return printable(value) if isinstance(value, str) else value


def _said(value: Json) -> Json:
    if isinstance(value, str):
        return say(value)
    if isinstance(value, Mapping):
        return {key: _said(one) for key, one in value.items()}
    return [_said(one) for one in value] if isinstance(value, list | tuple) else value
