"""The API's methods about workflows."""

from __future__ import annotations

from clarifai_grpc.grpc.api.service_pb2 import (
    DeleteWorkflowRequest,
    DeleteWorkflowsRequest,
    GetWorkflowRequest,
    ListWorkflowsRequest,
    MultiWorkflowResponse,
    PostWorkflowsRequest,
    SingleWorkflowResponse,
)
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

from .batches import check_batch
from .calls import Call
from .pages import page_of
from .statuses import ok
from .workflows import add_workflows, delete_workflows, every_workflow, stored_workflows, workflow_message

__all__ = ["delete_workflow", "delete_workflows_of", "get_workflow", "list_workflows", "post_workflows"]

INVALID = StatusCode.WORKFLOW_INVALID_REQUEST


def post_workflows(request: PostWorkflowsRequest, call: Call) -> MultiWorkflowResponse:
    """Make workflows of models that are here; the collection's own stays as it is.

    Parameters
    ----------
    request : PostWorkflowsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    check_batch(request.workflows, "workflows", invalid=INVALID)
    add_workflows(request.workflows, call)
    made = [workflow_message(one.id, call) for one in request.workflows]
    return MultiWorkflowResponse(status=ok(), workflows=made)


def get_workflow(request: GetWorkflowRequest, call: Call) -> SingleWorkflowResponse:
    """One workflow: ``base`` is what runs over every picture of the collection.

    Parameters
    ----------
    request : GetWorkflowRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    return SingleWorkflowResponse(status=ok(), workflow=workflow_message(request.workflow_id, call))


def list_workflows(request: ListWorkflowsRequest, call: Call) -> MultiWorkflowResponse:
    """A page of the workflows, the collection's own first.

    Parameters
    ----------
    request : ListWorkflowsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    page = page_of(request.page, request.per_page, invalid=INVALID)
    found = [one for one in every_workflow(call) if request.id in ("", one.id)]
    return MultiWorkflowResponse(status=ok(), workflows=page.of(found))


def delete_workflow(request: DeleteWorkflowRequest, call: Call) -> BaseResponse:
    """Delete a workflow that a client made.

    Parameters
    ----------
    request : DeleteWorkflowRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    delete_workflows([request.workflow_id], call.photos)
    return BaseResponse(status=ok())


def delete_workflows_of(request: DeleteWorkflowsRequest, call: Call) -> BaseResponse:
    """Delete workflows that clients made, some or all.

    Parameters
    ----------
    request : DeleteWorkflowsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    ids = list(request.ids) or (list(stored_workflows(call.photos)) if request.delete_all else [])
    if not request.delete_all:
        check_batch(ids, "ids", invalid=INVALID)
    delete_workflows(ids, call.photos)
    return BaseResponse(status=ok())
