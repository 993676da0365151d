"""The API's methods about versions of models: posting one trains it, in the background."""

from __future__ import annotations

from collections.abc import Sequence

from clarifai_grpc.grpc.api.resources_pb2 import Concept, ModelVersion
from clarifai_grpc.grpc.api.service_pb2 import (
    DeleteModelVersionRequest,
    GetModelVersionMetricsRequest,
    GetModelVersionRequest,
    ListModelVersionsRequest,
    MultiModelVersionResponse,
    PostModelVersionMetricsRequest,
    PostModelVersionsRequest,
    SingleModelResponse,
    SingleModelVersionResponse,
)
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

from .calls import Call
from .client_models import ClientModel, ClientVersion, change_model, client_models
from .model_messages import model_message, version_message, versions_of
from .pages import page_of
from .statuses import Refused, ok, status
from .structs import json_object
from .trainings import forget

__all__ = [
    "delete_model_version",
    "get_model_version",
    "get_model_version_metrics",
    "list_model_versions",
    "post_model_version_metrics",
    "post_model_versions",
]

INVALID = StatusCode.MODEL_INVALID_REQUEST
# Each of them becomes the same here: a linear model of every concept, on the vectors of the collection's first space.
_TRAINABLE = ("embedding-classifier", "visual-classifier", "concept")


def post_model_versions(request: PostModelVersionsRequest, call: Call) -> SingleModelResponse:
    """Train a model: learn its concepts from people's labels, in the background.

    Parameters
    ----------
    request : PostModelVersionsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        21202: a model of a type that cannot be trained here. 21203: there is no concept, or more than one version.
        21118: something is asked of the training that it does not do.
    """
    if len(request.model_versions) > 1:
        raise Refused(INVALID, f"one version a request, not {len(request.model_versions)}")
    posted = request.model_versions[0] if request.model_versions else ModelVersion()
    _check_training(posted)
    made: list[ClientVersion] = []

    def add(model: ClientModel) -> None:
        if model.message.model_type_id not in _TRAINABLE:
            type, known = model.message.model_type_id, " or ".join(_TRAINABLE)
            why = f"a model of type {type!r} cannot be trained here; one of type {known} can"
            raise Refused(StatusCode.MODEL_INVALID_ARGUMENT, why)
        concepts = posted.output_info.data.concepts or model.message.output_info.data.concepts
        version = model.add_version(posted)
        version.message.output_info.data.ClearField("concepts")
        version.message.output_info.data.concepts.extend(Concept(id=id) for id in _ids(concepts))
        version.message.active_concept_count = len(version.concepts)
        made.append(version)

    change_model(call.photos, request.model_id, add)
    call.trainings.start(call.photos, request.model_id, made[-1].message.id)
    return SingleModelResponse(status=ok(), model=model_message(request.model_id, made[-1].message.id, call))


def _check_training(posted: ModelVersion) -> None:
    if posted.HasField("pretrained_model_config") or posted.HasField("import_info"):
        why = "a network is not taken over the wire: install one as a plugin, and index with it"
        raise Refused(StatusCode.MODEL_INVALID_ARGUMENT, why)
    if json_object(posted.train_info.params).get("dataset_id") or posted.train_info.dataset.id:
        why = "every label of the collection is learned from, not those of one dataset: leave dataset_id away"
        raise Refused(StatusCode.MODEL_TRAINING_INVALID_PARAMS, why)


def _ids(concepts: Sequence[Concept]) -> list[str]:
    ids = list(dict.fromkeys(one.id for one in concepts))
    if not ids or not all(ids):
        raise Refused(
            INVALID, "name the concepts to learn, by id, in output_info.data.concepts of the version"
        )
    return ids


def get_model_version(request: GetModelVersionRequest, call: Call) -> SingleModelVersionResponse:
    """One version of a model; its status says whether it is trained.

    Parameters
    ----------
    request : GetModelVersionRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    shown = model_message(request.model_id, request.version_id, call).model_version
    return SingleModelVersionResponse(status=ok(), model_version=shown)


def list_model_versions(request: ListModelVersionsRequest, call: Call) -> MultiModelVersionResponse:
    """A page of the versions of a model, the last one first.

    Parameters
    ----------
    request : ListModelVersionsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    page = page_of(request.page, request.per_page, invalid=INVALID)
    found = versions_of(request.model_id, call)
    if request.trained_only:
        found = [one for one in found if one.status.code == StatusCode.MODEL_TRAINED]
    return MultiModelVersionResponse(status=ok(), model_versions=page.of(found))


def post_model_version_metrics(
    request: PostModelVersionMetricsRequest, call: Call
) -> SingleModelVersionResponse:
    """Evaluate a version: show what was estimated when it was trained.

    Parameters
    ----------
    request : PostModelVersionMetricsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        21102: it is not trained.
    """
    version = _of_client(request.model_id, request.version_id, call)
    if call.trainings.status(call.photos, version).code != StatusCode.MODEL_TRAINED:
        raise Refused(StatusCode.MODEL_UNTRAINED, f"version {version.message.id!r} is not trained")

    def evaluated(model: ClientModel) -> None:
        stored = model.version(version.message.id)
        if stored is not None:
            stored.message.metrics.status.CopyFrom(status(StatusCode.MODEL_EVALUATED))

    change_model(call.photos, request.model_id, evaluated)
    return _metrics(request.model_id, version.message.id, call)


def get_model_version_metrics(
    request: GetModelVersionMetricsRequest, call: Call
) -> SingleModelVersionResponse:
    """A version with the figures of each concept, once it is evaluated.

    Parameters
    ----------
    request : GetModelVersionMetricsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    return _metrics(request.model_id, request.version_id, call)


def _metrics(model: str, version: str, call: Call) -> SingleModelVersionResponse:
    shown = version_message(_of_client(model, version, call), call, in_full=True)
    return SingleModelVersionResponse(status=ok(), model_version=shown)


def _of_client(model: str, version: str, call: Call) -> ClientVersion:
    made = client_models(call.photos)
    found = made[model].version(version) if model in made else None
    if found is None:
        why = f"there is no version {version[:80]!r} of a model {model[:80]!r} that a client trained"
        raise Refused(StatusCode.MODEL_DOES_NOT_EXIST, why)
    return found


def delete_model_version(request: DeleteModelVersionRequest, call: Call) -> BaseResponse:
    """Delete a version of a model that a client made, with what it predicted.

    Parameters
    ----------
    request : DeleteModelVersionRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    gone = _of_client(request.model_id, request.version_id, call)

    def remove(model: ClientModel) -> None:
        model.versions = [one for one in model.versions if one.message.id != gone.message.id]

    change_model(call.photos, request.model_id, remove)
    forget(call.photos, gone.trained)
    return BaseResponse(status=ok())
