"""The API's methods that search, and those that save searches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from clarifai_grpc.grpc.api.resources_pb2 import Search
from clarifai_grpc.grpc.api.service_pb2 import (
    DeleteSearchRequest,
    GetSearchRequest,
    ListSearchesRequest,
    MultiSearchResponse,
    Pagination,
    PatchAnnotationsSearchesRequest,
    PatchInputsSearchesRequest,
    PatchSearchesRequest,
    PostAnnotationsSearchesRequest,
    PostInputsSearchesRequest,
    PostSearchesByIDRequest,
    PostSearchesRequest,
    SingleSearchResponse,
)
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

from toolkit.plugins import Level

from .batches import check_batch
from .calls import Call
from .pages import page_of
from .saved_searches import remove_search, save_searches, saved_search, saved_searches
from .searches import INVALID, answer
from .statuses import Refused, ok

__all__ = [
    "delete_search",
    "get_search",
    "list_searches",
    "patch_annotations_searches",
    "patch_inputs_searches",
    "patch_searches",
    "post_annotations_searches",
    "post_inputs_searches",
    "post_searches",
    "post_searches_by_id",
]

_Patch: TypeAlias = PatchSearchesRequest | PatchInputsSearchesRequest | PatchAnnotationsSearchesRequest


def post_annotations_searches(request: PostAnnotationsSearchesRequest, call: Call) -> MultiSearchResponse:
    """Search with one hit for each matching row: a region or a whole image.

    Parameters
    ----------
    request : PostAnnotationsSearchesRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    return _post(request.searches, request.pagination, call, level="region")


def post_inputs_searches(request: PostInputsSearchesRequest, call: Call) -> MultiSearchResponse:
    """Search with one hit for each matching input.

    Parameters
    ----------
    request : PostInputsSearchesRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    return _post(request.searches, request.pagination, call, level="input", only_count=request.only_count)


def post_searches(request: PostSearchesRequest, call: Call) -> MultiSearchResponse:
    """The older search, in which hits are inputs.

    Parameters
    ----------
    request : PostSearchesRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    searches = list(request.searches)
    if request.HasField("query"):
        searches.append(Search(query=request.query))
    return _post(searches, request.pagination, call, level="input")


def _post(
    searches: Sequence[Search],
    pagination: Pagination,
    call: Call,
    *,
    level: Level,
    only_count: bool = False,
) -> MultiSearchResponse:
    """Searches with ``save`` are stored and not run; if there are none, all are answered."""
    if searches:
        check_batch(searches, "searches", invalid=INVALID)
    if saving := [search for search in searches if search.save]:
        stored = save_searches(saving, call, level=level)
        return MultiSearchResponse(status=ok(), id=stored[0].id, searches=stored)
    return answer(searches, pagination, call, level=level, only_count=only_count)


def post_searches_by_id(request: PostSearchesByIDRequest, call: Call) -> MultiSearchResponse:
    """The hits of a saved search.

    Parameters
    ----------
    request : PostSearchesByIDRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    stored = saved_search(request.id, call)
    response = answer([stored.search], request.pagination, call, level=stored.level)
    response.id = request.id
    response.searches.append(stored.search)
    return response


def get_search(request: GetSearchRequest, call: Call) -> SingleSearchResponse:
    """A saved search.

    Parameters
    ----------
    request : GetSearchRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    return SingleSearchResponse(status=ok(), search=saved_search(request.id, call).search)


def list_searches(request: ListSearchesRequest, call: Call) -> MultiSearchResponse:
    """A page of the saved searches.

    Parameters
    ----------
    request : ListSearchesRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    page = page_of(request.page, request.per_page, invalid=INVALID)
    stored = page.of(list(saved_searches(call).values()))
    return MultiSearchResponse(status=ok(), searches=[one.search for one in stored])


def delete_search(request: DeleteSearchRequest, call: Call) -> BaseResponse:
    """Delete a saved search.

    Parameters
    ----------
    request : DeleteSearchRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    remove_search(request.id, call)
    return BaseResponse(status=ok())


def patch_searches(request: PatchSearchesRequest, call: Call) -> MultiSearchResponse:
    """Overwrite saved searches.

    Parameters
    ----------
    request : PatchSearchesRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    return _patched(request, call, level="input")


def patch_inputs_searches(request: PatchInputsSearchesRequest, call: Call) -> MultiSearchResponse:
    """Overwrite saved searches for inputs.

    Parameters
    ----------
    request : PatchInputsSearchesRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    return _patched(request, call, level="input")


def patch_annotations_searches(request: PatchAnnotationsSearchesRequest, call: Call) -> MultiSearchResponse:
    """Overwrite saved searches for annotations.

    Parameters
    ----------
    request : PatchAnnotationsSearchesRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    return _patched(request, call, level="region")


def _patched(request: _Patch, call: Call, *, level: Level) -> MultiSearchResponse:
    if request.action not in ("", "overwrite"):
        raise Refused(INVALID, f"a saved search can be changed by 'overwrite' only, not {request.action!r}")
    for search in request.searches:
        saved_search(search.id, call)  # refused if it is not there
    stored = save_searches(request.searches, call, level=level, overwrite=True)
    return MultiSearchResponse(status=ok(), searches=stored)
