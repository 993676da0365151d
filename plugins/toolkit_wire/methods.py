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
    annotation_methods,
    app_methods,
    concept_methods,
    dataset_methods,
    input_methods,
    language_methods,
    model_methods,
    model_type_methods,
    output_methods,
    relation_methods,
    search_methods,
    version_methods,
    workflow_methods,
)
from .calls import Call

__all__ = ["Method", "all_methods", "methods"]

Answer = Callable[[Any, Call], Message]  # of the request class of its method, as a test checks


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
        "PostAnnotationsSearches": search_methods.post_annotations_searches,
        "PostInputsSearches": search_methods.post_inputs_searches,
        "PostSearches": search_methods.post_searches,
        "PostSearchesByID": search_methods.post_searches_by_id,
        "ListSearches": search_methods.list_searches,
        "GetSearch": search_methods.get_search,
        "DeleteSearch": search_methods.delete_search,
        "PatchSearches": search_methods.patch_searches,
        "PatchInputsSearches": search_methods.patch_inputs_searches,
        "PatchAnnotationsSearches": search_methods.patch_annotations_searches,
    },
    StatusCode.INPUT_INVALID_ARGUMENT: {
        "PostInputs": input_methods.post_inputs,
        "ListInputs": input_methods.list_inputs,
        "StreamInputs": input_methods.stream_inputs,
        "GetInput": input_methods.get_input,
        "PatchInputs": input_methods.patch_inputs,
        "DeleteInput": input_methods.delete_input,
        "DeleteInputs": input_methods.delete_inputs,
        "GetInputCount": input_methods.get_input_count,
        "GetInputsAddJob": input_methods.get_inputs_add_job,
    },
    StatusCode.ANNOTATION_INVALID_ARGUMENT: {
        "PostAnnotations": annotation_methods.post_annotations,
        "ListAnnotations": annotation_methods.list_annotations,
        "GetAnnotation": annotation_methods.get_annotation,
        "PatchAnnotations": annotation_methods.patch_annotations,
        "DeleteAnnotation": annotation_methods.delete_annotation,
        "DeleteAnnotations": annotation_methods.delete_annotations,
    },
    StatusCode.CONCEPTS_INVALID_REQUEST: {
        "PostConcepts": concept_methods.post_concepts,
        "ListConcepts": concept_methods.list_concepts,
        "GetConcept": concept_methods.get_concept,
        "PatchConcepts": concept_methods.patch_concepts,
        "PostConceptsSearches": concept_methods.post_concepts_searches,
        "PostConceptLanguages": language_methods.post_concept_languages,
        "ListConceptLanguages": language_methods.list_concept_languages,
        "GetConceptLanguage": language_methods.get_concept_language,
        "PatchConceptLanguages": language_methods.patch_concept_languages,
        "PostConceptRelations": relation_methods.post_concept_relations,
        "ListConceptRelations": relation_methods.list_concept_relations,
        "DeleteConceptRelations": relation_methods.delete_concept_relations,
    },
    StatusCode.CONN_INVALID_REQUEST: {
        "GetApp": app_methods.get_app,
        "ListApps": app_methods.list_apps,
        "PostApps": app_methods.post_apps,
        "DeleteApp": app_methods.delete_app,
        "PostDatasets": dataset_methods.post_datasets,
        "ListDatasets": dataset_methods.list_datasets,
        "GetDataset": dataset_methods.get_dataset,
        "DeleteDatasets": dataset_methods.delete_datasets,
        "PostDatasetInputs": dataset_methods.post_dataset_inputs,
        "ListDatasetInputs": dataset_methods.list_dataset_inputs,
        "DeleteDatasetInputs": dataset_methods.delete_dataset_inputs,
        "PostModelOutputs": output_methods.post_model_outputs,
        "PostWorkflowResults": output_methods.post_workflow_results,
    },
    StatusCode.MODEL_INVALID_REQUEST: {
        "PostModels": model_methods.post_models,
        "GetModel": model_methods.get_model,
        "GetModelOutputInfo": model_methods.get_model_output_info,
        "ListModels": model_methods.list_models,
        "PostModelsSearches": model_methods.post_models_searches,
        "PatchModels": model_methods.patch_models,
        "DeleteModel": model_methods.delete_model,
        "DeleteModels": model_methods.delete_models_of,
        "PostModelVersions": version_methods.post_model_versions,
        "GetModelVersion": version_methods.get_model_version,
        "ListModelVersions": version_methods.list_model_versions,
        "DeleteModelVersion": version_methods.delete_model_version,
        "PostModelVersionMetrics": version_methods.post_model_version_metrics,
        "GetModelVersionMetrics": version_methods.get_model_version_metrics,
        "ListModelTypes": model_type_methods.list_model_types,
        "GetModelType": model_type_methods.get_model_type,
    },
    StatusCode.WORKFLOW_INVALID_REQUEST: {
        "PostWorkflows": workflow_methods.post_workflows,
        "GetWorkflow": workflow_methods.get_workflow,
        "ListWorkflows": workflow_methods.list_workflows,
        "DeleteWorkflow": workflow_methods.delete_workflow,
        "DeleteWorkflows": workflow_methods.delete_workflows_of,
    },
}


@cache
def methods() -> Mapping[str, Method]:
    """Every method of the API that takes one request and gives one answer, by name."""
    answers = {name: (answer, invalid) for invalid, some in _ANSWERS.items() for name, answer in some.items()}
    unknown = None, StatusCode.CONN_INVALID_REQUEST
    return {one.name: _method(one, *answers.get(one.name, unknown)) for one in all_methods()}


def _method(one: MethodDescriptor, answer: Answer | None, invalid: int) -> Method:
    return Method(
        one.name, GetMessageClass(one.input_type), GetMessageClass(one.output_type), answer, invalid
    )


def all_methods() -> list[MethodDescriptor]:
    """The definitions of those methods; a few others stream."""
    service = service_pb2.DESCRIPTOR.services_by_name["V2"]
    return [one for one in service.methods if not (one.client_streaming or one.server_streaming)]
