"""Searches that are kept, and the older way to ask.

`save` in a search keeps it and does not run it. What is kept is the search as it came and, for the notebook, the
same as a query in ``photos.queries``.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import uuid4

from clarifai_grpc.grpc.api.resources_pb2 import Search
from clarifai_grpc.grpc.api.service_pb2 import MultiSearchResponse, SingleSearchResponse
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from google.protobuf.message import Message

from toolkit.types import Json, Level

from .calls import Call
from .codec import json_of, merge
from .collection_access import forget_search, save_search, saved_searches
from .pages import page_of
from .searches import INVALID, answer, asked_of
from .statuses import Refused, ok
from .structs import stamp

__all__ = [
    "delete_search",
    "get_search",
    "keep",
    "list_searches",
    "patch_annotations_searches",
    "patch_inputs_searches",
    "patch_searches",
    "post_searches",
    "post_searches_by_id",
]

_LEVEL = "level"


def post_searches(request: Any, call: Call) -> MultiSearchResponse:  # noqa: ANN401
    """The older search, in which hits are inputs; keeps the searches that ask to be saved."""
    searches = list(request.searches)
    if request.HasField("query"):
        searches.append(Search(query=request.query))
    return keep_or_answer(searches, request.pagination, call, level="input")


def keep_or_answer(
    searches: Sequence[Search],
    pagination: Any,  # noqa: ANN401
    call: Call,
    *,
    level: Level,
    only_count: bool = False,
) -> MultiSearchResponse:
    """Searches that ask to be saved are kept; if none does, they are answered."""
    if not any(search.save for search in searches):
        return answer(searches, pagination, call, level=level, only_count=only_count)
    kept = keep([search for search in searches if search.save], call, level=level)
    return MultiSearchResponse(status=ok(), id=kept[0].id, searches=kept)


def keep(searches: Iterable[Search], call: Call, *, level: Level, overwrite: bool = False) -> list[Search]:
    """The searches as they are kept.

    Raises
    ------
    Refused
        40010: the id of one is taken. 40002: it cannot be searched for. Nothing after it is kept.
    """
    return [_keep(search, call, level=level, overwrite=overwrite) for search in searches]


def _keep(search: Search, call: Call, *, level: Level, overwrite: bool) -> Search:
    id = search.id or uuid4().hex
    if id in saved_searches(call.photos) and not overwrite:
        raise Refused(StatusCode.DATABASE_DUPLICATE_KEY, f"a search {id!r} is saved already: duplicate id")
    asked = asked_of(search, call, level=level)
    kept = Search()
    kept.CopyFrom(search)
    kept.id = id
    now = time.time()
    for moment in (kept.as_of, kept.created_at, kept.modified_at):
        stamp(now, moment)
    save_search(call.photos, id, cast(Json, {"search": json_of(kept), _LEVEL: level}))
    call.photos.queries[id] = asked.query
    return kept


def post_searches_by_id(request: Any, call: Call) -> MultiSearchResponse:  # noqa: ANN401
    """The hits of a saved search."""
    search, level = _saved(request.id, call)
    response = answer([search], request.pagination, call, level=level)
    response.id = request.id
    response.searches.append(search)
    return response


def get_search(request: Any, call: Call) -> SingleSearchResponse:  # noqa: ANN401
    """A saved search."""
    search, _ = _saved(request.id, call)
    return SingleSearchResponse(status=ok(), search=search)


def list_searches(request: Any, call: Call) -> MultiSearchResponse:  # noqa: ANN401
    """A page of the saved searches."""
    page = page_of(request.page, request.per_page, invalid=INVALID)
    ids = list(saved_searches(call.photos))[page.offset : page.offset + page.limit]
    return MultiSearchResponse(status=ok(), searches=[_saved(id, call)[0] for id in ids])


def delete_search(request: Any, call: Call) -> Message:  # noqa: ANN401
    """Nothing but the status; the search is forgotten."""
    from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

    _saved(request.id, call)
    forget_search(call.photos, request.id)
    if request.id in set(call.photos.queries):
        del call.photos.queries[request.id]
    return BaseResponse(status=ok())


def patch_searches(request: Any, call: Call) -> MultiSearchResponse:  # noqa: ANN401
    """Saved searches, overwritten."""
    return _patched(request, call, level="input")


def patch_inputs_searches(request: Any, call: Call) -> MultiSearchResponse:  # noqa: ANN401
    """Saved searches for inputs, overwritten."""
    return _patched(request, call, level="input")


def patch_annotations_searches(request: Any, call: Call) -> MultiSearchResponse:  # noqa: ANN401
    """Saved searches for annotations, overwritten."""
    return _patched(request, call, level="region")


def _patched(request: Any, call: Call, *, level: Level) -> MultiSearchResponse:  # noqa: ANN401
    if request.action not in ("", "overwrite"):
        raise Refused(INVALID, f"a saved search can be changed by 'overwrite' only, not {request.action!r}")
    for search in request.searches:
        _saved(search.id, call)
    kept = keep(request.searches, call, level=level, overwrite=True)
    return MultiSearchResponse(status=ok(), searches=kept)


def _saved(id: str, call: Call) -> tuple[Search, Level]:
    kept = saved_searches(call.photos)
    if id not in kept:
        known = ", ".join(list(kept)[:10]) or "none"
        raise Refused(StatusCode.CONN_DOES_NOT_EXIST, f"no saved search {id!r}; there are: {known}")
    one: Any = kept[id]
    return merge(one["search"], Search()), one[_LEVEL]
