"""The API's methods about applications: each is a collection."""

from __future__ import annotations

from clarifai_grpc.grpc.api.resources_pb2 import App
from clarifai_grpc.grpc.api.service_pb2 import (
    DeleteAppRequest,
    GetAppRequest,
    ListAppsRequest,
    MultiAppResponse,
    PostAppsRequest,
    SingleAppResponse,
)
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

from toolkit import Collection

from .batches import check_batch
from .calls import Call
from .pages import page_of
from .statuses import ok
from .workflows import BASE

__all__ = ["delete_app", "get_app", "list_apps", "post_apps"]

INVALID = StatusCode.CONN_INVALID_REQUEST


def get_app(request: GetAppRequest, call: Call) -> SingleAppResponse:
    """One application.

    Parameters
    ----------
    request : GetAppRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    return SingleAppResponse(status=ok(), app=_app(call.app, call.photos, call))


def list_apps(request: ListAppsRequest, call: Call) -> MultiAppResponse:
    """A page of the applications: the one that is served, and those that clients made.

    Parameters
    ----------
    request : ListAppsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    page = page_of(request.page, request.per_page, invalid=INVALID)
    names = [one for one in call.apps.names() if request.id in ("", one)]
    shown = page.of(names)
    return MultiAppResponse(status=ok(), apps=[_app(id, call.apps.collection(id), call) for id in shown])


def post_apps(request: PostAppsRequest, call: Call) -> MultiAppResponse:
    """Make applications, each with an empty collection whose models are those of the collection that is served.

    Parameters
    ----------
    request : PostAppsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    check_batch(request.apps, "apps", invalid=INVALID)
    ids = [one.id for one in request.apps]
    call.apps.make(ids)
    apps = [_app(id, call.apps.collection(id), call) for id in ids]
    return MultiAppResponse(status=ok(), apps=apps)


def delete_app(request: DeleteAppRequest, call: Call) -> BaseResponse:
    """Delete an application that a client made, with all that is in it.

    Parameters
    ----------
    request : DeleteAppRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    call.apps.delete(call.app)
    return BaseResponse(status=ok())


def _app(id: str, photos: Collection, call: Call) -> App:
    return App(
        id=id,
        name=id,
        user_id=call.user,
        default_language=photos.settings.language,
        default_workflow_id=BASE,
        description=f"a local collection of {len(photos):,} images",
    )
