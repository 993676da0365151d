"""The API's methods about types of models: what can be made here, and what the collection's models are."""

from __future__ import annotations

from clarifai_grpc.grpc.api.resources_pb2 import ModelType, ModelTypeField
from clarifai_grpc.grpc.api.service_pb2 import (
    GetModelTypeRequest,
    ListModelTypesRequest,
    MultiModelTypeResponse,
    SingleModelTypeResponse,
)
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from .calls import Call
from .pages import page_of
from .statuses import Refused, ok

__all__ = ["get_model_type", "list_model_types"]

_CONCEPTS, _REGIONS, _EMBEDDINGS = "concepts", "regions[...].data.concepts", "embeddings"
_TYPES = (
    ("embedding-classifier", "concepts learned from people's labels", _CONCEPTS, True),
    ("visual-classifier", "concepts of a picture", _CONCEPTS, True),
    ("visual-detector", "regions with concepts", _REGIONS, False),
    ("visual-embedder", "a vector of a picture", _EMBEDDINGS, False),
)


def list_model_types(request: ListModelTypesRequest, call: Call) -> MultiModelTypeResponse:
    """A page of the types of models.

    Parameters
    ----------
    request : ListModelTypesRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    page = page_of(request.page, request.per_page, invalid=StatusCode.MODEL_INVALID_REQUEST)
    found = page.of(_messages())
    return MultiModelTypeResponse(status=ok(), model_types=found)


def get_model_type(request: GetModelTypeRequest, call: Call) -> SingleModelTypeResponse:
    """One type of models.

    Parameters
    ----------
    request : GetModelTypeRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        11101: there is none of that id.
    """
    for one in _messages():
        if one.id == request.model_type_id:
            return SingleModelTypeResponse(status=ok(), model_type=one)
    known = ", ".join(id for id, *_ in _TYPES)
    why = f"no type of models {request.model_type_id[:80]!r} here; there are: {known}"
    raise Refused(StatusCode.CONN_DOES_NOT_EXIST, why)


def _messages() -> list[ModelType]:
    return [
        ModelType(
            id=id,
            title=id.replace("-", " ").capitalize(),
            description=description,
            input_fields=["image"],
            output_fields=[output],
            trainable=trained,
            creatable=trained,
            # Nothing but the concepts is chosen; without a field, clients take the type for one that does not exist.
            model_type_fields=[_concepts_field()] if trained else [],
        )
        for id, description, output, trained in _TYPES
    ]


def _concepts_field() -> ModelTypeField:
    return ModelTypeField(
        path="output_info.data.concepts",
        field_type=ModelTypeField.ModelTypeFieldType.ARRAY_OF_CONCEPTS,
        description="the concepts to learn",
        placeholder="concepts",
        required=True,
    )
