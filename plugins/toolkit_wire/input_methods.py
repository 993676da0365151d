"""The API's methods about inputs."""

from __future__ import annotations

from collections.abc import Sequence

from clarifai_grpc.grpc.api.resources_pb2 import Input as WireInput
from clarifai_grpc.grpc.api.resources_pb2 import InputCount, InputsAddJob
from clarifai_grpc.grpc.api.service_pb2 import (
    DeleteInputRequest,
    DeleteInputsRequest,
    GetInputCountRequest,
    GetInputRequest,
    GetInputsAddJobRequest,
    ListInputsRequest,
    MultiInputResponse,
    PatchInputsRequest,
    PostInputsRequest,
    SingleInputCountResponse,
    SingleInputResponse,
    SingleInputsAddJobResponse,
    StreamInputsRequest,
)
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse, Status

from toolkit.plugins import Input

from .batches import check_batch
from .calls import Call
from .input_patches import patch
from .message_writer import MessageWriter
from .new_inputs import add_inputs
from .pages import page_of
from .status_names import input_status
from .statuses import Refused, ok, status

__all__ = [
    "delete_input",
    "delete_inputs",
    "get_input",
    "get_input_count",
    "get_inputs_add_job",
    "list_inputs",
    "patch_inputs",
    "post_inputs",
    "stream_inputs",
]

INVALID = StatusCode.INPUT_INVALID_ARGUMENT


def post_inputs(request: PostInputsRequest, call: Call) -> MultiInputResponse:
    """Add and index inputs; one that cannot be added has the reason in its own status.

    Parameters
    ----------
    request : PostInputsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    check_batch(request.inputs, "inputs", invalid=INVALID, too_many=StatusCode.INPUT_OVER_LIMIT)
    outcomes = add_inputs(request.inputs, call)
    added = [outcome for outcome in outcomes if isinstance(outcome, str)]
    shown = {one.id: one for one in _shown(added, call)}
    response = MultiInputResponse(status=_overall(outcomes))
    for given, outcome in zip(request.inputs, outcomes, strict=True):
        response.inputs.append(shown[outcome] if isinstance(outcome, str) else _refused(given, outcome))
    if request.inputs_add_job_id:
        response.inputs_add_job.CopyFrom(_job(request.inputs_add_job_id))
    return response


def _overall(outcomes: Sequence[str | Refused]) -> Status:
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    if not refused:
        return ok()
    if len(refused) < len(outcomes):
        return status(StatusCode.MIXED_STATUS, refused[0].details)
    if all(one.code == StatusCode.INPUT_UNSUPPORTED_FORMAT for one in refused) and len(refused) > 1:
        return status(StatusCode.ALL_INPUT_INVALID_BYTES, refused[0].details)
    return status(StatusCode.FAILURE, refused[0].details)


def _refused(given: WireInput, reason: Refused) -> WireInput:
    shown = WireInput(id=given.id, status=status(reason.code, reason.details))
    shown.data.image.url = given.data.image.url
    return shown


def _shown(ids: Sequence[str], call: Call) -> list[WireInput]:
    return _with_labels(call.photos.inputs.by_ids(dict.fromkeys(ids)), call)


def _with_labels(found: Sequence[Input], call: Call) -> list[WireInput]:
    """Inputs, with people's labels of the whole image."""
    labels: dict[str, dict[str, float]] = {one.id: {} for one in found}
    for one in call.photos.annotations.of(labels):
        if one.box is None and one.source.is_human:
            labels[one.input_id].update(one.concepts)
    return MessageWriter(call).inputs(found, labels)


def get_input(request: GetInputRequest, call: Call) -> SingleInputResponse:
    """One input.

    Parameters
    ----------
    request : GetInputRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    return SingleInputResponse(status=ok(), input=_shown([request.input_id], call)[0])


def list_inputs(request: ListInputsRequest, call: Call) -> MultiInputResponse:
    """A page of the inputs in order of creation, or those of some ids.

    Parameters
    ----------
    request : ListInputsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    page = page_of(request.page, request.per_page, invalid=INVALID)
    word = input_status(request.status.code) if request.status.code else ""
    if request.ids:
        known = call.photos.inputs.existing(request.ids)
        found = call.photos.inputs.by_ids(id for id in request.ids if id in known)
        found = page.of([one for one in found if word in ("", one.status)])
    else:
        found = call.photos.inputs.page(offset=page.offset, limit=page.limit, status=word or None)
    return MultiInputResponse(status=ok(), inputs=_with_labels(found, call))


def stream_inputs(request: StreamInputsRequest, call: Call) -> MultiInputResponse:
    """The inputs after one of them, in order of creation: what a client leafs through by the last id it got.

    Parameters
    ----------
    request : StreamInputsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        Another order than that of creation.
    """
    if request.order_by_id or request.descending:
        raise Refused(INVALID, "inputs are streamed in order of creation")
    page = page_of(1, request.per_page, invalid=INVALID)
    ids = list(call.photos)
    if request.last_id:
        call.photos.inputs.by_ids([request.last_id])  # an error names the nearest
    start = ids.index(request.last_id) + 1 if request.last_id else 0
    found = call.photos.inputs.by_ids(ids[start : start + page.limit])
    return MultiInputResponse(status=ok(), inputs=_with_labels(found, call))


def get_input_count(request: GetInputCountRequest, call: Call) -> SingleInputCountResponse:
    """How many inputs are ready, waiting and failed.

    Parameters
    ----------
    request : GetInputCountRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    counts = call.photos.inputs.count_by_status()
    return SingleInputCountResponse(
        status=ok(),
        counts=InputCount(
            processed=counts.get("success", 0),
            to_process=counts.get("pending", 0),
            processing=counts.get("in_progress", 0),
            errors=counts.get("failed", 0),
        ),
    )


def patch_inputs(request: PatchInputsRequest, call: Call) -> MultiInputResponse:
    """Change metadata, place, datasets and this user's labels of inputs.

    Parameters
    ----------
    request : PatchInputsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    check_batch(request.inputs, "inputs", invalid=INVALID, too_many=StatusCode.INPUT_OVER_LIMIT)
    ids = [one.id for one in request.inputs]
    call.photos.inputs.by_ids(ids)  # all are there, or nothing is changed
    for one in request.inputs:
        patch(one, request.action or "merge", call)
    return MultiInputResponse(status=ok(), inputs=_shown(ids, call))


def delete_input(request: DeleteInputRequest, call: Call) -> BaseResponse:
    """Delete one input.

    Parameters
    ----------
    request : DeleteInputRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    call.photos.delete(request.input_id)
    return BaseResponse(status=ok())


def delete_inputs(request: DeleteInputsRequest, call: Call) -> BaseResponse:
    """Delete inputs, all of them, or none if one does not exist.

    Parameters
    ----------
    request : DeleteInputsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        No ids are given.
    """
    if not request.ids:
        raise Refused(INVALID, "name the inputs to delete in 'ids'")
    call.photos.delete(list(request.ids))
    return BaseResponse(status=ok())


def get_inputs_add_job(request: GetInputsAddJobRequest, call: Call) -> SingleInputsAddJobResponse:
    """A finished job: inputs are indexed before `PostInputs` answers.

    Parameters
    ----------
    request : GetInputsAddJobRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    return SingleInputsAddJobResponse(status=ok(), inputs_add_job=_job(request.id))


def _job(id: str) -> InputsAddJob:
    job = InputsAddJob(id=id, status=ok())
    job.progress.SetInParent()  # nothing is pending, nothing in progress
    return job
