"""The API's methods that ask models about pictures of the request; nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import uuid4

from clarifai_grpc.grpc.api.resources_pb2 import Embedding, Input, Model, Output, OutputConfig, WorkflowResult
from clarifai_grpc.grpc.api.service_pb2 import (
    MultiOutputResponse,
    PostModelOutputsRequest,
    PostWorkflowResultsRequest,
    PostWorkflowResultsResponse,
)
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from clarifai_grpc.grpc.api.status.status_pb2 import Status

from toolkit.plugins import Detection, FloatArray, InputError, fold

from .batches import check_batch
from .calls import Call
from .client_models import ClientModel, client_models
from .message_writer import MessageWriter
from .own_models import own_model
from .statuses import Refused, ok, status
from .workflows import workflow_message

__all__ = ["post_model_outputs", "post_workflow_results"]

MOST_CONCEPTS = 20  # as many as the API shows unless it is asked for others

Parts = tuple[Mapping[str, float], Sequence[Detection], FloatArray | None]
Predict = Callable[[bytes], Parts]


def post_model_outputs(request: PostModelOutputsRequest, call: Call) -> MultiOutputResponse:
    """The output of a model for pictures of the request; nothing is stored.

    Parameters
    ----------
    request : PostModelOutputsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    check_batch(request.inputs, "inputs", invalid=StatusCode.CONN_INVALID_REQUEST)
    named, predict = _predicting(request.model_id, request.version_id, call)
    config = _config(request.model)
    outputs = [_output(one, _encoded(one, call), named, predict, config, call) for one in request.inputs]
    return MultiOutputResponse(status=_overall([one.status for one in outputs]), outputs=outputs)


def post_workflow_results(request: PostWorkflowResultsRequest, call: Call) -> PostWorkflowResultsResponse:
    """The outputs of the models of a workflow for pictures of the request; nothing is stored.

    Parameters
    ----------
    request : PostWorkflowResultsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    check_batch(request.inputs, "inputs", invalid=StatusCode.CONN_INVALID_REQUEST)
    workflow = workflow_message(request.workflow_id, call)
    nodes = [_predicting(one.model.id, one.model.model_version.id, call) for one in workflow.nodes]
    results = []
    for given in request.inputs:
        encoded = _encoded(given, call)
        result = WorkflowResult(id=uuid4().hex, input=_shown(given))
        result.outputs.extend(
            _output(given, encoded, named, predict, request.output_config, call) for named, predict in nodes
        )
        result.status.CopyFrom(_overall([one.status for one in result.outputs]))
        results.append(result)
    overall = _overall([one.status for one in results])
    return PostWorkflowResultsResponse(status=overall, workflow=workflow, results=results)


def _predicting(id: str, version: str, call: Call) -> tuple[Model, Predict]:
    """How a model is named in an answer, and what it says of an encoded picture."""
    made = client_models(call.photos)
    if id in made:
        return _of_client(made[id], version, call)
    own = own_model(id, version, call)

    def predict(encoded: bytes) -> Parts:
        found = call.photos.models.predict(own.name, encoded)
        return found.concepts, found.detections, found.vector

    named = Model(id=id, model_type_id=own.type)
    named.model_version.id = own.version
    return named, predict


def _of_client(model: ClientModel, version: str, call: Call) -> tuple[Model, Predict]:
    found = model.version(version)
    state = call.trainings.status(call.photos, found) if found else status(StatusCode.MODEL_UNTRAINED)
    if found is None or state.code != StatusCode.MODEL_TRAINED:
        why = f"model {model.message.id!r} is not trained: {state.details or state.description}"
        raise Refused(StatusCode.MODEL_UNTRAINED, why)
    names = {concept: trained.rpartition("@")[0] for concept, trained in found.trained.items()}
    for concept, name in names.items():
        if call.photos.models.get(name) != found.trained[concept]:
            why = f"concept {concept!r} was trained again since; post a new version of {model.message.id!r}"
            raise Refused(StatusCode.MODEL_UNTRAINED, why)

    def predict(encoded: bytes) -> Parts:
        said: dict[str, float] = {}
        for name in names.values():
            said |= call.photos.models.predict(name, encoded).concepts
        return said, (), None

    named = Model(id=model.message.id, model_type_id=model.message.model_type_id)
    named.model_version.id = found.message.id
    return named, predict


def _config(model: Model) -> OutputConfig:
    """What of the output is wanted; newer clients write it into the version, older ones into the model."""
    inside = model.model_version.output_info
    return inside.output_config if inside.HasField("output_config") else model.output_info.output_config


def _encoded(one: Input, call: Call) -> bytes | Status:
    try:
        return call.pictures.read(one.data.image)
    except InputError as error:
        code = StatusCode.INPUT_DOWNLOAD_FAILED if one.data.image.url else StatusCode.INPUT_INVALID_ARGUMENT
        return status(code, error.advice.shell() if one.data.image.url else str(error.reason))


def _shown(given: Input) -> Input:
    shown = Input(id=given.id)
    shown.data.image.url = given.data.image.url
    return shown


def _output(
    given: Input, encoded: bytes | Status, named: Model, predict: Predict, config: OutputConfig, call: Call
) -> Output:
    output = Output(id=uuid4().hex, status=ok(), model=named, input=_shown(given))
    try:
        found = predict(encoded) if isinstance(encoded, bytes) else encoded
    except InputError as error:
        found = status(StatusCode.INPUT_UNSUPPORTED_FORMAT, str(error.reason))
    if isinstance(found, Status):
        output.status.CopyFrom(found)
        return output
    concepts, detections, vector = found
    shown = _wanted(concepts, config, call)
    surest = [one for one in detections if one.score >= config.min_value]
    output.data.CopyFrom(MessageWriter(call, config.language).data(shown, surest))
    if vector is not None:
        output.data.embeddings.append(Embedding(vector=vector.tolist(), num_dimensions=len(vector)))
    return output


def _wanted(concepts: Mapping[str, float], config: OutputConfig, call: Call) -> dict[str, float]:
    """The concepts to show: those that were selected, or the surest."""
    if config.select_concepts:
        names = call.photos.concepts.titles(concepts, language=config.language or None)
        ids = {one.id for one in config.select_concepts if one.id}
        words = {fold(one.name) for one in config.select_concepts if not one.id}
        concepts = {id: value for id, value in concepts.items() if id in ids or fold(names[id]) in words}
    surest = sorted(concepts, key=lambda one: -concepts[one])[: config.max_concepts or MOST_CONCEPTS]
    return {id: concepts[id] for id in surest if concepts[id] >= config.min_value}


def _overall(each: Sequence[Status]) -> Status:
    failed = [one for one in each if one.code != StatusCode.SUCCESS]
    if not failed:
        return ok()
    if len(failed) < len(each):
        return status(StatusCode.MIXED_STATUS, failed[0].details)
    same = len({one.code for one in failed}) == 1
    return status(failed[0].code if same else StatusCode.FAILURE, failed[0].details)
