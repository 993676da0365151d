"""The API's method that asks a model about pictures."""

from __future__ import annotations

from uuid import uuid4

from clarifai_grpc.grpc.api.resources_pb2 import Embedding, Input, Output
from clarifai_grpc.grpc.api.service_pb2 import MultiOutputResponse, PostModelOutputsRequest
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit.plugins import InputError

from .batches import check_batch
from .calls import Call
from .message_writer import MessageWriter
from .statuses import Refused, ok, status

__all__ = ["post_model_outputs"]


def post_model_outputs(request: PostModelOutputsRequest, call: Call) -> MultiOutputResponse:
    """The output of a model for pictures of the request; nothing is stored.

    Parameters
    ----------
    request : PostModelOutputsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        No model, or no version of it, has the name.
    """
    version = call.photos.models.get(request.model_id)
    if version is None:
        known = ", ".join(call.photos.models) or "none"
        raise Refused(
            StatusCode.MODEL_DOES_NOT_EXIST, f"no model {request.model_id!r} here; there are: {known}"
        )
    if request.version_id not in ("", version, version.partition("@")[2]):
        raise Refused(
            StatusCode.MODEL_DOES_NOT_EXIST, f"model {request.model_id!r} has the version {version!r}"
        )
    check_batch(request.inputs, "inputs", invalid=StatusCode.CONN_INVALID_REQUEST)
    outputs = [_output(one, request.model_id, version, call) for one in request.inputs]
    failed = [one for one in outputs if one.status.code != StatusCode.SUCCESS]
    overall = ok()
    if failed:
        every = len(failed) == len(outputs)
        code = StatusCode.FAILURE if every else StatusCode.MIXED_STATUS
        overall = status(code, failed[0].status.details)
    return MultiOutputResponse(status=overall, outputs=outputs)


def _output(one: Input, model: str, version: str, call: Call) -> Output:
    output = Output(id=uuid4().hex, status=ok())
    output.model.id, output.model.model_version.id = model, version
    output.input.id, output.input.data.image.url = one.id, one.data.image.url
    try:
        found = call.photos.models.predict(model, call.pictures.read(one.data.image))
    except InputError as error:
        output.status.CopyFrom(status(StatusCode.INPUT_UNSUPPORTED_FORMAT, error.reason))
        return output
    output.data.CopyFrom(MessageWriter(call).data(found.concepts, found.detections))
    if found.vector is not None:
        output.data.embeddings.append(
            Embedding(vector=found.vector.tolist(), num_dimensions=len(found.vector))
        )
    return output
