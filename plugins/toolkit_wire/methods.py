"""The methods that are answered, by their names in the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from clarifai_grpc.grpc.api import service_pb2
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from . import (
    annotations,
    apps,
    concepts,
    inputs,
    languages,
    models,
    relations,
    saved,
    searches,
)
from .calls import Call

__all__ = ["Method", "all_methods", "methods"]

Answer = Callable[[Any, Call], Message]


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the API.

    Parameters
    ----------
    name : str
        As in its definition.
    request, response : type of Message
        What comes and what goes.
    answer : callable or None
        From a request and its call to the response; None if it is not implemented here.
    invalid : int
        The status code for a request that cannot be.
    """

    name: str
    request: type[Message]
    response: type[Message]
    answer: Answer | None
    invalid: int


_ANSWERS: Mapping[int, Mapping[str, Answer]] = {
    StatusCode.SEARCH_INVALID_REQUEST: {
        "PostAnnotationsSearches": searches.post_annotations_searches,
        "PostInputsSearches": searches.post_inputs_searches,
        "PostSearches": saved.post_searches,
        "PostSearchesByID": saved.post_searches_by_id,
        "ListSearches": saved.list_searches,
        "GetSearch": saved.get_search,
        "DeleteSearch": saved.delete_search,
        "PatchSearches": saved.patch_searches,
        "PatchInputsSearches": saved.patch_inputs_searches,
        "PatchAnnotationsSearches": saved.patch_annotations_searches,
    },
    StatusCode.INPUT_INVALID_ARGUMENT: {
        "PostInputs": inputs.post_inputs,
        "ListInputs": inputs.list_inputs,
        "GetInput": inputs.get_input,
        "PatchInputs": inputs.patch_inputs,
        "DeleteInput": inputs.delete_input,
        "DeleteInputs": inputs.delete_inputs,
        "GetInputCount": inputs.get_input_count,
        "GetInputsAddJob": inputs.get_inputs_add_job,
    },
    StatusCode.ANNOTATION_INVALID_ARGUMENT: {
        "PostAnnotations": annotations.post_annotations,
        "ListAnnotations": annotations.list_annotations,
        "GetAnnotation": annotations.get_annotation,
        "PatchAnnotations": annotations.patch_annotations,
        "DeleteAnnotation": annotations.delete_annotation,
        "DeleteAnnotations": annotations.delete_annotations_,
    },
    StatusCode.CONCEPTS_INVALID_REQUEST: {
        "PostConcepts": concepts.post_concepts,
        "ListConcepts": concepts.list_concepts,
        "GetConcept": concepts.get_concept,
        "PatchConcepts": concepts.patch_concepts,
        "PostConceptsSearches": concepts.post_concepts_searches,
        "PostConceptLanguages": languages.post_concept_languages,
        "ListConceptLanguages": languages.list_concept_languages,
        "GetConceptLanguage": languages.get_concept_language,
        "PatchConceptLanguages": languages.patch_concept_languages,
        "PostConceptRelations": relations.post_concept_relations,
        "ListConceptRelations": relations.list_concept_relations,
        "DeleteConceptRelations": relations.delete_concept_relations,
    },
    StatusCode.CONN_INVALID_REQUEST: {
        "GetApp": apps.get_app,
        "PostApps": apps.post_apps,
        "PostDatasets": apps.post_datasets,
        "ListDatasets": apps.list_datasets,
        "GetDataset": apps.get_dataset,
        "PostModelOutputs": models.post_model_outputs,
    },
}


@cache
def methods() -> Mapping[str, Method]:
    """Every method of the API that takes one request and gives one answer, by name."""
    answers = {name: (answer, invalid) for invalid, some in _ANSWERS.items() for name, answer in some.items()}
    unknown = None, StatusCode.CONN_INVALID_REQUEST
    return {one.name: _method(one, *answers.get(one.name, unknown)) for one in all_methods()}


def _method(one: MethodDescriptor, answer: Answer | None, invalid: int) -> Method:
    return Method(one.name, GetMessageClass(one.input_type), GetMessageClass(one.output_type), answer, invalid)


def all_methods() -> list[MethodDescriptor]:
    """The definitions of those methods; a few others stream."""
    service = service_pb2.DESCRIPTOR.services_by_name["V2"]
    return [one for one in service.methods if not (one.client_streaming or one.server_streaming)]
