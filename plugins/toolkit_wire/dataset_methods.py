"""The API's methods about datasets."""

from __future__ import annotations

from collections.abc import Sequence

from clarifai_grpc.grpc.api.resources_pb2 import Dataset, DatasetInput
from clarifai_grpc.grpc.api.service_pb2 import (
    DeleteDatasetInputsRequest,
    DeleteDatasetsRequest,
    GetDatasetRequest,
    ListDatasetInputsRequest,
    ListDatasetsRequest,
    MultiDatasetInputResponse,
    MultiDatasetResponse,
    PostDatasetInputsRequest,
    PostDatasetsRequest,
    SingleDatasetResponse,
)
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

from toolkit.plugins import Input

from .batches import check_batch
from .calls import Call
from .make_term import make_term
from .message_writer import MessageWriter
from .pages import page_of
from .statuses import Refused, ok

__all__ = [
    "delete_dataset_inputs",
    "delete_datasets",
    "get_dataset",
    "list_dataset_inputs",
    "list_datasets",
    "post_dataset_inputs",
    "post_datasets",
]

INVALID = StatusCode.CONN_INVALID_REQUEST


def post_datasets(request: PostDatasetsRequest, call: Call) -> MultiDatasetResponse:
    """Make empty datasets; an existing one stays as it is.

    Parameters
    ----------
    request : PostDatasetsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        A dataset without an id.
    """
    check_batch(request.datasets, "datasets", invalid=INVALID)
    if not all(one.id for one in request.datasets):
        raise Refused(INVALID, "a dataset needs an id")
    for one in request.datasets:
        call.photos.datasets.add(one.id)
    return MultiDatasetResponse(status=ok(), datasets=[_dataset(one.id, call) for one in request.datasets])


def list_datasets(request: ListDatasetsRequest, call: Call) -> MultiDatasetResponse:
    """A page of the datasets, in order of creation.

    Parameters
    ----------
    request : ListDatasetsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    page = page_of(request.page, request.per_page, invalid=INVALID)
    names = page.of(list(call.photos.datasets))
    return MultiDatasetResponse(status=ok(), datasets=[_dataset(name, call) for name in names])


def get_dataset(request: GetDatasetRequest, call: Call) -> SingleDatasetResponse:
    """One dataset.

    Parameters
    ----------
    request : GetDatasetRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    call.photos.datasets[request.dataset_id]  # an error names those there are
    return SingleDatasetResponse(status=ok(), dataset=_dataset(request.dataset_id, call))


def delete_datasets(request: DeleteDatasetsRequest, call: Call) -> BaseResponse:
    """Delete datasets, all of them, or none if one does not exist; their inputs stay.

    Parameters
    ----------
    request : DeleteDatasetsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    check_batch(request.dataset_ids, "dataset_ids", invalid=INVALID)
    ids = list(dict.fromkeys(request.dataset_ids))
    for id in ids:
        call.photos.datasets[id]  # an error names those there are
    for id in ids:
        call.photos.datasets.delete(id)
    return BaseResponse(status=ok())


def post_dataset_inputs(request: PostDatasetInputsRequest, call: Call) -> MultiDatasetInputResponse:
    """Put inputs into a dataset, all of them, or none if one does not exist.

    Parameters
    ----------
    request : PostDatasetInputsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        A search in place of inputs.
    """
    if request.HasField("search"):
        raise Refused(INVALID, "name the inputs by id; they are not searched for here")
    check_batch(request.dataset_inputs, "dataset_inputs", invalid=INVALID)
    call.photos.datasets[request.dataset_id]  # it is not made by putting something into it
    ids = [one.input.id for one in request.dataset_inputs]
    call.photos.datasets.add(request.dataset_id, ids)
    return _inputs(call.photos.inputs.by_ids(dict.fromkeys(ids)), call)


def list_dataset_inputs(request: ListDatasetInputsRequest, call: Call) -> MultiDatasetInputResponse:
    """A page of the inputs of a dataset, in order of creation.

    Parameters
    ----------
    request : ListDatasetInputsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    page = page_of(request.page, request.per_page, invalid=INVALID)
    call.photos.datasets[request.dataset_id]
    inside = make_term("where", dataset=request.dataset_id)
    hits = call.photos.search(inside, limit=page.limit, offset=page.offset)
    return _inputs([hit.input for hit in hits], call)


def delete_dataset_inputs(request: DeleteDatasetInputsRequest, call: Call) -> BaseResponse:
    """Take inputs out of a dataset; they stay in the collection.

    Parameters
    ----------
    request : DeleteDatasetInputsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    check_batch(request.input_ids, "input_ids", invalid=INVALID)
    call.photos.datasets.remove(request.dataset_id, request.input_ids)
    return BaseResponse(status=ok())


def _inputs(found: Sequence[Input], call: Call) -> MultiDatasetInputResponse:
    shown = MessageWriter(call).inputs(found, {})
    return MultiDatasetInputResponse(status=ok(), dataset_inputs=[DatasetInput(input=one) for one in shown])


def _dataset(name: str, call: Call) -> Dataset:
    return Dataset(id=name, app_id=call.app, user_id=call.user)
