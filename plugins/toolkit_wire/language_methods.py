"""The API's methods about the names of a concept in other languages."""

from __future__ import annotations

from collections.abc import Sequence

from clarifai_grpc.grpc.api.resources_pb2 import ConceptLanguage
from clarifai_grpc.grpc.api.service_pb2 import (
    GetConceptLanguageRequest,
    ListConceptLanguagesRequest,
    MultiConceptLanguageResponse,
    PatchConceptLanguagesRequest,
    PostConceptLanguagesRequest,
    SingleConceptLanguageResponse,
)
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit.plugins import Concept

from .batches import check_batch
from .calls import Call
from .pages import page_of
from .statuses import Refused, ok

__all__ = [
    "get_concept_language",
    "list_concept_languages",
    "patch_concept_languages",
    "post_concept_languages",
]

INVALID = StatusCode.CONCEPTS_INVALID_REQUEST


def post_concept_languages(request: PostConceptLanguagesRequest, call: Call) -> MultiConceptLanguageResponse:
    """Give names to a concept; none if it has a name in one of the languages already.

    Parameters
    ----------
    request : PostConceptLanguagesRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        The concept has a name in one of the languages already.
    """
    concept = call.photos.concepts[request.concept_id]
    _check(request.concept_languages)
    for one in request.concept_languages:
        if one.id in concept.names:
            raise Refused(
                INVALID, f"concept {concept.id!r} has a name in {one.id!r} already: duplicate language"
            )
    return _named(request, call)


def patch_concept_languages(
    request: PatchConceptLanguagesRequest, call: Call
) -> MultiConceptLanguageResponse:
    """Replace the names of a concept in these languages.

    Parameters
    ----------
    request : PatchConceptLanguagesRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        Another action than overwriting.
    """
    if request.action not in ("", "overwrite", "merge"):
        raise Refused(INVALID, f"a name can be changed by 'overwrite' only, not {request.action!r}")
    call.photos.concepts[request.concept_id]  # an error names the nearest
    _check(request.concept_languages)
    return _named(request, call)


def _check(given: Sequence[ConceptLanguage]) -> None:
    check_batch(given, "concept_languages", invalid=INVALID)
    for one in given:
        if not one.id or not one.name.strip():
            raise Refused(INVALID, "a name needs a language in 'id', such as 'ja', and the word in 'name'")


def _named(
    request: PostConceptLanguagesRequest | PatchConceptLanguagesRequest, call: Call
) -> MultiConceptLanguageResponse:
    names = call.photos.concepts[request.concept_id].names
    for one in request.concept_languages:
        names[one.id] = (one.name,)
    return MultiConceptLanguageResponse(status=ok(), concept_languages=request.concept_languages)


def list_concept_languages(request: ListConceptLanguagesRequest, call: Call) -> MultiConceptLanguageResponse:
    """A page of the concept's names, the preferred one of each language.

    Parameters
    ----------
    request : ListConceptLanguagesRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    page = page_of(request.page, request.per_page, invalid=INVALID)
    concept = call.photos.concepts[request.concept_id]
    tags = page.of(list(concept.names))
    return MultiConceptLanguageResponse(
        status=ok(), concept_languages=[_message(concept, tag) for tag in tags]
    )


def get_concept_language(request: GetConceptLanguageRequest, call: Call) -> SingleConceptLanguageResponse:
    """The concept's preferred name in a language.

    Parameters
    ----------
    request : GetConceptLanguageRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        The concept has no name in the language.
    """
    concept = call.photos.concepts[request.concept_id]
    if request.language not in concept.names:
        known = ", ".join(concept.names) or "none"
        raise Refused(
            StatusCode.CONN_DOES_NOT_EXIST,
            f"concept {concept.id!r} has no name in {request.language!r}; it has one in: {known}",
        )
    return SingleConceptLanguageResponse(status=ok(), concept_language=_message(concept, request.language))


def _message(concept: Concept, tag: str) -> ConceptLanguage:
    return ConceptLanguage(id=tag, name=concept.name(tag), definition=concept.definition)
