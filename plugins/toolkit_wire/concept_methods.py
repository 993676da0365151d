"""The API's methods about concepts."""

from __future__ import annotations

from collections.abc import Iterable

from clarifai_grpc.grpc.api.service_pb2 import (
    GetConceptRequest,
    ListConceptsRequest,
    MultiConceptResponse,
    PatchConceptsRequest,
    PostConceptsRequest,
    PostConceptsSearchesRequest,
    SingleConceptResponse,
)
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit.plugins import Concept

from .batches import check_batch
from .calls import Call
from .message_writer import concept_message
from .pages import page_of
from .statuses import Refused, ok

__all__ = ["get_concept", "list_concepts", "patch_concepts", "post_concepts", "post_concepts_searches"]

INVALID = StatusCode.CONCEPTS_INVALID_REQUEST


def post_concepts(request: PostConceptsRequest, call: Call) -> MultiConceptResponse:
    """Make concepts; none if one of them exists already.

    Parameters
    ----------
    request : PostConceptsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        A concept without an id, or one that is there already.
    """
    check_batch(request.concepts, "concepts", invalid=INVALID)
    ids = [one.id or one.name for one in request.concepts]
    if not all(id.strip() for id in ids):
        raise Refused(INVALID, "a concept needs an id")
    if there := [*call.photos.concepts.existing(ids), *_twice(ids)]:
        raise Refused(INVALID, f"concept {there[0]!r} is there already: duplicate id")
    own = call.photos.settings.language
    call.photos.concepts.put(
        Concept(id, {one.language or own: (one.name or id,)}, one.definition)
        for id, one in zip(ids, request.concepts, strict=True)
    )
    return _shown(ids, call)


def _twice(ids: list[str]) -> list[str]:
    return [id for at, id in enumerate(ids) if id in ids[:at]]


def _shown(ids: list[str], call: Call) -> MultiConceptResponse:
    found = call.photos.concepts.existing(ids)
    return MultiConceptResponse(status=ok(), concepts=[concept_message(found[id], call) for id in ids])


def list_concepts(request: ListConceptsRequest, call: Call) -> MultiConceptResponse:
    """A page of the concepts, in order of creation.

    Parameters
    ----------
    request : ListConceptsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    page = page_of(request.page, request.per_page, invalid=INVALID)
    if request.id:
        found: Iterable[Concept] = call.photos.concepts.existing([request.id]).values()
    else:
        found = call.photos.concepts.page(offset=page.offset, limit=page.limit)
    return MultiConceptResponse(status=ok(), concepts=[concept_message(one, call) for one in found])


def get_concept(request: GetConceptRequest, call: Call) -> SingleConceptResponse:
    """One concept.

    Parameters
    ----------
    request : GetConceptRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    return SingleConceptResponse(
        status=ok(), concept=concept_message(call.photos.concepts[request.concept_id], call)
    )


def patch_concepts(request: PatchConceptsRequest, call: Call) -> MultiConceptResponse:
    """Change names and definitions of concepts; the old names still find them.

    Parameters
    ----------
    request : PatchConceptsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        Another action than overwriting.
    """
    if request.action not in ("", "overwrite", "merge"):
        raise Refused(INVALID, f"a concept can be changed by 'overwrite' only, not {request.action!r}")
    check_batch(request.concepts, "concepts", invalid=INVALID)
    for one in request.concepts:
        call.photos.concepts[one.id]  # an error names the nearest
    for one in request.concepts:
        if one.name:
            call.photos.concepts.rename(one.id, one.name, language=one.language or None)
        if one.definition:
            call.photos.concepts.add(one.id, definition=one.definition)
    return _shown([one.id for one in request.concepts], call)


def post_concepts_searches(request: PostConceptsSearchesRequest, call: Call) -> MultiConceptResponse:
    """The concepts with a name that matches a pattern with ``*`` in a language.

    Parameters
    ----------
    request : PostConceptsSearchesRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        The query has no name.
    """
    asked = request.concept_query
    page = page_of(request.pagination.page, request.pagination.per_page, invalid=INVALID)
    if not asked.name.strip():
        raise Refused(INVALID, "concept_query needs a name, such as 'dog' or 'dog*'")
    language = asked.language or call.photos.settings.language
    found = call.photos.concepts.like(asked.name, language=language, offset=page.offset, limit=page.limit)
    shown = [concept_message(one, call, language=language) for one in found]
    return MultiConceptResponse(status=ok(), concepts=shown)
