"""Which input is which: the same content is the same input, unless it is given an id of its own, or is its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import uuid4

from sqlalchemy import Connection, select

from ...errors import InputError
from ..sql import bulk
from ..sql.schema import inputs
from .new_input import NewInput

__all__ = ["identified"]

_SHORT_ID = 16  # hexadecimal digits


def identified(connection: Connection, new: Sequence[NewInput]) -> tuple[list[str], dict[str, NewInput]]:
    """The id of each input in the order given, and by id those that are not in the store yet.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    new : sequence of NewInput
        The inputs, in order.

    Raises
    ------
    InputError
        If an id is taken by other content, or by any where the input is to be one of its own.
    """
    there = _related(connection, new)
    content_of = {id: sha256 for _, id, sha256 in there}
    # The first added, where several have one content.
    id_of = {sha256: id for _, id, sha256 in reversed(there)}
    ids: list[str] = []
    fresh: dict[str, NewInput] = {}
    for one in new:
        found = "" if one.own else id_of.get(one.sha256)
        id = one.id or found or _free_id(one.sha256, content_of)
        if id in content_of and (one.own or content_of[id] != one.sha256):
            raise InputError(one.uri, f"the id {id!r} is taken by another picture; give another id")
        if id not in content_of:
            content_of[id] = one.sha256
            id_of.setdefault(one.sha256, id)
            fresh[id] = one
        ids.append(id)
    return ids, fresh


def _related(connection: Connection, new: Sequence[NewInput]) -> list[tuple[int, str, str]]:
    """Key, id and content of all inputs that share either with a new one, in order of creation."""
    names = [name for one in new for name in (one.id, *_own_ids(one.sha256)) if name]
    columns = select(inputs.c.key, inputs.c.id, inputs.c.sha256)
    by_id = bulk.fetch_in(connection, columns, inputs.c.id, names)
    by_content = bulk.fetch_in(connection, columns, inputs.c.sha256, [one.sha256 for one in new])
    return sorted({(key, id, sha256) for key, id, sha256 in by_id + by_content})


def _own_ids(sha256: str) -> tuple[str, str]:
    """What an input may be called after its content; the long one where the short one is taken."""
    return sha256[:_SHORT_ID], sha256


def _free_id(sha256: str, content_of: Mapping[str, str]) -> str:
    return next((id for id in _own_ids(sha256) if id not in content_of), uuid4().hex)
