"""Where a collection lies: pictures below its folder are stored relative to it, and move with it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote_from_bytes

from sqlalchemy import Connection, func, select, update

from ..sql.dialect import upsert
from ..sql.json_object import json_of
from ..sql.schema import files, inputs, properties
from .access import Read, Reader, Transaction, Writer

__all__ = ["NOWHERE", "Home", "PlaceReader", "PlaceWriter", "home_of", "is_settled", "settle"]

_PATH, _FILE = (
    "./",
    "file:./",
)  # how a stored URI begins that is relative: a path, and one that is not Unicode
_PROPERTY = "home"
_SAMPLE = 32  # pictures looked for, to see whether they moved with the database


@dataclass(frozen=True)
class Home:
    """The folder that the places of a collection are relative to, where they are below it.

    Parameters
    ----------
    folder : str
        Absolute; empty for a collection that has none: in memory, or on a server.

    Examples
    --------
    >>> Home("/photos").stored("/photos/a/1.jpg"), Home("/elsewhere").shown("./a/1.jpg")
    ('./a/1.jpg', '/elsewhere/a/1.jpg')
    >>> Home("/photos").stored("/other/1.jpg")
    '/other/1.jpg'
    """

    folder: str

    @cached_property
    def _prefixes(self) -> Sequence[tuple[str, str]]:
        below = self.folder.rstrip("/") + "/"
        return (below, _PATH), (f"file://{quote_from_bytes(os.fsencode(below))}", _FILE)

    def stored(self, uri: str) -> str:
        """A URI as the tables have it."""
        if self.folder:
            for absolute, relative in self._prefixes:
                if uri.startswith(absolute):
                    return relative + uri[len(absolute) :]
        return uri

    def shown(self, stored: str) -> str:
        """A URI as everybody else has it."""
        if self.folder:
            for absolute, relative in self._prefixes:
                if stored.startswith(relative):
                    return absolute + stored[len(relative) :]
        return stored

    def shown_all(self, stored: Sequence[str]) -> Sequence[str]:
        """Several URIs as everybody else has them, in the order given: for what every search reads."""
        if not self.folder:
            return stored
        below = self._prefixes[0][0]
        places = []
        for uri in stored:
            if uri.startswith(_PATH):
                places.append(below + uri[len(_PATH) :])
            else:
                places.append(self.shown(uri) if uri.startswith(_FILE) else uri)
        return places


NOWHERE = Home("")


class PlaceReader(Reader):
    """A namespace of verbs that read places.

    Parameters
    ----------
    read : callable
        Opens a transaction that reads.
    home : Home
        What relative places are relative to.
    """

    def __init__(self, read: Read, home: Home) -> None:
        super().__init__(read)
        self._home = home


class PlaceWriter(Writer):
    """A namespace of verbs that write places.

    Parameters
    ----------
    transaction : Transaction
        In which everything is written.
    home : Home
        What relative places are relative to.
    """

    def __init__(self, transaction: Transaction, home: Home) -> None:
        super().__init__(transaction)
        self._home = home


def home_of(file: Path | None, read: Read) -> Home:
    """Where the pictures of a store are: its folder, or where it was, if it moved without them.

    Parameters
    ----------
    file : Path or None
        The file of an embedded store.
    read : callable
        Opens a transaction that reads.
    """
    if file is None:
        return NOWHERE
    folder = file.parent
    here = Home(str(folder.resolve() if ".." in folder.parts else folder))
    with read() as connection:
        recorded = _recorded(connection)
        if recorded in ("", here.folder):
            return here
        relative = files.c.uri.startswith(_PATH, autoescape=True)
        some = connection.scalars(select(files.c.uri).where(relative).limit(_SAMPLE)).all()
    before = Home(recorded)
    return before if not _any_there(here, some) and _any_there(before, some) else here


def settle(connection: Connection, home: Home) -> None:
    """Record the home; of a store made before there were any, make what is below it relative.

    Parameters
    ----------
    connection : Connection
        Inside a transaction that writes.
    home : Home
        Of the store.
    """
    if not _recorded(connection):
        for absolute, relative in home._prefixes:
            for column in (files.c.uri, inputs.c.uri):
                below = func.substr(column, 1, len(absolute)) == absolute
                shorter = relative + func.substr(column, len(absolute) + 1)
                connection.execute(update(column.table).where(below).values(uri=shorter))
    into = upsert(connection, properties, update=["value"])
    connection.execute(into, {"name": _PROPERTY, "value": json.dumps(home.folder)})


def is_settled(connection: Connection, home: Home) -> bool:
    """Whether the store knows its home.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    home : Home
        Where the store is now.
    """
    return home is NOWHERE or _recorded(connection) == home.folder


def _recorded(connection: Connection) -> str:
    text = connection.scalar(select(properties.c.value).where(properties.c.name == _PROPERTY))
    return "" if text is None else str(json_of(text))


def _any_there(home: Home, stored: Sequence[str]) -> bool:
    return any(Path(home.shown(one)).exists() for one in stored)
