"""The API's methods about applications and datasets. There is one collection, whatever the application is called."""

from __future__ import annotations

from clarifai_grpc.grpc.api.resources_pb2 import App, Dataset
from clarifai_grpc.grpc.api.service_pb2 import (
    GetAppRequest,
    GetDatasetRequest,
    ListDatasetsRequest,
    MultiAppResponse,
    MultiDatasetResponse,
    PostAppsRequest,
    PostDatasetsRequest,
    SingleAppResponse,
    SingleDatasetResponse,
)
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from .batches import check_batch
from .calls import Call
from .pages import page_of
from .statuses import Refused, ok

__all__ = ["get_app", "get_dataset", "list_datasets", "post_apps", "post_datasets"]


def get_app(request: GetAppRequest, call: Call) -> SingleAppResponse:
    """The collection as an application.

    Parameters
    ----------
    request : GetAppRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    return SingleAppResponse(status=ok(), app=_app(call.app, call))


def post_apps(request: PostAppsRequest, call: Call) -> MultiAppResponse:
    """The applications of the request: each is this collection, and nothing is made.

    Parameters
    ----------
    request : PostAppsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    apps = [_app(one.id, call) for one in request.apps]
    return MultiAppResponse(status=ok(), apps=apps)


def _app(id: str, call: Call) -> App:
    return App(
        id=id,
        name=id,
        user_id=call.user,
        default_language=call.photos.settings.language,
        description=f"a local collection of {len(call.photos):,} images",
    )


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
    check_batch(request.datasets, "datasets", invalid=StatusCode.CONN_INVALID_REQUEST)
    if not all(one.id for one in request.datasets):
        raise Refused(StatusCode.CONN_INVALID_REQUEST, "a dataset needs an id")
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
    page = page_of(request.page, request.per_page, invalid=StatusCode.CONN_INVALID_REQUEST)
    names = list(call.photos.datasets)[page.offset : page.offset + page.limit]
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


def _dataset(name: str, call: Call) -> Dataset:
    return Dataset(id=name, app_id=call.app, user_id=call.user)
