"""The API's methods about relations of concepts."""

from __future__ import annotations

from clarifai_grpc.grpc.api.resources_pb2 import ConceptRelation
from clarifai_grpc.grpc.api.service_pb2 import (
    DeleteConceptRelationsRequest,
    ListConceptRelationsRequest,
    MultiConceptRelationResponse,
    PostConceptRelationsRequest,
)
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

from .batches import check_batch
from .calls import Call
from .pages import page_of
from .statuses import Refused, ok

__all__ = ["delete_concept_relations", "list_concept_relations", "post_concept_relations"]

INVALID = StatusCode.CONCEPTS_INVALID_REQUEST


def post_concept_relations(request: PostConceptRelationsRequest, call: Call) -> MultiConceptRelationResponse:
    """Add relations; the inverse of each is added too.

    Parameters
    ----------
    request : PostConceptRelationsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    if request.concept_relations:
        check_batch(request.concept_relations, "concept_relations", invalid=INVALID)
    made = [
        (one.subject_concept.id or request.concept_id, one.predicate, one.object_concept.id)
        for one in request.concept_relations
    ]
    for subject, predicate, object in made:
        call.photos.concepts.relate(subject, predicate, object)
    return MultiConceptRelationResponse(status=ok(), concept_relations=[_message(*one) for one in made])


def list_concept_relations(request: ListConceptRelationsRequest, call: Call) -> MultiConceptRelationResponse:
    """A page of the relations of one concept, or of all; of one predicate, if one is named.

    Parameters
    ----------
    request : ListConceptRelationsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    page = page_of(request.page, request.per_page, invalid=INVALID)
    found = [one for one in _relations(request.concept_id, call) if request.predicate in ("", one[1])]
    shown = [_message(*one) for one in page.of(found)]
    return MultiConceptRelationResponse(status=ok(), concept_relations=shown)


def delete_concept_relations(request: DeleteConceptRelationsRequest, call: Call) -> BaseResponse:
    """Delete relations; without ids, all relations of the concept.

    Parameters
    ----------
    request : DeleteConceptRelationsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        The concept has no relation with one of the ids.
    """
    there = {_id(*one): one for one in _relations(request.concept_id, call)}
    for id in request.ids:
        if id not in there:
            known = ", ".join(list(there)[:10]) or "none"
            raise Refused(StatusCode.CONN_DOES_NOT_EXIST, f"no relation {id!r}; there are: {known}")
    for id in request.ids or there:
        call.photos.concepts.unrelate(*there[id])
    return BaseResponse(status=ok())


def _relations(concept: str, call: Call) -> list[tuple[str, str, str]]:
    concepts = call.photos.concepts
    chosen = [concepts[concept]] if concept and concept != "*" else list(concepts.values())
    return [
        (one.id, predicate, object)
        for one in chosen
        for predicate, objects in one.relations.items()
        for object in objects
    ]


def _message(subject: str, predicate: str, object: str) -> ConceptRelation:
    relation = ConceptRelation(id=_id(subject, predicate, object), predicate=predicate)
    relation.subject_concept.id, relation.object_concept.id = subject, object
    return relation


def _id(subject: str, predicate: str, object: str) -> str:
    return f"{subject}:{predicate}:{object}"
