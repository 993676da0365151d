"""What a shell offers for an argument or option: names of this collection, and of what is installed.

No plugin is imported and no store opened in full, for a person waits at the prompt: names are read from the tables
by SQL, and those of plugins from what the last command remembered. Whatever fails offers nothing.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import click
from click.shell_completion import CompletionItem

from ..languages import fold
from .provided import provided

__all__ = ["components", "concepts", "files", "from_collection", "from_plugins", "inputs", "query"]

MOST = 200  # names offered at once
Items = list[CompletionItem]
Completer = Callable[[click.Context, click.Parameter, str], Items]

SQL = {
    "datasets": "SELECT name FROM datasets ORDER BY name",
    "queries": "SELECT name FROM queries ORDER BY name",
    "spaces": "SELECT name FROM spaces ORDER BY name",
    "sources": "SELECT name FROM sources ORDER BY name",
    "models": "SELECT name FROM models ORDER BY name",
    "languages": "SELECT DISTINCT language FROM concept_names ORDER BY language",
}
NAMES = (
    "SELECT name FROM concept_names WHERE folded >= ? AND folded < ? "
    "GROUP BY name ORDER BY MIN(position), name LIMIT 200"
)
WORKFLOW = "SELECT value FROM properties WHERE name = 'workflow'"
KINDS = {"embedders": "embedder", "concept_models": "concept_model", "detectors": "detector"}
_DRIVER = re.compile(r"(?<=^postgresql)\+\w+")  # which SQLAlchemy is told, and libpq does not know
LAST = "\U0010ffff"  # sorts after whatever may follow a prefix
_WORD = re.compile(r"[^\s&|~+()\[\],=:]*\Z")  # of a query, up to its end
_PLAIN = re.compile(r"\w[\w.-]*")  # a name that needs no quotes in a query


def files(context: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Files and folders, which the shell finds itself.

    Parameters
    ----------
    context : click.Context
        Of the command, with what was typed before.
    parameter : click.Parameter
        What is typed.
    incomplete : str
        What there is of it.
    """
    return [CompletionItem(incomplete, type="file")]


def from_plugins(*kinds: str) -> Completer:
    """The names of some kinds of plugin: ``from_plugins("detectors")``."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
        return _starting((name for kind in kinds for name in provided().get(kind, ())), incomplete)

    return complete


def from_collection(noun: str) -> Completer:
    """The names of a noun that the collection on the command line has: ``from_collection("datasets")``."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
        return _starting((str(name) for (name,) in _rows(context, SQL[noun])), incomplete)

    return complete


def concepts(context: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Names of concepts in any language, the preferred ones first.

    Parameters
    ----------
    context : click.Context
        Of the command, with what was typed before.
    parameter : click.Parameter
        What is typed.
    incomplete : str
        What there is of it.
    """
    return [CompletionItem(name) for name in _concept_names(context, incomplete)]


def inputs(context: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Files, which is how a person names inputs.

    Parameters
    ----------
    context : click.Context
        Of the command, with what was typed before.
    parameter : click.Parameter
        What is typed.
    incomplete : str
        What there is of it.
    """
    return files(context, parameter, incomplete)


def components(context: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """The models of the collection's workflow, as ``kind:model``.

    Parameters
    ----------
    context : click.Context
        Of the command, with what was typed before.
    parameter : click.Parameter
        What is typed.
    incomplete : str
        What there is of it.
    """
    stored = [json.loads(value) for (value,) in _rows(context, WORKFLOW)]
    named = (
        f"{kind}:{spec}" for workflow in stored for plural, kind in KINDS.items() for spec in workflow[plural]
    )
    return _starting(named, incomplete)


def query(context: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """The last word of a query: a ranker, or the name of a concept, whatever stands before it.

    Parameters
    ----------
    context : click.Context
        Of the command, with what was typed before.
    parameter : click.Parameter
        What is typed.
    incomplete : str
        What there is of it.
    """
    match = _WORD.search(incomplete)
    start = match.start() if match else len(incomplete)
    before, word = incomplete[:start], incomplete[start:]
    named = [
        name if _PLAIN.fullmatch(name) else f"'{name}'"
        for name in _concept_names(context, word)
        if "'" not in name
    ]
    if before.endswith(":"):
        return [CompletionItem(before + name) for name in named] if before.endswith("concept:") else []
    rankers = [f"{ranker}:" for ranker in provided().get("rankers", ()) if ranker.startswith(word)]
    return [CompletionItem(before + name) for name in (*sorted(rankers), *named)]


def _concept_names(context: click.Context, typed: str) -> list[str]:
    folded = fold(typed)
    names = (str(name) for (name,) in _rows(context, NAMES, folded, folded + LAST))
    return [name for name in names if name.isprintable()]


def _starting(names: Iterable[str], incomplete: str) -> Items:
    some = dict.fromkeys(name for name in names if name.startswith(incomplete) and name.isprintable())
    return [CompletionItem(name) for name in list(some)[:MOST]]


def _rows(context: click.Context, sql: str, *values: str) -> Sequence[Sequence[Any]]:
    """Rows of the collection on the command line; none if there is no such collection, or it cannot be read."""
    # An option without its value ends click's reading of the line: what it did not place begins with the collection.
    target = str(context.params.get("collection") or next(iter(context.args), ""))
    try:
        if "://" in target:
            return _of_server(target, sql, values)
        file = Path(target).expanduser().absolute()
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, timeout=1)) as database:
            return database.execute(sql, values).fetchall()
    except Exception:  # at a prompt, no completion is better than any message
        return []


def _of_server(url: str, sql: str, values: Sequence[str]) -> Sequence[Sequence[Any]]:
    import psycopg
    from psycopg.sql import SQL, Identifier

    parts = urlsplit(_DRIVER.sub("", url))
    given = dict(parse_qsl(parts.query))
    schema = given.pop("schema", "")  # which libpq does not know, either
    plain = urlunsplit(parts._replace(query=urlencode(given, quote_via=quote)))
    with psycopg.connect(plain, connect_timeout=2) as connection:
        if schema:
            connection.execute(SQL("SET LOCAL search_path = {}").format(Identifier(schema)))
        rows: Sequence[Sequence[Any]] = connection.execute(sql.replace("?", "%s").encode(), values).fetchall()
        return rows
