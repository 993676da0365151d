"""Saved searches: as they came and, for the notebook, as queries in ``photos.queries``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict, cast
from uuid import uuid4

from clarifai_grpc.grpc.api.resources_pb2 import Search
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit.plugins import Json, Level

from .calls import Call
from .codec import merge
from .message_json import json_of
from .searches import search_request
from .statuses import Refused
from .structs import write_timestamp

__all__ = ["SavedSearch", "remove_search", "save_searches", "saved_search", "saved_searches"]

_AS_IT_CAME = "wire"  # what of a query's facts is the wire's


class _Stored(TypedDict):
    search: dict[str, Json]
    level: Level


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A saved search.

    Parameters
    ----------
    search : Search
        As it came.
    level : {"input", "region"}
        What its hits are.
    """

    search: Search
    level: Level


def save_searches(
    searches: Sequence[Search], call: Call, *, level: Level, overwrite: bool = False
) -> list[Search]:
    """Save searches, all or none; returns them as they are stored.

    Parameters
    ----------
    searches : sequence of Search
        Searches of the request.
    call : Call
        The collection asked, and who asks.
    level : {"input", "region"}
        What a hit is.
    overwrite : bool
        Whether a search of the same id is replaced.

    Raises
    ------
    Refused
        40010: the id of one is taken. 40002: one cannot be searched for.
    """
    taken = saved_searches(call)
    named = [(search.id or uuid4().hex, search) for search in searches]
    for id, _ in named:
        if id in taken and not overwrite:
            raise Refused(
                StatusCode.DATABASE_DUPLICATE_KEY, f"a search {id!r} is saved already: duplicate id"
            )
    queries = [search_request(search, call, level=level).query for search in searches]
    stored = [_stored(id, search, taken.get(id)) for id, search in named]
    facts = {search.id: _facts(search, level) for search in stored}
    call.photos.queries.save({one.id: query for one, query in zip(stored, queries, strict=True)}, facts=facts)
    return stored


def _stored(id: str, search: Search, before: SavedSearch | None) -> Search:
    stored = Search()
    stored.CopyFrom(search)
    stored.id = id
    now = time.time()
    for moment in (stored.as_of, stored.created_at, stored.modified_at):
        write_timestamp(now, moment)
    if before is not None:
        stored.created_at.CopyFrom(before.search.created_at)
    return stored


def _facts(search: Search, level: Level) -> dict[str, Json]:
    return {_AS_IT_CAME: {"search": cast(Json, json_of(search)), "level": level}}


def saved_search(id: str, call: Call) -> SavedSearch:
    """The saved search of an id.

    Parameters
    ----------
    id : str
        The search's id.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        11101: there is none of that id.
    """
    stored = saved_searches(call)
    if id not in stored:
        known = ", ".join(list(stored)[:10]) or "none"
        raise Refused(StatusCode.CONN_DOES_NOT_EXIST, f"no saved search {id!r}; there are: {known}")
    return stored[id]


def saved_searches(call: Call) -> dict[str, SavedSearch]:
    """The saved searches by id, in order of saving; queries saved from a notebook are left out."""
    facts = call.photos.queries.facts()
    found = {name: _read(one[_AS_IT_CAME]) for name, one in facts.items() if _AS_IT_CAME in one}
    return dict(sorted(found.items(), key=lambda pair: pair[1].search.created_at.ToNanoseconds()))


def _read(stored: Json) -> SavedSearch:
    value = cast("_Stored", stored)
    return SavedSearch(merge(value["search"], Search()), value["level"])


def remove_search(id: str, call: Call) -> None:
    """Delete a saved search.

    Parameters
    ----------
    id : str
        The search's id.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        11101: there is none of that id.
    """
    saved_search(id, call)
    del call.photos.queries[id]
