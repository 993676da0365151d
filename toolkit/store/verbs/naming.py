"""What an input may be called: its id, or a path or URL at which it was seen. The one place that knows."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from sqlalchemy import Connection, func, select

from ...errors import UnknownNameError
from ...values.uris import uri_of_text
from ..sql import bulk
from ..sql.keys import known, neighbors
from ..sql.schema import files, inputs
from .home import Home

__all__ = ["named_inputs"]

_COMPARED = 20_000  # names compared letter by letter for an error: a second or so


def named_inputs(connection: Connection, names: Iterable[str], home: Home) -> list[int]:
    """The key of each input named, in the order given.

    A name is an id; else the path or URL of a file that was seen with its content. Forms of Unicode that look the same
    are the same name, and so are upper and lower case, unless two files are told apart by nothing else.

    Parameters
    ----------
    connection : Connection
        To the store.
    names : iterable of str
        Ids, paths and URLs.
    home : Home
        What relative places are relative to.

    Raises
    ------
    UnknownNameError
        For the first name that is not there, with the files that are named most like it.
    """
    names = list(names)
    keys = known(connection, inputs.c.id, names)
    paths = [name for name in names if name not in keys]
    if paths:
        keys |= _by_place(connection, paths, home)
    for name in names:
        if name not in keys:
            keys[name] = _by_folded_place(connection, name, home)
    return [keys[name] for name in names]


def _by_place(connection: Connection, names: Sequence[str], home: Home) -> dict[str, int]:
    """Keys by names that are places, to the letter, or in another form of Unicode."""
    forms = {name: _forms(home.stored(uri_of_text(name))) for name in names}
    at = _inputs_at(connection, {form for of_name in forms.values() for form in of_name})
    found = {
        name: next((at[form] for form in of_name if form in at), None) for name, of_name in forms.items()
    }
    return {name: key for name, key in found.items() if key is not None}


def _inputs_at(connection: Connection, uris: Iterable[str]) -> dict[str, int]:
    """The input at each place: the one that is read there, else the first with the content that is there."""
    seen = select(files.c.uri, inputs.c.key, inputs.c.uri).join_from(
        files, inputs, files.c.sha256 == inputs.c.sha256
    )
    best: dict[str, tuple[bool, int]] = {}
    uris = set(uris)
    for uri, key, own in bulk.fetch_in(connection, seen, files.c.uri, uris):
        best[uri] = min(best.get(uri, (True, key)), (own != uri, key))
    for uri, key in bulk.fetch_in(
        connection, select(inputs.c.uri, inputs.c.key), inputs.c.uri, uris - best.keys()
    ):
        best[uri] = min(best.get(uri, (False, key)), (False, key))
    return {uri: key for uri, (_, key) in best.items()}


def _by_folded_place(connection: Connection, name: str, home: Home) -> int:
    uris = [uri for (uri,) in bulk.fetch(connection, select(files.c.uri).where(files.c.sha256.is_not(None)))]
    wanted = _folded(home.stored(uri_of_text(name)))
    alike = [uri for uri in uris if _folded(uri) == wanted]
    keys = set(_inputs_at(connection, alike).values())
    if len(keys) == 1:
        return keys.pop()
    shown = [home.shown(uri) for uri in alike]
    raise _unknown(connection, name, shown or [home.shown(uri) for uri in _near(name, uris)])


def _unknown(connection: Connection, name: str, near: Sequence[str]) -> UnknownNameError:
    near = near or get_close_matches(name, neighbors(connection, inputs.c.id, name), n=3)
    count = connection.scalar(select(func.count()).select_from(inputs)) or 0
    hint = f"An input is named by its id, or by a path or URL as it was added; there are {count:,}."
    return UnknownNameError("input", name, hint=hint, near=near[:3])


def _near(name: str, uris: Sequence[str]) -> list[str]:
    """Places whose file names are spelled most like one."""
    by_name: defaultdict[str, list[str]] = defaultdict(list)
    for uri in uris:
        by_name[_folded(_last(uri))].append(uri)
    wanted = _folded(_last(name))
    if wanted in by_name:  # the right file in another folder
        return by_name[wanted]
    names = list(by_name)[:_COMPARED]
    return [by_name[one][0] for one in get_close_matches(wanted, names, n=3, cutoff=0.7)]


def _last(uri: str) -> str:
    return uri.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _forms(uri: str) -> list[str]:
    return list(dict.fromkeys((uri, *(unicodedata.normalize(form, uri) for form in ("NFC", "NFD")))))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
